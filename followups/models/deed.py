"""What was done: dated, placed and counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from followups.models.report import FollowUp
from promises import policy
from promises.digests import Digested, DigestedRows
from promises.models import Action, Organisation, Place, Promise, User
from promises.months import today
from promises.publishing import FreezingQuerySet, Frozen, FrozenError, content_changed, if_published


class Audience(models.TextChoices):
    """Whom a deed was for."""

    PUPILS = "pupils", _("elever")
    GUARDIANS = "guardians", _("vårdnadshavare")
    TEACHERS = "teachers", _("pedagoger")
    RESIDENTS = "residents", _("boende")
    YOUNG = "young", _("unga")
    BUSINESS = "business", _("näringsidkare")
    CLUBS = "clubs", _("föreningar")


def reports_of_a_deed() -> QuerySet[FollowUp]:
    """For subqueries: the published reports of the period that the outer deed was done in, one at most."""
    return FollowUp.objects.published().filter(
        promise=OuterRef("action__promise"), first_day__lte=OuterRef("done_on"), end_day__gt=OuterRef("done_on")
    )


# What pages show of a deed.
TOLD = (
    *("action", "what", "done_on", "quantity", "participants", "audiences"),
    *("logged_at", "taken_back_on", "taken_back_reason"),
)

# A planned patrol would tell people when to stay away.
NOT_BEFOREHAND = _("Insatser loggas när de är gjorda, aldrig i förväg.")


class DeedQuerySet(DigestedRows, FreezingQuerySet):
    def published(self) -> Self:
        """Deeds in a period whose report is published."""
        return self.filter(Exists(reports_of_a_deed()))

    def unreported(self) -> Self:
        """Deeds that no published report has told of."""
        return self.filter(~Exists(reports_of_a_deed()))

    def standing(self) -> Self:
        """Deeds that have not been taken back."""
        return self.filter(taken_back_on=None)

    def done_at(self, place: Place | OuterRef) -> Self:
        return self.filter(place=place)

    def done_for(self, promises: Iterable[Promise]) -> Self:
        return self.filter(action__promise__in=[each.pk for each in promises])

    def done_between(self, first_day: date, end_day: date) -> Self:
        """Deeds from `first_day` up to, not including, `end_day`."""
        return self.filter(done_on__gte=first_day, done_on__lt=end_day)

    def counted_for(self, promise: Promise, first_day: date, last_day: date) -> Self:
        """A promise's deeds, both days included, each knowing whether its month is reported (`is_reported`)."""
        rows = self.filter(action__promise=promise, done_on__gte=first_day, done_on__lte=last_day)
        return rows.annotate(is_reported=Exists(reports_of_a_deed())).select_related("place__locality")

    def logged_late(self) -> Self:
        """Deeds logged after their month's report was published: dated additions to it."""
        return self.filter(logged_at__gt=Subquery(reports_of_a_deed().values("published_at")[:1]))

    def told(self) -> Self:
        """With the names of who did it and where, and without what no page shows."""
        names = ("organisation__name", "place__name", "place__slug", "place__published_at", "place__locality__name")
        return self.select_related("organisation", "place__locality").only(*TOLD, *names)

    def newest_first(self) -> Self:
        return self.order_by("-done_on", "-pk")

    def counted_to(self, most: int) -> int:
        """How many they are, or `most` where they are more: who has so many need not know exactly."""
        return self.order_by()[:most].count()

    def log(self, user: User, **fields: Any) -> Deed:
        """Log what the user's own organisation has done; raise ValidationError or PermissionDenied if it cannot be."""
        audiences = list(fields.pop("audiences", ()))
        known = {"organisation": user.organisation, "logged_by": user, "logged_at": timezone.now()}
        deed = self.model(**known, audiences=audiences, **fields)
        policy.require(user, "add", deed)
        deed.full_clean()
        deed.save()
        return deed

    def update(self, **values: Any) -> int:
        self._refuse_at_once(values)
        return super().update(**values)

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> int:
        fields = list(fields)
        self._refuse_at_once(fields)
        return super().bulk_update(objs, fields, batch_size)

    def _refuse_at_once(self, fields: Iterable[str]) -> None:
        # Many at a time would pass by the digest that each deed carries.
        if not set(fields) <= {"digest"}:
            raise FrozenError(_("Insatser ändras en i taget."))


