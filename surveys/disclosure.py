"""The one layer that decides which numbers of a round may be shown. Page, chart, table, file and API read its snapshot.

What it keeps from somebody who has every published number:

- No group of fewer than ten respondents is shown or can be subtracted: a group is shown only if it, everybody but it,
  and the groups that are not shown, taken together, reach ten (or are nobody). Groups are never crossed.
- That an option was chosen by nobody, or by everybody, in a group is never shown and cannot be computed: the ends are
  ranges, and every end keeps at least three possible counts, whatever else is shown (alternatives.py). Where that
  cannot be had, the breakdown shows only the sums, such as "trygg", or nothing.
- A result is replaced only if no group grew or shrank by fewer than ten, so that two releases cannot be subtracted.

Ten is a threshold on respondents, not on those who chose an option: three of forty is shown as 8 %.

Whoever answers outside the scale ("vet inte", "brukar inte vara där") is counted with those who skipped the question,
and belongs to neither n nor options here. How many they are can be computed, which of the two they did cannot.
"""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from surveys.alternatives import Column, Row, Table
from surveys.shown import (
    ShownBreakdown,
    ShownGroup,
    ShownQuestion,
    ShownShare,
    Snapshot,
    Withheld,
    is_end,
)

THRESHOLD = 10

Keyed = TypeVar("Keyed", ShownGroup, ShownBreakdown, ShownQuestion, ShownShare)


@dataclass(frozen=True)
class Group:
    """Respondents who answered a question: n of them, and how many chose each option."""

    key: str
    label: str
    n: int
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Breakdown:
    """Groups that no respondent belongs to two of: the places, or the options of one background question."""

    key: str
    label: str
    groups: tuple[Group, ...]
    is_background: bool = False


@dataclass(frozen=True)
class AskedIf:
    """A question that was put only to those who chose one of these options in an earlier question."""

    question: str
    options: frozenset[str]


@dataclass(frozen=True)
class QuestionCounts:
    """All counts of one question. Options left out of shares ("x") are not among them, nor in n.

    max_choices: how many options one person may choose. sums: options that are also shown added up, such as
    {"positive": {"very_safe", "fairly_safe"}}; only where one option is chosen.
    """

    key: str
    options: tuple[str, ...]
    whole: Group
    breakdowns: tuple[Breakdown, ...] = ()
    max_choices: int = 1
    sums: Mapping[str, frozenset[str]] = field(default_factory=dict)
    is_sensitive: bool = False
    asked_if: AskedIf | None = None

    def __post_init__(self) -> None:
        if self.max_choices > 1 and self.sums:
            raise ValueError(f"{self.key}: options of which several may be chosen cannot be added up")
        self._check(self.whole)
        for breakdown in self.breakdowns:
            for group in breakdown.groups:
                self._check(group)
            self._check(rest_of(self.whole, breakdown.groups))

    def _check(self, group: Group) -> None:
        counts = [group.counts.get(option, 0) for option in self.options]
        fits = group.n <= sum(counts) <= self.max_choices * group.n and all(0 <= count <= group.n for count in counts)
        if not fits or not set(group.counts) <= set(self.options):
            raise ValueError(f"{self.key}: the counts of {group.key or 'the rest'} do not fit its n of {group.n}")


@dataclass(frozen=True)
class PopulationCounts:
    """All counts of those who answered a round in one way: with a code, say. n is all of them.

    who_answered: one breakdown for each background question, and the places; groups need no counts.
    """

    population: str
    n: int
    questions: tuple[QuestionCounts, ...] = ()
    who_answered: tuple[Breakdown, ...] = ()


