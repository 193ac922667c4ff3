"""A resident without a mouse answers a survey and follows by e-mail, and always sees where she is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from promises.tests.make import make_place
from subscriptions.models import Mail
from surveys.models import Response
from surveys.tests.make import make_round, make_survey

pytestmark = pytest.mark.django_db(transaction=True)

MOST_TABS = 60
# Where the focus is: whether it can be seen, whether it comes after where it was, and what is read out.
FOCUSED = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect();
  const comesAfter = !!(window.focusedBefore.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING);
  const around = [at, at.closest(".question__option") ?? at].map(each => getComputedStyle(each));
  const marked = around.some(look => look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2);
  const labels = [...(at.labels ?? [])].map(label => label.innerText);
  const name = [at.getAttribute("aria-label"), ...labels, at.innerText].filter(Boolean).join(" ").trim();
  return {name, comesAfter, marked, inView: box.bottom > 0 && box.top < innerHeight && box.width > 0 && box.height > 0};
}"""


def tab(page: Page) -> str:
    """What the next Tab leads to."""
    page.evaluate("() => { window.focusedBefore = document.activeElement }")
    page.keyboard.press("Tab")
    focused = page.evaluate(FOCUSED)
    name = focused["name"]
    assert focused["marked"], f"no mark around “{name}”"
    assert focused["inView"], f"“{name}” is out of view"
    assert focused["comesAfter"], f"“{name}” comes before where the focus was"
    return str(name)


def tab_to(page: Page, name: str) -> None:
    seen = []
    for _number in range(MOST_TABS):
        seen.append(tab(page))
        if name in seen[-1]:
            return
    pytest.fail(f"“{name}” is not reached: {seen}")


@pytest.mark.parametrize("width", [390])
def test_a_survey_is_answered_with_the_keyboard_alone(page: Page) -> None:
    now = timezone.now()
    survey_round = make_round(
        survey=make_survey(), takes_open=True, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1)
    )
    page.goto(survey_round.get_absolute_url())
    assert tab(page) == "Hoppa till innehållet"
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    tab_to(page, "Koden i ditt brev")
    tab_to(page, "Nästa")
    page.keyboard.press("Enter")
    while not page.get_by_role("button", name="Skicka svaren").is_visible():
        if page.get_by_label("Ganska trygg").is_visible():
            tab(page)
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Space")
        tab_to(page, "Nästa")
        page.keyboard.press("Space")
    tab_to(page, "Skicka svaren")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack för ditt svar")
    assert Response.objects.count() == 1


@pytest.mark.parametrize("width", [390])
@pytest.mark.parametrize("javascript", [False])
def test_somebody_follows_with_the_keyboard_alone_and_is_told_of_a_mistake(page: Page) -> None:
    make_place("Resecentrum")
    page.goto("/folj/")
    assert tab(page) == "Hoppa till innehållet"
    page.keyboard.press("Enter")
    tab_to(page, "Följ via mejl")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Din e-postadress")).to_be_visible()
    tab_to(page, "Din e-postadress")
    page.keyboard.type("namn")
    tab_to(page, "Skicka")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    tab_to(page, "Din e-postadress")
    page.keyboard.press("Enter")  # the summary of what is wrong leads to the field
    expect(page.get_by_label("Din e-postadress")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("namn@exempel.se")
    tab_to(page, "Resecentrum")
    page.keyboard.press("Space")
    tab_to(page, "Skicka")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Titta i din inkorg")).to_be_visible()
    assert Mail.objects.count() == 1
