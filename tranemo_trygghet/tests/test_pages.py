"""What holds for every public page at once: all links lead somewhere, nothing secret shows, nobody gets a cookie."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse
from django.utils.translation import override
from pypdf import PdfReader

from tranemo_trygghet.languages import language_of
from tranemo_trygghet.tests.make import SECRET, TENTH_OF_MAY, Portal, make_portal, plant_secrets

pytestmark = pytest.mark.django_db

FOR_MACHINES = ["/robots.txt", "/sitemap.xml", "/sok/?q=det"]


@pytest.fixture
def portal(clock) -> Portal:
    clock.move_to(TENTH_OF_MAY)
    return make_portal()


@pytest.fixture(scope="module")
def pages(django_db_setup, django_db_blocker) -> dict[str, HttpResponse]:
    """Every Swedish page of the same portal: making them takes seconds, so once for all tests that only read them."""
    with django_db_blocker.unblock(), time_machine.travel(TENTH_OF_MAY, tick=False), transaction.atomic():
        make_portal()
        pages = crawl(Client())
        transaction.set_rollback(True)
        return pages


def crawl(client: Client, language: str = "sv", of_a_kind: int | None = None) -> dict[str, HttpResponse]:
    """Every page in a language that can be reached from its front page, and what machines ask for, by address.

    Or, `of_a_kind`, at most so many that the same view makes.
    """
    kinds = Counter[str]()
    with override(language):
        waiting, pages = [reverse("home"), *FOR_MACHINES], {}
    while waiting:
        address = waiting.pop(0)
        if address in pages or address.startswith(("/admin", "/static")):
            continue
        if language_of(address) != language and address not in FOR_MACHINES:
            continue
        with override(language_of(address)):
            kind = resolve(address.partition("?")[0]).view_name
        if kinds[kind] == of_a_kind:
            continue
        kinds[kind] += 1
        pages[address] = client.get(address)
        if pages[address].headers["Content-Type"].startswith("text/html"):
            links = re.findall(r'href="(/[^"#]*)', pages[address].content.decode())
            waiting += dict.fromkeys(links)
    return pages


def readable(page: Any) -> str:
    """All that a page or a file gives away."""
    return words_in(page.content)


def words_in(content: bytes) -> str:
    """A spreadsheet is a packed folder of texts, and a PDF file holds its words in pieces."""
    if content.startswith(b"%PDF"):
        file = PdfReader(BytesIO(content))
        return "\n".join([str(file.metadata), *(page.extract_text() for page in file.pages)])
    if zipfile.is_zipfile(BytesIO(content)):
        with zipfile.ZipFile(BytesIO(content)) as folder:
            content = b"\n".join([name.encode() + folder.read(name) for name in folder.namelist()])
    return content.decode(errors="replace")


def test_no_link_is_dead_and_no_page_sets_a_cookie(pages: dict[str, HttpResponse]) -> None:
    assert_sound(pages)


def test_no_link_is_dead_and_no_page_sets_a_cookie_in_another_language(portal: Portal, client: Client) -> None:
    assert_sound(crawl(client, "ar"))


def assert_sound(pages: dict[str, HttpResponse]) -> None:
    assert {address: page.status_code for address, page in pages.items() if page.status_code != 200} == {}
    assert [address for address, page in pages.items() if page.cookies] == []
    assert [address for address, page in pages.items() if "Cookie" in page.headers.get("Vary", "")] == []
    assert len(pages) > 25


def test_every_page_may_be_kept_by_anyone_for_a_moment(pages: dict[str, HttpResponse]) -> None:
    kept = {address: page.headers.get("Cache-Control", "") for address, page in pages.items()}
    assert {address: value for address, value in kept.items() if not value.startswith("public, max-age=")} == {}


def test_every_page_has_one_main_heading_and_no_name_twice(pages: dict[str, HttpResponse]) -> None:
    for address, page in pages.items():
        if page.headers["Content-Type"].startswith("text/html"):
            html = page.content.decode()
            names = Counter(re.findall(r'\sid="([^"]*)"', html))
            assert len(re.findall(r"<h1[ >]", html)) == 1, address
            assert [name for name, times in names.items() if times > 1] == [], address
            levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", html)]
            assert all(after <= before + 1 for before, after in pairwise(levels)), address


def test_every_page_says_whom_to_call_and_that_it_takes_no_tips(pages: dict[str, HttpResponse]) -> None:
    told = ["tel:112", "tel:11414", "Pågår ett brott?", "tar vi inte emot tips"]
    missing = {
        address: [each for each in told if each not in page.content.decode()]
        for address, page in pages.items()
        if page.headers["Content-Type"].startswith("text/html") and not address.startswith("/inbaddning/")
    }
    assert {address: each for address, each in missing.items() if each} == {}
    assert len(missing) > 20


def test_no_page_promises_more_than_the_survey_keeps(pages: dict[str, HttpResponse]) -> None:
    for address, page in pages.items():
        words = readable(page).lower()
        assert "helt anonym" not in words, address
        assert "går inte att spåra" not in words, address


def test_no_draft_shows_anywhere(portal: Portal, client: Client) -> None:
    before = crawl(client)
    plant_secrets(portal)
    after = crawl(client)
    assert [address for address, page in after.items() if SECRET in readable(page)] == []
    assert set(after) == set(before)
    for guess in (f"/loften/{SECRET}/", f"/platser/{SECRET}/", f"/enkater/{SECRET}/", "/resultat/2026/"):
        assert client.get(guess).status_code == 404
    assert client.get("/sok/", {"q": SECRET}).content.decode().count("<li><p") == 0


def test_addresses_that_never_were_are_not_found(portal: Portal, client: Client) -> None:
    for address in (
        "/loften/finns-inte/",
        "/platser/finns-inte/",
        "/uppfoljningar/2024-12/",
        "/uppfoljningar/2026-13/",
        "/uppfoljningar/oktober/",
        "/resultat/2030/",
    ):
        page = client.get(address)
        assert page.status_code == 404, address
        assert "Sidan finns inte" in page.content.decode()


def test_an_empty_portal_has_all_its_pages(client: Client) -> None:
    pages = crawl(client)
    assert {page.status_code for page in pages.values()} == {200}
    assert "Inget medborgarlöfte gäller just nu" in pages["/"].content.decode()
