"""You said, we do, so it went: a finding, the actions that answer it, and the next measurement of the same question."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from promises.models import Action, Place
from promises.tests.backoffice import logged_in, messages_of
from promises.tests.make import make_place, make_promise
from surveys import ballot_box
from surveys.counting import close_round, count_round
from surveys.models import Answering, SurveyRound
from surveys.results import publish_release
from surveys.tests.backoffice import address
from surveys.tests.make import (
    SWEDEN,
    answer,
    close_and_count,
    make_codes,
    make_coordinator,
    make_question,
    make_round,
    make_survey,
)
from tranemo_trygghet.tests.test_pages_of_the_promise import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.alike, pytest.mark.usefixtures("clock")]


@pytest.fixture
def place() -> Place:
    return make_place("Torget")


@pytest.fixture
def action(place: Place) -> Action:
    action = make_promise(places=[place]).actions.first()
    assert action is not None
    return action


def told(place: Place, safe: int, **fields: Any) -> SurveyRound:
    """A published result of thirty answers about the place."""
    survey_round = make_round(places=[place], **fields)
    answer(survey_round, times=safe, channel="c", safety="safe")
    answer(survey_round, times=30 - safe, channel="c", safety="unsafe")
    publish_release(close_and_count(survey_round), make_coordinator())
    return survey_round


def tie(survey_round: SurveyRound, place: Place, *actions: Action) -> Any:
    chosen = {"finding": f"{place.pk}:safety", "actions": [each.pk for each in actions]}
    return logged_in(make_coordinator()).post(address(survey_round, "answering"), chosen, follow=True)


def test_staff_tie_an_action_to_a_finding_and_the_place_tells_of_it(
    client: Client, place: Place, action: Action
) -> None:
    survey_round = told(place, safe=12)
    assert "Det här pekade ni ut" not in words_of(client, place.get_absolute_url())
    assert "Valde åtgärder som svarar på resultatet." in messages_of(tie(survey_round, place, action))
    page = words_of(client, place.get_absolute_url())
    row = page[page.index("Det här pekade ni ut") :]
    assert row.index("40 % svarade") < row.index(action.title) < row.index("Vi har inte mätt igen")
    tie(survey_round, place)
    assert not Answering.objects.exists()
    assert "Det här pekade ni ut" not in words_of(client, place.get_absolute_url())


def test_the_next_measurement_of_the_same_question_stands_beside_it(
    client: Client, place: Place, action: Action
) -> None:
    first = told(place, safe=12, opens_at=datetime(2026, 3, 1, tzinfo=SWEDEN))
    tie(first, place, action)
    later = {"opens_at": datetime(2026, 4, 2, tzinfo=SWEDEN), "closes_at": datetime(2026, 4, 20, tzinfo=SWEDEN)}
    other = make_survey([make_question("other")])
    second = make_round(places=[place], survey=first.survey, **later)
    make_round(places=[place], survey=other, **later)
    for choice, times in (("safe", 24), ("unsafe", 6)):
        answer_then(second, choice, times)
    page = words_of(client, place.get_absolute_url())
    row = page[page.index("Det här pekade ni ut") :]
    assert row.index("40 % svarade") < row.index("Så gick det") < row.index("80 % svarade")


def answer_then(survey_round: SurveyRound, choice: str, times: int) -> None:
    for code in make_codes(survey_round, times):
        ballot_box.submit(
            survey_round, {"safety": choice}, channel="c", code=code, at=datetime(2026, 4, 10, tzinfo=SWEDEN)
        )
    if choice == "unsafe":
        close_round(survey_round, at=datetime(2026, 4, 20, tzinfo=SWEDEN))
        count_round(survey_round, at=datetime(2026, 5, 1, tzinfo=SWEDEN))
        publish_release(survey_round, make_coordinator())


def test_what_is_not_published_or_not_done_here_cannot_be_tied(place: Place, action: Action) -> None:
    survey_round = told(place, safe=12)
    elsewhere = make_promise(places=[make_place("Parken")]).actions.first()
    assert elsewhere is not None
    tie(survey_round, place, elsewhere)
    assert not Answering.objects.exists()
    unpublished = close_and_count(make_round(places=[place]))
    tie(unpublished, place, action)
    assert not Answering.objects.exists()
