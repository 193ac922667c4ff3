"""The map of the municipality as a drawing: from degrees to a sheet, and labels that do not cover each other."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from promises.models import Locality, Municipality, Place

WIDTH = 360.0  # the sheet's units: about a pixel on a phone
MARGIN = 14.0
LETTER = 8.4  # the width of a letter of a label, on the safe side
LINE = 16.0
ASCENT = 0.85 * LINE  # from the top of a line to the foot of its letters
MARKER = 12.0  # half of a place's shape, with air
DOT = 4.0
FAR = 1.6 * LINE  # how much farther out a label goes that finds no room beside its point
STEPS = 4  # up and down from there

Point = tuple[float, float]
Spot = tuple[int, int]


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass(frozen=True)
class Projection:
    """Degrees to sheet: equirectangular at the municipality's own latitude; no eye can tell it from the true shape."""

    west: float
    north: float
    scale: float  # units a degree of latitude
    squeeze: float  # how much shorter a degree of longitude is
    height: float

    @classmethod
    def of(cls, points: Sequence[Point]) -> Projection:
        """For points of (longitude, latitude) that shall all be on the sheet."""
        west, east = min(x for x, _y in points), max(x for x, _y in points)
        south, north = min(y for _x, y in points), max(y for _x, y in points)
        squeeze = math.cos(math.radians((south + north) / 2))
        scale = (WIDTH - 2 * MARGIN) / max((east - west) * squeeze, 1e-6)
        return cls(west, north, scale, squeeze, round((north - south) * scale + 2 * MARGIN))

    def __call__(self, longitude: float, latitude: float) -> Spot:
        x = MARGIN + (longitude - self.west) * self.squeeze * self.scale
        y = MARGIN + (self.north - latitude) * self.scale
        return round(x), round(y)


class Seat(NamedTuple):
    """Where a label may stand: its room, the point that its text begins or ends at, and where a line to it ends."""

    box: Box
    at: Point
    anchor: str
    lead: Point | None = None  # only where the label stands so far off that a line must lead to it


@dataclass(frozen=True)
class Mark:
    """A point of the map with its label, and what a place has besides. Whole numbers: a template would write 12,5."""

    x: int
    y: int
    label: str
    label_x: int
    label_y: int
    anchor: str
    url: str = ""
    standing: Any = None
    lead: str = ""  # the line from where it truly is, or to a label far off


@dataclass(frozen=True)
class Drawing:
    """All that the map's template draws."""

    title: str
    view_box: str
    border_path: str
    localities: list[Mark]
    places: list[Mark]
    source: str


