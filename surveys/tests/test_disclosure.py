"""What the one layer shows, and what it refuses to."""

import json
from collections.abc import Mapping, Sequence

import pytest

from surveys.disclosure import (
    Breakdown,
    Group,
    PopulationCounts,
    QuestionCounts,
    choose_groups,
    disclose,
    may_replace,
    merged,
    why_not_replace,
)
from surveys.shown import ShownBreakdown, ShownQuestion, ShownShare, Snapshot, Withheld, end_bound, is_end, last_low
from surveys.statistics import wilson

SCALE = ("very_safe", "safe", "unsafe", "very_unsafe")
SAFE = {"positive": frozenset({"very_safe", "safe"})}


def make_group(key: str, *counts: int, options: Sequence[str] = SCALE, n: int | None = None) -> Group:
    return Group(key, key.title(), sum(counts) if n is None else n, dict(zip(options, counts, strict=True)))


def make_question(
    *groups: Group,
    key: str = "safety",
    options: Sequence[str] = SCALE,
    sums: Mapping[str, frozenset[str]] = SAFE,
    breakdown: str = "place",
    is_background: bool = False,
    **fields: object,
) -> QuestionCounts:
    """A question whose groups are all there are: everybody is their sum."""
    counts = {option: sum(group.counts[option] for group in groups) for option in options}
    whole = Group("all", "Alla", sum(group.n for group in groups), counts)
    breakdowns = (Breakdown(breakdown, breakdown.title(), groups, is_background),) if len(groups) > 1 else ()
    return QuestionCounts(key, tuple(options), whole, breakdowns, sums=sums, **fields)  # type: ignore[arg-type]


def show(*questions: QuestionCounts) -> Snapshot:
    n = max(question.whole.n for question in questions)
    return disclose(PopulationCounts("code", n, questions), secret="the round's own")


def show_one(question: QuestionCounts) -> ShownQuestion:
    return show(question).questions[0]


def ranges(shares: Sequence[ShownShare]) -> dict[str, tuple[int, int]]:
    return {share.key: (share.low, share.high) for share in shares}


def group_keys(breakdown: ShownBreakdown | None) -> list[str]:
    assert breakdown is not None
    return [group.key for group in breakdown.shown_groups()]


# --- the ends ---


@pytest.mark.parametrize(
    ("n", "bound"), [(10, 25), (11, 20), (20, 20), (21, 10), (40, 10), (41, 5), (223, 5), (100_000, 5)]
)
def test_an_end_is_the_smallest_of_four_bounds_that_holds_nobody_one_and_two(n: int, bound: int) -> None:
    assert end_bound(n) == bound


def test_an_end_always_holds_three_counts_at_the_bottom_and_three_at_the_top() -> None:
    for n in range(10, 500):
        assert [is_end(count, n) for count in (0, 1, 2, n - 2, n - 1, n)] == [True] * 6
        assert last_low(n) < n - last_low(n)


def test_what_a_share_says_of_its_count_is_what_a_reader_can_say() -> None:
    for n in (10, 13, 41, 100, 223, 1000):
        for low, high in [(40, 40), (0, end_bound(n)), (100 - end_bound(n), 100), (36, 47)]:
            share = ShownShare("a", n, low, high)
            fits = [
                count
                for count in range(n + 1)
                if (
                    100 * count < high * n
                    if low == 0
                    else 100 * count > low * n
                    if high == 100
                    else not is_end(count, n)
                )
                and (low == 0 or high == 100 or low <= int(100 * count / n + 0.5) <= high)
            ]
            assert not fits or share.counts() == (fits[0], fits[-1])


def test_shares_are_whole_per_cent() -> None:
    shown = show_one(make_question(make_group("all", 52, 121, 44, 20)))
    assert ranges(shown.whole.shares) == {
        "very_safe": (22, 22),
        "safe": (51, 51),
        "unsafe": (19, 19),
        "very_unsafe": (8, 8),
        "positive": (73, 73),
    }


def test_nobody_is_shown_as_a_range_and_no_other_share_gives_it_away() -> None:
    options = ("yes", "partly", "no")
    shown = show_one(make_question(make_group("all", 30, 20, 0, options=options), options=options, sums={}))
    assert ranges(shown.whole.shares)["no"] == (0, 5)
    # 60 and 40 % of fifty are thirty and twenty: shown both, nobody would be left.
    assert sorted(share.is_exact for share in shown.whole.shares) == [False, False, True]


def test_two_options_need_no_more_than_their_two_ends() -> None:
    options = ("yes", "no")
    shown = show_one(make_question(make_group("all", 49, 1, options=options), options=options, sums={}))
    assert ranges(shown.whole.shares) == {"yes": (95, 100), "no": (0, 5)}


def test_the_sum_stays_exact_when_its_parts_are_ranges() -> None:
    shown = show_one(make_question(make_group("all", 25, 20, 5, 0)))
    assert ranges(shown.whole.shares)["positive"] == (90, 90)
    assert ranges(shown.whole.shares)["very_unsafe"] == (0, 5)
    assert not next(share for share in shown.whole.shares if share.key == "unsafe").is_exact


