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


def label_boxes(x: float, y: float, width: float, lines: int, gap: float) -> Iterator[tuple[Box, Point, str]]:
    """Where a label may stand, best first, with its anchor point: beside, above, below, and at the corners."""
    height = lines * LINE
    beside, above, below = y - LINE * 0.55, y - gap - height, y + gap
    for top in (beside, above + LINE * 0.6, below - LINE * 0.6):
        yield Box(x + gap, top, x + gap + width, top + height), (x + gap, top + ASCENT), "start"
        yield Box(x - gap - width, top, x - gap, top + height), (x - gap, top + ASCENT), "end"
    for top in (above, below):
        yield Box(x - width / 2, top, x + width / 2, top + height), (x, top + ASCENT), "middle"


def placed_label(
    point: Point, label: str, lines: int, gap: float, taken: list[Box], sheet: Box
) -> tuple[Point, str, Box]:
    """The first position that is on the sheet and covers nothing; the one that covers least if none is free."""

    def cost(candidate: tuple[Box, Point, str]) -> float:
        box = candidate[0]
        outside = max(0.0, sheet.left - box.left) + max(0.0, box.right - sheet.right)
        return outside * 10 + sum(1 for other in taken if box.touches(other))

    width = max(len(line) for line in label.split("\n")) * LETTER
    box, anchor_point, anchor = min(label_boxes(*point, width, lines, gap), key=cost)
    return anchor_point, anchor, box


def around(point: Point, reach: float) -> Box:
    x, y = point
    return Box(x - reach, y - reach, x + reach, y + reach)


def marks(rows: Sequence[tuple[Spot, str, str, Any]], gap: float, taken: list[Box], sheet: Box) -> list[Mark]:
    """Rows of (point, label, url, standing) with their labels placed one after another, around what is taken."""
    drawn = []
    for (x, y), label, url, standing in rows:
        text = f"{label}\n{standing.label}" if standing else label
        own = around((x, y), MARKER), around((x, y), DOT)
        others = [box for box in taken if box not in own]
        (label_x, label_y), anchor, box = placed_label((x, y), text, text.count("\n") + 1, gap, others, sheet)
        taken.append(box)
        drawn.append(Mark(x, y, label, round(label_x), round(label_y), anchor, url, standing))
    return drawn


def draw(
    municipality: Municipality,
    localities: Iterable[Locality],
    places: Sequence[Place],
    standing_of: Callable[[Place], Any],
    title: str,
    source: str,
) -> Drawing:
    """The municipality's border, its localities, and the places with how it goes there."""
    localities = list(localities)
    corners = [point for ring in rings(municipality.border) for point in ring]
    spots = [(each.longitude, each.latitude) for each in localities]
    project = Projection.of([*corners, *spots, *((each.longitude, each.latitude) for each in places)])
    sheet = Box(0, 0, WIDTH, project.height)
    points = spread([project(place.longitude, place.latitude) for place in places], apart=2.4 * LINE)
    towns = [(project(each.longitude, each.latitude), each.name, "", None) for each in localities]
    taken = [around(point, MARKER) for point in points] + [around(row[0], DOT) for row in towns]
    shown = list(zip(points, places, strict=True))
    rows = [(point, place.name, place.get_absolute_url(), standing_of(place)) for point, place in shown]
    drawn_places = marks(rows, gap=18, taken=taken, sheet=sheet)
    return Drawing(
        title=title,
        view_box=f"0 0 {WIDTH:g} {project.height:g}",
        border_path=path_of(municipality.border, project),
        localities=marks(towns, gap=MARKER + 4, taken=taken, sheet=sheet),
        places=drawn_places,
        source=source,
    )
