"""What the attacker of attacker.py finds: nothing, and with the layer off everything."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest

from surveys.disclosure import (
    AskedIf,
    Breakdown,
    Group,
    PopulationCounts,
    QuestionCounts,
    disclose,
    may_replace,
)
from surveys.shown import ShownQuestion, ShownShare, Snapshot
from surveys.tests.attacker import (
    OPTIONS,
    THRESHOLD,
    MadeUpSurvey,
    Person,
    Unknowns,
    anybody,
    attack,
    dice_of,
    exact,
    five_per_cent_ends,
    make_up,
    narrowed,
    pick,
    show_plainly,
    ten,
)


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


@pytest.mark.product
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
