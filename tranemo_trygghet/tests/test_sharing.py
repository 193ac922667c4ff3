"""What others show of the portal: the picture and the words of a shared link, and the meetings as data."""

from __future__ import annotations

import io
import json
import re
from datetime import date
from html import unescape

import pytest
from django.test import Client
from PIL import Image
from playwright.sync_api import Page

from followups.linked_data import in_a_page
from followups.tests.make import make_meeting, make_report
from promises.models import Place
from promises.tests.make import make_promise
from tranemo_trygghet import picture
from tranemo_trygghet.tests.make import TENTH_OF_MAY, Portal, make_portal

pytestmark = [pytest.mark.django_db, pytest.mark.alike]

BREAKS_OUT = '</script><script>alert(1)</script> & "citat"'


@pytest.fixture
def portal(clock) -> Portal:
    clock.move_to(TENTH_OF_MAY)
    return make_portal()


def image(client: Client, address: str = "/bild.png") -> Image.Image:
    response = client.get(address)
    assert response.headers["Content-Type"] == "image/png"
    return Image.open(io.BytesIO(response.content)).convert("RGB")


def meta(client: Client, address: str) -> dict[str, str]:
    page = client.get(address).content.decode()
    found = re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', page)
    return {name: unescape(content) for name, content in found}


# --- The picture --------------------------------------------------------------------------------------


def test_the_picture_has_the_measures_that_are_asked_for_and_is_small(client: Client, portal) -> None:
    for address in ("/bild.png", "/loften/2026/bild.png", "/loften/2025/bild.png"):
        assert image(client, address).size == (1200, 630)
        assert len(client.get(address).content) < 60_000


def test_the_same_standing_is_the_same_bytes_and_another_standing_is_not(client: Client, portal) -> None:
    before = client.get("/bild.png").content
    assert client.get("/bild.png").content == before
    assert client.get("/loften/2026/bild.png").content == before
    make_report(portal.promise, "2026-03")
    assert client.get("/bild.png").content != before


def test_each_month_is_drawn_as_what_it_is(client: Client, portal) -> None:
    drawn = image(client)
    room = (picture.WIDTH - 2 * picture.MARGIN) / 12

    def at(month: int, share: float) -> str:
        x = picture.MARGIN + (month - 0.15) * room
        y = picture.RIBBON_TOP + share * picture.RIBBON_HEIGHT
        red, green, blue = drawn.getpixel((round(x), round(y)))
        colours = {picture.FOREST: "forest", picture.PAPER: "paper"}
        near = {name: distance((red, green, blue), colour) for colour, name in colours.items()}
        return min(near, key=near.get)

    # January is told and full; February had no meeting: a bar; March is missing, April awaited, May to come: hollow.
    assert [at(month, 0.75) for month in (1, 2, 3, 4, 5)] == ["forest", "paper", "paper", "paper", "paper"]
    assert [at(month, 0.5) for month in (1, 2, 3, 4, 5)] == ["forest", "forest", "paper", "paper", "paper"]


def distance(pixel: tuple[int, int, int], colour: str) -> int:
    wanted = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    return sum(abs(one - other) for one, other in zip(pixel, wanted, strict=True))


def test_its_colours_are_the_pages_own_by_day(settings) -> None:
    by_day = (settings.BASE_DIR / "static/css/tokens.css").read_text().split("@media")[0]
    for name in ("PAPER", "INK", "SOFT", "FOREST", "EDGE", "LATE"):
        assert getattr(picture, name) in by_day, name