def disclose(counts: PopulationCounts, secret: str) -> Snapshot:
    """What may be shown.

    secret: the same for all releases of a round, and known to nobody outside. Where several shares could equally well
    be widened it decides which, so that nobody can repeat these rules for every table and see which fits.
    """
    if counts.n < THRESHOLD:
        return Snapshot(counts.population, None)
    who = tuple(_show_sizes(breakdown, counts.n) for breakdown in counts.who_answered)
    askable: dict[str, QuestionCounts | None] = {}
    for question in counts.questions:
        askable[question.key] = _without_revealing_parts(question, askable)
    followers = [question for question in askable.values() if question is not None and question.asked_if]
    shown = [
        _show(allowed, followers, secret) if allowed else _withhold(question, Withheld.DERIVABLE)
        for question, allowed in zip(counts.questions, askable.values(), strict=True)
    ]
    return Snapshot(counts.population, counts.n, who, tuple(shown))


def merged(breakdown: Breakdown, into: Mapping[str, tuple[str, str]]) -> Breakdown:
    """The breakdown with small groups added together: group key → key and label of what it is shown as.

    The mapping is fixed before the round opens; chosen after, it would tell which group was small.
    """
    groups: dict[str, Group] = {}
    for group in breakdown.groups:
        key, label = into.get(group.key, (group.key, group.label))
        groups[key] = _added(groups[key], group) if key in groups else replace(group, key=key, label=label)
    return replace(breakdown, groups=tuple(groups.values()))


def rest_of(whole: Group, groups: Iterable[Group]) -> Group:
    """Those of the whole who are in none of the groups."""
    counts, n = dict(whole.counts), whole.n
    for group in groups:
        n -= group.n
        for option, count in group.counts.items():
            counts[option] = counts.get(option, 0) - count
    return Group("", "", n, counts)


def choose_groups(groups: Sequence[Group], n: int) -> tuple[Group, ...]:
    """The groups that may be shown: each reaches ten, and what is left of everybody is nobody or reaches ten too."""
    shown = [group for group in groups if group.n >= THRESHOLD]
    while 0 < n - sum(group.n for group in shown) < THRESHOLD and shown:
        shown.remove(min(shown, key=lambda group: group.n))
    return tuple(shown)


def _added(one: Group, other: Group) -> Group:
    options = {**one.counts, **other.counts}
    counts = {option: one.counts.get(option, 0) + other.counts.get(option, 0) for option in options}
    return replace(one, n=one.n + other.n, counts=counts)


# --- one question ---


def _show(question: QuestionCounts, followers: Sequence[QuestionCounts], secret: str) -> ShownQuestion:
    if question.whole.n < THRESHOLD:
        return _withhold(question, Withheld.TOO_FEW)
    known = [follower for follower in followers if follower.asked_if and follower.asked_if.question == question.key]
    layout = _Layout(question, known)
    for shown_rows in layout.levels():
        table = Table(layout.column(question.whole, shown_rows), random.Random(f"{secret} {question.key}"))  # noqa: S311
        if table.protect_whole():
            break
    else:
        return _withhold(question, Withheld.DERIVABLE)
    drafts = [_add_breakdown(table, layout, breakdown) for breakdown in question.breakdowns]
    # Only now: a breakdown that was added later may have widened an earlier one.
    return ShownQuestion(
        question.key,
        layout.shown(question.whole, table.whole),
        tuple(draft if isinstance(draft, ShownBreakdown) else layout.shown_breakdown(*draft) for draft in drafts),
    )


def _add_breakdown(
    table: Table, layout: "_Layout", breakdown: Breakdown
) -> ShownBreakdown | tuple[Breakdown, dict[str, Column]]:
    question = layout.question
    if question.is_sensitive and breakdown.is_background:
        return ShownBreakdown(breakdown.key, breakdown.label, withheld=Withheld.SENSITIVE)
    groups = choose_groups(breakdown.groups, question.whole.n)
    if not groups:
        why = Withheld.TOO_FEW if breakdown.groups else Withheld.DERIVABLE
        return ShownBreakdown(breakdown.key, breakdown.label, withheld=why)
    hidden = rest_of(question.whole, groups)
    for shown_rows in layout.levels():
        columns = {group.key: layout.column(group, shown_rows, breakdown.key) for group in groups}
        rest = [layout.column(hidden, frozenset(), breakdown.key)] if hidden.n else []
        if table.add([*columns.values(), *rest]):
            return breakdown, columns
    return ShownBreakdown(breakdown.key, breakdown.label, withheld=Withheld.DERIVABLE)


