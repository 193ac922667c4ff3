"""What counts: deeds, and without being logged again, held meetings and closed rounds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from followups.models import Deed, Meeting
from promises.models import ActionKind
from promises.months import Period, swedish_day
from surveys.models import SurveyRound

if TYPE_CHECKING:
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
    promise: Promise, *, day: date, until: date, publishing: Period | None = None
) -> defaultdict[int, list[Fact]]:
    """What had been done by `until` for each action, by its key, as known on `day`; three queries.

    `publishing` is a period whose report is about to be published, and its deeds with it.
    """
    facts: defaultdict[int, list[Fact]] = defaultdict(list)
    for action_id, fact in deeds(promise, day, until, publishing):
        facts[action_id].append(fact)
    held, closed = held_meetings(promise, until), closed_rounds(promise, until)
    for action in promise.actions.all():
        if action.kind == ActionKind.MEETING:
            facts[action.pk] += held
        elif action.kind == ActionKind.SURVEY:
            facts[action.pk] += closed
    return facts


def deeds(promise: Promise, day: date, until: date, publishing: Period | None) -> list[tuple[int, Fact]]:
    rows = Deed.objects.standing().counted_for(promise, promise.starts_on, until)
    not_due = [each for each in promise.periods() if promise.report_due_on(each) >= day]
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


def held_meetings(promise: Promise, until: date) -> list[Fact]:
    """The meetings of Trygg och Säker kommun, where the promise is followed up."""
    end_day = min(until, promise.last_day) + timedelta(days=1)
    meetings = Meeting.objects.filter(kind=Meeting.Kind.TSK).held_between(promise.starts_on, end_day)
    return [Fact(each.day) for each in meetings]


def closed_rounds(promise: Promise, until: date) -> list[Fact]:
    rounds = SurveyRound.objects.filter(promise=promise, state__in=CLOSED)
    days = [swedish_day(moment) for moment in rounds.values_list("closes_at", flat=True)]
    return [Fact(day) for day in days if day <= until]
