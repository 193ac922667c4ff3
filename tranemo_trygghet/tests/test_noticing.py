"""What the authorities say that they have done at a place, and whether residents have noticed it."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client

from followups.models import Standing
from followups.tests.make import make_report
from promises.models import Place
from promises.policy import Role
from promises.tests.make import make_organisation, make_place, make_promise, make_user
from surveys.models import Question
from surveys.results import publish_release
from surveys.tests.make import answer, close_and_count, make_coordinator, make_question, make_round, make_survey
from tranemo_trygghet.backoffice import not_asked_yet
from tranemo_trygghet.tests.test_pages_of_the_promise import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def place() -> Place:
    """A place where the partners have reported everything as done."""
    place = make_place("Torget")
    promise = make_promise(places=[place])
    make_report(promise, "2026-02", reported=Standing.DONE)
    return place


def ask_whether_they_noticed(place: Place) -> None:
    call_command("load_question_bank", verbosity=0)
    survey = make_survey([make_question("safety"), Question.objects.get(key="noticed")])
    survey_round = make_round(survey=survey, places=[place])
    for key, times in (("clearly", 8), ("a_little", 8), ("no", 14)):
        answer(survey_round, times=times, channel="c", safety="safe", noticed=key)
    publish_release(close_and_count(survey_round), make_coordinator())


def test_the_claim_that_something_is_done_never_stands_alone(client: Client, place: Place) -> None:
    page = words_of(client, place.get_absolute_url())
    assert "Vi säger:" in page
    assert "Ni säger: vi har inte frågat än." in page


def test_residents_answer_stands_beside_the_claim_with_its_doubt(client: Client, place: Place) -> None:
    ask_whether_they_noticed(place)
    page = words_of(client, place.get_absolute_url())
    assert page.index("Vi säger:") < page.index("Ni säger:")
    assert "svarade ”Ja, tydligt” eller ”Ja, lite”" in page
    assert "troligen mellan" in page


def test_staff_are_told_to_ask_until_they_have(place: Place) -> None:
    user = make_user(make_organisation(), Role.SURVEYS)
    (line,) = not_asked_yet(user)
    assert "Torget" in line.text
    ask_whether_they_noticed(place)
    assert list(not_asked_yet(user)) == []
    assert list(not_asked_yet(make_user(make_organisation(), Role.READER))) == []