@dataclass(frozen=True)
class _Layout:
    """The rows of one question's table: its options, then its sums, then what follow-up questions tell about it."""

    question: QuestionCounts
    followers: Sequence[QuestionCounts]

    @property
    def keys(self) -> tuple[str, ...]:
        return (*self.question.options, *self.question.sums)

    @property
    def rows(self) -> tuple[Row, ...]:
        places = {option: place for place, option in enumerate(self.question.options)}
        asked = [follower.asked_if.options for follower in self.followers if follower.asked_if]
        sums = [frozenset(places[option] for option in options) for options in (*self.question.sums.values(), *asked)]
        return (*(frozenset({place}) for place in places.values()), *sums)

    def levels(self) -> list[frozenset[int]]:
        """Which rows to show: all; if that cannot be, only the sums."""
        options, keys = len(self.question.options), len(self.keys)
        return [frozenset(range(keys))] + ([frozenset(range(options, keys))] if keys > options else [])

    def column(self, group: Group, shown_rows: frozenset[int], breakdown: str | None = None) -> Column:
        question = self.question
        told = (
            len(self.keys) + number
            for number, follower in enumerate(self.followers)
            if breakdown is None or any(breakdown == other.key and other.groups for other in follower.breakdowns)
        )
        counts = [group.counts.get(option, 0) for option in question.options]
        return Column(counts, group.n, self.rows, shown_rows, told, question.max_choices)

    def shown(self, group: Group, column: Column) -> ShownGroup:
        shares = tuple(column.share(row, self.keys[row]) for row in sorted(column.spans))
        return ShownGroup(group.key, group.label, group.n, shares)

    def shown_breakdown(self, breakdown: Breakdown, columns: Mapping[str, Column]) -> ShownBreakdown:
        groups = tuple(
            self.shown(group, columns[group.key]) if group.key in columns else _hidden(group)
            for group in breakdown.groups
        )
        return ShownBreakdown(breakdown.key, breakdown.label, groups)


def _hidden(group: Group) -> ShownGroup:
    # One reason for the small group and for the one that is hidden to protect it: two would tell which is which.
    return ShownGroup(group.key, group.label, withheld=Withheld.SMALL_GROUP)


def _withhold(question: QuestionCounts, why: Withheld) -> ShownQuestion:
    return ShownQuestion(question.key, ShownGroup(question.whole.key, question.whole.label, withheld=why))


def _show_sizes(breakdown: Breakdown, n: int) -> ShownBreakdown:
    """Who answered: only how many, group by group."""
    shown = choose_groups(breakdown.groups, n)
    if not shown:
        return ShownBreakdown(breakdown.key, breakdown.label, withheld=Withheld.TOO_FEW)
    groups = (
        ShownGroup(group.key, group.label, group.n) if group in shown else _hidden(group) for group in breakdown.groups
    )
    return ShownBreakdown(breakdown.key, breakdown.label, tuple(groups))


# --- follow-up questions ---


