"""What a reader meets: the months of a promise as a list, and one month as a letter with what was done in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import cast

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from followups.calendar import PeriodStatus, calendar_on_record, ribbon_sentence
from followups.models import ActionUpdate, CombinedResult, Deed, FollowUp, FollowUpSignOff, Meeting
from followups.models.report import FollowUpQuerySet
from followups.record import Record
from promises.explaining import Use, first_uses
from promises.joining import joined
from promises.models import Correction, Promise, Term
from promises.months import Month, swedish_day, today
from promises.telling import names, tell
from promises.wording import capitalised, full_day, span_of_days

ONE_DAY = timedelta(days=1)


def reports() -> FollowUpQuerySet:
    """Published reports with all that is shown of them."""
    return (
        FollowUp.objects.published()
        .newest_first()
        .select_related("promise")
        .prefetch_related(Prefetch("sign_offs", FollowUpSignOff.objects.select_related("organisation")), corrections())
    )


def corrections() -> Prefetch:
    return Prefetch("corrections", Correction.objects.select_related("organisation"))


def signed_by(report: FollowUp) -> str:
    """ "Godkänd av Polisen och Tranemo kommun 4 november 2026"."""
    signed = names(each.organisation for each in report.sign_offs.all())
    day = full_day(swedish_day(cast("datetime", report.published_at)))
    return _("Godkänd av %(names)s %(day)s") % {"names": signed, "day": day}


# --- The list of months -------------------------------------------------------------------------------


@dataclass(frozen=True)
class MonthEntry:
    """One period in the list, whatever became of it, with its report if that is published."""

    status: PeriodStatus
    report: FollowUp | None

    @property
    def url(self) -> str:
        return self.status.url

    @property
    def awaited(self) -> Sequence[str]:
        return self.status.awaited

    @property
    def is_missing(self) -> bool:
        return self.status.status == "missing"

    @property
    def is_coming(self) -> bool:
        return self.status.status == "coming"

    @property
    def title(self) -> str:
        return capitalised(self.status.label)

    @property
    def missing_title(self) -> str:
        return _("%(month)s saknas") % {"month": self.title}

    @property
    def no_meeting_title(self) -> str:
        return _("%(month)s: inget möte") % {"month": self.title}

    @property
    def due_sentence(self) -> str:
        past, future = _("Rapporten skulle ha kommit senast %(day)s."), _("Rapporten ska komma senast %(day)s.")
        sentence = (past if self.is_missing else future) % {"day": full_day(self.status.due_on)}
        return f"{sentence} {_('Vi väntar på:')}" if self.awaited else sentence

    @property
    def signed_by(self) -> str:
        return signed_by(self.report) if self.report else ""

    @property
    def changed_on(self) -> date | None:
        """When the report was published, the day after it should have been, or the day that the period began."""
        if self.report:
            return self.report.published_at
        return self.status.due_on + ONE_DAY if self.is_missing else self.status.period.first_day


@dataclass(frozen=True)
class Year:
    """The entries of a year, newest first."""

    number: int
    entries: list[MonthEntry]


@dataclass(frozen=True)
class PromiseMonths:
    """A promise's periods: the ribbon, its sentence, and what there is to say about those that have begun."""

    promise: Promise
    ribbon: Sequence[PeriodStatus]

    @property
    def years_told(self) -> list[CombinedResult]:
        """The years that have been summed up, newest first. A page that leads to them reads them with its promises."""
        return [each for each in self.promise.results.all() if each.is_published]

    @property
    def sentence(self) -> str:
        return ribbon_sentence(list(self.ribbon))

    @property
    def validity(self) -> str:
        return span_of_days(self.promise.starts_on, self.promise.last_day)

    @property
    def is_over(self) -> bool:
        return self.promise.last_day < today()

    @property
    def entries(self) -> list[MonthEntry]:
        """Those that have begun, newest first."""
        return [MonthEntry(status, status.report) for status in reversed(self.ribbon) if status.url]

    @property
    def years(self) -> list[Year]:
        by_year = groupby(self.entries, key=lambda entry: entry.status.period.first.year)
        return [Year(number, list(entries)) for number, entries in by_year]

    @property
    def missing(self) -> list[MonthEntry]:
        return [entry for entry in self.entries if entry.is_missing]

    @property
    def changed(self) -> list[date | None]:
        """When what is shown of them became so: each month reported, missed or begun, each year summed up."""
        return [*(entry.changed_on for entry in self.entries), *(each.published_at for each in self.years_told)]

    @property
    def latest(self) -> MonthEntry | None:
        """The newest month that has been told about."""
        return next((entry for entry in self.entries if entry.report), None)


def months_of(promises: Sequence[Promise]) -> list[PromiseMonths]:
    record = Record(promises)
    return [months_on_record(record, promise) for promise in promises]


def months_on_record(record: Record, promise: Promise) -> PromiseMonths:
    return PromiseMonths(promise, calendar_on_record(record, promise))


