"""The picture that is shown where somebody shares a link: the year ribbon and its sentence, as the pages draw them."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from django.conf import settings
from PIL import Image, ImageColor, ImageDraw, ImageFont

from followups.calendar import AWAITED, COMING, MISSING, NO_MEETING, REPORTED, PeriodStatus

# What those who show links ask for.
WIDTH, HEIGHT = 1200, 630
# Drawn twice as large and made smaller, so that slopes and dots are smooth.
SCALE = 2
MARGIN = 64
RIBBON_TOP, RIBBON_HEIGHT = 290, 104
SENTENCE_TOP, LINE = 500, 48
# static/css/tokens.css, by day.
PAPER, INK, SOFT, FOREST, EDGE, LATE = "#faf6ec", "#16241d", "#4c584f", "#124a39", "#7c8276", "#8c4a00"
STEPS = 16
FONT = settings.BASE_DIR / "static" / "fonts" / "schibsted-grotesk-700.woff2"
# More months than this and there is no room for their names.
MOST_LABELS = 14


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def smaller(self, by: float) -> Box:
        return Box(self.left + by, self.top + by, self.right - by, self.bottom - by)


class Sheet:
    """A drawing in the measures of the finished picture."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), PAPER)
        self.pen = ImageDraw.Draw(self.image)

    def fill(self, box: Box, colour: str) -> None:
        # Pillow's last pixel is within.
        left, top, right, bottom = (round(each * SCALE) for each in box)
        self.pen.rectangle((left, top, right - 1, bottom - 1), fill=colour)

    def outline(self, box: Box, colour: str, width: float) -> None:
        self.fill(box, colour)
        self.fill(box.smaller(width), PAPER)

    def dashes(self, box: Box, colour: str, width: float, dash: float = 12) -> None:
        self.outline(box, colour, width)
        for start in _every(box.left + dash, box.right - dash / 2, 2 * dash):
            for top in (box.top, box.bottom - width):
                self.fill(Box(start, top, min(start + dash * 0.7, box.right), top + width), PAPER)
        for start in _every(box.top + dash, box.bottom - dash / 2, 2 * dash):
            for left in (box.left, box.right - width):
                self.fill(Box(left, start, left + width, min(start + dash * 0.7, box.bottom)), PAPER)

    def triangle(self, middle: float, top: float, half: float, colour: str) -> None:
        points = [(middle - half, top), (middle + half, top), (middle, top + half)]
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=colour)

    def dot(self, middle: float, centre: float, radius: float, colour: str) -> None:
        self.pen.circle((middle * SCALE, centre * SCALE), radius * SCALE, fill=colour)

    def words(self, text: str, left: float, top: float, size: int, colour: str = INK, anchor: str = "la") -> None:
        self.pen.text((left * SCALE, top * SCALE), text, font=font(size), fill=colour, anchor=anchor)

    def as_png(self) -> bytes:
        small = self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        file = io.BytesIO()
        small.quantize(palette=palette(), dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
        return file.getvalue()


@cache
def palette() -> Image.Image:
    """Each colour as it is and, for the edges, in steps on its way to the paper: far fewer bytes than all colours."""
    paper = ImageColor.getrgb(PAPER)
    colours: list[int] = []
    for name in (INK, SOFT, FOREST, EDGE, LATE):
        for step in range(STEPS):
            share = step / (STEPS - 1)
            pairs = zip(ImageColor.getrgb(name), paper, strict=True)
            colours += [round(one + (other - one) * share) for one, other in pairs]
    image = Image.new("P", (1, 1))
    image.putpalette(colours)
    return image


def _every(start: float, end: float, step: float) -> Sequence[float]:
    return [start + step * number for number in range(max(0, int((end - start) // step) + 1))]


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size * SCALE, layout_engine=ImageFont.Layout.BASIC)


def wrapped(text: str, size: int, lines: int) -> list[str]:
    """The text in so many lines as it needs; what has no room ends in dots."""
    broken: list[str] = [""]
    for word in text.replace("\N{NO-BREAK SPACE}", " ").split(" "):
        longer = f"{broken[-1]} {word}".strip()
        if font(size).getlength(longer) <= (WIDTH - 2 * MARGIN) * SCALE:
            broken[-1] = longer
        else:
            broken.append(word)
    return broken if len(broken) <= lines else [*broken[: lines - 1], f"{broken[lines - 1].rstrip('.,')} …"]


def picture(title: str, ribbon: Sequence[PeriodStatus], sentence: str, note: str = "") -> bytes:
    """The same bytes each time for the same standing. `note`: what must stand there besides, such as "made up"."""
    sheet = Sheet()
    sheet.words(settings.SITE_NAME, MARGIN, 52, 34, FOREST)
    if note:
        sheet.words(note, WIDTH - MARGIN, 56, 26, SOFT, "ra")
    for number, line in enumerate(wrapped(title, 60, 2)):
        sheet.words(line, MARGIN, 120 + number * 70, 60)
    room = (WIDTH - 2 * MARGIN) / max(1, len(ribbon))
    for number, status in enumerate(ribbon):
        left = MARGIN + number * room
        draw_month(sheet, status, Box(left, RIBBON_TOP, left + room, RIBBON_TOP + RIBBON_HEIGHT), len(ribbon))
    for number, line in enumerate(wrapped(sentence, 38, 2)):
        sheet.words(line, MARGIN, SENTENCE_TOP + number * LINE, 38)
    return sheet.as_png()


# --- The months, as static/css/components/year_ribbon.css draws them ----------------------------------


def draw_month(sheet: Sheet, status: PeriodStatus, box: Box, months: int) -> None:
    middle = (box.left + box.right) / 2
    SHAPES[status.status](sheet, box)
    colour = {REPORTED: PAPER, MISSING: LATE, AWAITED: FOREST, NO_MEETING: FOREST, COMING: EDGE}[status.status]
    if status.has_survey:
        half = min(22.0, (box.right - box.left) / 3)
        sheet.triangle(middle, box.top - 1, half, colour)
        if status.status != REPORTED:
            sheet.triangle(middle, box.top - 1, half - 4, PAPER)
    if status.has_meeting:
        sheet.dot(middle, box.bottom - 22, 8, colour)
    if months <= MOST_LABELS:
        label = {MISSING: LATE, COMING: SOFT}.get(status.status, INK)
        sheet.words(status.short_label, middle, box.bottom + 14, 26, label, "ma")
        if status.status == MISSING:
            sheet.words(status.status_label, middle, box.bottom + 44, 22, label, "ma")


def _reported(sheet: Sheet, box: Box) -> None:
    sheet.fill(Box(box.left + 1, box.top, box.right - 1, box.bottom), FOREST)


def _missing(sheet: Sheet, box: Box) -> None:
    sheet.dashes(Box(box.left + 5, box.top, box.right - 5, box.bottom), LATE, 4)


def _awaited(sheet: Sheet, box: Box) -> None:
    sheet.outline(Box(box.left + 3, box.top, box.right - 3, box.bottom), FOREST, 6)


def _coming(sheet: Sheet, box: Box) -> None:
    sheet.outline(Box(box.left + 1, box.top, box.right - 1, box.bottom), EDGE, 2)


def _no_meeting(sheet: Sheet, box: Box) -> None:
    middle = (box.top + box.bottom) / 2
    sheet.fill(Box(box.left, middle - 8, box.right, middle + 8), FOREST)


SHAPES: dict[str, Callable[[Sheet, Box], None]] = {
    REPORTED: _reported,
    MISSING: _missing,
    AWAITED: _awaited,
    COMING: _coming,
    NO_MEETING: _no_meeting,
}
