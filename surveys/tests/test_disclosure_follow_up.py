"""A question that is asked only after some answers tells, by how many it was asked, how many gave them."""

from surveys.disclosure import (
    AskedIf,
    Group,
    PopulationCounts,
    disclose,
)
from surveys.shown import ShownQuestion, Snapshot, Withheld
from surveys.tests.test_disclosure import group_keys, make_group, make_question, ranges, show


def ask_twice(first: Group, follow_up: Group) -> Snapshot:
    options = ("yes", "no")
    return show(
        make_question(first, key="victim", options=options, sums={}),
        make_question(
            follow_up, key="reported", options=options, sums={}, asked_if=AskedIf("victim", frozenset({"yes"}))
        ),
    )


def test_a_follow_up_question_is_not_shown_if_its_n_would_say_that_everybody_chose_the_same() -> None:
    yes_no = ("yes", "no")
    told = ask_twice(make_group("all", 50, 0, options=yes_no), make_group("all", 30, 20, options=yes_no))
    fine = ask_twice(make_group("all", 40, 10, options=yes_no), make_group("all", 25, 15, options=yes_no))
    assert told.questions[1].whole.withheld is Withheld.DERIVABLE
    assert fine.questions[1].whole.n == 40


def test_a_follow_up_question_takes_no_room_from_the_answer_that_it_counts() -> None:
    options = ("yes", "maybe", "no", "never")
    first = make_question(make_group("all", 25, 20, 5, 0, options=options), key="first", options=options, sums={})
    after = make_question(
        make_group("all", 12, 12, options=("a", "b")),
        key="after",
        options=("a", "b"),
        sums={},
        asked_if=AskedIf("first", frozenset({"yes"})),
    )
    for secret in map(str, range(10)):
        shown = disclose(PopulationCounts("code", 50, (first, after)), secret).questions[0]
        assert ranges(shown.whole.shares)["yes"] == (50, 50)


def ask_after(condition: frozenset[str], *, most: int = 1) -> ShownQuestion:
    options = ("light", "police", "traffic")
    counts = (30, 20, 0) if most == 1 else (45, 30, 8)
    first = make_question(
        make_group("all", *counts, options=options, n=50), key="first", options=options, sums={}, max_choices=most
    )
    after = make_question(
        make_group("all", 12, 12, options=("a", "b")),
        key="after",
        options=("a", "b"),
        sums={},
        asked_if=AskedIf("first", condition),
    )
    return show(first, after).questions[1]


def test_a_follow_up_question_to_a_sensitive_answer_is_not_shown_by_background_either() -> None:
    options = ("yes", "no")
    groups = [make_group("a", 20, 20, options=options), make_group("b", 15, 25, options=options)]
    asked = [make_group("a", 10, 10, options=options), make_group("b", 7, 8, options=options)]
    for is_sensitive, shown in [(False, ["a", "b"]), (True, [])]:
        victim = make_question(
            *groups, key="victim", options=options, sums={}, is_background=True, is_sensitive=is_sensitive
        )
        reported = make_question(
            *asked,
            key="reported",
            options=options,
            sums={},
            is_background=True,
            asked_if=AskedIf("victim", frozenset({"yes"})),
        )
        assert group_keys(show(victim, reported).questions[1].breakdown("place")) == shown


def test_a_follow_up_question_to_an_answer_that_is_not_counted_or_to_any_answer_tells_nothing() -> None:
    assert ask_after(frozenset({"not_here"})).whole.n == 24
    assert ask_after(frozenset({"light", "police", "traffic"})).whole.n == 24
    assert ask_after(frozenset({"traffic", "not_here"})).whole.withheld is Withheld.DERIVABLE


def test_a_follow_up_question_to_one_of_several_choices_is_shown_but_not_to_any_of_some() -> None:
    assert ask_after(frozenset({"police"}), most=3).whole.n == 24
    assert ask_after(frozenset({"police", "traffic"}), most=3).whole.withheld is Withheld.DERIVABLE
