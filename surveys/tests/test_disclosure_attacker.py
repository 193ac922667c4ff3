"""Somebody who has every published number, patience and an integer programming solver.

He writes everything that is shown of a question as equations and bounds over the unknown counts, and asks the solver
for the least and the greatest that each of them can be. He must not find a group of fewer than ten, nor that nobody or
everybody in a group chose an option, nor narrow a range to fewer than three counts. With the layer off he does.
"""

import itertools
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

from surveys.disclosure import (
    AskedIf,
    Breakdown,
    Group,
    PopulationCounts,
    QuestionCounts,
    disclose,
    may_replace,
    rest_of,
)
from surveys.shown import ShownBreakdown, ShownGroup, ShownQuestion, ShownShare, Snapshot

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


# --- the tests ---


def find_leaks(seeds: Sequence[int], most_people: int = 40) -> list[str]:
    leaks = []
    for seed in seeds:
        counts = make_up(seed, most_people).counts()
        snapshot = disclose(counts, secret=str(seed))
        for shown, truth in zip(snapshot.questions, counts.questions if snapshot.n else (), strict=True):
            leaks += [f"survey {seed}: {leak}" for leak in attack(shown, truth)]
    return leaks


def test_an_attacker_with_everything_published_learns_nothing_about_anyone() -> None:
    assert find_leaks(range(40)) == []


def test_an_attacker_learns_nothing_from_larger_groups_either() -> None:
    assert find_leaks(range(1000, 1006), most_people=150) == []


@pytest.mark.slow
@pytest.mark.parametrize("first", range(2000, 2400, 50))
def test_an_attacker_learns_nothing_from_four_hundred_surveys(first: int) -> None:
    assert find_leaks(range(first, first + 50), most_people=dice_of(first).choice((15, 40, 150))) == []


def test_enough_is_shown_for_the_attack_to_be_worth_trying() -> None:
    shown = [disclose(make_up(seed).counts(), secret="s") for seed in range(40)]
    questions = [question for snapshot in shown for question in snapshot.questions if question.whole.n]
    breakdowns = [breakdown for question in questions for breakdown in question.breakdowns]
    shares = [share for b in breakdowns for group in b.shown_groups() for share in group.shares]
    assert sum(not question.whole.withheld for question in questions) >= 30
    assert sum(bool(b.shown_groups()) for b in breakdowns) >= 0.6 * len(breakdowns)
    assert sum(share.is_exact for share in shares) >= 0.25 * len(shares)


@pytest.mark.parametrize(
    ("may_show", "render"),
    [(anybody, exact), (ten, exact), (ten, five_per_cent_ends)],
    ids=["raw", "threshold", "threshold and five per cent"],
)
def test_without_the_layer_the_attacker_is_an_attacker(
    may_show: Callable[[Group], bool], render: Callable[[str, int, int], ShownShare]
) -> None:
    truths = [make_up(seed).counts().questions[0] for seed in range(8)]
    truths = [truth for truth in truths if truth.whole.n >= THRESHOLD]
    found = [attack(show_plainly(truth, may_show, render), truth) for truth in truths]
    assert sum(bool(leaks) for leaks in found) >= 0.6 * len(truths)


def test_a_planted_group_is_found_without_the_layer_and_not_with_it() -> None:
    """Three in a village, all of whom feel unsafe; nothing is printed of the village."""
    keys = ("safe", "unsafe")
    groups = [(20, 14), (17, 9), (0, 3)]
    villages = tuple(
        Group(f"g{number}", "", sum(counts), dict(zip(keys, counts, strict=True)))
        for number, counts in enumerate(groups)
    )
    whole = Group("all", "", 63, {"safe": 37, "unsafe": 26})
    truth = QuestionCounts("q", keys, whole, (Breakdown("b0", "", villages),))
    plainly = show_plainly(truth, ten, exact)
    unknowns = Unknowns(plainly, keys, 1, {})
    assert unknowns.sizes["b0", "rest"] == 3
    assert unknowns.least_and_greatest(("b0", "rest"), "unsafe") == (3, 3)
    shown = disclose(PopulationCounts("code", 63, (truth,)), "s").questions[0]
    assert attack(shown, truth) == []
    assert len(shown.breakdowns[0].shown_groups()) == 1


# --- a question put only to those who chose something in the one before ---


def make_up_follow_up(seed: int) -> tuple[QuestionCounts, QuestionCounts]:
    """A question, and one that was put to those who chose some of its options; nearly all of them answered."""
    dice = dice_of(seed)
    keys = OPTIONS[: dice.randint(2, 5)]
    taste = [dice.choice((0, 1, 3, 9, 30)) for _ in keys]
    leads_on = frozenset(dice.sample(keys, dice.randint(1, len(keys) - 1)))
    people = [(dice.randrange(3), keys[pick(dice, taste)]) for _ in range(dice.randint(30, 150))]
    asked = [(group, dice.choice("ab")) for group, chosen in people if chosen in leads_on and dice.random() < 0.97]
    return tabulate("first", people, keys), replace(
        tabulate("second", asked, ("a", "b")), asked_if=AskedIf("first", leads_on)
    )


