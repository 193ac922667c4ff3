"""When the partners meet, with each other and with residents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Min, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promises.addresses import address_of
from promises.models import Place
from promises.months import Period, start_of, swedish_day
from promises.publishing import PublishedQuerySet, ShowsAtOnce, if_published
from promises.telling import tell


class MeetingQuerySet(PublishedQuerySet):
    def published(self) -> Self:
        return self.filter(is_public=True)

    def coming(self) -> Self:
        return self.filter(starts_at__gt=timezone.now()).exclude(state=Meeting.State.CANCELLED).order_by("starts_at")

    def past(self) -> Self:
        return self.filter(starts_at__lte=timezone.now()).order_by("-starts_at")

    def next_turn(self, now: datetime) -> datetime | None:
        """When the next meeting begins: the clock alone then makes it a past one."""
        return self.published().filter(starts_at__gt=now).aggregate(next=Min("starts_at"))["next"]

    def starting_from(self, moment: datetime) -> Self:
        return self.filter(starts_at__gte=moment)

    def held_between(self, first_day: date, end_day: date) -> Self:
        """Held meetings from `first_day` up to, not including, `end_day`, in Swedish time."""
        return self.filter(
            state=Meeting.State.HELD, starts_at__gte=start_of(first_day), starts_at__lt=start_of(end_day)
        ).order_by("starts_at")

    def told_of(self, periods: Sequence[Period], places: Sequence[Place] = ()) -> Self:
        """Meetings that the public may know of, in some periods or about some places.

        Open ones that are not cancelled, and the partners' own once held.
        """
        known = Q(is_public=True) & ~Q(state=Meeting.State.CANCELLED) | Q(
            kind=Meeting.Kind.TSK, state=Meeting.State.HELD
        )
        asked = Q(place__in=places)
        if periods:
            first_day, end_day = min(each.first_day for each in periods), max(each.end_day for each in periods)
            asked |= Q(starts_at__gte=start_of(first_day), starts_at__lt=start_of(end_day))
        return self.filter(known & asked)

    def held_in(self, period: Period) -> Self:
        return self.held_between(period.first_day, period.end_day)


class Meeting(ShowsAtOnce):
    """A meeting of Trygg och Säker kommun, with residents, or of SAMFU."""

    class Kind(models.TextChoices):
        TSK = "tsk", _("Trygg och Säker kommun")
        RESIDENTS = "residents", _("Trygghetsmöte")
        SAMFU = "samfu", _("SAMFU")

    class State(models.TextChoices):
        PLANNED = "planned", _("Planerat")
        HELD = "held", _("Hållet")
        CANCELLED = "cancelled", _("Inställt")

    kind = models.CharField(_("slag"), max_length=10, choices=Kind)
    title = models.CharField(_("rubrik"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("börjar"))
    ends_at = models.DateTimeField(_("slutar"), null=True, blank=True)
    venue = models.CharField(_("lokal"), max_length=200, blank=True, help_text=_("Till exempel: Folkets hus, Limmared"))
    place = models.ForeignKey(
        Place, models.PROTECT, verbose_name=_("gäller platsen"), related_name="meetings", null=True, blank=True
    )
    is_public = models.BooleanField(
        _("öppet för invånare"), default=False, help_text=_("Visas då på webbplatsen och i kalendern.")
    )
    state = models.CharField(_("läge"), max_length=10, choices=State, default=State.PLANNED)
    cancel_reason = models.CharField(_("varför mötet är inställt"), max_length=300, blank=True)
    summary = models.TextField(_("vad som kom fram"), blank=True, help_text=_("Kort. Inga namn på enskilda."))
    # How often, and when last, what others' calendars hold of it was changed: they take in nothing older.
    sequence = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)
    # How often those who meant to come had to be told of another time or another room, or that it will be after all.
    moves = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]
        verbose_name = _("möte")
        verbose_name_plural = _("möten")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="meeting_ends_after_it_starts",
                violation_error_message=_("Mötet kan inte sluta innan det börjar."),
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""),
                name="meeting_cancelled_says_why",
                violation_error_message=_("Skriv varför mötet är inställt."),
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.get_kind_display())

    @property
    def heading(self) -> str:
        """What it is called, in the language of the page."""
        return tell(self.title).inline() if self.title else str(self.get_kind_display())

    def get_absolute_url(self) -> str:
        return f"{address_of('meetings:list')}#mote-{self.pk}"

    @property
    def is_published(self) -> bool:
        return self.is_public

    @property
    def public_place(self) -> Place | None:
        """The place that it is about, if the public may know of it."""
        return if_published(self.place)

    @property
    def day(self) -> date:
        """The Swedish date on which it begins."""
        return swedish_day(self.starts_at)

    def save(self, *args: Any, **kwargs: Any) -> None:
        stored = type(self)._base_manager.filter(pk=self.pk).first() if self.pk else None
        if stored is not None and stored.invitation != self.invitation:
            self.sequence, self.changed_at = stored.sequence + 1, timezone.now()
            self.moves = stored.moves + self.is_moved_from(stored)
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "sequence", "changed_at", "moves"}
        super().save(*args, **kwargs)

    @property
    def invitation(self) -> tuple[Any, ...]:
        """What others' calendars hold of it."""
        return (str(self), self.starts_at, self.ends_at, self.venue, self.is_cancelled, self.cancel_reason)

    def is_moved_from(self, stored: Meeting) -> bool:
        """Whether who knows it as it is stored would come at the wrong time, to the wrong room, or not at all."""
        is_elsewhere = (self.starts_at, self.venue) != (stored.starts_at, stored.venue)
        return not self.is_cancelled and (is_elsewhere or stored.is_cancelled)

    def hold(self, summary: str = "") -> None:
        """Say that the meeting was held, and what came up."""
        self.state, self.summary = self.State.HELD, summary or self.summary
        self.full_clean()
        self.save()

    def cancel(self, reason: str) -> None:
        """Say that the meeting will not be, and why."""
        self.state, self.cancel_reason = self.State.CANCELLED, reason
        self.full_clean()
        self.save()

    def clean(self) -> None:
        if self.is_held and self.starts_at and self.starts_at > timezone.now():
            raise ValidationError({"state": _("Mötet har inte börjat än och kan inte vara hållet.")})

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def is_coming(self) -> bool:
        return not self.has_begun and not self.is_cancelled

    @property
    def is_held(self) -> bool:
        return self.state == self.State.HELD

    @property
    def is_cancelled(self) -> bool:
        return self.state == self.State.CANCELLED
