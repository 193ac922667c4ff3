"""What a screen reader is given: the names and the order of the map, the months, the charts and the survey."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page

from surveys.codebook import Kind
from tranemo_trygghet.tests.everyone import in_language
from tranemo_trygghet.tests.make import TENTH_OF_MAY, make_portal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def portal(clock):
    clock.move_to(TENTH_OF_MAY)
    return make_portal()


def heard(part: Locator) -> list[str]:
    """Role and name of each thing in turn, as the browser hands them to a screen reader; addresses left out."""
    lines = [line.strip().removeprefix("- ").rstrip(":") for line in part.aria_snapshot().splitlines()]
    return [re.sub(r" \[(cursor|level)=[^\]]*\]", "", line) for line in lines if not line.startswith("/url")]


def test_the_map_is_one_group_of_named_links_and_its_places_stand_in_the_list_too(portal, page: Page) -> None:
    page.goto("/platser/")
    drawing = page.get_by_role("group", name="Karta över kommunen med de utvalda platserna")
    assert heard(drawing) == [
        'group "Karta över kommunen med de utvalda platserna"',
        "'link \"Torget: Pågår\"'",
        "text: Torget Pågår",
    ]
    listed = [each for each in heard(page.locator("main")) if each.startswith("heading")]
    assert listed == ['heading "Platser där det ska bli tryggare"', 'heading "Karta och lista"', 'heading "Torget"']
    assert page.get_by_role("link", name="Torget", exact=True).get_attribute("href") == portal.place.get_absolute_url()


def test_the_months_are_heard_in_order_each_with_what_has_become_of_it(portal, page: Page) -> None:
    page.goto("/loften/2026/")
    ribbon = heard(page.get_by_role("list", name="Löftets månader"))
    assert [line.strip("'") for line in ribbon if "2026" in line][:5] == [
        'link "januari 2026: redovisad, möte"',
        'link "februari 2026: inget möte"',
        'link "mars 2026: saknas, enkät"',
        'link "april 2026: väntas"',
        'listitem: "maj 2026: kommer, enkät"',
    ]
    timeline = [line for line in heard(page.locator(".timeline").first) if line.startswith("heading")]
    assert timeline == [
        'heading "Maj 2026 pågår nu"',
        'heading "April 2026 väntas"',
        'heading "Mars 2026 saknas"',
    ]  # and the others where one opens them


def test_a_chart_says_in_words_what_it_draws(portal, page: Page) -> None:
    told = portal.promise.rounds.exclude(pk=portal.survey_round.pk).get()
    page.goto(f"{told.get_absolute_url()}resultat/")
    (chart,) = page.get_by_role("img").all()
    assert (chart.get_attribute("aria-label") or "").replace("\N{NO-BREAK SPACE}", " ") == (
        "Hur trygg känner du dig på Torget när det är mörkt?: Mycket trygg 27 %, Ganska trygg 40 %, "
        "Ganska otrygg 27–33 %, Mycket otrygg under 10 %"
    )


@pytest.mark.parametrize("javascript", [False])
@pytest.mark.parametrize("language", ["sv", "ar"])
def test_each_question_of_the_survey_is_a_group_with_its_answers_in_it(portal, page: Page, language: str) -> None:
    page.goto(in_language(language, portal.survey_round.get_absolute_url()))
    groups = page.locator("main fieldset").all()
    asked = [each for each in portal.survey_round.book.questions if each.kind != Kind.TEXT]
    assert len(groups) == len(asked) > 3
    for group, question in zip(groups, asked, strict=True):
        name, *within = heard(group)
        assert name.lstrip("'").startswith("group ")
        assert question.text.partition("{")[0] in name
        answers = [re.search('"(.*)"', line)[1] for line in within if line.startswith(("radio", "checkbox"))]
        assert answers == [option.text for option in question.options] or question.kind == Kind.NUMBER
        assert len(answers) > 2
