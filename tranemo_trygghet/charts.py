"""Where things stand in the charts: the plain numbers of the table beside a chart become positions.

Widths are per cent of the room there is, heights and type are rem: so a chart fits any phone, grows with the
reader's letters, and needs neither script nor style attributes.
"""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import get_language_bidi

COLUMN_HEIGHT = 15.0  # rem: tall enough for six answers with words beside
LINE = 1.3  # rem between two lines of a label
ROW_GAP = 0.55  # rem between two labels, so that they read as two
LABEL_CHARACTERS = 24  # fits beside the column on a phone of 320 px
LOW_COLUMN_HEIGHT = 8.0  # rem: where many questions stand under each other, each label beside its per cent
LOW_LABEL_CHARACTERS = 16

TREND_HEIGHT = 14.0
TREND_TOP = 2.0
ROUND_CHARACTERS = 9  # "hösten" over "2026": three rounds fit on a phone
TREND_EDGE = 12.0  # per cent left free at each side, for the labels of the first and last round


class Share(Protocol):
    """What part of those who answered chose one step of an ordered scale; a range where few did."""

    label: str
    text: str
    low: float
    high: float
    tone: int | None


class Choice(Protocol):
    """What part of those who answered chose one of several answers."""

    label: str
    text: str
    low: float
    high: float


class Round(Protocol):
    """One round's share, with the interval of what chance may explain."""

    label: str
    text: str
    value: float
    low: float
    high: float
    n: int
    is_joined: bool


@dataclass(frozen=True)
class Step:
    """One part of the column and the words beside it."""

    text: str
    lines: list[str]
    tone: str
    is_range: bool
    top: float
    height: float
    middle: float
    label_at: float


@dataclass(frozen=True)
class Bar:
    """One answer's bar: as long as is certain, then dashed as far as it may reach, and the interval as a thin line."""

    label: str
    text: str
    sure: float
    range_width: float
    interval_low: float | None
    interval_high: float | None


@dataclass(frozen=True)
class Point:
    """One round in the trend, with the line from the round before where the two may be compared."""

    text: str
    lines: list[str]
    n: int
    x: float
    y: float
    y_low: float
    y_high: float
    text_y: float
    from_x: float | None
    from_y: float | None


TONES = {2: "safe-2", 1: "safe-1", 0: "neutral", -1: "unsafe-1", -2: "unsafe-2", None: "none"}


def steps(shares: Sequence[Share], *, is_low: bool = False) -> list[Step]:
    """The column from its first answer down. A range is drawn at its middle and dashed; the whole fills the column.

    is_low: a lower column, with the words of an answer beside its per cent and not under it.
    """
    sizes = [(share.low + share.high) / 2 for share in shares]
    scale = (LOW_COLUMN_HEIGHT if is_low else COLUMN_HEIGHT) / (sum(sizes) or 1)
    labels = [textwrap.wrap(share.label, LOW_LABEL_CHARACTERS if is_low else LABEL_CHARACTERS) for share in shares]
    heights = [size * scale for size in sizes]
    tops = [sum(heights[:index]) for index in range(len(heights))]
    middles = [top + height / 2 for top, height in zip(tops, heights, strict=True)]
    label_tops = spread(middles, [LINE * (len(lines) if is_low else 1 + len(lines)) for lines in labels])
    return [
        Step(
            text=share.text,
            lines=lines,
            tone=TONES[share.tone],
            is_range=share.low != share.high,
            top=round(top, 2),
            height=round(height, 2),
            middle=round(middle, 2),
            label_at=round(label_top + LINE * 0.8, 2),
        )
        for share, lines, top, height, middle, label_top in zip(
            shares, labels, tops, heights, middles, label_tops, strict=True
        )
    ]


def spread(middles: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Where each label begins: as near its part of the column as it can without covering the label before it."""
    placed: list[float] = []
    free_from = 0.0
    for middle, height in zip(middles, heights, strict=True):
        top = max(free_from, middle - height / 2)
        placed.append(top)
        free_from = top + height + ROW_GAP
    return placed


def column_height(drawn: Sequence[Step], *, is_low: bool = False) -> float:
    """The drawing's height in rem: the column, or its labels where they reach further down."""
    column, first_line = (LOW_COLUMN_HEIGHT, 1) if is_low else (COLUMN_HEIGHT, 0)
    return round(max([column, *(step.label_at + LINE * (len(step.lines) - first_line + 0.4) for step in drawn)]), 2)


def bars(choices: Iterable[Choice]) -> list[Bar]:
    return [
        Bar(
            label=choice.label,
            text=choice.text,
            sure=round(choice.low, 2),
            range_width=round(choice.high - choice.low, 2),
            interval_low=getattr(choice, "interval_low", None),
            interval_high=getattr(choice, "interval_high", None),
        )
        for choice in choices
    ]


def points(rounds: Sequence[Round]) -> list[Point]:
    """The rounds as one reads, on a scale from 0 to 100 per cent: a cut scale makes small changes look big."""
    span = (100 - 2 * TREND_EDGE) / max(len(rounds) - 1, 1)
    drawn: list[Point] = []
    for index, item in enumerate(rounds):
        before = drawn[-1] if drawn and item.is_joined else None
        top = height_of(item.high)
        drawn.append(
            Point(
                text=item.text,
                lines=textwrap.wrap(item.label, ROUND_CHARACTERS),
                n=item.n,
                x=along(TREND_EDGE + index * span) if len(rounds) > 1 else 50,
                y=height_of(item.value),
                y_low=height_of(item.low),
                y_high=top,
                text_y=round(top - 0.5, 2),
                from_x=before.x if before else None,
                from_y=before.y if before else None,
            )
        )
    return drawn


def along(per_cent: float) -> float:
    """How far from the left, for what lies so far from where a line of text begins: time goes as one reads."""
    return round(100 - per_cent if get_language_bidi() else per_cent, 2)


def trend_height(drawn: Sequence[Point]) -> float:
    """The drawing's height in rem, with room for each round's name and number of answers under it."""
    return round(TREND_HEIGHT + LINE * (max((len(point.lines) for point in drawn), default=1) + 1.5), 2)


def height_of(per_cent: float) -> float:
    return round(TREND_TOP + (100 - per_cent) / 100 * (TREND_HEIGHT - TREND_TOP), 2)


def gridlines(values: Iterable[int] = (0, 50, 100)) -> list[tuple[int, float]]:
    return [(value, height_of(value)) for value in values]
