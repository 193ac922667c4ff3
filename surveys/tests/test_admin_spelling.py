"""A misspelt question of a locked round, mended in the back office."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from promises.tests.backoffice import fields_of, logged_in, messages_of, text_of
from surveys.models import SurveyRound
from surveys.results import publish_release
from surveys.tests.backoffice import address, log
from surveys.tests.make import (
    answer,
    close_and_count,
    make_coordinator,
    make_question,
    make_round,
    make_survey,
)

pytestmark = [pytest.mark.django_db, pytest.mark.alike, pytest.mark.usefixtures("clock")]


@pytest.fixture
def client() -> Client:
    return logged_in(make_coordinator())


def misspelt_round(**fields: Any) -> SurveyRound:
    return make_round(survey=make_survey([make_question("safety", text="Hur tryg är du?")]), **fields)


def mend(client: Client, survey_round: SurveyRound, after: str, reason: str = "Stavfel.") -> Any:
    page = client.get(address(survey_round, "spelling"), {"fraga": "safety", "text": "Hur tryg är du?"})
    fields = fields_of(page, "before") | {"after": after, "reason": reason}
    return client.post(address(survey_round, "spelling"), fields, follow=True)


def test_a_spelling_is_mended_with_a_reason_that_is_kept(client: Client) -> None:
    survey_round = misspelt_round()
    assert "Hur tryg är du?" in text_of(client.get(address(survey_round, "spelling")))
    page = text_of(mend(client, survey_round, "Hur trygg är du?"))
    assert "”Hur tryg är du?” blev ”Hur trygg är du?”. Stavfel." in page
    survey_round.refresh_from_db()
    assert survey_round.book.question("safety").text == "Hur trygg är du?"
    assert "Rättade stavningen i en fråga." in log()


def test_the_next_round_asks_the_mended_words_as_the_same_question(client: Client) -> None:
    survey_round = misspelt_round()
    mend(client, survey_round, "Hur trygg är du?")
    following = make_round(survey=survey_round.survey)
    survey_round.refresh_from_db()
    assert following.book.question("safety").text == "Hur trygg är du?"
    assert following.book.question("safety").definition == survey_round.book.question("safety").definition


@pytest.mark.parametrize(
    "after", ["Hur otryg är du?", "Hur tryg är du inte?", "Känner du dig trygg?", "Hur tryg är 2?"]
)
def test_what_is_more_than_spelling_is_refused(client: Client, after: str) -> None:
    survey_round = misspelt_round()
    assert "ändrar mer än stavningen" in messages_of(mend(client, survey_round, after))
    assert not survey_round.spelling_corrections.exists()


def test_nothing_is_mended_once_the_result_is_published(client: Client) -> None:
    survey_round = misspelt_round()
    answer(survey_round, times=12, safety="safe")
    publish_release(close_and_count(survey_round), make_coordinator())
    assert "Resultatet är publicerat." in messages_of(mend(client, survey_round, "Hur trygg är du?"))
