"""A resident answers with a real browser: a question at a time with script, on one page without."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import gettext, override
from playwright.sync_api import expect

from promises.models import Translation
from promises.tests.make import make_place
from surveys import codes
from surveys.models import Invitation, Response
from surveys.tests.make import ask_only_if, make_codes, make_coordinator, make_round, make_survey

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
    expect(page.get_by_text("Vi sparar inte vem du är")).to_be_hidden()
    page.get_by_role("button", name="Nästa").click()
    expect(page.get_by_label("Ganska trygg")).to_be_checked()


def test_what_came_back_is_sent_from_where_it_is_corrected(page, survey_round):
    code = make_codes(survey_round, 1)[0]
    page.goto(f"{survey_round.get_absolute_url()}#{codes.grouped('A' * codes.LENGTH)}")
    following, send = page.get_by_role("button", name="Nästa"), page.get_by_role("button", name="Skicka svaren")
    following.click()
    page.get_by_label("Ganska trygg").check()
    while following.is_visible():
        following.click()
    send.click()
    page.get_by_label("Koden i ditt brev").fill(code)
    send.click()
    expect(page).to_have_url(re.compile("/tack/$"))


def test_who_takes_away_a_refused_code_is_asked_for_the_place_before_it_is_sent(page):
    now, day = timezone.now(), timedelta(days=1)
    places = [make_place("Torget"), make_place("Parken")]
    several = make_round(places=places, opens_at=now - day, closes_at=now + day)
    page.goto(f"{several.get_absolute_url()}#{codes.grouped('A' * codes.LENGTH)}")
    following, send = page.get_by_role("button", name="Nästa"), page.get_by_role("button", name="Skicka svaren")
    following.click()
    page.get_by_label("Ganska trygg").check()
    while following.is_visible():
        following.click()
    send.click()
    page.get_by_label("Koden i ditt brev").fill("")
    page.get_by_label("Koden i ditt brev").blur()
    expect(send).to_be_hidden()
    following.click()
    page.get_by_label("Parken").check()
    send.click()
    expect(page).to_have_url(re.compile("/tack/$"))


@pytest.mark.parametrize("javascript", [False])
def test_without_script_everything_is_on_one_page_with_the_condition_in_words(page, survey_round):
    page.goto(survey_round.get_absolute_url())
    expect(page.get_by_text("Svara om du valde ”Ganska otrygg” eller ”Mycket otrygg” på fråga 1.")).to_be_visible()
    page.get_by_label("Ganska trygg").check()
    page.get_by_label("Mer polis").check()
    page.get_by_role("button", name="Skicka svaren").click()
    expect(page).to_have_url(re.compile("/tack/$"))
    assert Response.objects.get().answers == "2-----", "what was not asked is not kept"


WORDS = {
    "Hur trygg känner du dig på {plats} när det är mörkt?": (
        "How safe do you feel at {plats} after dark?",
        "ما مدى شعورك بالأمان في {plats} في الظلام؟",
    ),
    "Ganska otrygg": ("Rather unsafe", "غير آمن إلى حد ما"),
    "Mer polis": ("More police", "مزيد من الشرطة"),
}


@pytest.fixture
def round_in_languages():
    """The same round, its words in English and Arabic reviewed before it was locked; the rest is asked in Swedish."""
    coordinator = make_coordinator()
    for swedish, translated in WORDS.items():
        for language, text in zip(("en", "ar"), translated, strict=True):
            Translation.objects.create(language=language, source=swedish, text=text).review(coordinator)
    survey = make_survey()
    ask_only_if(survey, "wishes", "safety", ["unsafe", "very_unsafe"])
    now = timezone.now()
    return make_round(survey=survey, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1))


def answer(page, survey_round, language, unsafe="Ganska otrygg", police="Mer polis"):
    """Unsafe, and more police, in the words of the language; a question at a time where there is script."""
    with override(language):
        address, following, send = survey_round.get_absolute_url(), gettext("Nästa"), gettext("Skicka svaren")
    page.goto(address)
    onward = page.get_by_role("button", name=following, exact=True)
    for label in (None, unsafe, police):
        if label:
            page.get_by_label(label, exact=True).check()
        if onward.is_visible():
            onward.click()
    while onward.is_visible():
        onward.click()
    page.get_by_role("button", name=send).click()
    expect(page).to_have_url(re.compile(f"{address}tack/$"))
    return Response.objects.order_by("pk").last().answers


@pytest.mark.parametrize("width", [390])
def test_an_answer_in_arabic_is_asked_from_right_to_left_and_stored_as_the_swedish_one(
    page, round_in_languages, assert_accessible
):
    in_swedish = answer(page, round_in_languages, "sv")
    page.goto(f"/ar{round_in_languages.get_absolute_url()}")
    html = page.locator("html")
    expect(html).to_have_attribute("lang", "ar")
    expect(html).to_have_attribute("dir", "rtl")
    page.get_by_role("button", name="التالي").click()
    legend = page.locator("legend:focus")
    expect(legend).to_contain_text("ما مدى شعورك بالأمان")
    assert legend.evaluate("element => getComputedStyle(element).direction") == "rtl"
    swedish = page.get_by_text("Ganska trygg", exact=True)
    expect(swedish).to_have_attribute("lang", "sv")
    expect(swedish).to_have_attribute("dir", "ltr")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert_accessible(page)
    assert answer(page, round_in_languages, "ar", *(WORDS[each][1] for each in ("Ganska otrygg", "Mer polis")))
    assert [each.answers for each in Response.objects.all()] == [in_swedish] * 2
    assert in_swedish == "3001--"


@pytest.mark.parametrize("javascript", [False])
def test_an_answer_in_english_without_script_is_stored_as_the_swedish_one(page, round_in_languages):
    in_swedish = answer(page, round_in_languages, "sv")
    in_english = answer(page, round_in_languages, "en", "Rather unsafe", "More police")
    assert in_english == in_swedish == "3001--"
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("html")).to_have_attribute("dir", "ltr")
