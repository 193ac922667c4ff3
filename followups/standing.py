"""How each action stands today: the partners' latest published words, the counted deeds, and what is late.

Publishing keeps the standing of the period in the report; only today's is derived.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from followups.facts import Fact, facts_of
from followups.models import ActionUpdate, CombinedResult, FollowUp, Standing, Verdict
from followups.record import Record
from promises.models import ActionKind, Target
from promises.months import Month, Period, as_written, formatted, periods_between, today
from promises.telling import in_words
from promises.wording import full_day, short_day

if TYPE_CHECKING:
    from promises.models import Action, Promise

ONE_DAY = timedelta(days=1)


def standings(promise: Promise, day: date | None = None) -> list[ActionStanding]:
    """Every action of the promise as it stands on `day` (today), in order; a constant number of queries."""
    return standings_on_record(Record([promise], day), promise)


def standings_on_record(record: Record, promise: Promise) -> list[ActionStanding]:
    """The same for one of the promises of a record that is read already, on the record's day."""
    books = Books(
        promise=promise,
        day=record.day,
        reported_to=max((each.end_day for each in record.told(promise)), default=None),
        actions=record.actions[promise.pk],
        facts=facts_of(record, promise, until=record.day),
        targets=targets_of(record, promise),
        words={each.pk: each.said for each in record.actions[promise.pk]},
    )
    return list(books.standings())


def standing_at_publishing(followup: FollowUp) -> list[ActionStanding]:
    """How each action stands in a report that is published now: as it was when the report's period had passed.

    A report that comes late tells of its own period: not of what was done, decided or said after it.
    """
    promise = followup.promise
    day = min(today(), followup.end_day)
    updates = () if followup.is_no_meeting else followup.updates.all()
    said: dict[int, str | None] = {each.action_id: each.reported for each in updates}
    record = Record([promise], day, told_to=followup.first_day)
    books = Books(
        promise=promise,
        day=day,
        reported_to=followup.end_day,
        actions=record.actions[promise.pk],
        facts=facts_of(record, promise, until=min(today(), followup.last_day), publishing=followup.period),
        targets=targets_of(record, promise),
        words={each.pk: each.said for each in record.actions[promise.pk]} | said,
    )
    return list(books.standings())


def keep_standing(followup: FollowUp) -> None:
    """Store, in the report that is being published, how each action stands in it."""
    updates = list(followup.updates.all())
    fill_in(updates, standing_at_publishing(followup))
    names = ["standing_then", "count_then", "target_then", "target_number_then"]
    ActionUpdate.objects.bulk_update(updates, names)


def fill_in(updates: Iterable[ActionUpdate], standings: Iterable[ActionStanding]) -> None:
    """Write each action's standing into its line of the report, unsaved."""
    by_action = {each.action.pk: each for each in standings}
    for update in updates:
        standing = by_action[update.action_id]
        update.standing_then, update.count_then = standing.code, standing.count
        update.target_then = str(standing.target) if standing.target else ""
        update.target_number_then = standing.target_number


def keep_counts(result: CombinedResult) -> None:
    """Store, in the combined result that is being published, each action's count in its year and its target."""
    counts = counts_of_year(result.promise, result.year)
    verdicts = list(result.verdicts.all())
    for verdict in verdicts:
        verdict.count_then, target = counts[verdict.action_id]
        verdict.target_then = str(target) if target else ""
    Verdict.objects.bulk_update(verdicts, ["count_then", "target_then"])


def counts_of_year(promise: Promise, number: int) -> dict[int, tuple[int, Target | None]]:
    """What each action's public facts of a calendar year come to, and its target at the year's end."""
    year = Period(Month(number, 1), 12)
    day = min(today(), year.end_day - ONE_DAY)
    record = Record([promise], day)
    facts, targets = facts_of(record, promise, until=day), targets_of(record, promise)
    return {
        each.pk: (total(fact for fact in facts[each.pk] if fact.is_public and fact.day in year), targets.get(each.pk))
        for each in record.actions[promise.pk]
    }


def targets_of(record: Record, promise: Promise) -> dict[int, Target]:
    """The target in force on the record's day, of each action that has one: the latest that is decided and signed."""
    in_force: dict[int, Target] = {}
    for action in record.actions[promise.pk]:
        for target in action.targets.all():
            if target.is_published and target.decided_on <= record.day:
                in_force[action.pk] = target
    return in_force


@dataclass(frozen=True)
class Books:
    """All that a day's standing is computed from, fetched once for all actions."""

    promise: Promise
    day: date
    reported_to: date | None  # the day after the last period with a published report
    actions: list[Action]
    facts: defaultdict[int, list[Fact]]
    targets: dict[int, Target]
    words: dict[int, str | None]

    @cached_property
    def last_day(self) -> date:
        return self.promise.last_day

    def standings(self) -> Iterator[ActionStanding]:
        for action in self.actions:
            target = self.targets.get(action.pk)
            yield ActionStanding(self, action, target, self.words.get(action.pk) or "", self.facts[action.pk])


