"""Every page can be read enlarged and pressed with a thumb; and whatever went wrong, it is told whom to call."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Page

from tranemo_trygghet.tests.make import load_example
from tranemo_trygghet.tests.test_browser_pages import addresses

pytestmark = pytest.mark.alike

# Whatever is pressed is 44 px high to the finger: so far from its middle, it is still what is pressed. Links within a
# sentence are as high as their line, as WCAG has it.
TOO_SMALL = """() => {
  const isPressed = (each, x, y) => {
    const hit = document.elementFromPoint(x, y);
    return hit && (each.contains(hit) || (hit.contains(each) && hit.matches("a, label")));
  };
  const isSmall = each => {
    each.scrollIntoView({block: "center"});
    const box = each.getBoundingClientRect(), x = box.left + box.width / 2, y = box.top + box.height / 2;
    return !isPressed(each, x, y - 21) || !isPressed(each, x, y + 21);
  };
  const isAsked = each => getComputedStyle(each).display !== "inline" && each.checkVisibility() &&
    !each.closest(".skip, .visually-hidden") && each.getBoundingClientRect().width;
  return [...document.querySelectorAll("a[href], button, summary, input:not([type=radio], [type=checkbox]), select")]
    .filter(isAsked).filter(isSmall).map(each => each.outerHTML.slice(0, 120));
}"""
MAKE_TEXT = "size => document.documentElement.style.fontSize = size"
WIDTH = "document.documentElement.scrollWidth"


@pytest.mark.django_db(transaction=True)
@pytest.mark.long
@pytest.mark.parametrize("of_a_kind", [2, pytest.param(None, marks=pytest.mark.product)], ids=["some", "all"])
def test_every_page_can_be_enlarged_and_pressed(page: Page, settings, of_a_kind: int | None) -> None:
    settings.DEBUG = True
    load_example()
    small, wide = [], []
    for path in addresses(page, of_a_kind):
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(path)
        small += [(path, each) for each in page.evaluate(TOO_SMALL)]
        # The text alone twice as large; and all of it four times as large, on a screen of 1280 px.
        page.evaluate(MAKE_TEXT, "200%")
        wide += [(path, "200 %", got)] if (got := page.evaluate(WIDTH)) > 390 else []
        page.evaluate(MAKE_TEXT, "")
        page.set_viewport_size({"width": 320, "height": 256})
        wide += [(path, "400 %")] if page.evaluate(WIDTH) > 320 else []
    assert not small, "\n".join(map(str, small))
    assert not wide, "\n".join(map(str, wide))


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["400", "403", "404", "410", "429", "500", "503"])
def test_every_error_page_says_it_too_and_leads_on(number: str) -> None:
    html = render_to_string(f"{number}.html")
    for each in ("tel:112", "tel:11414", "tar vi inte emot tips", 'href="/"', "/sok/"):
        assert each in html
