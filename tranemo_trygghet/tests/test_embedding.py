"""The standing in a frame on the authorities' own sites, the code to paste, and a report as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.core import checks
from django.test import Client
from playwright.sync_api import Page, expect

from followups.tests.make import make_deed, make_report
from promises.tests.make import make_promise
from tranemo_trygghet.tests.make import SWEDEN, TENTH_OF_MAY, Portal, make_portal

pytestmark = [pytest.mark.django_db, pytest.mark.alike]

POLICE = "https://www.polisen.example"


@pytest.fixture
def portal(clock) -> Portal:
    clock.move_to(TENTH_OF_MAY)
    return make_portal()


def policy(client: Client, address: str) -> dict[str, str]:
    parts = client.get(address).headers["Content-Security-Policy"].split("; ")
    return dict(part.split(" ", 1) for part in parts)


# --- Who may frame what -------------------------------------------------------------------------------


def test_the_named_hosts_and_we_may_frame_the_standing_and_nothing_else(client: Client, portal, settings) -> None:
    settings.EMBED_HOSTS = [POLICE, "https://*.tranemo.example"]
    for address in ("/inbaddning/2026/", "/inbaddning/aktuellt/"):
        response = client.get(address)
        assert policy(client, address)["frame-ancestors"] == f"'self' {POLICE} https://*.tranemo.example"
        assert "X-Frame-Options" not in response.headers
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "<script" not in response.content.decode()
    for address in ("/", "/inbaddning/", "/loften/2026/", "/oppna-data/"):
        assert policy(client, address)["frame-ancestors"] == "'none'"
        assert client.get(address).headers["X-Frame-Options"] == "DENY"


def test_until_somebody_is_named_only_we_may_frame_it(client: Client, portal) -> None:
    assert policy(client, "/inbaddning/2026/")["frame-ancestors"] == "'self'"
    assert "Ännu får ramen inte visas på någon annan webbplats." in client.get("/inbaddning/").content.decode()


def test_our_own_page_may_show_the_frame_and_no_other_page_any(client: Client, portal) -> None:
    assert policy(client, "/inbaddning/")["frame-src"] == "'self'"
    assert "frame-src" not in policy(client, "/")


@pytest.mark.parametrize(
    ("host", "fine"),
    [
        ("https://polisen.se", True),
        ("https://*.tranemo.se:8443", True),
        ("polisen.se", False),
        ("http://polisen.se", False),
        ("https:", False),
        ("https://*", False),
        ("*", False),
        ("https://polisen.se; script-src *", False),
        ("https://polisen.se/kommun", False),
    ],
)
def test_a_host_is_named_whole_or_the_start_says_how(settings, host: str, fine: bool) -> None:
    settings.EMBED_HOSTS = [host]
    found = [each for each in checks.run_checks() if each.id == "tranemo.E002"]
    assert (found == []) == fine


# --- What it says -------------------------------------------------------------------------------------


def test_the_frame_says_what_the_front_page_says_and_what_is_late(client: Client, portal) -> None:
    sentence = re.search(r'<p class="ribbon__sentence">(.*?)</p>', client.get("/").content.decode())[1]
    frame = client.get("/inbaddning/2026/").content.decode()
    assert f'<p class="ribbon__sentence">{sentence}</p>' in frame
    assert "Mars saknas" in sentence
    assert "Februari 2026: inget möte" in frame
    assert "Alla var sjuka." in frame


def test_every_link_in_the_frame_leaves_it(client: Client, portal) -> None:
    frame = client.get("/inbaddning/2026/").content.decode()
    assert '<base target="_top">' in frame
    assert "target=" not in frame.replace('<base target="_top">', "")


def test_the_code_that_was_pasted_goes_on_with_the_next_promise(client: Client, portal, clock) -> None:
    partners = portal.promise.signing_partners()
    make_promise(partners=partners, slug="2027", title="Nästa", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31))
    assert "/loften/2026/" in client.get("/inbaddning/aktuellt/").content.decode()
    clock.move_to(datetime(2027, 2, 1, 10, 0, tzinfo=SWEDEN))
    now = client.get("/inbaddning/aktuellt/").content.decode()
    assert "/loften/2027/" in now
    assert "/loften/2026/" not in now
    clock.move_to(datetime(2028, 2, 1, 10, 0, tzinfo=SWEDEN))
    gap = client.get("/inbaddning/aktuellt/").content.decode()
    assert "Inget medborgarlöfte gäller just nu" in gap
    assert "/loften/2027/" in gap
    assert client.get("/inbaddning/2026/").status_code == 200


def test_two_promises_at_once_are_both_in_the_frame(client: Client, portal) -> None:
    make_promise(partners=portal.promise.signing_partners(), slug="torget", title="Tryggt torg")
    frame = client.get("/inbaddning/aktuellt/").content.decode()
    assert frame.count('class="ribbon__sentence"') == 2
    assert frame.count("<h1") == frame.count("<main") == 1


def test_what_is_not_published_has_no_frame(client: Client, portal) -> None:
    make_promise(partners=portal.promise.signing_partners(), slug="utkast", published=False)
    assert client.get("/inbaddning/utkast/").status_code == 404


# --- A report as text ---------------------------------------------------------------------------------


def test_a_told_month_can_be_taken_as_text_with_the_words_of_its_page(client: Client, portal, settings) -> None:
    summary = "Vi har **gått** runt.\n\n- Lampor\n- Buskar\n\n<script>alert(1)</script>"
    make_report(portal.promise, "2026-03", summary=summary, text="En *lampa* är lagad.")
    make_deed(portal.promise.actions.get(number=4), what="fotpatrull", done_on=date(2026, 3, 9), place=portal.place)
    response = client.get("/uppfoljningar/2026-03/rapport.txt")
    text = response.content.decode()
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    for words in ("Vi har gått runt.", "Lampor\n\nBuskar", "En lampa är lagad.", "– Fotpatrull, 9", "Torget", "Pågår"):
        assert words in text, words
    assert text.startswith(f"Mars 2026\n{portal.promise}\n\n")
    assert text.endswith(f"Läs mer: {settings.SITE_URL}/uppfoljningar/2026-03/\n")
    page = client.get("/uppfoljningar/2026-03/text/").content.decode()
    assert "<script>alert" not in page
    assert "En lampa är lagad." in page
    assert 'href="/uppfoljningar/2026-03/text/"' in client.get("/uppfoljningar/2026-03/").content.decode()


def test_corrections_and_months_without_a_meeting_are_in_the_text(client: Client, portal) -> None:
    assert "Det var två lampor." in client.get("/uppfoljningar/2026-01/rapport.txt").content.decode()
    february = client.get("/uppfoljningar/2026-02/rapport.txt").content.decode()
    assert february.startswith("Februari 2026: inget möte\n")
    assert "Alla var sjuka." in february


def test_of_a_month_that_nobody_has_told_about_there_is_nothing_to_paste(client: Client, portal) -> None:
    for month in ("2026-03", "2026-06", "2020-01", "mars"):
        assert client.get(f"/uppfoljningar/{month}/rapport.txt").status_code == 404
        assert client.get(f"/uppfoljningar/{month}/text/").status_code == 404
    assert "/text/" not in client.get("/uppfoljningar/2026-03/").content.decode()


# --- In a real browser --------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [390])
def test_the_page_with_the_code_shows_the_frame_as_it_will_be(page: Page, portal, assert_accessible) -> None:
    page.goto("/inbaddning/")
    assert_accessible(page)
    narrow = page.frame_locator(".embed-preview--narrow")
    expect(narrow.locator(".ribbon__sentence")).to_contain_text("Mars saknas")
    fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    for frame in page.frames:
        assert frame.evaluate(fits), frame.url
    narrow.get_by_role("link", name="Februari 2026: inget möte", exact=True).click()
    page.wait_for_url("**/uppfoljningar/2026-02/")


def test_the_frame_by_itself_is_accessible(page: Page, portal, assert_accessible) -> None:
    page.goto("/inbaddning/2026/")
    assert_accessible(page)


@pytest.fixture
def other_site(live_server) -> Iterator[str]:
    """A site of somebody else, with a page that shows our standing in a frame: its address."""
    body = f'<!doctype html><title>Kommunen</title><iframe src="{live_server.url}/inbaddning/2026/"></iframe>'

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_host_that_is_named_shows_the_frame_and_another_does_not(
    page: Page, portal, settings, other_site: str, browser_faults: list[str]
) -> None:
    settings.EMBED_HOSTS = [other_site]
    page.goto(other_site)
    expect(page.frame_locator("iframe").locator(".ribbon__sentence")).to_be_visible()
    assert not refused(browser_faults)
    settings.EMBED_HOSTS = ["https://annan.example"]
    page.goto(other_site)
    wait_for(lambda: refused(browser_faults), page)
    expect(page.frame_locator("iframe").locator(".ribbon__sentence")).to_have_count(0)
    browser_faults.clear()


def refused(faults: list[str]) -> bool:
    return any("frame-ancestors" in fault for fault in faults)


def wait_for(true: Callable[[], bool], page: Page) -> None:
    for _attempt in range(50):
        if true():
            return
        page.wait_for_timeout(100)
    pytest.fail("it never came")


def test_the_button_copies_the_whole_text(page: Page, portal, browser_context) -> None:
    browser_context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/uppfoljningar/2026-01/text/")
    page.get_by_role("button", name="Kopiera").click()
    expect(page.get_by_role("status")).to_have_text("Kopierat")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.input_value("textarea")
    assert "Det var två lampor." in copied


@pytest.mark.parametrize("javascript", [False])
def test_without_script_the_text_is_there_to_be_marked(page: Page, portal) -> None:
    page.goto("/uppfoljningar/2026-01/text/")
    assert "Det var två lampor." in page.input_value("textarea")
    assert page.get_by_role("button", name="Kopiera").count() == 0