def tabulate(key: str, people: Sequence[tuple[int, str]], keys: Sequence[str]) -> QuestionCounts:
    def group(name: str, chosen: Sequence[str]) -> Group:
        return Group(name, "", len(chosen), {option: chosen.count(option) for option in keys})

    villages = tuple(
        group(f"g{number}", [chosen for place, chosen in people if place == number]) for number in range(3)
    )
    whole = group("all", [chosen for _, chosen in people])
    return QuestionCounts(key, tuple(keys), whole, (Breakdown("b0", "", villages),))


def with_what_the_follow_up_tells(first: ShownQuestion, second: ShownQuestion, truth: QuestionCounts) -> Unknowns:
    """At least as many chose what leads to the second question as answered it: everybody, and in each group."""
    assert truth.asked_if is not None
    unknowns = Unknowns(first, sorted({share.key for share in first.whole.shares}), 1, {})
    by_group = second.breakdown("b0")
    told = {("", ""): second.whole.n} | {
        ("b0", group.key): group.n for group in (by_group.shown_groups() if by_group else ())
    }
    for column in set(told) & set(unknowns.columns):
        unknowns.at_least(column, truth.asked_if.options, told[column] or 0)
    return unknowns


def test_a_follow_up_question_does_not_tell_what_was_chosen_in_the_one_before() -> None:
    tried = 0
    for seed in range(16):
        first, second = make_up_follow_up(seed)
        counts = PopulationCounts("code", first.whole.n, (first, second))
        shown = disclose(counts, secret="s").questions
        if not shown[0].whole.withheld and not shown[1].whole.withheld:
            tried += 1
            assert list(narrowed(with_what_the_follow_up_tells(*shown, second), shown[0], first)) == []
    assert tried >= 8


# --- two releases, one answer apart ---


def with_one_more(survey: MadeUpSurvey, seed: int) -> MadeUpSurvey:
    dice = dice_of(seed)
    person = Person(
        tuple(dice.randrange(size) for size in survey.sizes),
        tuple(frozenset({OPTIONS[dice.randrange(options)]}) for options, _ in survey.questions),
    )
    return replace(survey, people=(*survey.people, person))


def latecomers_answers(old: Sequence[QuestionCounts], new: Sequence[QuestionCounts]) -> list[set[str]]:
    return [
        {option for option in after.options if after.whole.counts[option] > before.whole.counts[option]}
        for before, after in zip(old, new, strict=True)
    ]


def test_two_releases_one_answer_apart_are_never_both_published() -> None:
    for seed in range(25):
        survey = make_up(seed, questions=2)
        later = with_one_more(survey, seed)
        old, new = (disclose(made.counts(), secret="s") for made in (survey, later))
        if old.n is not None:
            assert not may_replace(old, new)
            assert not may_replace(new, old)
        # With the layer off, subtraction gives the latecomer's whole form.
        told = latecomers_answers(survey.counts().questions, later.counts().questions)
        assert told == [set(chosen) for chosen in later.people[-1].answers]


def test_whatever_replaces_a_release_subtracts_to_nobody_or_to_ten() -> None:
    allowed = 0
    for seed, added in itertools.product(range(30), (0, 5, 12, 40)):
        survey = make_up(seed)
        later = survey
        for number in range(added):
            later = with_one_more(later, seed * (number % 2))
        old, new = (disclose(made.counts(), secret="s") for made in (survey, later))
        if old.n is not None and may_replace(old, new):
            allowed += 1
            assert all(gap == 0 or gap >= THRESHOLD for gap in gaps(old, new))
    assert allowed >= 30


def gaps(old: Snapshot, new: Snapshot) -> Iterator[int]:
    for before, after in zip(old.questions, new.questions, strict=True):
        pairs = [(before.whole, after.whole)]
        for one, other in zip(before.breakdowns, after.breakdowns, strict=True):
            later = {group.key: group for group in other.shown_groups()}
            pairs += [(group, later[group.key]) for group in one.shown_groups() if group.key in later]
        yield from (abs(a.n - b.n) for a, b in pairs if a.n is not None and b.n is not None)


# --- somebody who knows the rules ---


def tables(n: int, options: int) -> Iterator[tuple[int, ...]]:
    if options == 1:
        yield (n,)
        return
    for first in range(n + 1):
        yield from ((first, *others) for others in tables(n - first, options - 1))


@pytest.mark.parametrize(("n", "options"), [(10, 2), (25, 2), (12, 3)])
def test_repeating_the_rules_for_every_table_does_not_tell_nobody_from_somebody(n: int, options: int) -> None:
    """He knows the rules, not the secret: all tables that could have been published so are possible to him."""
    keys = OPTIONS[:options]
    published = defaultdict(set)
    for table in tables(n, options):
        truth = QuestionCounts("q", keys, Group("all", "", n, dict(zip(keys, table, strict=True))))
        for secret in map(str, range(8)):
            published[disclose(PopulationCounts("code", n, (truth,)), secret)].add(table)
    for possible in published.values():
        for place in range(options):
            assert {table[place] for table in possible} not in ({0}, {n})
