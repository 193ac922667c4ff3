"""What the authorities say that they have done at a place, and whether residents have noticed it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from followups.models import Standing
from followups.tests.make import make_report
from promises.models import Place, Promise
from promises.policy import Role
from promises.tests.make import make_organisation, make_place, make_promise, make_user
from surveys.models import Question
from surveys.results import publish_release
from surveys.tests.make import SWEDEN, answer, close_and_count, make_coordinator, make_question, make_round, make_survey
from tranemo_trygghet.backoffice import not_asked_yet
from tranemo_trygghet.tests.test_pages_of_the_promise import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.alike, pytest.mark.usefixtures("clock")]


CLAIMED = datetime(2026, 3, 5, 12, tzinfo=SWEDEN)
BEFORE, AFTER = CLAIMED - timedelta(days=1), CLAIMED + timedelta(days=1)


@pytest.fixture
def place(clock: time_machine.Traveller) -> Place:
    """A place where the partners have reported everything as done, on the fifth of March."""
    place = make_place("Torget")
    promise = make_promise(places=[place])
    now = timezone.now()
    clock.move_to(CLAIMED)
    make_report(promise, "2026-02", reported=Standing.DONE)
    clock.move_to(now)
    return place


def ask_whether_they_noticed(place: Place, opens_at: datetime = AFTER) -> None:
    call_command("load_question_bank", verbosity=0)
    survey = make_survey([make_question("safety"), Question.objects.get(key="noticed")])
    survey_round = make_round(survey=survey, places=[place], opens_at=opens_at)
    for key, times in (("clearly", 8), ("a_little", 8), ("no", 14)):
        answer(survey_round, times=times, channel="c", safety="safe", noticed=key)
    publish_release(close_and_count(survey_round), make_coordinator())


def test_the_claim_that_something_is_done_never_stands_alone(client: Client, place: Place) -> None:
    page = words_of(client, place.get_absolute_url())
    assert "Vi säger:" in page
    assert "Ni säger: vi har inte frågat sedan dess." in page


def test_residents_answer_stands_beside_the_claim_with_its_doubt(client: Client, place: Place) -> None:
    ask_whether_they_noticed(place)
    page = words_of(client, place.get_absolute_url())
    assert page.index("Vi säger:") < page.index("Ni säger:")
    assert "svarade ”Ja, tydligt” eller ”Ja, lite”" in page
    assert "troligen mellan" in page


def test_who_was_asked_before_the_claim_cannot_have_noticed_what_it_says(client: Client, place: Place) -> None:
    ask_whether_they_noticed(place, opens_at=BEFORE)
    assert "Ni säger: vi har inte frågat sedan dess." in words_of(client, place.get_absolute_url())
    assert list(not_asked_yet(make_user(make_organisation(), Role.SURVEYS)))


def test_a_claim_that_was_taken_back_counts_from_when_it_was_made_again(
    client: Client, place: Place, clock: time_machine.Traveller
) -> None:
    promise = Promise.objects.get()
    clock.move_to(datetime(2026, 4, 10, 12, tzinfo=SWEDEN))
    make_report(promise, "2026-03", reported=Standing.ONGOING)
    clock.move_to(datetime(2026, 5, 10, 12, tzinfo=SWEDEN))
    make_report(promise, "2026-04", reported=Standing.DONE)
    ask_whether_they_noticed(place)
    assert "Ni säger: vi har inte frågat sedan dess." in words_of(client, place.get_absolute_url())


def test_what_was_claimed_later_waits_for_a_later_round(
    client: Client, place: Place, clock: time_machine.Traveller
) -> None:
    ask_whether_they_noticed(place)
    make_report(make_promise(places=[place]), "2026-02", reported=Standing.DONE)
    page = words_of(client, place.get_absolute_url())
    assert page.count("Vi säger:") > 1
    assert "svarade ”Ja, tydligt” eller ”Ja, lite”" in page
    assert "Ni säger: vi har inte frågat sedan dess." in page


def test_staff_are_told_to_ask_until_they_have(place: Place) -> None:
    user = make_user(make_organisation(), Role.SURVEYS)
    (line,) = not_asked_yet(user)
    assert "Torget" in line.text
    ask_whether_they_noticed(place)
    assert list(not_asked_yet(user)) == []
    assert list(not_asked_yet(make_user(make_organisation(), Role.READER))) == []
