"""A misspelt word can be mended while a round is open, and everybody can read that it was."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from promises.tests.make import make_organisation, make_user
from surveys.spelling import correct_spelling
from surveys.tests.make import answer, make_coordinator, make_question, make_round, make_survey

pytestmark = [pytest.mark.django_db, pytest.mark.alike]


def misspelt_round():
    return make_round(survey=make_survey([make_question("safety", text="Hur tryg är du?")]))


def test_a_mended_word_is_what_residents_read_and_the_reason_is_kept():
    survey_round = misspelt_round()
    user = make_coordinator()
    correct_spelling(survey_round, "safety", "Hur tryg är du?", "Hur trygg är du?", reason="Stavfel.", user=user)
    assert survey_round.book.question("safety").text == "Hur trygg är du?"
    kept = survey_round.spelling_corrections.get()
    assert (kept.before, kept.after, kept.reason) == ("Hur tryg är du?", "Hur trygg är du?", "Stavfel.")


def test_an_options_spelling_is_mended_and_answers_mean_what_they_meant():
    survey_round = misspelt_round()
    answer(survey_round, safety="safe")
    before = survey_round.book.question("safety").definition
    user = make_coordinator()
    correct_spelling(survey_round, "safety", "Ganska trygg", "Ganska trygg.", reason="Punkt saknades.", user=user)
    question = survey_round.book.question("safety")
    assert question.option("safe").text == "Ganska trygg."
    assert question.definition == before


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("Finns inte", "Hur trygg är du?", "Stavfel."),
        ("Hur tryg är du?", "Hur tryg är du?", "Stavfel."),
        ("Hur tryg är du?", "Hur trygg är du?", ""),
        ("Hur tryg är du?", "Hur nöjd är du här?", "Stavfel."),
    ],
)
def test_a_correction_that_mends_nothing_or_too_much_or_says_not_why_is_refused(before, after, reason):
    survey_round = misspelt_round()
    with pytest.raises(ValidationError):
        correct_spelling(survey_round, "safety", before, after, reason=reason, user=make_coordinator())
    assert not survey_round.spelling_corrections.exists()


def test_only_whoever_answers_for_surveys_corrects():
    survey_round, user = misspelt_round(), make_user(make_organisation())
    with pytest.raises(PermissionDenied):
        correct_spelling(survey_round, "safety", "Hur tryg är du?", "Hur trygg?", reason="Stavfel.", user=user)
