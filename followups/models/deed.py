"""What was done: dated, placed and counted."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from followups.models.report import FollowUp
from promises.models import Action, Organisation, Place, User
from promises.months import today
from promises.publishing import FreezingQuerySet, Frozen, content_changed


class Audience(models.TextChoices):
    """Whom a deed was for."""

    PUPILS = "pupils", _("elever")
    GUARDIANS = "guardians", _("vårdnadshavare")
    TEACHERS = "teachers", _("pedagoger")
    RESIDENTS = "residents", _("boende")
    YOUNG = "young", _("unga")
    BUSINESS = "business", _("näringsidkare")
    CLUBS = "clubs", _("föreningar")


class DeedQuerySet(FreezingQuerySet):
    def published(self) -> Self:
        """Deeds in a period whose report is published."""
        reports = FollowUp.objects.published().filter(
            promise=OuterRef("action__promise"), first_day__lte=OuterRef("done_on"), end_day__gt=OuterRef("done_on")
        )
        return self.filter(Exists(reports))

    def standing(self) -> Self:
        """Deeds that have not been taken back."""
        return self.filter(taken_back_on=None)

    def done_between(self, first_day: date, end_day: date) -> Self:
        """Deeds from `first_day` up to, not including, `end_day`."""
        return self.filter(done_on__gte=first_day, done_on__lt=end_day)

    def newest_first(self) -> Self:
        return self.order_by("-done_on", "-pk")


class Deed(Frozen):
    """Something done for an action: a patrol, a school session, a safety walk. Shown once its month is reported."""

    # A published deed that was wrong is taken back in public, with a reason.
    not_frozen: ClassVar[frozenset[str]] = frozenset({"taken_back_on", "taken_back_reason"})

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
        indexes = [models.Index(fields=["action", "done_on"])]
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
        """A deed is told afterwards: a planned patrol would tell people when to stay away."""
        if self.done_on and self.done_on > today():
            raise ValidationError({"done_on": _("Insatser loggas när de är gjorda, aldrig i förväg.")})
        if unknown := set(self.audiences or []) - set(Audience.values):
            raise ValidationError({"audiences": _("Okänd målgrupp: %s") % ", ".join(sorted(map(str, unknown)))})

    def report(self) -> FollowUp | None:
        """The published report of the period that the deed was done in."""
        return FollowUp.objects.published().covering(self.done_on).filter(promise=self.action.promise_id).first()

    @property
    def is_published(self) -> bool:
        return self.report() is not None

    @property
    def audience_names(self) -> list[str]:
        return [str(Audience(each).label) for each in self.audiences]

    def take_back(self, reason: str) -> None:
        """Say in public that the deed was logged by mistake; it is no longer counted from today."""
        self.taken_back_on, self.taken_back_reason = today(), reason
        self.save(update_fields=["taken_back_on", "taken_back_reason"])

    def after_edit(self) -> None:
        content_changed()

    def refuse_if_frozen(self) -> None:
        """A deed of a reported month may still be logged, as a dated addition, but a stored one stands."""
        if self.pk is not None:
            super().refuse_if_frozen()
