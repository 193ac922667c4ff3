"""What stands in Swedish on a page of another language says so, in the markup that reads it aloud rightly."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from tranemo_trygghet.tests.make import load_example
from tranemo_trygghet.tests.test_pages import crawl

SWEDISH = re.compile(
    r"\b(och|att|för|senast|varje|månad|är|inte|den|undersökning\w*|skolträffar|fotpatruller|siffror)\b"
)
WITHOUT_END = {"meta", "link", "br", "input", "img", "hr", "path", "use", "rect", "circle", "line"}
UNREAD = {"script", "style", "svg", "textarea"}
pytestmark = [pytest.mark.django_db, pytest.mark.alike]


class Unmarked(HTMLParser):
    """The Swedish of a page that no element says is Swedish."""

    def __init__(self) -> None:
        super().__init__()
        self.around: list[tuple[str, str | None]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in WITHOUT_END:
            outer = self.around[-1][1] if self.around else None
            self.around.append((tag, dict(attrs).get("lang") or outer))

    def handle_endtag(self, tag: str) -> None:
        while self.around and self.around.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.around and self.around[-1][1] != "sv" and not {tag for tag, _lang in self.around} & UNREAD:
            self.found += [data.strip()] * bool(SWEDISH.search(data))


def unmarked(page: str) -> list[str]:
    parser = Unmarked()
    parser.feed(page)
    return parser.found


def test_what_is_swedish_on_a_page_of_another_language_is_marked_as_swedish(settings, client) -> None:
    settings.DEBUG = True
    load_example()
    pages = {address: page.content.decode() for address, page in crawl(client, "uk", of_a_kind=2).items()}
    found = {address: unmarked(page) for address, page in pages.items() if '<html lang="uk"' in page}
    assert {address: words for address, words in found.items() if words} == {}
    assert len(found) > 20
    assert sum(page.count('<span lang="sv"') for page in pages.values()) > 20


def test_swedish_that_is_not_marked_is_found() -> None:
    page = '<html lang="uk"><p>2 з 3 <span lang="sv">skolträffar varje kvartal</span></p><p>2 з 3 %s</p>'
    assert unmarked(page % "skolträffar varje kvartal") == ["2 з 3 skolträffar varje kvartal"]
    assert unmarked(page % "зустрічей") == []
