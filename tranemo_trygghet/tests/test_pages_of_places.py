"""The map, the list of places, and one place in three steps."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from followups.tests.make import make_deed, make_report
from promises.models import Place, PlaceReason
from promises.tests.make import make_locality, make_place, make_promise
from surveys.tests.make import CLOSES, make_round
from tranemo_trygghet.pages.places import SO_MANY_DEEDS, standing_of
from tranemo_trygghet.tests.make import TENTH_OF_MAY, make_portal
from tranemo_trygghet.tests.test_pages_of_the_promise import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.alike]


class Somehow:
    """An action that stands somehow."""

    def __init__(self, code: str) -> None:
        self.code = code


@pytest.mark.parametrize(
    ("codes", "something_is_done", "expected"),
    [
        ([], True, None),
        (["done", "done"], True, "done"),
        (["done", "behind"], True, "ongoing"),
        (["behind", "not_started"], False, "behind"),
        (["ongoing", "not_started"], False, "ongoing"),
        (["done", "not_started"], False, "ongoing"),
        (["ongoing", "behind"], False, "behind"),
        (["not_started"], False, "not_started"),
    ],
)
def test_a_place_stands_by_what_is_done_there(codes: list[str], something_is_done: bool, expected: str | None) -> None:
    standing = standing_of([Somehow(code) for code in codes], something_is_done)
    assert (standing and standing.code) == expected


def test_a_place_tells_what_was_said_what_is_done_and_how_it_went(client: Client, clock) -> None:
    clock.move_to(TENTH_OF_MAY)
    make_portal()
    page = words_of(client, Place.objects.get(name="Torget").get_absolute_url())
    steps = [page.index(words) for words in ("Ni sa", "Det är mörkt där.", "Vi gör", "Så gick det", "Fotpatrull")]
    assert steps == sorted(steps)
    assert "Kom fram på ett trygghetsmöte 1 december 2025." in page
    assert "svarade ”Mycket trygg” eller ”Ganska trygg”" in page
    assert re.search(r"[A-Z]\w+ 2026, troligen mellan \d+ och \d+ %\.", page.replace("\xa0", " ")), (
        "when, and how sure it is"
    )
    assert "Trettio kom." in page


def test_a_place_that_is_no_longer_shown_is_named_nowhere_beside_what_was_done_there(client: Client, clock) -> None:
    clock.move_to(TENTH_OF_MAY)
    portal = make_portal()
    told = {
        "/uppfoljningar/2026-01/": f'<a href="{portal.place.get_absolute_url()}">Torget</a>',
        "/uppfoljningar/2026-01/text/": "Fotpatrull, 9\xa0januari\xa02026, Torget",
        "/loften/2026/": "Fotpatrull, Torget",
    }
    for address, words in told.items():
        assert words in client.get(address).content.decode(), address
    Place.objects.get().unpublish()
    for address, words in told.items():
        page = client.get(address).content.decode()
        assert words not in page, address
        assert portal.place.get_absolute_url() not in page
        assert "Fotpatrull" in page


def test_a_place_tells_the_last_day_of_a_survey_whose_result_is_not_ready(client: Client, clock) -> None:
    place = make_place("Torget")
    make_round(title="Våren", places=[place])
    clock.move_to(CLOSES)
    words = words_of(client, place.get_absolute_url()).replace("\xa0", " ")
    assert "Våren stängde 31 mars 2026. Resultatet är inte klart." in words


def test_every_place_on_the_map_is_a_link_with_its_standing_and_stands_in_the_list(client: Client, clock) -> None:
    place = make_place("Torget")
    make_promise(places=[place])
    html = client.get("/platser/").content.decode()
    assert re.search(rf'<a[^>]*href="{place.get_absolute_url()}"[^>]*aria-label="Torget: Inte påbörjad"', html)
    assert html.count(f'href="{place.get_absolute_url()}"') == 2


def test_the_map_has_whole_numbers_only(client: Client, clock) -> None:
    make_promise(places=[make_place(latitude=57.4811, longitude=13.3577)])
    html = client.get("/platser/").content.decode()
    assert not re.search(r'(?:cx|cy|x|y)="[^"]*,', html)
    assert "translate(" in html


def test_a_planned_patrol_is_nowhere_and_a_done_one_waits_for_its_report(client: Client, clock) -> None:
    place = make_place("Torget", is_hotspot=True)
    promise = make_promise(places=[place])
    make_deed(promise.actions.get(number=4), what="Fotpatrull", place=place, done_on=date(2026, 2, 3))
    assert "Fotpatrull" not in words_of(client, place.get_absolute_url())
    make_report(promise, "2026-02")
    assert "Fotpatrull" in words_of(client, place.get_absolute_url())


@pytest.mark.parametrize("address", ["/platser/", "/platser/torget/", "/", "/loften/2026/"])
def test_more_places_and_deeds_cost_no_more_questions(client: Client, clock, address: str) -> None:
    place = make_place("Torget", slug="torget")
    promise = make_promise(slug="2026", places=[place])

    def one_more(number: int) -> None:
        other = make_place(locality=make_locality())
        PlaceReason.objects.create(place=other, source="samfu", noted_on=date(2026, 1, 1))
        PlaceReason.objects.create(place=place, source="samfu", noted_on=date(2026, 1, 1))
        for action in promise.actions.all():
            action.actionplace_set.create(place=other)
            make_deed(action, place=place, done_on=date(2026, 1, 9))
        make_report(promise, f"2026-0{number}")

    one_more(1)
    client.get(address)
    with CaptureQueriesContext(connection) as with_one:
        client.get(address)
    one_more(2)
    one_more(3)
    with CaptureQueriesContext(connection) as with_three:
        client.get(address)
    assert len(with_three) == len(with_one)


def test_a_place_shows_its_newest_deeds_and_says_where_the_older_ones_stand(client: Client, clock) -> None:
    place = make_place("Torget", slug="torget")
    promise = make_promise(places=[place])
    action = promise.actions.get(number=4)
    for number in range(SO_MANY_DEEDS):
        make_deed(action, what=f"Fotpatrull nr {number}.", place=place, done_on=date(2026, 2, 1 + number))
    make_report(promise, "2026-02")
    make_deed(action, what="Annan plats.", place=make_place(), done_on=date(2026, 2, 1))
    page = words_of(client, "/platser/torget/")
    assert page.count("Fotpatrull nr") == SO_MANY_DEEDS
    assert "äldre insats" not in page
    make_deed(action, what="Den äldsta.", place=place, done_on=date(2026, 1, 31))
    make_report(promise, "2026-01")
    page = words_of(client, "/platser/torget/")
    assert page.count("Fotpatrull nr") == SO_MANY_DEEDS
    assert "15 insatser till" in page
    assert "1 äldre insats står i öppna data" in page
    assert "Den äldsta." not in page
