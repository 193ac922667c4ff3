"""What the timer does: closes what has ended, and shuffles where enough answers have come in."""

import pytest
from django.core.management import call_command

from surveys.models import Response, SurveyRound
from surveys.tests.make import CLOSES, answer, make_round

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def keys():
    return set(Response.objects.values_list("pk", flat=True))


def test_ten_new_answers_are_shuffled_and_nine_are_not():
    survey_round = make_round()
    answer(survey_round, times=9, safety="unsafe")
    before = keys()
    call_command("shuffle_answers")
    assert keys() == before
    answer(survey_round, safety="unsafe")
    call_command("shuffle_answers")
    assert not keys() & before
    shuffled = keys()
    answer(survey_round, times=9, safety="unsafe")
    call_command("shuffle_answers")
    assert shuffled <= keys()


def test_a_round_whose_time_is_out_is_closed_and_shuffled_however_few_have_answered(clock):
    survey_round = make_round()
    answer(survey_round, times=2, safety="unsafe")
    before = keys()
    call_command("shuffle_answers")
    assert SurveyRound.objects.get().state == SurveyRound.State.LOCKED
    clock.move_to(CLOSES)
    call_command("shuffle_answers")
    assert SurveyRound.objects.get().state == SurveyRound.State.CLOSED
    assert not keys() & before