def test_where_several_may_be_chosen_each_option_stands_alone() -> None:
    options = ("light", "police", "traffic")
    group = make_group("all", 45, 30, 0, options=options, n=50)
    shown = show_one(make_question(group, options=options, sums={}, max_choices=3))
    assert ranges(shown.whole.shares) == {"light": (90, 90), "police": (60, 60), "traffic": (0, 5)}


def test_a_range_has_the_interval_of_its_ends_and_an_exact_share_its_own() -> None:
    assert ShownShare("a", 20, 75, 75).interval() == wilson(15, 20)
    ranged = ShownShare("a", 50, 0, 5).interval()
    assert (ranged.low, ranged.high) == (0.0, wilson(3, 50).high)


def test_the_interval_of_a_rounded_share_is_within_a_point_of_the_exact_one() -> None:
    for n in (150, 223, 999):
        for count in range(last_low(n) + 1, n - last_low(n)):
            per_cent = int(100 * count / n + 0.5)
            shown, exact = ShownShare("a", n, per_cent, per_cent).interval(), wilson(count, n)
            assert abs(shown.low - exact.low) < 0.01 > abs(shown.high - exact.high)


# --- groups ---


def test_a_question_with_fewer_than_ten_answers_is_not_shown() -> None:
    small = disclose(PopulationCounts("code", 40, (make_question(make_group("all", 5, 3, 1, 0)),)), "s").questions[0]
    assert (small.whole.withheld, small.whole.n, small.whole.shares) == (Withheld.TOO_FEW, None, ())


def test_a_round_with_fewer_than_ten_answers_does_not_even_show_how_many() -> None:
    snapshot = disclose(PopulationCounts("code", 9), "s")
    assert (snapshot.n, snapshot.questions) == (None, ())


def sized(*sizes: int) -> list[Group]:
    return [Group(f"g{number}", "", n) for number, n in enumerate(sizes)]


@pytest.mark.parametrize(
    ("sizes", "n", "shown"),
    [
        ((30, 20, 15), 65, [30, 20, 15]),
        ((30, 20, 9), 59, [30]),  # nine could be subtracted, so the smallest of the others is hidden too
        ((30, 20, 6, 5), 61, [30, 20]),  # eleven hidden together
        ((30, 20), 55, [30]),  # five did not say
        ((30, 9), 39, []),
        ((30, 0), 30, [30]),
        ((12, 12, 12, 1), 37, [12, 12]),
    ],
)
def test_what_is_not_shown_is_nobody_or_ten_together(sizes: tuple[int, ...], n: int, shown: list[int]) -> None:
    assert [group.n for group in choose_groups(sized(*sizes), n)] == shown


def test_the_small_group_and_the_one_hidden_for_it_look_alike() -> None:
    question = make_question(make_group("a", 10, 10, 10, 10), make_group("b", 5, 6, 5, 4), make_group("c", 3, 2, 2, 1))
    groups = show_one(question).breakdowns[0].groups
    assert group_keys(show_one(question).breakdown("place")) == ["a"]
    assert {(group.n, group.shares, group.withheld) for group in groups[1:]} == {(None, (), Withheld.SMALL_GROUP)}


def test_small_groups_are_merged_by_the_rule_that_was_fixed() -> None:
    breakdown = Breakdown(
        "gender",
        "Kön",
        (
            make_group("woman", 9, 9, 9, 9),
            make_group("other", 1, 1, 1, 0),
            make_group("no_answer", 2, 3, 2, 2),
        ),
    )
    both = ("other_or_none", "Annat eller inget svar")
    groups = merged(breakdown, {"other": both, "no_answer": both}).groups
    assert [(group.key, group.label, group.n) for group in groups] == [("woman", "Woman", 36), (*both, 12)]
    assert groups[1].counts == dict(zip(SCALE, (3, 4, 3, 2), strict=True))


def test_a_sensitive_question_is_shown_by_place_but_never_by_background() -> None:
    groups = make_group("a", 10, 12, 11, 10), make_group("b", 9, 8, 13, 10)
    by_place = show_one(make_question(*groups, is_sensitive=True))
    by_age = show_one(make_question(*groups, is_sensitive=True, is_background=True))
    assert group_keys(by_place.breakdown("place")) == ["a", "b"]
    assert by_age.breakdowns[0].withheld is Withheld.SENSITIVE
    assert by_age.breakdowns[0].groups == ()


def test_an_end_in_one_group_is_not_given_away_by_everybody_less_the_others() -> None:
    options = ("yes", "no")
    groups = [
        make_group("a", 30, 30, options=options),
        make_group("b", 28, 22, options=options),
        make_group("c", 50, 0, options=options),
    ]
    shown = show_one(make_question(*groups, options=options, sums={}))
    assert ranges(shown.whole.shares) == {"yes": (68, 68), "no": (33, 33)}
    by_place = shown.breakdown("place")
    assert by_place is not None
    assert ranges(by_place.groups[2].shares)["yes"] == (95, 100)
    # One of the others has made room: all exact, they would leave exactly fifty of fifty.
    assert [group.shares[0].is_exact for group in by_place.groups].count(True) == 1


