"""The paper form has numbers, and staff enter what was ticked by them, one form after the other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from promises.policy import Role
from promises.tests.backoffice import fields_of, logged_in, messages_of, text_of
from promises.tests.make import make_organisation, make_user
from surveys.counting import close_round
from surveys.models import Channel, FreeText, Question, Response, SurveyRound
from surveys.paper import PaperEntryForm, paper_sheets
from surveys.tests.backoffice import address
from surveys.tests.make import CLOSES, ask_only_if, make_codes, make_coordinator, make_question, make_round, make_survey

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def client() -> Client:
    return logged_in(make_coordinator())


def enter(client: Client, survey_round: SurveyRound, place: str = "", **answers: str) -> Any:
    url = address(survey_round, "entry") + (f"?plats={place}" if place else "")
    return client.post(url, fields_of(client.get(url), "csrfmiddlewaretoken") | answers, follow=True)


def only_answer(survey_round: SurveyRound) -> tuple[dict[str, Any], str, int]:
    response = survey_round.responses.get()
    return survey_round.book.decode(response.answers), response.channel, response.place


# --- Printed ------------------------------------------------------------------------------------------


def test_the_printed_form_has_every_question_with_its_place_and_the_conditions_in_words(client: Client) -> None:
    survey = make_survey(
        [
            make_question("safety", text="Trygg på {plats}?"),
            make_question("why"),
            make_question("words", Question.Kind.TEXT),
        ]
    )
    ask_only_if(survey, "why", "safety", ["unsafe"])
    survey_round = make_round(survey=survey, places=2)
    page = text_of(client.get(address(survey_round, "paper")))
    for each in survey_round.round_places.all():
        assert f"1. Trygg på {each.place.name}?" in page
    assert "Svara om du valde ”Ganska otrygg” på fråga 1." in page
    assert page.count("paper__line") == 10
    assert "style=" not in page


def test_the_numbers_on_paper_are_those_that_are_typed() -> None:
    survey_round = make_round()
    printed = paper_sheets(survey_round.book)[0].questions
    for question in printed:
        for number, words in enumerate(question.options, start=1):
            form = PaperEntryForm(
                {f"q_{survey_round.book.questions[question.number - 1].key}": str(number)}, survey_round=survey_round
            )
            assert form.is_valid(), form.errors
            key = survey_round.book.questions[question.number - 1].key
            answered = form.answers[key]
            option = survey_round.book.question(key).option(answered[0] if isinstance(answered, list) else answered)
            assert words in (option.text, option.key)


def test_a_draft_says_that_it_is_not_to_be_handed_out(client: Client) -> None:
    assert "Utkast." in text_of(client.get(address(make_round(locked=False), "paper")))
    assert "Utkast." not in text_of(client.get(address(make_round(), "paper")))


# --- Entered ------------------------------------------------------------------------------------------


def test_a_form_without_a_code_is_entered_by_numbers_as_paper(client: Client) -> None:
    survey_round = make_round()
    response = enter(
        client, survey_round, q_safety="3", q_wishes="1, 3", q_grade="10", q_words="Mer ljus.", q_gender="2"
    )
    assert messages_of(response) == "Sparat. Nästa."
    answers = {"safety": "unsafe", "wishes": ["light", "police"], "grade": "10", "gender": "man"}
    assert only_answer(survey_round) == (answers, Channel.PAPER, 1)
    assert FreeText.objects.get().text == "Mer ljus."
    assert fields_of(response, "q_safety")["q_safety"] == ""


def test_a_form_with_a_code_counts_as_code_and_uses_it_up(client: Client) -> None:
    survey_round = make_round(places=2)
    code = make_codes(survey_round, 1, place=2)[0]
    first = survey_round.book.places[0].slug
    enter(client, survey_round, place=first, kod=code.lower().replace("-", " "), q_safety="1")
    assert only_answer(survey_round) == ({"safety": "very_safe"}, Channel.CODE, 2)
    again = enter(client, survey_round, place=first, kod=code, q_safety="1")
    assert "Koden går inte att använda." in text_of(again)
    assert Response.objects.count() == 1


def test_the_place_is_typed_by_its_number_and_stays_for_the_pile(client: Client) -> None:
    survey_round = make_round(places=2)
    assert "Välj vilken plats" in text_of(enter(client, survey_round, q_safety="1"))
    enter(client, survey_round, plats="2", q_safety="1")
    assert only_answer(survey_round)[2] == 2
    slug = survey_round.book.places[0].slug
    response = enter(client, survey_round, place=slug, q_safety="1")
    assert response.redirect_chain == [(f"{address(survey_round, 'entry')}?plats={slug}", 302)]


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"q_safety": "6"}, "Skriv ett nummer från 1 till 5."),
        ({"q_safety": "0"}, "Skriv ett nummer från 1 till 5."),
        ({"q_safety": "två"}, "Skriv ett nummer från 1 till 5."),
        ({"q_safety": "1 2"}, "Frågan tar ett svar."),
        ({"q_wishes": "1 2 3"}, "Välj högst två svar."),
        ({}, "minst en"),
    ],
)
def test_what_cannot_have_been_ticked_is_refused_and_stays_on_the_page(
    client: Client, answers: dict[str, str], sentence: str
) -> None:
    survey_round = make_round()
    response = enter(client, survey_round, q_words="", **answers)
    assert sentence in text_of(response)
    for name, typed in answers.items():
        assert fields_of(response, "q_safety")[name] == typed
    assert not Response.objects.exists()


def test_nobody_can_be_made_to_answer_on_paper_and_answers_to_what_was_not_asked_are_dropped(client: Client) -> None:
    survey = make_survey([make_question("safety"), make_question("why"), make_question("must")], required=["must"])
    ask_only_if(survey, "why", "safety", ["unsafe"])
    survey_round = make_round(survey=survey)
    enter(client, survey_round, q_safety="1", q_why="2")
    assert only_answer(survey_round)[0] == {"safety": "very_safe"}


def test_paper_is_entered_after_closing_until_its_last_day(clock: Any) -> None:
    survey_round = make_round(paper_until=date(2026, 4, 10))
    clock.move_to(CLOSES)
    close_round(survey_round)
    enter(logged_in(make_coordinator()), survey_round, q_safety="1")
    assert Response.objects.count() == 1
    clock.move_to("2026-04-10T23:30:00+02:00")
    enter(logged_in(make_coordinator()), survey_round, q_safety="1")
    assert Response.objects.count() == 2
    clock.move_to("2026-04-11T00:30:00+02:00")
    late = logged_in(make_coordinator()).post(address(survey_round, "entry"), {"q_safety": "1"}, follow=True)
    assert "kan inte matas in nu" in messages_of(late)
    assert Response.objects.count() == 2


def test_an_entry_leaves_nothing_that_says_when_by_whom_or_what(client: Client) -> None:
    survey_round = make_round()
    response = enter(client, survey_round, q_safety="1", q_words="Kanariefågel.")
    assert not LogEntry.objects.exists()
    assert "Kanariefågel" not in str(dict(client.session)) + str(client.cookies) + text_of(response)
    assert "har svarat" not in text_of(response)


def test_the_browser_keeps_nothing_of_an_entry(client: Client) -> None:
    page = text_of(client.get(address(make_round(), "entry")))
    form = page[page.index('<form method="post" class="entry"') :]
    assert "data-no-draft" in form[: form.index(">")]
    assert 'autocomplete="off"' in form[: form.index(">")]


def test_only_those_who_answer_for_surveys_enter_forms() -> None:
    survey_round = make_round()
    for role in (Role.EDITOR, Role.READER, Role.SIGNER):
        other = logged_in(make_user(make_organisation(), role))
        assert other.post(address(survey_round, "entry"), {"q_safety": "1"}).status_code == 403
    assert not Response.objects.exists()