@dataclass(frozen=True)
class ActionStanding:
    """One action as it stands on a day."""

    books: Books
    action: Action
    target: Target | None
    said: str  # by the partners, in the last published report
    facts: list[Fact]

    @cached_property
    def code(self) -> str:
        if self.said in (Standing.DONE, Standing.CANCELLED):
            return self.said
        if self.behind_since:
            return Standing.BEHIND.value
        return (Standing.ONGOING if self.said == Standing.ONGOING or self.shown else Standing.NOT_STARTED).value

    @property
    def label(self) -> str:
        return str(Standing(self.code).label)

    @property
    def target_number(self) -> int | None:
        return self.target.number if self.target else None

    # --- what is counted ---

    @cached_property
    def shown(self) -> list[Fact]:
        """The facts that are public."""
        return [each for each in self.facts if each.is_public]

    @cached_property
    def turn(self) -> Period | None:
        """The turn of the target's rhythm that is counted.

        Deeds are public with their month's report, so the turn is the latest that has one: the running month would
        read nought until it is over. Meetings and rounds are public at once: there it is the running turn.
        """
        if self.target is None or not self.target.rhythm:
            return None
        turns = list(periods_between(self.books.promise.starts_on, self.books.last_day, self.target.rhythm))
        told_to = self.books.day
        if self.action.kind not in (ActionKind.MEETING, ActionKind.SURVEY) and self.books.reported_to:
            told_to = max(self.books.reported_to - ONE_DAY, self.target.decided_on)
        begun = [each for each in turns if each.first_day <= min(told_to, self.books.day)]
        return (begun or turns)[-1 if begun else 0]

    @cached_property
    def count(self) -> int:
        return total(each for each in self.shown if self.turn is None or each.day in self.turn)

    @property
    def text(self) -> str:
        """ "2 av 4 trygghetsvandringar, senast 14 mars i Limmared"."""
        if self.target is None or self.target.number is None:
            return f"{self._so_many}{self._last}" if self.shown else _("Inget är gjort än.")
        words = {"count": self.count, "number": self.target.number, "unit": in_words(self.target.unit)}
        counted = _("%(count)s av %(number)s %(unit)s") % words
        return f"{counted} {in_turn(self.turn, self.books.day)}{self._last}" if self.turn else f"{counted}{self._last}"

    @property
    def _so_many(self) -> str:
        if self.action.kind == ActionKind.MEETING:
            words = ngettext("%(count)s möte", "%(count)s möten", self.count)
        elif self.action.kind == ActionKind.SURVEY:
            words = ngettext("%(count)s undersökning", "%(count)s undersökningar", self.count)
        else:
            words = ngettext("%(count)s insats", "%(count)s insatser", self.count)
        return words % {"count": self.count}

    @property
    def _last(self) -> str:
        if not self.shown:
            return ""
        fact = max(self.shown, key=lambda each: each.day)
        words = {"day": day_in(fact.day, self.books.day), "place": fact.locality}
        return (_(", senast %(day)s i %(place)s") if fact.locality else _(", senast %(day)s")) % words

    # --- what is late ---

    @cached_property
    def late_turns(self) -> list[Period]:
        """The turns without enough deeds, up to the last one that has passed, unbroken; oldest first."""
        late: list[Period] = []
        if self.target is None or not self.target.rhythm:
            return late
        passed = [each for each in self.target.rhythm_periods(self.books.last_day) if each.end_day <= self.books.day]
        for turn in reversed(passed):
            if self._enough(each for each in self.facts if each.day in turn):
                break
            late.insert(0, turn)
        return late

    @cached_property
    def behind_since(self) -> date | None:
        """The day on which a due day, or a whole period of the rhythm, had passed without enough deeds."""
        if self.target is None:
            return None
        if self.target.rhythm:
            return self.late_turns[0].end_day if self.late_turns else None
        due_on = self.target.due_on or self.books.last_day
        is_late = self.books.day > due_on and not self._enough(self.facts)
        return due_on + ONE_DAY if is_late else None

    def _enough(self, facts: Iterable[Fact]) -> bool:
        # A due day without a number is met by the partners' word that it is done, which is asked first.
        number = self.target_number
        return number is not None and total(each for each in facts if each.is_public or each.may_still_come) >= number

    @property
    def late_note(self) -> str:
        """Why the action is late, in one or two sentences; nothing if it is not."""
        if self.code != Standing.BEHIND or self.target is None:
            return ""
        if self.late_turns:
            turn = self.late_turns[-1]
            done = total(each for each in self.shown if each.day in turn)
            when = in_turn(turn, self.books.day)
        else:
            done = self.count
            when = _("senast %s") % full_day(self.target.due_on or self.books.last_day)
        if self.target.number is None:
            return _("Skulle ha varit klart %s.") % when
        words = {"number": self.target.number, "unit": in_words(self.target.unit), "when": when, "done": done}
        return _("Målet var %(number)s %(unit)s %(when)s. Det blev %(done)s.") % words


def total(facts: Iterable[Fact]) -> int:
    return sum(each.quantity for each in facts)


def day_in(day: date, now: date) -> str:
    """The day; with its year only if that is another than now."""
    return short_day(day) if day.year == now.year else full_day(day)


def in_turn(turn: Period, now: date) -> str:
    """ "i november", "i oktober–december", "under 2026"; with the year where it is another than now."""
    last = turn.last
    if turn.months == 12 and turn.first.number == 1:
        return _("under %s") % turn.first.year
    if (turn.first.year, last.year) != (now.year, now.year):
        return _("i %s") % turn
    first_name, last_name = (as_written(formatted(day, "F")) for day in (turn.first_day, last.first_day))
    return _("i %s") % (first_name if turn.months == 1 else f"{first_name}–{last_name}")
