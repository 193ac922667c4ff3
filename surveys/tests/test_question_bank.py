"""The question bank is what was decided, and loading it again disturbs nothing."""

import tomllib
from importlib.resources import files

import pytest
from django.core.management import call_command

from surveys.models import EarlierSurvey, Question, Scale
from surveys.tests.make import make_round, make_survey

pytestmark = [pytest.mark.django_db, pytest.mark.alike]


@pytest.fixture
def _bank():
    call_command("load_question_bank", verbosity=0)


@pytest.mark.usefixtures("_bank")
def test_the_bank_has_its_questions_and_the_background():
    bank = tomllib.loads(files("surveys.content").joinpath("question_bank.toml").read_text(encoding="utf-8"))
    assert [each["number"] for each in bank["questions"] if "number" in each] == list(range(1, 22))
    assert Question.objects.filter(is_background=False).count() == 21
    assert set(Question.objects.filter(is_background=True).values_list("key", flat=True)) == {
        "age",
        "age_two_bands",
        "gender",
        "relation",
    }


@pytest.mark.usefixtures("_bank")
def test_staying_in_out_of_fear_counts_as_unsafe_and_for_other_reasons_not_at_all():
    options = dict(Scale.objects.get(key="safety_alone").options.values_list("key", "counts_as"))
    assert options["stays_in_afraid"] == "-"
    assert options["stays_in_other"] == "x"


@pytest.mark.usefixtures("_bank")
def test_what_somebody_suffered_is_sensitive_and_every_background_question_can_be_refused():
    assert list(Question.objects.filter(is_sensitive=True).values_list("key", flat=True)) == ["been_victim"]
    for question in Question.objects.filter(is_background=True):
        assert question.options()[-1].text == "Vill inte svara"


@pytest.mark.usefixtures("_bank")
def test_a_question_that_is_not_our_own_says_where_it_comes_from():
    for question in Question.objects.exclude(mark="E"):
        assert question.source
    for question in Question.objects.filter(mark="C"):
        assert question.source.startswith("Inspirerad av")


@pytest.mark.usefixtures("_bank")
def test_loading_again_changes_neither_what_was_asked_nor_what_staff_have_edited():
    asked = Question.objects.get(key="alone_late")
    make_round(survey=make_survey([asked]))
    Question.objects.filter(key="place_dark").update(note="Vår egen anteckning.")
    before = list(Question.objects.values())
    call_command("load_question_bank", verbosity=0)
    assert list(Question.objects.values()) == before
    assert EarlierSurvey.objects.count() == 3


@pytest.mark.usefixtures("_bank")
def test_all_questions_can_be_asked_together():
    age = Question.objects.exclude(key="age_two_bands").order_by("is_background", "pk")
    book = make_round(survey=make_survey(list(age))).book
    assert len(book.questions) == 24
    assert book.width == 24 - 1 + 7


@pytest.mark.usefixtures("_bank")
def test_the_surveys_from_before_the_portal_are_there_with_their_numbers():
    assert dict(EarlierSurvey.objects.published().values_list("year", "answers")) == {2019: 272, 2021: 195, 2022: 223}
    shares = EarlierSurvey.objects.get(year=2022).shares.values_list("percent", flat=True)
    assert sum(shares) == 100
