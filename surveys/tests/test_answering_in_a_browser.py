"""A resident answers with a real browser: a question at a time with script, on one page without."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from surveys import codes
from surveys.models import Invitation, Response
from surveys.tests.make import ask_only_if, make_codes, make_round, make_survey

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def survey_round():
    """Open around now: the browser's clock cannot be set. Whoever feels unsafe is asked what would help."""
    survey = make_survey()
    ask_only_if(survey, "wishes", "safety", ["unsafe", "very_unsafe"])
    now = timezone.now()
    day = timedelta(days=1)
    return make_round(survey=survey, opens_at=now - day, closes_at=now + day)


def test_a_letters_code_is_moved_out_of_the_address_and_the_answer_is_taken_a_question_at_a_time(
    page, survey_round, assert_accessible
):
    code = make_codes(survey_round, 1)[0]
    page.goto(f"{survey_round.get_absolute_url()}#{code}")
    expect(page.get_by_label("Koden i ditt brev")).to_have_value(code)
    assert "#" not in page.url
    assert_accessible(page)
    following = page.get_by_role("button", name="Nästa")
    following.click()
    expect(page.get_by_text("Fråga 1 av 4")).to_be_visible()
    expect(page.locator("legend:focus")).to_contain_text("Hur trygg känner du dig")
    page.get_by_label("Ganska otrygg").check()
    expect(page.get_by_text("Fråga 1 av 5")).to_be_visible()
    following.click()
    page.get_by_label("Mer polis").check()
    for _ in range(3):
        following.click()
    expect(following).to_be_hidden()
    page.get_by_role("button", name="Skicka svaren").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack för ditt svar")
    assert_accessible(page)
    assert Response.objects.get().answers == "3001--"
    assert not Invitation.objects.exists()
    assert not page.context.cookies()


def test_a_refused_code_is_shown_at_once_with_the_answers_kept(page, survey_round, assert_accessible):
    page.goto(f"{survey_round.get_absolute_url()}#{codes.grouped('A' * codes.LENGTH)}")
    following = page.get_by_role("button", name="Nästa")
    following.click()
    page.get_by_label("Ganska trygg").check()
    while following.is_visible():
        following.click()
    page.get_by_role("button", name="Skicka svaren").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Koden i ditt brev")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Nästa").click()
    expect(page.get_by_label("Ganska trygg")).to_be_checked()


@pytest.mark.parametrize("javascript", [False])
def test_without_script_everything_is_on_one_page_with_the_condition_in_words(page, survey_round):
    page.goto(survey_round.get_absolute_url())
    expect(page.get_by_text("Svara om du valde ”Ganska otrygg” eller ”Mycket otrygg” på fråga 1.")).to_be_visible()
    page.get_by_label("Ganska trygg").check()
    page.get_by_label("Mer polis").check()
    page.get_by_role("button", name="Skicka svaren").click()
    expect(page).to_have_url(re.compile("/tack/$"))
    assert Response.objects.get().answers == "2-----", "what was not asked is not kept"
