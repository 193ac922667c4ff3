"""The map: every point on the sheet, and no label on another."""

from __future__ import annotations

from itertools import combinations

import pytest

from promises.models import Locality, Municipality, Place
from tranemo_trygghet.mapping import (
    DOT,
    LETTER,
    LINE,
    WIDTH,
    Box,
    Mark,
    Projection,
    around,
    best_seat,
    draw,
    lead_line,
    path_of,
    spread,
)

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


def test_a_place_that_was_moved_has_a_line_from_where_it_is_and_the_map_says_so() -> None:
    municipality = Municipality(name="Testkommun", border=SQUARE)
    close = places((13.35, 57.48), (13.351, 57.481), (13.6, 57.4))
    drawing = draw(municipality, [], close, lambda place: None, "Karta", "Källa.", "Flyttade isär.")
    assert [bool(mark.lead) for mark in drawing.places] == [True, False, False]
    assert drawing.places[0].lead.endswith(f"L{drawing.places[0].x} {drawing.places[0].y}")
    assert drawing.source == "Källa. Flyttade isär."
    alone = draw(municipality, [], close[1:], lambda place: None, "Karta", "Källa.", "Flyttade isär.")
    assert (alone.source, [mark.lead for mark in alone.places]) == ("Källa.", ["", ""])


def test_a_label_without_room_beside_its_place_goes_farther_out_on_a_line() -> None:
    sheet, wall = Box(0, 0, WIDTH, 300), Box(60, 80, 300, 120)
    seat = best_seat((180, 100), "Torget", 18, [wall], sheet)
    assert not seat.box.touches(wall)
    assert seat.lead
    assert lead_line((180, 100), (180, 100), seat).startswith("M180 100L")
    free = best_seat((180, 100), "Torget", 18, [], sheet)
    assert (free.lead, lead_line((180, 100), (180, 100), free)) == (None, "")


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
