"""The map: every point on the sheet, and no label on another."""

from __future__ import annotations

from itertools import combinations

import pytest

from promises.models import Locality, Municipality, Place
from tranemo_trygghet.mapping import DOT, LETTER, LINE, WIDTH, Box, Mark, Projection, around, draw, path_of, spread

SQUARE = {"type": "Polygon", "coordinates": [[[13.0, 57.3], [13.7, 57.3], [13.7, 57.7], [13.0, 57.7], [13.0, 57.3]]]}


def places(*points: tuple[float, float]) -> list[Place]:
    return [
        Place(name=f"Plats {number}", slug=f"plats-{number}", longitude=x, latitude=y)
        for number, (x, y) in enumerate(points)
    ]


def box(mark: Mark) -> Box:
    """Where a mark's label is drawn."""
    width = len(mark.label) * LETTER * 0.8
    left = {"start": mark.label_x, "end": mark.label_x - width, "middle": mark.label_x - width / 2}[mark.anchor]
    return Box(left, mark.label_y - LINE * 0.7, left + width, mark.label_y)


@pytest.mark.parametrize(
    "points",
    [
        [(13.35, 57.48)],
        [(13.35, 57.48), (13.351, 57.481), (13.352, 57.479)],
        [(13.0, 57.3), (13.7, 57.7), (13.7, 57.3)],
        [(13.35, 57.3 + step / 25) for step in range(10)],
    ],
)
def test_places_stand_on_the_sheet_with_labels_that_do_not_cover_each_other(points, settings) -> None:
    towns = [
        Locality(name="Tranemo", longitude=13.35, latitude=57.483),
        Locality(name="Ö", longitude=13.69, latitude=57.5),
    ]
    municipality = Municipality(name="Testkommun", border=SQUARE)
    drawing = draw(municipality, towns, places(*points), lambda place: None, "Karta", "Källa")
    height = float(drawing.view_box.split()[-1])
    drawn = [*drawing.places, *drawing.localities]
    assert all(0 <= mark.x <= WIDTH and 0 <= mark.y <= height + 120 for mark in drawn)
    assert not [(one, other) for one, other in combinations(drawing.places, 2) if box(one).touches(box(other))]
    assert not [mark for mark in drawing.places for town in towns_of(drawing) if box(mark).touches(town)]


def towns_of(drawing) -> list[Box]:
    return [around((mark.x, mark.y), DOT / 2) for mark in drawing.localities]


def test_places_that_lie_close_are_moved_apart_and_others_are_not() -> None:
    assert spread([(100, 100), (101, 102), (300, 100)], apart=30) == [(100, 100), (101, 130), (300, 100)]


def test_north_is_up_and_east_is_right() -> None:
    project = Projection.of([(13.0, 57.3), (13.7, 57.7)])
    (west, south), (east, north) = project(13.0, 57.3), project(13.7, 57.7)
    assert west < east
    assert north < south


def test_a_degree_of_latitude_is_longer_than_one_of_longitude_up_here() -> None:
    project = Projection.of([(13.0, 57.0), (14.0, 58.0)])
    (x, y), (far_x, far_y) = project(13.0, 57.0), project(14.0, 58.0)
    assert 1.8 < (y - far_y) / (far_x - x) < 1.92


def test_the_border_is_closed_and_names_no_point_twice() -> None:
    path = path_of(SQUARE, Projection.of([(13.0, 57.3), (13.7, 57.7)]))
    assert path.startswith("M")
    assert path.endswith("Z")
    assert "," not in path
