"""What the timer does: closes what has ended, and shuffles where enough answers have come in."""

import pytest
from django.core.management import call_command

from surveys.management.commands import shuffle_answers
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


def test_a_round_that_somebody_closes_meanwhile_keeps_no_other_from_being_closed(clock, monkeypatch):
    make_round()
    make_round()
    clock.move_to(CLOSES)
    close = shuffle_answers.close_round

    def close_after_somebody_else(survey_round, **kwargs):
        close(SurveyRound.objects.get(pk=survey_round.pk))
        close(survey_round, **kwargs)

    monkeypatch.setattr(shuffle_answers, "close_round", close_after_somebody_else)
    call_command("shuffle_answers")
    assert [each.state for each in SurveyRound.objects.all()] == [SurveyRound.State.CLOSED] * 2
