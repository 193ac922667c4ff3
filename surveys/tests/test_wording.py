"""The sentences, word for word: residents read nothing else."""

import pytest

from surveys import wording
from surveys.shown import ShownGroup, ShownShare, Verdict, Withheld
from surveys.statistics import Interval


def share(low: int, high: int | None = None, n: int = 200) -> ShownShare:
    return ShownShare("positive", n, low, low if high is None else high)


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (share(74), "74\u00a0%"),
        (share(0, 5), "under 5\u00a0%"),
        (share(95, 100), "över 95\u00a0%"),
        (share(36, 40), "36–40\u00a0%"),
    ],
)
def test_a_share_is_whole_per_cent_or_a_range(shown: ShownShare, words: str) -> None:
    assert wording.per_cent(shown) == words


def test_an_increase_larger_than_chance_is_said_to_be_one() -> None:
    assert wording.change("Andelen som känner sig trygga", share(62), share(74)) == (
        "Andelen som känner sig trygga har ökat från 62 till 74\u00a0%. Ökningen är större än vad slumpen förklarar."
    )


def test_a_decrease_larger_than_chance_is_said_to_be_one() -> None:
    assert wording.change("Andelen som känner sig trygga", share(74), share(62)) == (
        "Andelen som känner sig trygga har minskat från 74 till 62\u00a0%. "
        "Minskningen är större än vad slumpen förklarar."
    )


def test_a_range_keeps_its_own_sign_in_a_change() -> None:
    assert wording.change("Andelen", share(0, 5), share(40)) == (
        "Andelen har ökat från under 5\u00a0% till 40\u00a0%. Ökningen är större än vad slumpen förklarar."
    )


def test_a_change_that_may_be_chance_is_not_called_a_change() -> None:
    assert wording.change("Andelen som känner sig trygga", share(62), share(65)) == (
        "Andelen som känner sig trygga var 62\u00a0% förra gången och är 65\u00a0% nu. Skillnaden kan bero på slumpen."
    )


def test_no_change_is_said_as_such() -> None:
    assert wording.change("Andelen", share(62), share(62)) == ("Andelen är 62\u00a0%, samma som förra gången.")


@pytest.mark.parametrize(
    ("before", "after"), [(None, share(62)), (share(62), None), (share(60, n=15), share(67, n=15))]
)
def test_too_few_answers_are_not_compared(before: ShownShare | None, after: ShownShare | None) -> None:
    assert wording.change("Andelen", before, after) == "För få svar för att jämföra."


def test_few_answers_that_differ_widely_are_compared_all_the_same() -> None:
    assert share(27, n=15).verdict_on(share(93, n=15)) is Verdict.LARGER_THAN_CHANCE


def test_two_places_are_compared_in_words() -> None:
    assert wording.difference([("Limmared", share(55)), ("Länghem", share(72))]) == (
        "Limmared: 55\u00a0%. Länghem: 72\u00a0%. Skillnaden är större än vad slumpen förklarar."
    )
    assert wording.difference([("Limmared", share(55)), ("Länghem", share(57))]).endswith("kan bero på slumpen.")
    assert wording.difference([("Limmared", share(55)), ("Länghem", None)]) == "För få svar för att jämföra."


def test_intervals_are_read_out_in_whole_numbers() -> None:
    assert wording.interval(Interval(0.7166, 0.8256)) == "mellan 72 och 83\u00a0%"
    assert wording.points(Interval(-0.031, 0.118)) == "mellan −3 och +12 procentenheter"
    assert wording.points(Interval(0.001, 0.2)) == "mellan 0 och +20 procentenheter"


def test_n_is_written_the_swedish_way() -> None:
    assert wording.respondents(223) == "223 svar"
    assert wording.respondents(1234) == "1\u00a0234 svar"


def test_every_reason_for_withholding_has_its_sentence() -> None:
    assert wording.why_withheld(Withheld.TOO_FEW) == "Färre än tio svarade. Därför visas inte resultatet."
    assert all(wording.why_withheld(reason).endswith(".") for reason in Withheld)


def test_ranges_are_explained_only_where_there_are_any() -> None:
    exact, ranged = ShownGroup("a", "A", 200, (share(62),)), ShownGroup("b", "B", 200, (share(0, 5),))
    assert wording.why_ranges([exact]) == ""
    assert wording.why_ranges([exact, ranged]).startswith("Där ett exakt tal")
