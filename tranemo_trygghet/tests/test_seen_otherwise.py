"""In the reader's own colours nothing that carries meaning is lost; on paper nothing is cut."""

from __future__ import annotations

from io import BytesIO
from itertools import combinations

import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Locator, Page
from pypdf import PdfReader

from tranemo_trygghet.tests.everyone import Scene
from tranemo_trygghet.tests.test_for_everyone import main_pages

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["main_pages"]  # a fixture

# What is drawn, on the page of all components: each of them must stand out from the page.
DRAWN = (
    ".ribbon__shape", ".ribbon__notch", ".ribbon__dot", ".standing__shape", ".count__dots", ".map__border",
    ".map .standing__shape", ".share-chart__step", ".bar-chart__sure", ".bar-chart__range", ".bar-chart__interval",
    ".trend-chart__line", ".trend-chart__point", ".trend-chart__interval",
)  # fmt: skip
# What is marked by its edge where it begins; some have words in them, so the edge alone is looked at.
EDGED = (".timeline__month", ".notice", ".missing", "main .button", "main input:not([type=radio], [type=checkbox])",
         "main textarea", ".question__option", ".letter")  # fmt: skip
# What must not look alike: the same kind of mark, saying different things.
TOLD_APART = (".ribbon__shape", ".cluster .standing__shape")
FOCUSED = (".ribbon__link", ".map__place", "main .button", ".question__option input", "main input[type=email]")
ENOUGH = 8  # pixels
ALIKE = 4  # of 255, on the whole


def brightness(channel: int) -> float:
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def luminance(pixel: tuple[int, int, int]) -> float:
    red, green, blue = map(brightness, pixel)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def photograph(page: Page) -> Image.Image:
    return Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")


def box_of(element: Locator) -> tuple[float, float, float, float]:
    """Where it stands on the whole page: left, top, right, bottom."""
    left, top, width, height = element.evaluate(
        "each => { const box = each.getBoundingClientRect(); return [box.x, box.y + scrollY, box.width, box.height]; }"
    )
    return left, top, left + width, top + height