def _without_revealing_parts(
    question: QuestionCounts, earlier: Mapping[str, QuestionCounts | None]
) -> QuestionCounts | None:
    """The question without the breakdowns whose n would tell that all, or nearly none, of a group got the question.

    Those who were asked a follow-up question are those who chose something in the one before: its n is that answer's
    count. None if even everybody's n would tell.
    """
    if question.asked_if is None or question.asked_if.question not in earlier:
        return replace(question, asked_if=None)
    before = earlier[question.asked_if.question]
    if before is None:
        return None
    options = question.asked_if.options & set(before.options)
    if not options or options == set(before.options):
        return replace(question, asked_if=None)
    if before.max_choices > 1 and len(options) > 1:
        return None  # how many chose any of them is not among the counts

    def tells(group: Group) -> bool:
        return is_end(sum(group.counts.get(option, 0) for option in options), group.n)

    def kept(breakdown: Breakdown) -> Breakdown:
        same = next((other for other in before.breakdowns if other.key == breakdown.key), None)
        shown = choose_groups(same.groups, before.whole.n) if same else ()
        rest = rest_of(before.whole, shown)
        # The n of those who were led on by a sensitive answer is the number of those who gave it.
        is_open = not (before.is_sensitive and breakdown.is_background)
        is_safe = is_open and shown and not any(tells(group) for group in (*shown, rest) if group.n)
        return breakdown if is_safe else replace(breakdown, groups=())

    if before.whole.n and tells(before.whole):
        return None
    asked_if = AskedIf(before.key, options)
    return replace(question, asked_if=asked_if, breakdowns=tuple(map(kept, question.breakdowns)))


# --- releases ---


def may_replace(old: Snapshot, new: Snapshot) -> bool:
    """Whether a corrected release can stand beside the old one, which others may have kept."""
    return not why_not_replace(old, new)


def why_not_replace(old: Snapshot, new: Snapshot) -> list[str]:
    """Where the two, subtracted, would tell about fewer than ten people: keys of question, breakdown and group.

    Empty if the new one may replace the old. What ten or more who were added have answered can be seen by subtracting.
    """
    return [name for name, before, after in _paired(old, new) if not _is_safe_change(before, after)]


def _paired(old: Snapshot, new: Snapshot) -> Iterator[tuple[str, ShownGroup, ShownGroup]]:
    """The groups that both releases show, and for each breakdown those who are in none of them."""
    everybody = ShownGroup("", "", old.n), ShownGroup("", "", new.n)
    yield "n", *everybody
    for before, after in _same_key(old.who_answered, new.who_answered):
        yield from _paired_groups(before.key, everybody, before, after)
    for earlier, later in _same_key(old.questions, new.questions):
        wholes = earlier.whole, later.whole
        yield earlier.key, *wholes
        for before, after in _same_key(earlier.breakdowns, later.breakdowns):
            yield from _paired_groups(f"{earlier.key} / {before.key}", wholes, before, after)


def _paired_groups(
    name: str, wholes: tuple[ShownGroup, ShownGroup], old: ShownBreakdown, new: ShownBreakdown
) -> Iterator[tuple[str, ShownGroup, ShownGroup]]:
    pairs = _same_key(old.shown_groups(), new.shown_groups())
    for before, after in pairs:
        yield f"{name} / {before.key}", before, after
    rest_before = (wholes[0].n or 0) - sum(before.n or 0 for before, _ in pairs)
    rest_after = (wholes[1].n or 0) - sum(after.n or 0 for _, after in pairs)
    yield f"{name} / …", ShownGroup("", "", rest_before), ShownGroup("", "", rest_after)


def _same_key(old: Iterable[Keyed], new: Iterable[Keyed]) -> list[tuple[Keyed, Keyed]]:
    later = {item.key: item for item in new}
    return [(item, later[item.key]) for item in old if item.key in later]


def _is_safe_change(old: ShownGroup, new: ShownGroup) -> bool:
    if old.n is None or new.n is None:
        return True
    if old.n != new.n:
        return abs(old.n - new.n) >= THRESHOLD
    return old.shares == new.shares or _answers_changed(old, new) >= THRESHOLD


def _answers_changed(old: ShownGroup, new: ShownGroup) -> int:
    """How many people, at the least, answer otherwise in the new release."""
    gaps = [0]
    for before, after in _same_key(old.shares, new.shares):
        (fewest, most), (new_fewest, new_most) = before.counts(), after.counts()
        gaps += [new_fewest - most, fewest - new_most]
    return max(gaps)
