"""Somebody who has every published number, patience and an integer programming solver.

He writes everything that is shown of a question as equations and bounds over the unknown counts, and asks the solver
for the least and the greatest that each of them can be. He must not find a group of fewer than ten, nor that nobody or
everybody in a group chose an option, nor narrow a range to fewer than three counts. With the layer off he does.
"""

import itertools
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

from surveys.disclosure import (
    Breakdown,
    Group,
    PopulationCounts,
    QuestionCounts,
    rest_of,
)
from surveys.shown import ShownBreakdown, ShownGroup, ShownQuestion, ShownShare

OPTIONS = ("a", "b", "c", "d", "e", "f")
THRESHOLD = 10

# --- the surveys ---


@dataclass(frozen=True)
class Person:
    """One made-up respondent: a group in each breakdown (None: did not say) and the options chosen in each question."""

    groups: tuple[int | None, ...]
    answers: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class MadeUpSurvey:
    people: tuple[Person, ...]
    sizes: tuple[int, ...]  # how many groups each breakdown has
    questions: tuple[tuple[int, int], ...]  # how many options each question has, and how many may be chosen

    def counts(self) -> PopulationCounts:
        questions = tuple(self.question(number) for number in range(len(self.questions)))
        return PopulationCounts("code", len(self.people), questions)

    def question(self, number: int) -> QuestionCounts:
        options, most = self.questions[number]
        answered = [person for person in self.people if person.answers[number]]
        keys = OPTIONS[:options]
        sums = {"positive": frozenset(keys[: options // 2])} if most == 1 and options > 3 else {}
        whole = self._group("all", answered, number, keys)
        breakdowns = self._breakdowns(answered, number, keys)
        return QuestionCounts(f"q{number}", keys, whole, breakdowns, max_choices=most, sums=sums)

    def _breakdowns(self, people: Sequence[Person], number: int, keys: Sequence[str]) -> tuple[Breakdown, ...]:
        members = [
            [[person for person in people if person.groups[place] == group] for group in range(size)]
            for place, size in enumerate(self.sizes)
        ]
        return tuple(
            Breakdown(
                f"b{place}",
                "",
                tuple(self._group(f"g{group}", each, number, keys) for group, each in enumerate(groups)),
            )
            for place, groups in enumerate(members)
        )

    @staticmethod
    def _group(key: str, people: Sequence[Person], number: int, keys: Sequence[str]) -> Group:
        return Group(key, "", len(people), {o: sum(o in person.answers[number] for person in people) for o in keys})


def dice_of(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311


def make_up(seed: int, most_people: int = 40, questions: int = 1) -> MadeUpSurvey:
    """A survey with groups of 1 to 40, options that almost nobody or almost everybody chooses, and silent people."""
    dice = dice_of(seed)
    sizes = tuple(dice.randint(2, 4) for _ in range(dice.randint(1, 3)))
    n = sum(dice.randint(1, most_people) for _ in range(sizes[0]))
    weights = [[dice.choice((1, 1, 3, 9)) for _ in range(size)] for size in sizes]
    asked = tuple((dice.randint(2, 5), dice.choice((1, 1, 3))) for _ in range(questions))
    tastes = [[dice.choice((0, 1, 1, 4, 30)) for _ in range(options)] for options, _ in asked]
    people = tuple(
        Person(
            tuple(None if dice.random() < 0.05 else pick(dice, weight) for weight in weights),
            tuple(answer(dice, taste, most) for taste, (_, most) in zip(tastes, asked, strict=True)),
        )
        for _ in range(n)
    )
    return MadeUpSurvey(people, sizes, asked)


def pick(dice: random.Random, weights: Sequence[int]) -> int:
    return dice.choices(range(len(weights)), [weight + 0.01 for weight in weights])[0]


def answer(dice: random.Random, taste: Sequence[int], most: int) -> frozenset[str]:
    if dice.random() < 0.05:
        return frozenset()
    return frozenset(OPTIONS[pick(dice, taste)] for _ in range(dice.randint(1, most)))


# --- the attacker ---


@dataclass
class Unknowns:
    """One question's counts as integers to be found: a column for everybody, each group, and each breakdown's rest."""

    question: ShownQuestion
    options: Sequence[str]
    most_choices: int
    sums: dict[str, frozenset[str]]
    columns: list[tuple[str, str]] = field(default_factory=list)
    sizes: dict[tuple[str, str], int] = field(default_factory=dict)
    rows: list[dict[int, int]] = field(default_factory=list)
    bounds: list[tuple[float, float]] = field(default_factory=list)
    _built: LinearConstraint | None = None

    def __post_init__(self) -> None:
        whole = self.question.whole
        assert whole.n is not None
        self._add("", "", whole.n, whole.shares)
        for breakdown in self.question.breakdowns:
            shown = breakdown.shown_groups()
            if not shown:
                continue
            for group in shown:
                assert group.n is not None
                self._add(breakdown.key, group.key, group.n, group.shares)
            rest = whole.n - sum(group.n or 0 for group in shown)
            if rest:
                self._add(breakdown.key, "rest", rest, ())
            parts = [column for column in self.columns if column[0] == breakdown.key]
            for option in self.options:
                sign = {self._at(column, option): 1 for column in parts}
                self._limit(sign | {self._at(("", ""), option): -1}, 0, 0)

    def _at(self, column: tuple[str, str], option: str) -> int:
        return self.columns.index(column) * len(self.options) + self.options.index(option)

    def _limit(self, row: dict[int, int], low: float, high: float) -> None:
        self.rows.append(row)
        self.bounds.append((low, high))

    def at_least(self, column: tuple[str, str], options: Iterable[str], count: int) -> None:
        self._limit({self._at(column, option): 1 for option in options}, count, self.sizes[column])

    def _add(self, breakdown: str, group: str, n: int, shares: Sequence[ShownShare]) -> None:
        column = (breakdown, group)
        self.columns.append(column)
        self.sizes[column] = n
        everything = {self._at(column, option): 1 for option in self.options}
        self._limit(everything, n, n * self.most_choices)
        for share in shares:
            inside = self.sums.get(share.key, frozenset({share.key}))
            self._limit({self._at(column, option): 1 for option in inside}, *read(share))

    def least_and_greatest(self, column: tuple[str, str], option: str) -> tuple[int, int]:
        goal = np.zeros(len(self.columns) * len(self.options))
        goal[self._at(column, option)] = 1
        return round(self._solve(goal)), -round(self._solve(-goal))

    def can_be(self, column: tuple[str, str], option: str, count: int) -> bool:
        unknowns = len(self.columns) * len(self.options)
        return bool(self._run(np.zeros(unknowns), {self._at(column, option): count}).success)

    def _solve(self, goal: np.ndarray) -> float:
        found = self._run(goal, {})
        assert found.success, "what is published contradicts itself"
        return float(found.fun)

    def _run(self, goal: np.ndarray, supposed: dict[int, int]) -> OptimizeResult:
        least = np.zeros(len(goal))
        most = np.repeat([float(self.sizes[column]) for column in self.columns], len(self.options))
        for unknown, count in supposed.items():
            least[unknown] = most[unknown] = count
        return milp(goal, constraints=self._equations(), bounds=Bounds(least, most), integrality=np.ones(len(goal)))

    def _equations(self) -> LinearConstraint:
        if self._built is None:
            matrix = np.zeros((len(self.rows), len(self.columns) * len(self.options)))
            for number, row in enumerate(self.rows):
                matrix[number, list(row)] = list(row.values())
            self._built = LinearConstraint(matrix, *zip(*self.bounds, strict=True))
        return self._built


def read(share: ShownShare) -> tuple[int, int]:
    """What counts a published share leaves, read by somebody who knows which shares are shown as ranges."""
    n, low, high = share.n, share.low, share.high
    if low == high:
        fits = [count for count in range(n + 1) if int(100 * count / n + 0.5) == low]
    elif low == 0:
        fits = [count for count in range(n + 1) if 100 * count / n < high]
    elif high == 100:
        fits = [count for count in range(n + 1) if 100 * count / n > low]
    else:
        fits = [count for count in range(n + 1) if low <= int(100 * count / n + 0.5) <= high]
    not_ends = [count for count in fits if 3 <= count <= n - 3]
    # Whoever knows the rules knows that what is shown otherwise than as an end is none.
    return (fits[0], fits[-1]) if low == 0 or high == 100 or not not_ends else (not_ends[0], not_ends[-1])


def attack(question: ShownQuestion, truth: QuestionCounts) -> list[str]:
    """What the attacker finds out that he should not, in words."""
    if question.whole.withheld or question.whole.n is None:
        return []
    unknowns = Unknowns(question, truth.options, truth.max_choices, dict(truth.sums))
    return [*small_groups(question), *narrowed(unknowns, question, truth)]


def small_groups(question: ShownQuestion) -> Iterator[str]:
    """Groups of fewer than ten, printed or left when some are subtracted from everybody."""
    assert question.whole.n is not None
    for breakdown in question.breakdowns:
        sizes = [group.n or 0 for group in breakdown.shown_groups()]
        for count in range(1, len(sizes) + 1):
            for chosen in itertools.combinations(sizes, count):
                for n in (sum(chosen), question.whole.n - sum(chosen)):
                    if 0 < n < THRESHOLD:
                        yield f"{question.key} {breakdown.key}: a group of {n}"


def narrowed(unknowns: Unknowns, question: ShownQuestion, truth: QuestionCounts) -> Iterator[str]:
    """Counts that have fewer than three values left although they are shown as an end, or are nobody's or everybody's.

    A range in the middle is not there for its own sake, it makes room for an end.
    """
    for column in unknowns.columns:
        group, shares = true_group(column, question, truth)
        for option in truth.options:
            count = group.counts[option]
            share = next((share for share in shares if share.key == option), None)
            if min(count, group.n - count) < 3 or (share and (share.is_below or share.is_above)):
                least, greatest = unknowns.least_and_greatest(column, option)
                assert least <= count <= greatest, "the attacker has misread what is published"
                values = {least, count, greatest}
                middle = (value for value in range(least + 1, greatest) if value != count)
                if len(values) < 3 and not any(unknowns.can_be(column, option, value) for value in middle):
                    yield f"{question.key} {column} {option}: {sorted(values)} of {group.n}, truly {count}"


def true_group(
    column: tuple[str, str], question: ShownQuestion, truth: QuestionCounts
) -> tuple[Group, tuple[ShownShare, ...]]:
    breakdown, key = column
    if not breakdown:
        return truth.whole, question.whole.shares
    shown = question.breakdown(breakdown)
    assert shown is not None
    groups = next(other.groups for other in truth.breakdowns if other.key == breakdown)
    if key == "rest":
        keys = {group.key for group in shown.shown_groups()}
        return rest_of(truth.whole, [group for group in groups if group.key in keys]), ()
    return next(group for group in groups if group.key == key), next(g.shares for g in shown.groups if g.key == key)


# --- layers that are none ---


def show_plainly(
    truth: QuestionCounts, may_show: Callable[[Group], bool], render: Callable[[str, int, int], ShownShare]
) -> ShownQuestion:
    """What would be published without the layer."""

    def show(group: Group) -> ShownGroup:
        if not may_show(group):
            return ShownGroup(group.key, "", withheld=None, n=None)
        rows = {option: group.counts[option] for option in truth.options}
        rows |= {key: sum(group.counts[option] for option in inside) for key, inside in truth.sums.items()}
        return ShownGroup(group.key, "", group.n, tuple(render(key, count, group.n) for key, count in rows.items()))

    breakdowns = tuple(
        ShownBreakdown(b.key, "", tuple(show(group) for group in b.groups if may_show(group))) for b in truth.breakdowns
    )
    return ShownQuestion(truth.key, show(truth.whole), breakdowns)


def exact(key: str, count: int, n: int) -> ShownShare:
    per_cent = int(100 * count / n + 0.5)
    return ShownShare(key, n, per_cent, per_cent)


def five_per_cent_ends(key: str, count: int, n: int) -> ShownShare:
    """The usual rule: below 5 % and above 95 % are not shown exactly."""
    if 100 * count < 5 * n:
        return ShownShare(key, n, 0, 5)
    return ShownShare(key, n, 95, 100) if 100 * count > 95 * n else exact(key, count, n)


def anybody(group: Group) -> bool:
    return group.n > 0


def ten(group: Group) -> bool:
    return group.n >= THRESHOLD
