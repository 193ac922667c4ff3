"""On paper each report, result and place says where it is on the web, in letters and in a code for the telephone."""

from __future__ import annotations

import re

import pytest
import segno
from django.test import Client
from playwright.sync_api import Page

from surveys.letters import qr_code
from tranemo_trygghet.templatetags.paper import on_paper
from tranemo_trygghet.tests.make import TENTH_OF_MAY, Portal, make_portal

pytestmark = pytest.mark.alike


@pytest.fixture
def addresses(db, clock) -> list[str]:
    clock.move_to(TENTH_OF_MAY)
    portal: Portal = make_portal()
    told = portal.promise.rounds.exclude(pk=portal.survey_round.pk).get()
    return [
        "/uppfoljningar/2026-01/",
        "/uppfoljningar/2026-02/",
        "/uppfoljningar/2026-03/",
        "/en/uppfoljningar/2026-01/",
        "/resultat/2025/",
        told.get_absolute_url() + "resultat/",
        portal.place.get_absolute_url(),
        portal.promise.get_absolute_url(),
    ]


def test_the_printed_page_leads_back_to_the_page(addresses: list[str], client: Client, settings) -> None:
    settings.SITE_URL = "https://tryggare.example"
    for address in addresses:
        html = client.get(address).content.decode()
        (printed,) = re.findall(r'<p class="on-paper print-only">(.*?)</p>', html, re.DOTALL)
        assert printed.endswith(f"<br>https://tryggare.example{address}"), address
        drawing = re.search(r'd="([^"]+)"', qr_code(f"https://tryggare.example{address}", ""))
        assert drawing[1] in printed, address
        assert "style=" not in printed


def test_the_code_of_a_public_page_is_drawn_once_and_that_of_a_letter_is_kept_nowhere(monkeypatch) -> None:
    drawn, make = [], segno.make
    monkeypatch.setattr(segno, "make", lambda address, **how: drawn.append(address) or make(address, **how))
    page, letter = "https://tryggare.example/drawn-once/", "https://tryggare.example/enkater/x/#ABCDEFGHJK"
    assert on_paper(page) == on_paper(page)
    assert qr_code(letter, "Enkäten") == qr_code(letter, "Enkäten")
    assert drawn == [page, letter, letter]


def test_the_address_shows_on_paper_alone_and_what_can_be_pressed_on_the_screen_alone(
    live_server, addresses: list[str], page: Page
) -> None:
    for address in addresses:
        page.emulate_media(media="screen")
        page.goto(live_server.url + address)
        assert not page.locator(".on-paper").is_visible(), address
        page.emulate_media(media="print")
        assert page.locator(".on-paper").is_visible(), address
        assert page.locator(".on-paper svg").bounding_box()["width"] > 90, address
        for pressed in ("nav", ".onward", ".more > summary", ".site-footer", ".no-print"):
            assert [each for each in page.locator(pressed).all() if each.is_visible()] == [], f"{address} {pressed}"
        # A4 within its margins is 174 mm wide.
        page.set_viewport_size({"width": 658, "height": 986})
        assert page.evaluate("document.documentElement.scrollWidth") <= 658, address