# --- One month ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ActionThen:
    """Where an action stood when the month's report was published, and the deeds of the month."""

    update: ActionUpdate
    on_time: list[Deed]
    added_later: list[Deed]
    terms: list[Use] = field(default_factory=list)  # that it is the first in the month to use

    @property
    def has_news(self) -> bool:
        return bool(self.update.text or self.on_time or self.added_later)

    @property
    def words(self) -> str:
        """All that is said of it, for finding what needs to be explained."""
        return "\n".join([self.update.action.title, self.update.text, *(deed.what for deed in self.on_time)])

    @property
    def standing(self) -> dict[str, str]:
        return {"code": self.update.standing_then, "label": self.update.standing_then_label}

    @property
    def count_text(self) -> str:
        """ "2 av 4 trygghetsvandringar"; without a number, how many deeds had been counted."""
        return self._counted(self.update.target_then)

    @property
    def count_told(self) -> SafeString:
        """The same on a page: the target stands as it was decided, marked as Swedish where the page is not."""
        return mark_safe(self._counted(tell(self.update.target_then).inline()))  # noqa: S308  (escaped by inline)

    def _counted(self, target: str) -> str:
        count = self.update.count_then
        if self.update.target_number_then:
            return _("%(count)s av %(target)s") % {"count": count, "target": target}
        if count:
            return ngettext("%(count)s insats hittills", "%(count)s insatser hittills", count) % {"count": count}
        return ""


@dataclass(frozen=True)
class MonthSection:
    """One promise's month: its report and what was done, or why there is none."""

    months: PromiseMonths
    entry: MonthEntry
    actions: list[ActionThen]
    meetings: list[Meeting]
    terms: list[Use]  # that the letter uses

    @property
    def promise(self) -> Promise:
        return self.months.promise

    @property
    def report(self) -> FollowUp | None:
        return self.entry.report

    @property
    def told(self) -> list[ActionThen]:
        """The actions that there is something new to say about."""
        return [each for each in self.actions if each.has_news]

    @property
    def unchanged(self) -> list[ActionThen]:
        return [each for each in self.actions if not each.has_news]

    @property
    def changed(self) -> list[date | None]:
        """When what is shown of the month was published, corrected or added."""
        corrected = [each.made_at for each in self.report.corrections.all()] if self.report else []
        added = [deed.logged_at for action in self.actions for deed in action.added_later]
        return [self.entry.changed_on, *corrected, *added, *(meeting.changed_at for meeting in self.meetings)]


def sections_of(month: Month, some: slice = slice(None)) -> list[MonthSection]:
    """The promises that have a period beginning in the month, or some of them, each with what the public may read."""
    promises = promises_with_period(month, some)
    if not promises:
        return []
    record = Record(promises, places_of_rounds=False)
    found = [
        (months, MonthEntry(status, status.report))
        for months in (months_on_record(record, promise) for promise in promises)
        for status in months.ribbon
        if status.period.first == month
    ]
    prefetch_related_objects([entry.report for _months, entry in found if entry.report], corrections(), updates_then())
    first_day, end_day = month.first_day, max(entry.status.period.end_day for _months, entry in found)
    deeds = list(Deed.objects.published().done_for(promises).done_between(first_day, end_day).told())
    meetings = [each for each in record.meetings if each.is_published and each.is_held]
    terms = list(Term.objects.published())
    return [section(months, entry, deeds, meetings, terms) for months, entry in found]


def promises_with_period(month: Month, some: slice) -> list[Promise]:
    rhythms = Promise.objects.with_period_in(month).values_list("pk", "starts_on", "followup_months")
    keys = [key for key, starts_on, months in rhythms if (month.index - Month.of(starts_on).index) % months == 0]
    promises = Promise.objects.with_period_in(month).in_brief()
    return joined(promises.filter(pk__in=keys[some]), "partnerships__organisation")


def updates_then() -> Prefetch:
    return Prefetch("updates", ActionUpdate.objects.select_related("action__promise").order_by("action__number"))


def section(
    months: PromiseMonths, entry: MonthEntry, deeds: Iterable[Deed], meetings: Iterable[Meeting], terms: Iterable[Term]
) -> MonthSection:
    within = [deed for deed in deeds if deed.done_on in entry.status.period]
    report = entry.report
    actions = [action_then(update, report, within) for update in report.updates.all()] if report else []
    explained, in_the_letter = explain(report, actions, terms)
    return MonthSection(
        months=months,
        entry=entry,
        actions=explained,
        meetings=[meeting for meeting in meetings if meeting.day in entry.status.period],
        terms=in_the_letter,
    )


def explain(
    report: FollowUp | None, actions: Iterable[ActionThen], terms: Iterable[Term]
) -> tuple[list[ActionThen], list[Use]]:
    """The actions with the words that each is the first to use, and the words that the letter uses."""
    actions = list(actions)
    # In the order of the page: those that there is nothing new to say about come last.
    in_order = sorted(actions, key=lambda each: not each.has_news)
    letter = report.no_meeting_reason or report.summary if report else ""
    uses = first_uses({"letter": letter} | {str(each.update.action_id): each.words for each in in_order}, terms)
    return [replace(each, terms=uses[str(each.update.action_id)]) for each in actions], uses["letter"]


def action_then(update: ActionUpdate, report: FollowUp, deeds: Iterable[Deed]) -> ActionThen:
    """The update with its deeds: those that stood in the report when it was published, and those logged since."""
    own = [deed for deed in deeds if deed.action_id == update.action_id]
    late = {deed.pk for deed in own if report.published_at and deed.logged_at > report.published_at}
    return ActionThen(
        update=update,
        on_time=[deed for deed in own if deed.pk not in late],
        added_later=[deed for deed in own if deed.pk in late],
    )
