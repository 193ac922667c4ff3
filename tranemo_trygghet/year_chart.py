"""An indicator's year as a drawing: twelve months as one reads, and the year before as a dashed line behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from followups.indicators import IndicatorYear
from tranemo_trygghet.charts import along

HEIGHT, TOP = 11.0, 1.5  # rem
EDGE = 7.0  # per cent left free at each side
NICE = (1, 2, 5)


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    value: int


@dataclass(frozen=True)
class Line:
    """One year: the months that have been read, and a stroke between those that follow on each other."""

    name: str
    is_before: bool
    dots: list[Dot]
    strokes: list[tuple[Dot, Dot]]

    @property
    def last(self) -> Dot:
        return self.dots[-1]


@dataclass(frozen=True)
class Drawing:
    lines: list[Line]
    gridlines: list[tuple[int, float]]
    labels: list[tuple[float, str]]


def drawing(year: IndicatorYear) -> Drawing:
    now, before = [each.value for each in year.months], [each.before for each in year.months]
    top = scale_top(max([each for each in [*now, *before] if each is not None], default=1))
    lines = [line(str(year.year_before), before, top, is_before=True), line(str(year.year), now, top, is_before=False)]
    return Drawing(
        lines=[each for each in lines if each.dots],
        gridlines=[(value, height_of(value, top)) for value in (0, top // 2, top)],
        labels=[(x_of(index), each.short_label) for index, each in enumerate(year.months)],
    )


def line(name: str, values: Sequence[int | None], top: int, *, is_before: bool) -> Line:
    dots = [None if value is None else Dot(x_of(at), height_of(value, top), value) for at, value in enumerate(values)]
    strokes = [(one, other) for one, other in pairwise(dots) if one and other]
    return Line(name, is_before, [each for each in dots if each], strokes)


def x_of(index: int) -> float:
    return along(EDGE + index * (100 - 2 * EDGE) / 11)


def height_of(value: int, top: int) -> float:
    """From nought: a cut scale makes small changes look big."""
    return round(TOP + (top - value) / top * (HEIGHT - TOP), 2)


def scale_top(most: int) -> int:
    """The nearest even number above that reads well: 10, 20, 50, 100 …"""
    power = 10
    while True:
        for each in NICE:
            if each * power >= most:
                return each * power
        power *= 10
