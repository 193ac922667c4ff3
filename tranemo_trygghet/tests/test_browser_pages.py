"""Every public page of the example year in a real browser: accessible, within its width, asking nobody else.

`make check` tries a few pages of each kind in a setting of width and theme, in turn, so all pairs come up, and one of
each kind in another language too; all pages in all settings are in test_for_everyone.py.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import cycle, product

import pytest
from django.urls import resolve
from django.utils.translation import override
from playwright.sync_api import Page

from tranemo_trygghet.languages import PREFIXES, own_address
from tranemo_trygghet.tests.make import load_example

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

WIDTHS = (320, 390, 1280)
THEMES = ("light", "dark")
SETTINGS = tuple(product(WIDTHS, THEMES))
OTHER_LANGUAGES = tuple(f"/{prefix}/" for prefix in PREFIXES)
LINK = re.compile(r'<a [^>]*href="(/[^"#?]*)')
NOT_LOOKED_AT = ("/admin/", "/static/", *OTHER_LANGUAGES)


@pytest.fixture
def example(settings) -> None:
    settings.DEBUG = True
    load_example()


def addresses(page: Page, of_a_kind: int | None = None) -> list[str]:
    """Every Swedish page that can be reached from the front page, the survey's form and missing months among them.

    Or some that each view makes: of four months, those that are told, missing and without a meeting are among them.
    """
    asked, found, waiting, kinds = {"/"}, [], ["/"], Counter[str]()
    while waiting:
        path = waiting.pop()
        kind = resolve(path).view_name
        if kinds[kind] == of_a_kind:
            continue
        kinds[kind] += 1
        answer = page.request.get(path)  # asked for and not shown: that takes a browser much longer
        if answer.headers["content-type"].startswith("text/html"):
            found.append(path)
            links = {link for link in LINK.findall(answer.text()) if not link.startswith(NOT_LOOKED_AT)}
            waiting += sorted(links - asked)
            asked |= links
    return found


def in_language(code: str, path: str) -> str:
    """The same page in the language; the same address where it is in none, such as the open data's."""
    match = resolve(path)
    with override(code):
        return own_address(match)


def look(page: Page, path: str, width: int, theme: str, assert_accessible: Callable[[Page], None]) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    response = page.goto(path)
    assert response is not None
    assert response.status == 200, path
    assert "set-cookie" not in response.headers, path
    assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
    assert_accessible(page)


def test_pages_of_every_kind_of_the_example_year_are_accessible(example, page, assert_accessible) -> None:
    paths = addresses(page, of_a_kind=4)
    assert len(paths) > 25
    settings: Iterator[tuple[int, str]] = cycle(SETTINGS)
    first_of_its_kind = {resolve(path).view_name: path for path in reversed(paths)}.values()
    for path, language in zip(paths, cycle(PREFIXES.values()), strict=False):
        others = [in_language(language, path)] if path in first_of_its_kind else []
        for each in dict.fromkeys((path, *others)):
            look(page, each, *next(settings), assert_accessible)