def test_long_words_stay_on_the_picture() -> None:
    lines = picture.wrapped("Mars, april, maj, juni, juli, augusti, september och oktober saknas. " * 4, 38, 2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert all(picture.font(38).getlength(line.removesuffix(" …")) <= 1072 * picture.SCALE for line in lines)


def test_without_a_promise_there_is_a_picture_all_the_same(client: Client) -> None:
    assert image(client).size == (1200, 630)
    assert client.get("/loften/finns-inte/bild.png").status_code == 404


def test_a_draft_has_no_picture(client: Client, portal) -> None:
    make_promise(partners=portal.promise.signing_partners(), slug="utkast", published=False)
    assert client.get("/loften/utkast/bild.png").status_code == 404


# --- The words ----------------------------------------------------------------------------------------


def test_every_page_says_how_it_is_shown_where_it_is_shared(client: Client, portal, settings) -> None:
    for address in ("/", "/loften/2026/", "/uppfoljningar/2026-01/", f"/platser/{portal.place.slug}/", "/en/moten/"):
        page, said = client.get(address).content.decode(), meta(client, address)
        assert said["og:title"] == unescape(" ".join(re.search(r"<title>(.*?)</title>", page)[1].split()))
        assert said["og:description"] == said["description"]
        assert said["og:url"] == settings.SITE_URL + address
        drawn = said["og:image"].removeprefix(settings.SITE_URL)
        assert client.get(drawn).headers["Content-Type"] == "image/png"
    assert meta(client, "/loften/2025/")["og:image"].endswith("/loften/2025/bild.png")


def test_no_title_ends_the_attribute_that_it_stands_in(client: Client, portal) -> None:
    make_promise(partners=portal.promise.signing_partners(), slug="citat", title=f'Torget "{BREAKS_OUT}')
    page = client.get("/loften/citat/").content.decode()
    assert "alert(1)</script>" not in page
    assert meta(client, "/loften/citat/")["og:title"].startswith(f'Torget "{BREAKS_OUT}')


# --- The meetings as data -----------------------------------------------------------------------------


def data(client: Client) -> list[dict[str, object]]:
    page = client.get("/moten/").content.decode()
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(blocks[0]) if blocks else []


def test_the_coming_meetings_are_events_and_a_cancelled_one_says_so(client: Client, portal) -> None:
    planned, cancelled = data(client)
    assert planned["@type"] == "Event"
    assert planned["startDate"] == "2026-06-03T18:30:00+02:00"
    assert planned["eventStatus"] == "https://schema.org/EventScheduled"
    assert planned["location"]["address"] == "Torget"
    assert cancelled["eventStatus"] == "https://schema.org/EventCancelled"


def test_a_place_that_the_public_may_not_know_of_is_not_where_a_meeting_is(client: Client, portal) -> None:
    Place.objects.get().unpublish()
    assert [event["location"]["name"] for event in data(client)] == ["Tryggare Tranemo"] * 2


def test_without_a_coming_meeting_there_is_no_data(client: Client, clock) -> None:
    make_meeting(date(2026, 3, 2), kind="residents", is_public=True)
    assert "ld+json" not in client.get("/moten/").content.decode()


def test_no_words_of_a_meeting_end_the_block_they_stand_in(client: Client, clock) -> None:
    make_meeting(
        date(2026, 6, 3), kind="residents", state="planned", is_public=True, title=BREAKS_OUT, venue="<!--<script>"
    )
    page = client.get("/moten/").content.decode()
    assert page.count("<script") == 1
    assert "<!--" not in page
    (event,) = data(client)
    assert (event["name"], event["location"]["name"]) == (BREAKS_OUT, "<!--<script>")
    assert not set(in_a_page(["<>&"])) & set("<>&")


def test_a_browser_takes_the_data_for_data_and_runs_none_of_it(page: Page, clock, browser_faults) -> None:
    make_meeting(date(2026, 6, 3), kind="residents", state="planned", is_public=True, title=BREAKS_OUT)
    alarms: list[str] = []
    page.on("dialog", lambda dialog: alarms.append(dialog.message))
    page.goto("/moten/")
    held = page.evaluate("JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)")
    assert held[0]["name"] == BREAKS_OUT
    assert alarms == browser_faults == []
