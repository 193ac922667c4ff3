"""The month's report, and where each action stood in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Self

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from promises.addresses import address_of
from promises.models import Action, Correction, Organisation, Promise
from promises.months import Month, Period, periods_between
from promises.publishing import PartOfDocument
from promises.signing import SignedDocument, SignedQuerySet, SignOff
from promises.wording import listed


class FollowUpQuerySet(SignedQuerySet):
    def covering(self, day: date) -> Self:
        """Reports of the period that `day` lies in."""
        return self.filter(first_day__lte=day, end_day__gt=day)

    def newest_first(self) -> Self:
        return self.order_by("-first_day", "-end_day", "-promise_id")

    def newest_months(self, number: int) -> list[Period]:
        """The newest periods that somebody has told about."""
        days = self.published().order_by("-first_day", "-end_day").values_list("first_day", "end_day").distinct()
        return [Period.between(first_day, end_day) for first_day, end_day in days[:number]]

    def with_signatures(self) -> Self:
        """With what `digest()` and `valid_sign_offs()` need, in as many queries however many the reports are."""
        return self.prefetch_related("updates", "sign_offs__organisation")


class FollowUp(SignedDocument):
    """A month's report to the residents on one promise, or the signed word that there was no meeting."""

    class Kind(models.TextChoices):
        REPORT = "report", _("Redovisning")
        NO_MEETING = "no_meeting", _("Inget möte")

    promise = models.ForeignKey(Promise, models.PROTECT, verbose_name=_("löfte"), related_name="followups")
    first_day = models.DateField(_("månad"), help_text=_("Periodens första dag."))
    end_day = models.DateField(_("till"), editable=False)
    kind = models.CharField(_("slag"), max_length=10, choices=Kind, default=Kind.REPORT)
    summary = models.TextField(
        _("sammanfattning"),
        blank=True,
        help_text=_("Vad har ni gjort, och hur går det? Skriv till invånarna, kort och enkelt."),
    )
    no_meeting_reason = models.TextField(
        _("varför inget möte hölls"), blank=True, help_text=_("Till exempel: Inget möte i juli, därför att …")
    )

    corrections = GenericRelation(Correction)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["-first_day", "promise"]
        verbose_name = _("månadsrapport")
        verbose_name_plural = _("månadsrapporter")
        indexes = [
            models.Index(fields=["-first_day", "-end_day", "-promise"], name="followup_newest"),
            models.Index(fields=["published_at"], name="followup_by_publishing"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["promise", "first_day"],
                name="followup_once_a_period",
                violation_error_message=_("Månaden har redan en rapport. Öppna den i stället."),
            ),
            models.CheckConstraint(
                condition=Q(first_day__day=1),
                name="followup_starts_on_the_first",
                violation_error_message=_("En period börjar den första i en månad."),
            ),
            models.CheckConstraint(condition=Q(end_day__gt=F("first_day")), name="followup_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return str(self.period)

    def get_absolute_url(self) -> str:
        return address_of("followups:month", self.period.first.iso)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.end_day is None:
            # The promise's rhythm when the report is begun; afterwards the report's own.
            self.end_day = Period(Month.of(self.first_day), self.promise.followup_months).end_day
        super().save(*args, **kwargs)

    @property
    def period(self) -> Period:
        return Period.between(self.first_day, self.end_day)

    @property
    def last_day(self) -> date:
        return self.end_day - timedelta(days=1)

    @property
    def is_no_meeting(self) -> bool:
        return self.kind == self.Kind.NO_MEETING

    def clean(self) -> None:
        if self.promise_id and self.first_day and self.first_day not in self._turns():
            raise ValidationError({"first_day": _("Månaden hör inte till löftets uppföljning.")})

    def _turns(self) -> set[date]:
        promise = self.promise
        turns = periods_between(promise.starts_on, promise.last_day, promise.followup_months)
        return {each.first_day for each in turns}

    # --- signing ---

    def signing_partners(self) -> Sequence[Organisation]:
        return self.promise.signing_partners()

    def content(self) -> dict[str, Any]:
        names = "promise_id first_day end_day kind summary no_meeting_reason"
        parts = "action_id reported text is_unchanged"
        # Sorted here, so that updates that were fetched beforehand are used.
        updates = sorted(self.updates.all(), key=lambda each: each.action_id)
        return {
            **{name: getattr(self, name) for name in names.split()},
            "updates": [{name: getattr(each, name) for name in parts.split()} for each in updates],
        }

    def snapshot(self) -> dict[str, Any]:
        names = ("action_id", "standing_then", "count_then", "target_then", "target_number_then")
        return {"updates": list(self.updates.order_by("action__number").values(*names))}

    def take_snapshot(self) -> None:
        from followups.standing import keep_standing

        keep_standing(self)

    def missing_before_ready(self) -> list[str]:
        missing = [] if self.promise.is_published else [str(_("Löftet är inte publicerat än."))]
        if self.is_no_meeting:
            return missing + ([] if self.no_meeting_reason.strip() else [str(_("Skriv varför inget möte hölls."))])
        if not self.summary.strip():
            missing.append(str(_("Skriv en sammanfattning av månaden.")))
        updates = {each.action_id: each for each in self.updates.all()}
        actions = self.promise.actions.all()
        silent = [each.number for each in actions if each.pk not in updates or updates[each.pk].is_silent]
        if silent:
            sentence = _("Åtgärd %s: skriv vad som hänt, eller kryssa i att inget har ändrats.")
            missing.append(str(sentence) % listed(silent))
        return missing


class FollowUpSignOff(SignOff):
    document = models.ForeignKey(FollowUp, models.CASCADE, related_name="sign_offs")


class Standing(models.TextChoices):
    """How an action stands in public: what the partners say, and what is computed."""

    NOT_STARTED = "not_started", _("Inte påbörjad")
    ONGOING = "ongoing", _("Pågår")
    BEHIND = "behind", _("Försenad")
    DONE = "done", _("Genomförd")
    CANCELLED = "cancelled", _("Avbruten")


class ActionUpdate(PartOfDocument):
    """Where one action stood in one report: the partners' words, and, once published, the count of that day."""

    class Reported(models.TextChoices):
        """What the partners say of an action. "Försenad" is not theirs to say or to leave out: it is computed."""

        NOT_STARTED = Standing.NOT_STARTED.value, Standing.NOT_STARTED.label
        ONGOING = Standing.ONGOING.value, Standing.ONGOING.label
        DONE = Standing.DONE.value, Standing.DONE.label
        CANCELLED = Standing.CANCELLED.value, Standing.CANCELLED.label

    part_of = "followup"

    followup = models.ForeignKey(FollowUp, models.CASCADE, verbose_name=_("rapport"), related_name="updates")
    action = models.ForeignKey(Action, models.PROTECT, verbose_name=_("åtgärd"), related_name="updates")
    reported = models.CharField(_("läge"), max_length=12, choices=Reported, default=Reported.ONGOING)
    text = models.TextField(_("vad som hänt"), blank=True)
    is_unchanged = models.BooleanField(_("oförändrat sedan förra månaden"), default=False)
    standing_then = models.CharField(max_length=12, blank=True, editable=False)
    count_then = models.PositiveIntegerField(null=True, editable=False)
    target_number_then = models.PositiveIntegerField(null=True, editable=False)
    target_then = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        ordering = ["followup", "action__number"]
        verbose_name = _("läge för en åtgärd")
        verbose_name_plural = _("läge för åtgärderna")
        constraints = [
            models.UniqueConstraint(
                fields=["followup", "action"],
                name="update_once_an_action",
                violation_error_message=_("Åtgärden finns redan i rapporten."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.action)

    @property
    def is_silent(self) -> bool:
        """Whether it says neither what happened nor that nothing did."""
        return not self.is_unchanged and not self.text.strip()

    @property
    def standing_then_label(self) -> str:
        """The standing that publishing stored, in words."""
        return str(Standing(self.standing_then).label) if self.standing_then else ""
