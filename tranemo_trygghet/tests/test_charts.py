"""A chart must not say more, or less, than its table."""

from itertools import pairwise
from types import SimpleNamespace as Row

import pytest
from django.template import Context, Template
from django.utils.translation import override

from tranemo_trygghet import charts


def share(label: str, low: float, high: float | None = None, tone: int | None = 0) -> Row:
    return Row(label=label, text=f"{low} %", low=low, high=low if high is None else high, tone=tone)


def test_the_parts_of_the_column_fill_it_from_top_to_bottom_in_the_order_of_the_scale() -> None:
    drawn = charts.steps([share("a", 20), share("b", 50), share("c", 30)])
    assert [step.top for step in drawn] == [0, 3, 10.5]
    assert sum(step.height for step in drawn) == pytest.approx(charts.COLUMN_HEIGHT)


def test_a_range_is_drawn_at_its_middle_and_marked_as_a_range() -> None:
    few, many = charts.steps([share("få", 0, 10), share("många", 95)])
    assert few.height == pytest.approx(charts.COLUMN_HEIGHT * 0.05)
    assert (few.is_range, many.is_range) == (True, False)


def test_labels_of_small_parts_do_not_cover_each_other() -> None:
    drawn = charts.steps([share("a", 97), *(share(f"en liten del med ett långt namn {n}", 1) for n in range(3))])
    for above, below in pairwise(drawn):
        assert below.label_at - above.label_at >= charts.LINE * (1 + len(above.lines))
    assert charts.column_height(drawn) > drawn[-1].label_at


def test_a_round_that_asked_something_else_is_not_joined_to_the_one_before() -> None:
    rounds = [
        Row(label=str(year), text="", value=50, low=40, high=60, n=100, is_joined=year == 2028)
        for year in (2026, 2027, 2028)
    ]
    first, second, third = charts.points(rounds)
    assert first.from_x is None
    assert second.from_x is None
    assert (third.from_x, third.from_y) == (second.x, second.y)


def test_time_goes_as_one_reads() -> None:
    rounds = [Row(label=each, text="", value=50, low=40, high=60, n=9, is_joined=True) for each in ("före", "efter")]
    for language, is_turned in (("sv", False), ("ar", True)):
        with override(language):
            before, after = charts.points(rounds)
        assert (before.x > after.x) == is_turned
        assert after.from_x == before.x


def test_the_trend_always_goes_from_nought_to_a_hundred_per_cent() -> None:
    assert [y for _, y in charts.gridlines()] == [
        charts.TREND_HEIGHT,
        (charts.TREND_HEIGHT + charts.TREND_TOP) / 2,
        charts.TREND_TOP,
    ]


def test_numbers_in_the_drawing_have_a_point_and_not_a_comma() -> None:
    html = Template("{% load charts %}{% share_chart 'Fråga' shares %}").render(
        Context({"shares": [share("a", 33.3), share("b", 66.7)]})
    )
    assert 'y="4.99rem"' in html or 'y="5.0rem"' in html or 'y="5rem"' in html
    assert ",0rem" not in html


def test_nothing_to_draw_draws_nothing_and_breaks_nothing() -> None:
    empty: list[Row] = []
    html = Template("{% load charts %}{% share_chart 'a' e %}{% bar_chart 'b' e %}{% trend_chart 'c' e %}").render(
        Context({"e": empty})
    )
    assert html.count("<figure") == 3