class Deed(Digested, Frozen):
    """Something done for an action: a patrol, a school session, a safety walk. Shown once its month is reported."""

    is_reported: bool  # on the rows of `counted_for()` alone

    # A published deed that was wrong is taken back in public, with a reason.
    not_frozen: ClassVar[frozenset[str]] = frozenset({"taken_back_on", "taken_back_reason", "digest"})
    digested: ClassVar[tuple[str, ...]] = (
        *("organisation_id", "action_id", "what", "done_on", "place_id", "quantity", "participants", "audiences"),
        *("logged_by_id", "taken_back_on", "taken_back_reason", "logged_at"),
    )

    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("gjord av"), related_name="deeds")
    action = models.ForeignKey(Action, models.PROTECT, verbose_name=_("åtgärd"), related_name="deeds")
    what = models.CharField(_("vad"), max_length=200, help_text=_("Till exempel: Fotpatrull med fritidsgården"))
    done_on = models.DateField(_("när"), default=today)
    place = models.ForeignKey(Place, models.PROTECT, verbose_name=_("var"), related_name="deeds", null=True, blank=True)
    quantity = models.PositiveSmallIntegerField(_("hur många"), default=1, help_text=_("Till exempel antal pass."))
    participants = models.PositiveIntegerField(_("antal deltagare"), null=True, blank=True)
    audiences = models.JSONField(_("för vilka"), default=list, blank=True)
    logged_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("loggad av"), related_name="+", editable=False)
    logged_at = models.DateTimeField(_("loggad"), default=timezone.now, editable=False)
    taken_back_on = models.DateField(_("återtagen den"), null=True, blank=True, editable=False)
    taken_back_reason = models.CharField(_("varför den är återtagen"), max_length=200, blank=True, editable=False)

    objects = DeedQuerySet.as_manager()

    class Meta:
        ordering = ["-done_on", "-pk"]
        verbose_name = _("insats")
        verbose_name_plural = _("insatser")
        # The newest of all, of a place or of an organisation are shown: nobody reads the rest to find them.
        indexes = [
            models.Index(fields=["action", "done_on"]),
            models.Index(fields=["-done_on", "-id"], name="deed_newest"),
            models.Index(fields=["place", "-done_on", "-id"], name="deed_newest_at_place"),
            models.Index(fields=["organisation", "-done_on", "-id"], name="deed_newest_by_organisation"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gte=1),
                name="deed_counts_at_least_one",
                violation_error_message=_("En insats räknas som minst en."),
            ),
            models.CheckConstraint(
                condition=Q(taken_back_on=None) | ~Q(taken_back_reason=""),
                name="deed_taken_back_says_why",
                violation_error_message=_("Skriv varför insatsen återtas."),
            ),
        ]

    def __str__(self) -> str:
        return self.what

    def clean(self) -> None:
        errors: dict[str, Any] = {}
        if self.done_on and self.done_on > today():
            errors["done_on"] = NOT_BEFOREHAND
        elif self.done_on and self.action_id and not self._is_within_the_promise():
            errors["done_on"] = _("Löftet gällde inte den dagen.")
        if self.action_id and self.organisation_id and not self._is_by_a_partner():
            errors["action"] = _("Din organisation är inte part i löftet.")
        if unknown := set(self.audiences or []) - set(Audience.values):
            errors["audiences"] = _("Okänd målgrupp: %s") % ", ".join(sorted(map(str, unknown)))
        if errors:
            raise ValidationError(errors)

    def _is_within_the_promise(self) -> bool:
        promise = self.action.promise
        return promise.starts_on <= self.done_on <= promise.last_day

    def _is_by_a_partner(self) -> bool:
        return self.action.promise.partnerships.filter(organisation=self.organisation_id).exists()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.done_on > today():
            raise ValidationError({"done_on": NOT_BEFOREHAND})
        with transaction.atomic():
            self._wait_for_the_report()
            super().save(*args, **kwargs)

    def _wait_for_the_report(self) -> None:
        """Take the lock that signing takes: a deed is counted in the report or added after it, never between."""
        days = {self.done_on, *type(self)._base_manager.filter(pk=self.pk).values_list("done_on", flat=True)}
        for day in sorted(days):
            reports = FollowUp.objects.covering(day).filter(promise=self.action.promise_id).select_for_update()
            for report in reports:
                if self._state.adding and report.published_at and report.published_at > self.logged_at:
                    self.logged_at = timezone.now()

    def reports(self) -> QuerySet[FollowUp]:
        """The published reports of the period that the deed was done in: one at most."""
        return FollowUp.objects.published().covering(self.done_on).filter(promise=self.action.promise_id)

    @property
    def is_published(self) -> bool:
        return self.reports().exists()

    @property
    def is_late_addition(self) -> bool:
        """Whether it was logged after its month's report was published."""
        return self.reports().filter(published_at__lt=self.logged_at).exists()

    @property
    def public_place(self) -> Place | None:
        """Where it was done, if the public may know of the place."""
        return if_published(self.place)

    @property
    def is_taken_back(self) -> bool:
        return self.taken_back_on is not None

    @property
    def audience_names(self) -> list[str]:
        return [str(Audience(each).label) for each in self.audiences]

    def take_back(self, reason: str) -> None:
        """Say in public that the deed was logged by mistake; it is no longer counted from today."""
        if not reason.strip():
            raise ValidationError({"taken_back_reason": _("Skriv varför insatsen återtas.")})
        self.taken_back_on, self.taken_back_reason = today(), reason.strip()
        self.save(update_fields=["taken_back_on", "taken_back_reason"])

    def after_edit(self) -> None:
        content_changed()

    def refuse_if_frozen(self) -> None:
        """A deed of a reported month may still be logged, as a dated addition, but a stored one stands."""
        if self.pk is not None:
            super().refuse_if_frozen()
