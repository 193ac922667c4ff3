"""What counts: deeds, and without being logged again, held meetings and closed rounds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from followups.models import Meeting
from promises.models import ActionKind
from promises.months import Period
from surveys.models import SurveyRound

if TYPE_CHECKING:
    from followups.record import Record
    from promises.models import Promise

CLOSED = (SurveyRound.State.CLOSED, SurveyRound.State.COUNTED, SurveyRound.State.ERASED)


@dataclass(frozen=True)
class Fact:
    """Something that was done, on a day."""

    day: date
    quantity: int = 1
    locality: str = ""
    is_public: bool = True
    # Logged, and its month's report is not due yet: it is not shown, but it is no reason to call an action late.
    may_still_come: bool = False


def facts_of(
    record: Record, promise: Promise, until: date, *, publishing: Period | None = None
) -> defaultdict[int, list[Fact]]:
    """What had been done by `until` for each action, by its key, as known on the record's day.

    `publishing` is a period whose report is about to be published, and its deeds with it.
    """
    facts: defaultdict[int, list[Fact]] = defaultdict(list)
    for action_id, fact in deeds(record, promise, until, publishing):
        facts[action_id].append(fact)
    held, closed = held_meetings(record, promise, until), closed_rounds(record, promise, until)
    for action in record.actions[promise.pk]:
        if action.kind == ActionKind.MEETING:
            facts[action.pk] += held
        elif action.kind == ActionKind.SURVEY:
            facts[action.pk] += closed
    return facts


def deeds(record: Record, promise: Promise, until: date, publishing: Period | None) -> list[tuple[int, Fact]]:
    rows = [
        deed
        for deed in record.deeds_of(promise)
        if not deed.is_taken_back and promise.starts_on <= deed.done_on <= until
    ]
    not_due = [each for each in record.periods[promise.pk] if promise.report_due_on(each) >= record.day]
    return [
        (
            deed.action_id,
            Fact(
                day=deed.done_on,
                quantity=deed.quantity,
                locality=deed.place.locality.name if deed.place else "",
                is_public=deed.is_reported or (publishing is not None and deed.done_on in publishing),
                may_still_come=any(deed.done_on in period for period in not_due),
            ),
        )
        for deed in rows
    ]


def held_meetings(record: Record, promise: Promise, until: date) -> list[Fact]:
    """The meetings of Trygg och Säker kommun, where the promise is followed up."""
    last_day = min(until, promise.last_day)
    held = [each.day for each in record.meetings if each.kind == Meeting.Kind.TSK and each.is_held]
    return [Fact(day) for day in held if promise.starts_on <= day <= last_day]


def closed_rounds(record: Record, promise: Promise, until: date) -> list[Fact]:
    """On the last day that each took answers; one that was closed before it opened asked nobody."""
    rounds = [each for each in record.rounds_of(promise) if each.state in CLOSED and each.was_asked]
    return [Fact(each.last_day) for each in rounds if each.last_day <= until]