def test_who_answered_is_shown_by_group_without_the_small_ones() -> None:
    ages = Breakdown("age", "Ålder", tuple(sized(40, 30, 8, 5)))
    snapshot = disclose(PopulationCounts("code", 83, who_answered=(ages,)), "s")
    assert [group.n for group in snapshot.who_answered[0].groups] == [40, 30, None, None]


def test_the_same_secret_shows_the_same_and_another_may_not() -> None:
    question = make_question(make_group("all", 30, 20, 20, 0))
    counts = PopulationCounts("code", 70, (question,))
    assert disclose(counts, "one") == disclose(counts, "one")
    assert len({disclose(counts, str(secret)) for secret in range(20)}) == 1
    options = ("yes", "partly", "no")
    loose = make_question(make_group("all", 30, 20, 0, options=options), options=options, sums={})
    assert len({disclose(PopulationCounts("code", 50, (loose,)), str(secret)) for secret in range(20)}) == 2


# --- what comes in ---


@pytest.mark.parametrize(
    "group",
    [
        Group("all", "", 12, {"very_safe": 5}),
        Group("all", "", 12, {"very_safe": 13, "safe": -1}),
        Group("all", "", 12, {"very_safe": 6, "elsewhere": 6}),
    ],
)
def test_counts_that_do_not_fit_their_n_are_refused(group: Group) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        QuestionCounts("safety", SCALE, group)


def test_groups_that_overlap_are_refused() -> None:
    group = make_group("a", 10, 10, 10, 10)
    with pytest.raises(ValueError, match="the rest do not fit"):
        QuestionCounts("safety", SCALE, group, (Breakdown("place", "", (group, group)),))


def test_options_of_which_several_may_be_chosen_are_not_added_up() -> None:
    with pytest.raises(ValueError, match="cannot be added up"):
        QuestionCounts("safety", SCALE, make_group("all", 10, 10, 10, 10), max_choices=3, sums=SAFE)


# --- releases ---


def test_a_snapshot_survives_storage() -> None:
    question = make_question(make_group("a", 10, 12, 11, 0), make_group("b", 9, 8, 13, 10), make_group("c", 1, 1, 1, 0))
    counts = PopulationCounts("code", 80, (question,), (Breakdown("age", "Ålder", tuple(sized(40, 40))),))
    snapshot = disclose(counts, "s")
    assert Snapshot.from_json(json.loads(json.dumps(snapshot.to_json()))) == snapshot


def two_places(*second: int) -> Snapshot:
    return show(make_question(make_group("a", 10, 12, 11, 10), make_group("b", *second)))


@pytest.mark.parametrize(
    ("second", "may"),
    [
        ((9, 8, 13, 10), True),  # nothing has changed
        ((9, 8, 13, 11), False),  # one more
        ((9, 8, 13, 9), False),  # one less
        ((13, 10, 15, 11), False),  # nine more
        ((13, 11, 15, 11), True),  # ten more
        ((10, 7, 13, 10), False),  # as many, but one answers otherwise
        ((19, 8, 4, 9), True),  # as many, and ten answer otherwise
    ],
)
def test_a_release_is_replaced_only_if_nobody_or_ten_have_come_or_gone(second: tuple[int, ...], may: bool) -> None:
    old, new = two_places(9, 8, 13, 10), two_places(*second)
    assert may_replace(old, new) is may
    assert may_replace(new, old) is may


def test_a_refused_release_says_where_it_tells_too_much() -> None:
    assert why_not_replace(two_places(9, 8, 13, 10), two_places(9, 8, 13, 11)) == [
        "n",
        "safety",
        "safety / place / b",
    ]


def test_a_group_that_comes_out_of_hiding_does_not_bring_the_rest_below_ten() -> None:
    first = make_question(make_group("a", 10, 12, 11, 10), make_group("b", 3, 3, 3, 0), make_group("c", 3, 3, 3, 7))
    later = make_question(make_group("a", 10, 12, 11, 10), make_group("b", 3, 3, 3, 4), make_group("c", 3, 3, 3, 3))
    old, new = show(first), show(later)
    assert group_keys(old.questions[0].breakdown("place")) == ["a"]
    assert group_keys(new.questions[0].breakdown("place")) == ["a", "b", "c"]
    assert may_replace(old, new)


def test_a_release_that_widens_what_the_old_one_showed_exactly_does_not_replace_it() -> None:
    """Nobody in a has changed, but one release widens its shares to make room for an end in b, the other does not."""
    old, new = two_places(9, 8, 13, 10), two_places(9, 18, 3, 10)
    assert why_not_replace(old, new) == ["safety / place / a"]
