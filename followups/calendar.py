"""The periods of a promise: reported, missing and what is awaited, no meeting by decision, or still to come.

The gap is computed from the days and the reports; nobody has to remember to show it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from followups.models import FollowUp
from followups.record import Record
from promises.addresses import address_of
from promises.months import Period, start_of
from promises.telling import in_words
from promises.wording import capitalised, full_day, listed

if TYPE_CHECKING:
    from promises.models import Promise
    from promises.models.promise import PromiseQuerySet

REPORTED, MISSING, NO_MEETING, AWAITED, COMING = "reported", "missing", "no_meeting", "awaited", "coming"


STATUS_LABELS = {
    REPORTED: gettext_lazy("redovisad"),
    MISSING: gettext_lazy("saknas"),
    NO_MEETING: gettext_lazy("inget möte"),
    AWAITED: gettext_lazy("väntas"),
    COMING: gettext_lazy("kommer"),
}


@dataclass(frozen=True)
class PeriodStatus:
    """What became of one period of a promise's follow-up."""

    period: Period
    status: str
    report: FollowUp | None  # published, or None
    due_on: date
    draft: Draft | None  # where there is no published report
    has_survey: bool
    has_meeting: bool
    is_current: bool

    @property
    def awaited(self) -> list[str]:
        """Whose report, or whose signature to the report that is written, has not come though the period is over."""
        return self.draft.awaited() if self.draft and self.status in (MISSING, AWAITED) else []

    @property
    def status_label(self) -> str:
        return str(STATUS_LABELS[self.status])

    @cached_property
    def label(self) -> str:
        """ "oktober 2026"."""
        return str(self.period)

    @cached_property
    def short_label(self) -> str:
        """ "okt"."""
        return self.period.short_label

    @cached_property
    def url(self) -> str:
        """The period's page; of one that is still to come there is nothing to read."""
        return "" if self.status == COMING else address_of("followups:month", self.period.first.iso)


def calendar(promise: Promise, day: date | None = None) -> list[PeriodStatus]:
    """Every period of the promise as it stands on `day` (today), in order."""
    return calendars([promise], day)[0]


def calendars(promises: Sequence[Promise], day: date | None = None) -> list[list[PeriodStatus]]:
    """The calendar of each promise; as many queries for all of them as for one, if their last days are known."""
    record = Record(promises, day)
    return [calendar_on_record(record, promise) for promise in promises]


def calendar_on_record(record: Record, promise: Promise) -> list[PeriodStatus]:
    """The calendar of one of the promises of a record, on the record's day."""
    return [period_status(record, promise, period) for period in record.periods[promise.pk]]


def not_all_told(promises: PromiseQuerySet) -> list[Promise]:
    """Those of the promises that have a period which nobody has told about, missing or still to come."""
    told = FollowUp.objects.published().filter(promise=OuterRef("pk")).order_by().values("promise")
    counted = promises.with_last_day().annotate(told=Subquery(told.annotate(number=Count("pk")).values("number")))
    return [each for each in counted.in_brief() if (each.told or 0) < each.period_count]


def period_status(record: Record, promise: Promise, period: Period) -> PeriodStatus:
    report = record.reports.get((promise.pk, period.first_day))
    due_on = promise.report_due_on(period)
    begins, ends = start_of(period.first_day), start_of(period.end_day)
    is_told = report is not None and report.is_published
    asked = [each for each in record.rounds_of(promise) if each.was_asked]
    return PeriodStatus(
        period=period,
        status=status_of(period, report, due_on, record.day),
        report=report if is_told else None,
        due_on=due_on,
        draft=None if is_told else Draft(record, promise, report),
        has_survey=any(each.opens_at < ends and each.last_day >= period.first_day for each in asked),
        has_meeting=any(begins <= each.starts_at < ends for each in record.meetings),
        is_current=record.day in period,
    )


def status_of(period: Period, report: FollowUp | None, due_on: date, day: date) -> str:
    if report and report.is_published:
        return NO_MEETING if report.is_no_meeting else REPORTED
    if day < period.end_day:
        return COMING
    return MISSING if day > due_on else AWAITED


@dataclass(frozen=True)
class Draft:
    """The report of a period that the public has not got: begun, waiting for signatures, or not even that."""

    record: Record
    promise: Promise
    report: FollowUp | None

    def awaited(self) -> list[str]:
        """Whose report, or whose signature to the report that is written, has not come."""
        partners = self.record.partners[self.promise.pk]
        if self.report is None or self.report.is_draft:
            return [_("Redovisning från %s") % in_words(str(partner)) for partner in partners]
        signed = self.record.signed_by(self.report)
        return [_("Godkännande från %s") % in_words(str(partner)) for partner in partners if partner.pk not in signed]


# --- In words -----------------------------------------------------------------------------------------


def ribbon_sentence(statuses: Sequence[PeriodStatus]) -> str:
    """ "8 av 10 månader redovisade. Mars och juli saknas. I augusti hölls inget möte." """
    by_status = {status: [each for each in statuses if each.status == status] for status in STATUS_LABELS}
    reported, missing = by_status[REPORTED], by_status[MISSING]
    if not reported and not missing and not by_status[NO_MEETING]:
        return nothing_yet(statuses)
    sentences = []
    if reported or missing:
        sentences.append(so_many(statuses, len(reported), len(reported) + len(missing)))
    if missing:
        sentences.append(_("%s saknas.") % capitalised(listed(names(missing, statuses))))
    if by_status[NO_MEETING]:
        sentences.append(_("I %s hölls inget möte.") % listed(names(by_status[NO_MEETING], statuses)))
    return " ".join(sentences)


def so_many(statuses: Sequence[PeriodStatus], reported: int, due: int) -> str:
    if all(each.period.months == 1 for each in statuses):
        words = ngettext("%(reported)s av %(due)s månad redovisad.", "%(reported)s av %(due)s månader redovisade.", due)
    else:
        words = ngettext(
            "%(reported)s av %(due)s period redovisad.", "%(reported)s av %(due)s perioder redovisade.", due
        )
    return words % {"reported": reported, "due": due}


def nothing_yet(statuses: Sequence[PeriodStatus]) -> str:
    if not statuses:
        return _("Ingen uppföljning är planerad.")
    return _("Ingen månad ska vara redovisad än. Den första redovisas senast %s.") % full_day(statuses[0].due_on)


def names(some: Iterable[PeriodStatus], statuses: Sequence[PeriodStatus]) -> list[str]:
    """The periods' names; with the year only where one name could be two periods, or one period is of two years."""
    first_months = [each.period.first.number for each in statuses]
    if len(set(first_months)) < len(first_months):
        return [each.label for each in some]
    return [each.label if each.period.is_of_two_years else each.label.rsplit(" ", 1)[0] for each in some]
