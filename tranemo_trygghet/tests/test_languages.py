"""The language of a page is in its address, and nowhere else."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from promises.addresses import address_of
from promises.tests.make import make_promise
from promises.wording import full_day
from tranemo_trygghet.languages import PREFIXES

pytestmark = pytest.mark.alike

HTML = {"": ("sv", "ltr"), "en/": ("en", "ltr"), "lattlast/": ("sv", "ltr"), "uk/": ("uk", "ltr"), "ar/": ("ar", "rtl")}


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", HTML)
def test_the_address_says_the_language_and_the_page_says_it_too(client, prefix) -> None:
    page = client.get(f"/{prefix}om/", headers={"accept-language": "fi"})
    language, direction = HTML[prefix]
    assert f'<html lang="{language}" dir="{direction}">' in page.content.decode()
    assert f'<link rel="canonical" href="{settings.SITE_URL}/{prefix}om/">' in page.content.decode()
    assert "Content-Language" not in page.headers
    assert "language" not in page.headers.get("Vary", "").lower()
    assert not page.cookies


def test_an_address_and_a_day_are_in_the_language_that_is_spoken_however_often_they_are_asked_for() -> None:
    for _time in range(2):
        for code, prefix in [(settings.LANGUAGE_CODE, ""), *((code, f"{each}/") for each, code in PREFIXES.items())]:
            with translation.override(code):
                assert address_of("promises:detail", "2026") == f"/{prefix}loften/2026/"
                assert full_day(date(2026, 5, 5)) == date_format(date(2026, 5, 5), "DATE_FORMAT").replace(" ", "\xa0")


@pytest.mark.django_db
def test_without_a_prefix_the_page_is_swedish_whatever_the_browser_says(client) -> None:
    client.cookies["django_language"] = "ar"
    asked = client.get("/", headers={"accept-language": "ar"})
    assert asked.content == client.get("/").content
    assert b'lang="sv"' in asked.content


@pytest.mark.django_db
def test_every_page_names_itself_in_every_language(client) -> None:
    promise = make_promise(slug="2026")
    for prefix in HTML:
        page = client.get(f"/{prefix}loften/{promise.slug}/").content.decode()
        alternates = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"', page))
        whole = f"{settings.SITE_URL}/%sloften/2026/"
        assert alternates == {
            "sv": whole % "", "en": whole % "en/", "uk": whole % "uk/", "ar": whole % "ar/", "x-default": whole % "",
        }  # fmt: skip
        menu = page[page.index('<details class="languages">') :]
        for other in HTML:
            assert f'href="/{other}loften/2026/"' in menu
        assert re.findall(r'href="([^"]+)"[^>]*aria-current="true"', menu)[0] == f"/{prefix}loften/2026/"


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_page_leads_to_pages_in_its_own_language(client, prefix) -> None:
    page = client.get(f"/{prefix}/").content.decode()
    without_menu = re.sub(r'<details class="languages">.*?</details>', "", page, flags=re.DOTALL)
    in_swedish_alone = {reverse("admin:index"), reverse("open_data"), reverse("embedding")}
    swedish = set(re.findall(r'<a [^>]*href="(/[^"]*)"', without_menu)) - in_swedish_alone
    assert [address for address in swedish if not address.startswith(f"/{prefix}/")] == []


@pytest.mark.django_db
def test_an_error_page_is_in_the_language_of_the_address(client) -> None:
    page = client.get("/ar/finns-inte/")
    assert page.status_code == 404
    assert '<html lang="ar" dir="rtl">' in page.content.decode()
    assert 'href="/ar/sok/"' in page.content.decode()


@pytest.mark.parametrize(
    "address", ["/en/admin/", "/en/healthz", "/en/moten.ics", "/en/uppfoljningar/flode.atom", "/sv/", "/de/", "/eng/"]
)
def test_what_is_in_no_language_has_one_address(client, db, address) -> None:
    assert client.get(address, follow=True).status_code == 404


@pytest.mark.django_db
def test_a_prefix_without_its_slash_leads_to_the_front_page(client) -> None:
    assert client.get("/en")["Location"] == "/en/"


@pytest.mark.django_db
def test_no_language_stays_behind_for_the_next_visitor(client) -> None:
    client.get("/ar/")
    assert translation.get_language() == settings.LANGUAGE_CODE
