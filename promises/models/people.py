"""Who promises, who works for them, and whom residents can call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from promises.months import today
from promises.policy import Role
from promises.publishing import Dated, PublicQuerySet, ShowsAtOnce


class Organisation(ShowsAtOnce):
    """An authority, or another partner, that makes a promise: the police, the municipality, a housing company."""

    name = models.CharField(_("namn"), max_length=100, unique=True, help_text=_("Till exempel: Tranemo kommun"))
    slug = models.SlugField(_("adressnamn"), unique=True)
    short_name = models.CharField(
        _("kort namn"), max_length=40, help_text=_("Så som det står i löpande text. Till exempel: kommunen")
    )
    website = models.URLField(_("egen webbplats"), blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisationer")

    def __str__(self) -> str:
        return self.name

    def keepers(self) -> models.QuerySet[User]:
        """Who gives and takes away its accounts."""
        return User.objects.filter(organisation=self, is_active=True, role_grants__role=Role.ACCOUNTS)


class Section(ShowsAtOnce):
    """A part of an organisation that answers for actions, such as the municipality's education section."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, verbose_name=_("organisation"), related_name="sections"
    )
    name = models.CharField(_("namn"), max_length=100, help_text=_("Till exempel: lärandesektionen"))

    class Meta:
        ordering = ["organisation", "name"]
        verbose_name = _("sektion")
        verbose_name_plural = _("sektioner")
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="section_once_an_organisation")]

    def __str__(self) -> str:
        return self.name


class ContactQuerySet(PublicQuerySet):
    def current_on(self, day: Any) -> ContactQuerySet:
        """The contacts that hold on `day`."""
        return self.filter(Q(starts_on=None) | Q(starts_on__lte=day), Q(ends_on=None) | Q(ends_on__gte=day))


class Contact(Dated, ShowsAtOnce):
    """Somebody whom residents can call now, whatever the promise's old text says."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, verbose_name=_("organisation"), related_name="contacts"
    )
    name = models.CharField(_("namn"), max_length=100)
    title = models.CharField(_("titel"), max_length=100, blank=True, help_text=_("Till exempel: kommunpolis"))
    telephone = models.CharField(_("telefon"), max_length=30, blank=True)
    email = models.EmailField(_("e-post"), blank=True)
    starts_on = models.DateField(_("från och med"), null=True, blank=True)
    ends_on = models.DateField(_("till och med"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("ordning"), default=1)

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["order", "name"]
        verbose_name = _("kontaktperson")
        verbose_name_plural = _("kontaktpersoner")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="contact_ends_after_it_starts",
                violation_error_message=_("Sista dagen kan inte komma före den första."),
            ),
            models.CheckConstraint(
                condition=~Q(telephone="", email=""),
                name="contact_can_be_reached",
                violation_error_message=_("Skriv ett telefonnummer eller en e-postadress."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.title}" if self.title else self.name

    @property
    def is_current(self) -> bool:
        day = today()
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)

    @property
    def changed(self) -> list[date | None]:
        """When what is told of somebody who can be called now began to be so."""
        return [self.changed_at, self.starts_on]

    @property
    def dial(self) -> str:
        """The number for a tel: link, in international form for Swedish numbers."""
        digits = "".join(each for each in self.telephone if each.isdigit() or each == "+")
        return "+46" + digits[1:] if digits.startswith("0") else digits


@contextmanager
def somebody_keeps_accounts(organisations: Iterable[int | None]) -> Iterator[None]:
    """What is done within leaves each of the organisations with somebody who keeps its accounts, or is undone.

    Two who take each other's role away at once wait for each other: the organisation's row is locked.
    """
    with transaction.atomic():
        rows = Organisation.objects.filter(pk__in=set(organisations) - {None}).order_by("pk")
        had = [each for each in rows.select_for_update() if each.keepers().exists()]
        yield
        for each in had:
            if not each.keepers().exists():
                raise ValidationError(
                    _("%s måste ha någon som är kontoansvarig. Ge rollen till en kollega först.") % each.name
                )


class StaffQuerySet(models.QuerySet["User"]):
    def update(self, **values: Any) -> int:
        with somebody_keeps_accounts(self._touched(values)):
            return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        with somebody_keeps_accounts(self._organisations()):
            return super().delete()

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        with transaction.atomic():  # Django's own would spoil the transaction that it is in
            return super().bulk_update(*args, **kwargs)

    def _touched(self, values: Iterable[str]) -> list[int | None]:
        return self._organisations() if KEEPS.intersection(values) else []

    def _organisations(self) -> list[int | None]:
        return list(self.order_by().values_list("organisation", flat=True).distinct())


# What of an account decides whether its owner keeps accounts, and whose.
KEEPS = {"is_active", "organisation", "organisation_id"}


class StaffManager(UserManager.from_queryset(StaffQuerySet)):
    use_in_migrations = False


class User(AbstractUser):
    """A member of staff: belongs to one organisation, and does what their roles allow."""

    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        verbose_name=_("organisation"),
        related_name="staff",
        null=True,
        blank=True,
    )
    title = models.CharField(_("titel"), max_length=100, blank=True, help_text=_("Till exempel: kommunpolis"))

    objects = StaffManager()

    class Meta(AbstractUser.Meta):
        verbose_name = _("medarbetare")  # type: ignore[assignment]
        verbose_name_plural = _("medarbetare")  # type: ignore[assignment]

    def __str__(self) -> str:
        """By name, as a colleague is known; who has given none, by what they log in with."""
        return self.get_full_name() or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields = kwargs.get("update_fields")
        decides = not self._state.adding and (fields is None or KEEPS.intersection(fields))
        with somebody_keeps_accounts(self._organisation_as_stored() if decides else []):
            super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with somebody_keeps_accounts(self._organisation_as_stored()):
            return super().delete(*args, **kwargs)

    def _organisation_as_stored(self) -> list[int | None]:
        return list(User.objects.filter(pk=self.pk).values_list("organisation", flat=True))

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(self.role_grants.values_list("role", flat=True))

    @property
    def name_and_title(self) -> str:
        name = str(self)
        return f"{name}, {self.title}" if self.title else name


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def update(self, **values: Any) -> int:
        with somebody_keeps_accounts(self._organisations()):
            return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        with somebody_keeps_accounts(self._organisations()):
            return super().delete()

    def _organisations(self) -> list[int | None]:
        return list(self.order_by().values_list("user__organisation", flat=True).distinct())


class RoleGrant(models.Model):
    """A role that somebody has, given by their own organisation."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("medarbetare"), related_name="role_grants")
    role = models.CharField(_("roll"), max_length=10, choices=Role)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        ordering = ["user", "role"]
        verbose_name = _("roll")
        verbose_name_plural = _("roller")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"], name="role_once_a_user", violation_error_message=_("Rollen finns redan.")
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        with somebody_keeps_accounts([] if self._state.adding else self._organisation_as_stored()):
            super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with somebody_keeps_accounts(self._organisation_as_stored()):
            return super().delete(*args, **kwargs)

    def _organisation_as_stored(self) -> list[int | None]:
        return RoleGrant.objects.filter(pk=self.pk)._organisations()
