"""Whoever reads, and however: every page in every language, small or large, by day and by night, with a thumb.

`make check` tries what no link leads to, and the main pages, in settings and languages taken in turn (what links
lead to is in test_browser_pages.py); `make product` tries every page in every language, width and theme.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle

import pytest
from playwright.sync_api import Page

from tranemo_trygghet.pages import embedding
from tranemo_trygghet.tests.everyone import LANGUAGES, Scene, make_everything, make_more_rounds, scenes, unlinked
from tranemo_trygghet.tests.judging import Judge
from tranemo_trygghet.tests.make import TENTH_OF_MAY, make_portal
from tranemo_trygghet.tests.test_browser_pages import SETTINGS, THEMES
from tranemo_trygghet.tests.test_reading import MAKE_TEXT, TOO_SMALL, WIDTH

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

HEIGHT = 844


@pytest.fixture
def everything(settings) -> None:
    settings.DEBUG = True
    settings.ROOT_URLCONF = "tranemo_trygghet.tests.everyone"
    make_everything()


@pytest.fixture
def main_pages(settings, clock) -> list[Scene]:
    """Of the small portal, which is made in a moment."""
    settings.ROOT_URLCONF = "tranemo_trygghet.tests.everyone"
    clock.move_to(TENTH_OF_MAY)
    portal = make_portal()
    make_more_rounds()
    paths = ("/", "/uppfoljningar/2026-01/", "/uppfoljningar/2026-03/", "/resultat/2025/", "/folj/")
    rows = (portal.promise, portal.place, portal.survey_round)
    return [Scene(path) for path in (*paths, *(row.get_absolute_url() for row in rows))]


def complaint(page: Page, assert_accessible: Callable[[Page], None]) -> list[str]:
    """What axe has to say, and whether the page is wider than its window."""
    try:
        assert_accessible(page)
    except AssertionError as failed:
        return [*too_wide(page), str(failed)]
    return too_wide(page)


def too_wide(page: Page) -> list[str]:
    return [f"wide: {got}"] if (got := page.evaluate(WIDTH)) > page.viewport_size["width"] else []


def set_to(page: Page, width: int, theme: str) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")


def hard_to_use(page: Page) -> list[str]:
    """What is too small for a thumb, and texts that are cut when they are enlarged."""
    page.set_viewport_size({"width": 390, "height": HEIGHT})
    found = [f"small: {each}" for each in page.evaluate(TOO_SMALL)]
    page.evaluate(MAKE_TEXT, "200%")
    if (got := page.evaluate(WIDTH)) > 390:
        found.append(f"wide with text of 200 %: {got}")
    page.evaluate(MAKE_TEXT, "")
    return found


def test_main_pages_and_those_that_no_link_leads_to_are_for_everyone(main_pages, page: Page, assert_accessible) -> None:
    found = {}
    # Five languages and six settings have no common factor: in turn, every pair of them comes up.
    tried = [*main_pages, *unlinked()]
    for scene, language, setting in zip(tried, cycle(LANGUAGES), cycle(SETTINGS), strict=False):
        set_to(page, *setting)
        address = scene.visit(page, language)
        found[address, setting] = complaint(page, assert_accessible) + hard_to_use(page)
    assert {where: what for where, what in found.items() if what} == {}
    assert len(found) > 30


FROM_THE_LEFT = """() => [...document.querySelectorAll('main p:has(> [lang="sv"])')].map(each => {
  const words = each.querySelector('[lang="sv"]'), own = each.innerText.replace(words.innerText, "").trim();
  return [own, words.getClientRects()[0].left - each.getBoundingClientRect().left];
})"""


def test_a_passage_in_swedish_begins_at_the_left_on_an_arabic_page(main_pages, page: Page) -> None:
    page.goto("/ar/")
    passages = [left for own, left in page.evaluate(FROM_THE_LEFT) if not own]
    assert passages
    assert max(passages) < 2


@pytest.mark.product
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_for_everyone_in_every_setting(everything, page: Page, language) -> None:
    found, seen, judge = {}, set(), Judge()
    for scene in scenes(page):
        address = scene.visit(page, language)
        if (address, scene.do) in seen or (language != "sv" and address == scene.path):
            continue  # in no language
        seen.add((address, scene.do))
        for width, theme in SETTINGS:
            set_to(page, width, theme)
            found[address, width, theme] = judge.of_colours(page, (width, theme))
            if theme == THEMES[0]:
                found[address, width] = judge.of_page(page) + too_wide(page)
        found[address, "hard to use"] = hard_to_use(page)
    assert {where: what for where, what in found.items() if what} == {}
    assert len(found) > 400


# Large letters may be paler.
PALE = {"fontSize": "16px", "fontWeight": "400"}


@pytest.mark.product
def test_a_text_that_grows_too_pale_is_seen_on_a_page_whose_texts_are_known(main_pages, page: Page) -> None:
    judge = Judge()
    for theme, pale in (("light", "#999"), ("dark", "#555")):
        page.goto("/folj/")
        set_to(page, 1280, theme)
        assert judge.of_colours(page, (1280, theme)) == judge.of_colours(page, (1280, theme)) == []
        page.evaluate("style => Object.assign(document.querySelector('main p').style, style)", PALE | {"color": pale})
        assert [each.partition(":")[0] for each in judge.of_colours(page, (1280, theme))] == ["color-contrast"]


@pytest.mark.product
def test_the_standing_in_a_narrow_frame_needs_no_scrolling(everything, page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": embedding.HEIGHT})
    page.goto("/inbaddning/aktuellt/")
    assert page.locator(".example-band").is_visible()
    assert page.evaluate("document.documentElement.scrollHeight") <= embedding.HEIGHT
