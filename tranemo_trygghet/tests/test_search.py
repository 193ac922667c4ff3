"""Search finds what is published, by the beginning of words, whatever the case."""

from __future__ import annotations

import pytest
from django.test import Client

from followups.tests.make import make_report
from promises.tests.make import make_place, make_promise
from tranemo_trygghet.pages.search import EXCERPT, Page, around, hits

pytestmark = pytest.mark.django_db


def titles(query: str) -> list[str]:
    return [hit.page.title for hit in hits(query)]


def test_capital_and_small_letters_are_the_same_also_with_dots_and_rings(clock) -> None:
    make_place("Åsgatan")
    assert titles("åsgatan") == titles("ÅSG") == ["Åsgatan"]
    assert titles("sgatan") == []


def test_every_word_must_be_there_and_a_title_weighs_most(clock) -> None:
    make_place("Torget", description="Där är belysningen trasig.")
    make_place("Belysningen", description="Torget ligger bredvid.")
    assert set(titles("belysning torg")) == {"Torget", "Belysningen"}
    assert titles("belysning") == ["Belysningen", "Torget"]
    assert titles("belysning park") == []


def test_a_report_is_found_by_what_it_says_of_an_action(clock) -> None:
    make_report(make_promise(), "2026-01", text="Vi har bytt **lampor**.")
    make_report(make_promise(), "2026-02", text="Hemliga lampor.", published=False)
    assert titles("lampor") == ["Januari 2026"]


@pytest.mark.parametrize("query", ["", " ", "%", "'", "\x00", "(", "<script>", "a" * 5000])
def test_no_query_breaks_the_page(client: Client, query: str) -> None:
    page = client.get("/sok/", {"q": query})
    assert page.status_code == 200
    assert "<script>" not in page.content.decode()


def test_a_page_without_the_word_scores_nought() -> None:
    assert Page("", "Torget", "/", "Ljust och fint").score(["mörkt"]) == 0


@pytest.mark.parametrize("place", [0, 40, 500, 990])
def test_the_excerpt_is_short_whole_words_around_what_was_looked_for(place: int) -> None:
    text = "ord " * (place // 4) + "lampor " + "ord " * (250 - place // 4)
    excerpt = around(["lamp"], text)
    assert "lampor" in excerpt
    assert len(excerpt) <= EXCERPT + 4
    assert set(excerpt.split()) <= {"ord", "lampor", "…"}
