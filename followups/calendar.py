"""The periods of a promise: reported, missing and what is awaited, no meeting by decision, or still to come.

The gap is computed from the days and the reports; nobody has to remember to show it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from followups.models import FollowUp, FollowUpSignOff, Meeting
from promises.models import Partnership
from promises.months import Period, start_of, today
from promises.wording import capitalised, full_day, listed
from surveys.models import SurveyRound

if TYPE_CHECKING:
    from promises.models import Organisation, Promise

REPORTED, MISSING, NO_MEETING, AWAITED, COMING = "reported", "missing", "no_meeting", "awaited", "coming"


def status_labels() -> dict[str, str]:
    return {
        REPORTED: _("redovisad"),
        MISSING: _("saknas"),
        NO_MEETING: _("inget möte"),
        AWAITED: _("väntas"),
        COMING: _("kommer"),
    }


@dataclass(frozen=True)
class PeriodStatus:
    """What became of one period of a promise's follow-up."""

    period: Period
    status: str
    report: FollowUp | None  # published, or None
    due_on: date
    awaited: list[str]
    has_survey: bool
    has_meeting: bool
    is_current: bool

    @property
    def status_label(self) -> str:
        return status_labels()[self.status]

    @property
    def label(self) -> str:
        """ "oktober 2026"."""
        return str(self.period)

    @property
    def short_label(self) -> str:
        """ "okt"."""
        return self.period.short_label

    @property
    def url(self) -> str:
        """The period's page; of one that is still to come there is nothing to read."""
        return "" if self.status == COMING else reverse("followups:month", args=[self.period.first.iso])


def calendar(promise: Promise, day: date | None = None) -> list[PeriodStatus]:
    """Every period of the promise as it stands on `day` (today), in order."""
    return calendars([promise], day)[0]


def calendars(promises: Sequence[Promise], day: date | None = None) -> list[list[PeriodStatus]]:
    """The calendar of each promise; as many queries for all of them as for one, if their last days are known."""
    day = day or today()
    reports, partners, surveys = reports_of(promises), partners_of(promises), open_times(promises)
    periods = {promise.pk: promise.periods() for promise in promises}
    meetings = meeting_times([period for some in periods.values() for period in some])
    return [
        [
            period_status(
                promise=promise,
                period=period,
                report=reports.get((promise.pk, period.first_day)),
                partners=partners[promise.pk],
                surveys=surveys[promise.pk],
                meetings=meetings,
                day=day,
            )
            for period in periods[promise.pk]
        ]
        for promise in promises
    ]


def reports_of(promises: Sequence[Promise]) -> dict[tuple[int, date], FollowUp]:
    """All reports, drafts too, by promise and first day; with what says whose signatures they have."""
    signed = Prefetch("sign_offs", FollowUpSignOff.objects.select_related("organisation"))
    reports = FollowUp.objects.filter(promise__in=promises).prefetch_related("updates", signed)
    return {(each.promise_id, each.first_day): each for each in reports}


def partners_of(promises: Sequence[Promise]) -> defaultdict[int, list[Organisation]]:
    partners: defaultdict[int, list[Organisation]] = defaultdict(list)
    for each in Partnership.objects.filter(promise__in=promises).select_related("organisation"):
        partners[each.promise_id].append(each.organisation)
    return partners


def period_status(
    promise: Promise,
    period: Period,
    report: FollowUp | None,
    partners: Sequence[Organisation],
    surveys: Iterable[tuple[datetime, datetime]],
    meetings: Iterable[datetime],
    day: date,
) -> PeriodStatus:
    due_on = promise.report_due_on(period)
    status = status_of(period, report, due_on, day)
    begins, ends = start_of(period.first_day), start_of(period.end_day)
    return PeriodStatus(
        period=period,
        status=status,
        report=report if report and report.is_published else None,
        due_on=due_on,
        awaited=awaited(report, partners) if status in (MISSING, AWAITED) else [],
        has_survey=any(opens < ends and closes > begins for opens, closes in surveys),
        has_meeting=any(begins <= starts < ends for starts in meetings),
        is_current=day in period,
    )


def status_of(period: Period, report: FollowUp | None, due_on: date, day: date) -> str:
    if report and report.is_published:
        return NO_MEETING if report.is_no_meeting else REPORTED
    if day < period.end_day:
        return COMING
    return MISSING if day > due_on else AWAITED


def awaited(report: FollowUp | None, partners: Iterable[Organisation]) -> list[str]:
    """Whose report, or whose signature to the report that is written, has not come."""
    if report is None or report.is_draft:
        return [_("Redovisning från %s") % partner for partner in partners]
    signed = {each.organisation_id for each in report.valid_sign_offs()}
    return [_("Godkännande från %s") % partner for partner in partners if partner.pk not in signed]


def open_times(promises: Sequence[Promise]) -> defaultdict[int, list[tuple[datetime, datetime]]]:
    """When each round was, is or will be open, by the promise's key."""
    times: defaultdict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    rounds = SurveyRound.objects.published().filter(promise__in=promises)
    for promise_id, opens_at, closes_at in rounds.values_list("promise_id", "opens_at", "closes_at"):
        times[promise_id].append((opens_at, closes_at))
    return times


def meeting_times(periods: Sequence[Period]) -> list[datetime]:
    """When the meetings begin that residents may come to, or that were held about the promise."""
    if not periods:
        return []
    first_day, end_day = min(each.first_day for each in periods), max(each.end_day for each in periods)
    return list(Meeting.objects.told_between(first_day, end_day).values_list("starts_at", flat=True))


# --- In words -----------------------------------------------------------------------------------------


def ribbon_sentence(statuses: Sequence[PeriodStatus]) -> str:
    """ "8 av 10 månader redovisade. Mars och juli saknas. I augusti hölls inget möte." """
    by_status = {status: [each for each in statuses if each.status == status] for status in status_labels()}
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
    """The periods' names; with the year only where one name could be two periods."""
    first_months = [each.period.first.number for each in statuses]
    if len(set(first_months)) < len(first_months):
        return [each.label for each in some]
    return [each.label.rsplit(" ", 1)[0] for each in some]