def rings(geometry: dict[str, Any]) -> Iterator[list[Point]]:
    """The closed lines of a GeoJSON Polygon or MultiPolygon."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    for polygon in polygons:
        for ring in polygon:
            yield [(x, y) for x, y, *_height in ring]


def path_of(geometry: dict[str, Any], project: Projection) -> str:
    """The border as an SVG path."""
    drawn = []
    for ring in rings(geometry):
        points = [project(*point) for point in ring]
        steps = [points[0], *(after for before, after in pairwise(points) if after != before)]
        drawn.append("M" + "L".join(f"{x:g} {y:g}" for x, y in steps) + "Z")
    return "".join(drawn)


def spread(points: Sequence[Spot], apart: float) -> list[Spot]:
    """Points that stand at least `apart` from one another, moved down the sheet as little as that takes."""
    placed: dict[int, Spot] = {}
    for index in sorted(range(len(points)), key=lambda each: (points[each][1], points[each][0])):
        x, y = points[index]
        for near_x, near_y in sorted(placed.values(), key=lambda each: each[1]):
            if math.hypot(x - near_x, y - near_y) < apart:
                y = round(near_y + math.sqrt(apart**2 - (x - near_x) ** 2))
        placed[index] = (x, y)
    return [placed[index] for index in range(len(points))]


def seats(x: float, y: float, width: float, lines: int, gap: float) -> Iterator[Seat]:
    """Where a label may stand, best first: beside, at the corners, above, below, and then farther out with a line."""
    height = lines * LINE
    beside, above, below = y - LINE * 0.55, y - gap - height, y + gap
    for top in (beside, above + LINE * 0.6, below - LINE * 0.6):
        yield Seat(Box(x + gap, top, x + gap + width, top + height), (x + gap, top + ASCENT), "start")
        yield Seat(Box(x - gap - width, top, x - gap, top + height), (x - gap, top + ASCENT), "end")
    for top in (above, below):
        yield Seat(Box(x - width / 2, top, x + width / 2, top + height), (x, top + ASCENT), "middle")
    out = gap + FAR
    for step in range(1, STEPS + 1):
        for top in (beside - step * LINE, beside + step * LINE):
            middle = top + LINE / 2
            right, left = (
                Box(x + out, top, x + out + width, top + height),
                Box(x - out - width, top, x - out, top + height),
            )
            yield Seat(right, (x + out, top + ASCENT), "start", (x + out - 3, middle))
            yield Seat(left, (x - out, top + ASCENT), "end", (x - out + 3, middle))


def best_seat(point: Point, label: str, gap: float, taken: list[Box], sheet: Box) -> Seat:
    """The first that is on the sheet and covers nothing; the one that covers least if none is free."""

    def cost(seat: Seat) -> float:
        box = seat.box
        across = max(0.0, sheet.left - box.left) + max(0.0, box.right - sheet.right)
        along = max(0.0, sheet.top - box.top) + max(0.0, box.bottom - sheet.bottom)
        return (across + along) * 10 + sum(1 for other in taken if box.touches(other))

    lines = label.split("\n")
    return min(seats(*point, max(map(len, lines)) * LETTER, len(lines), gap), key=cost)


def lead_line(truly: Point, drawn: Point, seat: Seat) -> str:
    """From a dot where the place truly is to where it was moved, and on to a label far off; empty if both are near."""
    (x, y), (far_x, far_y) = truly, drawn
    moved = f"M{x - 2:.0f} {y:.0f}a2 2 0 1 0 4 0 2 2 0 1 0-4 0h2L{far_x:.0f} {far_y:.0f}" if truly != drawn else ""
    return moved + (f"M{far_x:.0f} {far_y:.0f}L{seat.lead[0]:.0f} {seat.lead[1]:.0f}" if seat.lead else "")


def around(point: Point, reach: float) -> Box:
    x, y = point
    return Box(x - reach, y - reach, x + reach, y + reach)


class Row(NamedTuple):
    """What is to be drawn: where it truly is, where there was room for it, and what is said of it."""

    truly: Spot
    drawn: Spot
    label: str
    url: str = ""
    standing: Any = None


def marks(rows: Iterable[Row], gap: float, taken: list[Box], sheet: Box) -> list[Mark]:
    """The rows with their labels placed one after another, around what is taken."""
    drawn = []
    for truly, (x, y), label, url, standing in rows:
        text = f"{label}\n{standing.label}" if standing else label
        own = around((x, y), MARKER), around((x, y), DOT)
        seat = best_seat((x, y), text, gap, [box for box in taken if box not in own], sheet)
        taken.append(seat.box)
        at_x, at_y = map(round, seat.at)
        drawn.append(Mark(x, y, label, at_x, at_y, seat.anchor, url, standing, lead_line(truly, (x, y), seat)))
    return drawn


def draw(
    municipality: Municipality,
    localities: Iterable[Locality],
    places: Sequence[Place],
    standing_of: Callable[[Place], Any],
    title: str,
    source: str,
    moved: str = "",
) -> Drawing:
    """The municipality's border, its localities, and the places with how it goes there.

    `moved` is said after the source where a place does not stand on its true spot.
    """
    localities = list(localities)
    corners = [point for ring in rings(municipality.border) for point in ring]
    spots = [(each.longitude, each.latitude) for each in localities]
    project = Projection.of([*corners, *spots, *((each.longitude, each.latitude) for each in places)])
    sheet = Box(0, 0, WIDTH, project.height)
    true_points = [project(place.longitude, place.latitude) for place in places]
    points = spread(true_points, apart=2.4 * LINE)
    towns = [Row(spot, spot, each.name) for each in localities for spot in [project(each.longitude, each.latitude)]]
    taken = [around(point, MARKER) for point in points] + [around(row.drawn, DOT) for row in towns]
    shown = zip(true_points, points, places, strict=True)
    rows = [Row(truly, point, each.name, each.get_absolute_url(), standing_of(each)) for truly, point, each in shown]
    drawn_places = marks(rows, gap=18, taken=taken, sheet=sheet)
    return Drawing(
        title=title,
        view_box=f"0 0 {WIDTH:g} {project.height:g}",
        border_path=path_of(municipality.border, project),
        localities=marks(towns, gap=MARKER + 4, taken=taken, sheet=sheet),
        places=drawn_places,
        source=f"{source} {moved}" if moved and points != true_points else source,
    )
