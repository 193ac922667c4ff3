"""Reference values were checked against statsmodels and scipy; scipy is asked again here, over a grid."""

import itertools

import pytest
from scipy.stats import binomtest, mannwhitneyu

from surveys.statistics import Interval, Share, mann_whitney, newcombe, smallest_detectable_change, wilson


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [
        (173, 223, 0.7166, 0.8256),
        (15, 20, 0.5313, 0.8881),
        (7, 10, 0.3968, 0.8922),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
    ],
)
def test_a_share_has_its_wilson_interval(count: int, n: int, low: float, high: float) -> None:
    interval = wilson(count, n)
    assert (interval.low, interval.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_wilson_agrees_with_scipy_for_every_count() -> None:
    for n in (1, 2, 10, 47, 223):
        for count in range(n + 1):
            theirs = binomtest(count, n).proportion_ci(method="wilson")
            ours = wilson(count, n)
            assert ours.low == pytest.approx(theirs.low, abs=1e-13)
            assert ours.high == pytest.approx(theirs.high, abs=1e-13)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [  # Newcombe 1998, table II, method 10, comparisons (a) to (h)
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_a_change_has_the_interval_of_newcombes_own_table(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    interval = newcombe(Share(*second), Share(*first))
    assert (interval.low, interval.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_a_change_back_has_the_same_interval_with_the_sign_turned() -> None:
    there, back = newcombe(Share(31, 50), Share(60, 81)), newcombe(Share(60, 81), Share(31, 50))
    assert (there.low, there.high) == (pytest.approx(-back.high), pytest.approx(-back.low))


def test_an_interval_that_touches_zero_does_not_exclude_it() -> None:
    assert Interval(0.01, 0.2).excludes_zero
    assert Interval(-0.2, -0.01).excludes_zero
    assert not Interval(0.0, 0.2).excludes_zero


GRID = [(0, 0, 5, 9), (12, 30, 8, 3), (1, 1, 1, 1), (20, 0, 0, 0), (0, 7, 0, 2), (100, 200, 150, 40), (3, 4, 4, 3)]


@pytest.mark.parametrize(("a", "b"), [pair for pair in itertools.product(GRID, repeat=2) if pair != (GRID[3], GRID[3])])
def test_mann_whitney_agrees_with_scipy(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    # Where everybody gave the same answer scipy divides by zero: GRID[3] against itself has its own test below.
    x = [step for step, count in enumerate(a) for _ in range(count)]
    y = [step for step, count in enumerate(b) for _ in range(count)]
    theirs = mannwhitneyu(x, y, method="asymptotic", use_continuity=True)
    ours = mann_whitney(a, b)
    assert ours.u == theirs.statistic
    assert ours.p == pytest.approx(theirs.pvalue, abs=1e-13)


def test_mann_whitney_sees_no_difference_where_everybody_gave_the_same_answer() -> None:
    assert mann_whitney((10, 0), (12, 0)).p == 1.0


def test_mann_whitney_is_negative_when_the_first_group_answers_earlier_on_the_scale() -> None:
    assert mann_whitney((30, 10, 5), (5, 10, 30)).z < 0 < mann_whitney((5, 10, 30), (30, 10, 5)).z


@pytest.mark.parametrize(("n", "points"), [(20, 30), (50, 20), (100, 14), (200, 10), (300, 8)])
def test_planning_says_which_change_can_be_seen(n: int, points: int) -> None:
    assert round(100 * smallest_detectable_change(n, n)) == points


def test_no_change_can_be_seen_from_everybody() -> None:
    assert smallest_detectable_change(20, 20, share=1.0) == float("inf")


@pytest.mark.parametrize(("count", "n"), [(1, 0), (-1, 5), (6, 5)])
def test_what_is_no_share_is_refused(count: int, n: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(count, n)


def test_different_scales_are_not_compared() -> None:
    with pytest.raises(ValueError, match="same scale"):
        mann_whitney((1, 2), (1, 2, 3))
