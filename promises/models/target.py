"""What would count as keeping an action: a number, a unit, a rhythm or a last day, decided and signed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from promises.models.action import Action
from promises.models.people import Organisation
from promises.months import Period, periods_between
from promises.signing import SignedDocument, SignedQuerySet, SignOff
from promises.telling import in_words
from promises.wording import full_day


class TargetQuerySet(SignedQuerySet):
    def in_force_on(self, day: date) -> Self:
        """Published targets decided by `day`, the latest last; the last one of an action is its target."""
        return self.published().filter(decided_on__lte=day).order_by("decided_on", "pk")


class Target(SignedDocument):
    """A dated, signed decision on what counts as keeping an action. A later one replaces it; both stay in public."""

    class Rhythm(models.IntegerChoices):
        MONTH = 1, _("varje månad")
        QUARTER = 3, _("varje kvartal")
        HALF_YEAR = 6, _("varje halvår")
        YEAR = 12, _("varje år")

    action = models.ForeignKey(Action, models.PROTECT, verbose_name=_("åtgärd"), related_name="targets")
    number = models.PositiveIntegerField(_("antal"), null=True, blank=True)
    unit = models.CharField(
        _("enhet"), max_length=60, blank=True, help_text=_("I flertal. Till exempel: trygghetsvandringar")
    )
    rhythm = models.PositiveSmallIntegerField(
        _("hur ofta"),
        choices=Rhythm,
        null=True,
        blank=True,
        help_text=_("Lämna tomt om antalet gäller hela löftets tid."),
    )
    due_on = models.DateField(_("senast den"), null=True, blank=True)
    decided_on = models.DateField(_("beslutat den"))
    reason = models.TextField(_("skäl"), blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        ordering = ["action", "decided_on", "pk"]
        verbose_name = _("mål")
        verbose_name_plural = _("mål")
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gt=0) | Q(number=None, due_on__isnull=False),
                name="target_has_a_number_or_a_last_day",
                violation_error_message=_("Skriv ett antal större än noll, eller en sista dag."),
            ),
            models.CheckConstraint(
                condition=Q(number=None, unit="") | (Q(number__isnull=False) & ~Q(unit="")),
                name="target_number_has_a_unit",
                violation_error_message=_("Ett antal behöver en enhet, och en enhet ett antal."),
            ),
            models.CheckConstraint(
                condition=Q(rhythm=None) | Q(number__isnull=False),
                name="target_rhythm_has_a_number",
                violation_error_message=_("En rytm behöver ett antal: hur många varje gång?"),
            ),
            models.CheckConstraint(
                condition=Q(rhythm=None) | Q(due_on=None),
                name="target_has_a_rhythm_or_a_last_day",
                violation_error_message=_("Välj antingen hur ofta eller en sista dag."),
            ),
        ]

    def __str__(self) -> str:
        """The target in words: "4 trygghetsvandringar varje kvartal", "klart senast 1 juni 2026"."""
        due = full_day(self.due_on) if self.due_on else ""
        if self.number is None:
            return __("klart senast %(day)s") % {"day": due}
        words = f"{self.number} {in_words(self.unit)}"
        if self.rhythm:
            return f"{words} {self.get_rhythm_display()}"
        return f"{words} {__('senast')} {due}" if due else words

    def rhythm_periods(self, last_day: date | None = None) -> list[Period]:
        """The whole turns of the rhythm within the promise that began no earlier than the decision.

        A turn that the promise's last day cuts short is not whole; nor is a first month that the promise begins
        within. Of a longer first turn such a beginning takes less than a month, so that one counts.
        `last_day` is the promise's, for a caller that knows it already.
        """
        if not self.rhythm:
            return []
        promise = self.action.promise
        last_day = last_day or promise.last_day
        turns = periods_between(promise.starts_on, last_day, self.rhythm)
        earliest = max(self.decided_on, promise.starts_on)
        return [
            each for each in turns if self._beginning(each) >= earliest and each.end_day - timedelta(days=1) <= last_day
        ]

    def _beginning(self, turn: Period) -> date:
        starts_on = self.action.promise.starts_on
        return starts_on if turn.months > 1 and starts_on in turn else turn.first_day

    def signing_partners(self) -> Sequence[Organisation]:
        return self.action.promise.signing_partners()

    def content(self) -> dict[str, Any]:
        names = "action_id number unit rhythm due_on decided_on reason"
        return {name: getattr(self, name) for name in names.split()}


class TargetSignOff(SignOff):
    document = models.ForeignKey(Target, models.CASCADE, related_name="sign_offs")