def standing_out(picture: Image.Image, area: tuple[float, float, float, float]) -> int:
    """How many pixels can be told from the page, as WCAG asks of what carries meaning: three to one."""
    page_colour = picture.getpixel((1, picture.height // 2))
    colours = picture.crop(tuple(map(round, area))).getcolors(maxcolors=1_000_000)
    return sum(times for times, colour in colours if contrast(colour, page_colour) >= 3)


@pytest.fixture
def own_colours(page: Page, main_pages, color_scheme) -> Page:
    page.emulate_media(forced_colors="active", color_scheme=color_scheme, reduced_motion="reduce")
    return page


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_in_the_readers_own_colours_every_mark_can_be_seen(own_colours: Page, assert_accessible) -> None:
    page = own_colours
    Scene("/stil/").visit(page, "sv")
    picture = photograph(page)
    unseen = []
    for selector in DRAWN:
        for number, element in enumerate(found := page.locator(selector).all()):
            left, top, right, bottom = box_of(element)
            if standing_out(picture, (left - 2, top - 2, right + 2, bottom + 2)) < ENOUGH:
                unseen.append((selector, number))
        assert found, selector
    for selector in EDGED:
        for number, element in enumerate(found := page.locator(selector).all()):
            left, top, _right, bottom = box_of(element)
            middle = (top + bottom) / 2
            if standing_out(picture, (left - 1, middle - 8, left + 6, middle + 8)) < ENOUGH:
                unseen.append((selector, number))
        assert found, selector
    assert unseen == []
    assert_accessible(page)


def test_in_the_readers_own_colours_marks_are_told_apart_and_the_focus_is_seen(own_colours: Page) -> None:
    page = own_colours
    Scene("/stil/").visit(page, "sv")
    # A notch or a dot would tell two months apart, whatever their shapes.
    page.evaluate("document.querySelectorAll('.ribbon__shape svg').forEach(each => each.remove())")
    for selector in TOLD_APART:
        marks = different_marks(page, selector)
        assert len(marks) == 5, selector
        for (name, one), (other_name, other) in combinations(marks.items(), 2):
            assert difference(one, other) > ALIKE, f"{name} looks like {other_name}"
    page.keyboard.press("Tab")  # so that the browser shows where the focus is
    for selector in FOCUSED:
        element = page.locator(selector).first
        around = grown(
            element.locator("xpath=ancestor-or-self::*[self::label or not(self::input[@type='radio'])][1]"), 8
        )
        before = photograph(page).crop(around)
        element.focus()
        assert difference(before, photograph(page).crop(around)) > 1, f"the focus on {selector} is not seen"


def different_marks(page: Page, selector: str) -> dict[str, Image.Image]:
    """One picture of each kind, by the class that says which."""
    picture, marks = photograph(page), {}
    for element in page.locator(selector).all():
        kind = element.evaluate("each => each.closest('[class*=--]').className.replace(' ribbon__month--current', '')")
        marks.setdefault(kind, picture.crop(tuple(map(round, box_of(element)))).resize((48, 48)))
    return marks


def grown(element: Locator, by: int) -> tuple[int, int, int, int]:
    left, top, right, bottom = map(round, box_of(element))
    return left - by, top - by, right + by, bottom + by


def difference(one: Image.Image, other: Image.Image) -> float:
    return float(ImageStat.Stat(ImageChops.difference(one, other).convert("L")).mean[0])


@pytest.mark.parametrize("color_scheme", ["dark"])
def test_main_pages_are_accessible_in_the_readers_own_colours(own_colours, main_pages, assert_accessible) -> None:
    for scene in main_pages:
        scene.visit(own_colours, "sv")
        assert_accessible(own_colours)


# --- On paper -----------------------------------------------------------------------------------------

PRESSED = "nav, .skip, .onward, .button, .site-footer, .site-header__tools, .breadcrumbs, .more > summary, .no-print"
# What a sheet of A4 holds between its margins, and the most sheets that any of these pages is worth.
ON_A4 = {"width": 658, "height": 986}
MOST_SHEETS = 8
CUT = """() => [...document.querySelectorAll("main, main *")].filter(each => {
  const look = getComputedStyle(each);
  return each.checkVisibility() && !each.closest(".visually-hidden, svg") && look.overflowX !== "visible"
    && each.scrollWidth > each.clientWidth + 1;
}).map(each => each.outerHTML.slice(0, 120))"""
ADDRESSES = """() => [...document.querySelectorAll('main a[href^="http"]')].filter(each => each.checkVisibility()).map(
  each => [each.href, getComputedStyle(each, "::after").content])"""


@pytest.mark.parametrize("color_scheme", ["dark"])
def test_on_paper_a_page_is_black_on_white_and_whole(page: Page, main_pages) -> None:
    page.set_viewport_size(ON_A4)
    for scene in main_pages:
        for language in ("sv", "ar"):
            page.emulate_media(media="print", color_scheme="dark")
            address = scene.visit(page, language)
            assert [each.inner_text() for each in page.locator(PRESSED).all() if each.is_visible()] == [], address
            assert page.evaluate("document.documentElement.scrollWidth") <= ON_A4["width"], address
            assert page.evaluate(CUT) == [], address
            assert [href for href, after in page.evaluate(ADDRESSES) if href not in after] == [], address
            assert share_of_dark(photograph(page)) < 0.2, f"{address} is dark"
            sheets = PdfReader(BytesIO(page.pdf(format="A4", prefer_css_page_size=True))).pages
            assert len(sheets) <= MOST_SHEETS, address
            assert [len(sheet.extract_text()) > 60 for sheet in sheets] == [True] * len(sheets), f"{address}: empty"


def share_of_dark(picture: Image.Image) -> float:
    dark = sum(picture.convert("L").histogram()[:96])
    return dark / (picture.width * picture.height)
