"""A questionnaire is built in the back office: chosen from the bank, ordered, given conditions, seen and tried."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection
from django.db.models import RestrictedError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from promises.policy import Role
from promises.tests.backoffice import fields_of, logged_in, messages_of, text_of
from promises.tests.make import make_organisation, make_user
from surveys.models import (
    AnswerOption,
    FreeText,
    Invitation,
    Question,
    Response,
    Scale,
    Survey,
    SurveyQuestion,
    SurveyRound,
)
from surveys.questionnaire import bank
from surveys.tests.make import (
    WISHES,
    ask_only_if,
    make_coordinator,
    make_question,
    make_round,
    make_scale,
    make_survey,
)

pytestmark = [pytest.mark.django_db, pytest.mark.alike, pytest.mark.usefixtures("clock")]

LIST, ADD = "/admin/surveys/survey/", "/admin/surveys/survey/add/"


@pytest.fixture
def client() -> Client:
    return logged_in(make_coordinator())


@pytest.fixture
def questions() -> None:
    call_command("load_question_bank", verbosity=0)


def page_of(survey: Survey, name: str = "change") -> str:
    return reverse(f"admin:surveys_survey_{name}", args=[survey.pk])


def keys_of(survey: Survey) -> list[str]:
    return [item.question.key for item in survey.items.select_related("question").order_by("order")]


def save(client: Client, survey: Survey, **changes: str | list[str]):
    fields = fields_of(client.get(page_of(survey)), "title")
    return client.post(page_of(survey), fields | changes, follow=True)


def pk_of(survey: Survey, key: str) -> int:
    return survey.items.get(question__key=key).pk


# --- From the bank ------------------------------------------------------------------------------------


@pytest.mark.differs
def test_a_questionnaire_is_made_of_the_bank_in_two_pages(client: Client, questions: None) -> None:
    page = client.get(ADD)
    for heading in ("Trygghet", "Problem på platsen", "Oro", "Utsatthet", "Förtroende", "Bakgrund"):
        assert f"<legend>{heading}" in text_of(page)
    chosen = [str(each.pk) for each in bank() if each.key != "age_two_bands"]
    fields = fields_of(page, "title") | {"title": "Trygg i Limmared", "introduction": "Vi frågar.", "chosen": chosen}
    response = client.post(ADD, fields)
    survey = Survey.objects.get()
    assert response.url == page_of(survey)
    assert len(chosen) >= 23
    orders = list(survey.items.order_by("order").values_list("order", flat=True))
    assert orders == list(range(1, len(chosen) + 1))
    assert keys_of(survey)[-3:] == ["age", "gender", "relation"]


def test_questions_added_later_come_before_the_background_questions(client: Client, questions: None) -> None:
    age, dark, police = (Question.objects.get(key=key) for key in ("age", "place_dark", "confidence_police"))
    survey = make_survey([dark, age])
    save(client, survey, chosen=[str(police.pk)])
    assert keys_of(survey) == ["place_dark", "confidence_police", "age"]


def test_the_bank_offers_the_newest_version_of_what_is_not_asked_yet(client: Client) -> None:
    old = make_question("safety", text="Gammal fråga?")
    make_question("safety", version=2, text="Ny fråga?", scale=old.scale)
    survey = make_survey([make_question("other")])
    page = text_of(client.get(page_of(survey)))
    assert "Ny fråga?" in page
    assert "Gammal fråga?" not in page
    assert f'id="bank-{Question.objects.get(key="other").pk}"' not in page


# --- In order -----------------------------------------------------------------------------------------


@pytest.fixture
def survey() -> Survey:
    return make_survey([make_question(key) for key in ("a", "b", "c", "d")])


@pytest.mark.parametrize(
    ("key", "place", "order"),
    [("d", "1", "dabc"), ("a", "4", "bcda"), ("c", "2", "acbd"), ("a", "", "abcd"), ("b", "99", "acdb")],
)
def test_a_typed_place_moves_a_question_there(client: Client, survey: Survey, key: str, place: str, order: str) -> None:
    save(client, survey, **{f"items-{'abcd'.index(key)}-position": place})
    assert keys_of(survey) == list(order)


@pytest.mark.parametrize(
    ("button", "key", "order"), [("_up", "c", "acbd"), ("_down", "a", "bacd"), ("_up", "a", "abcd")]
)
def test_a_button_moves_a_question_one_step(client: Client, survey: Survey, button: str, key: str, order: str) -> None:
    save(client, survey, **{button: str(pk_of(survey, key))})
    assert keys_of(survey) == list(order)


def test_a_question_is_taken_away_and_the_rest_close_up(client: Client, survey: Survey) -> None:
    save(client, survey, **{"items-1-DELETE": "on", "items-0-is_required": "on"})
    assert keys_of(survey) == ["a", "c", "d"]
    assert list(survey.items.order_by("order").values_list("order", flat=True)) == [1, 2, 3]
    assert survey.items.get(question__key="a").is_required


def test_no_question_is_added_by_whoever_only_reads(survey: Survey, rf: Any) -> None:
    request = rf.post("/")
    request.user = make_user(make_organisation(), Role.READER)
    form = SimpleNamespace(instance=survey, cleaned_data={"chosen": [make_question("other")]}, save_m2m=lambda: None)
    with pytest.raises(PermissionDenied):
        admin.site._registry[Survey].save_related(request, form, [], change=True)


def test_no_question_is_added_by_a_forged_form(client: Client, survey: Survey) -> None:
    other = make_question("other")
    forged = {"items-TOTAL_FORMS": "5", "items-4-question": str(other.pk), "items-4-position": "5"}
    save(client, survey, **forged)
    assert keys_of(survey) == ["a", "b", "c", "d"]


# --- Conditions ---------------------------------------------------------------------------------------


def condition_page(survey: Survey, key: str) -> str:
    return reverse("admin:surveys_survey_condition", args=[survey.pk, pk_of(survey, key)])


def options_of(survey: Survey, key: str) -> list[AnswerOption]:
    return survey.items.get(question__key=key).question.options()


def test_a_question_is_asked_only_after_some_answers(client: Client, survey: Survey) -> None:
    response = client.post(
        page_of(survey), fields_of(client.get(page_of(survey)), "title") | {"_condition": pk_of(survey, "c")}
    )
    assert response.url == condition_page(survey, "c")
    unsafe, very_unsafe = options_of(survey, "a")[2:4]
    page = client.get(response.url)
    assert "Brukar inte vara där" not in text_of(page)
    client.post(response.url, {f"item_{pk_of(survey, 'a')}": [unsafe.pk, very_unsafe.pk]})
    words = re.sub(r"\s+", " ", text_of(client.get(page_of(survey))))
    assert "är ”Ganska otrygg” eller ”Mycket otrygg”" in words
    client.post(condition_page(survey, "c"), {})
    item = survey.items.get(question__key="c")
    assert item.show_if is None
    assert not item.show_if_options.exists()


def test_a_condition_looks_back_at_one_question_alone(client: Client, survey: Survey) -> None:
    several = make_question("wishes", Question.Kind.SEVERAL, scale=make_scale(WISHES))
    SurveyQuestion.objects.create(survey=survey, question=several, order=5)
    SurveyQuestion.objects.create(survey=survey, question=make_question("last"), order=6)
    fields = text_of(client.get(condition_page(survey, "b")))
    assert f"item_{pk_of(survey, 'a')}" in fields
    assert f"item_{pk_of(survey, 'c')}" not in fields
    two = {f"item_{pk_of(survey, key)}": options_of(survey, key)[0].pk for key in "ab"}
    assert "en enda fråga" in text_of(client.post(condition_page(survey, "last"), two))
    both = {f"item_{pk_of(survey, 'wishes')}": [each.pk for each in options_of(survey, "wishes")[:2]]}
    assert "ett av flera möjliga" in text_of(client.post(condition_page(survey, "last"), both))
    assert not SurveyQuestion.objects.exclude(show_if=None).exists()


def test_a_question_cannot_be_moved_before_the_one_that_decides(client: Client, survey: Survey) -> None:
    client.post(condition_page(survey, "b"), {f"item_{pk_of(survey, 'a')}": options_of(survey, "a")[0].pk})
    response = save(client, survey, _up=str(pk_of(survey, "b")))
    assert "måste komma efter den" in text_of(response)
    assert keys_of(survey) == ["a", "b", "c", "d"]


def test_a_question_that_decides_cannot_be_taken_away(client: Client, survey: Survey) -> None:
    client.post(condition_page(survey, "b"), {f"item_{pk_of(survey, 'a')}": options_of(survey, "a")[0].pk})
    save(client, survey, **{"items-0-DELETE": "on"})
    assert keys_of(survey) == ["a", "b", "c", "d"]


# --- Seen and tried -----------------------------------------------------------------------------------


def stored() -> list[int]:
    return [model.objects.count() for model in (Response, FreeText, Invitation, LogEntry, SurveyRound)]


def test_trying_says_what_would_be_stored_and_stores_nothing(client: Client) -> None:
    survey = make_survey(
        [make_question("safety", text="Trygg på {plats}?"), make_question("words", Question.Kind.TEXT)]
    )
    assert "Trygg på platsen?" in text_of(client.get(page_of(survey, "try")))
    before = stored()
    answers = fields_of(client.get(page_of(survey, "try")), "q_words") | {
        "q_safety": "unsafe",
        "q_words": "Kanariefågel.",
    }
    response = client.post(page_of(survey, "try"), answers)
    page = text_of(response)
    assert "Svaret går att skicka" in page
    assert "Ganska otrygg" in page
    assert "<code>3</code>" in page
    assert stored() == before
    assert "no-store" in response["Cache-Control"]
    assert "Kanariefågel" not in str(dict(client.session))


def test_trying_drops_the_answers_to_what_was_not_asked(client: Client, survey: Survey) -> None:
    client.post(condition_page(survey, "b"), {f"item_{pk_of(survey, 'a')}": options_of(survey, "a")[2].pk})
    page = text_of(client.post(page_of(survey, "try"), {"q_a": "safe", "q_b": "unsafe"}))
    assert "ställdes inte" in page
    assert "<code>2---</code>" in page


def test_trying_checks_as_the_public_form_does(client: Client) -> None:
    survey = make_survey([make_question("safety")], required=["safety"])
    assert "Frågan behöver ett svar" in text_of(client.post(page_of(survey, "try"), {}))


def test_trying_a_round_uses_no_code_and_reaches_no_ballot_box(client: Client) -> None:
    survey_round = make_round(takes_open=False)
    before = stored()
    address = reverse("admin:surveys_surveyround_try", args=[survey_round.pk])
    page = text_of(client.post(address, {"q_safety": "safe", "kod": "ACDEF-GHJKM"}))
    assert "Svaret går att skicka" in page
    assert stored() == before


def test_the_preview_is_for_staff(client: Client, survey: Survey) -> None:
    assert Client().get(page_of(survey, "try")).status_code == 302
    assert logged_in(make_user(make_organisation(), Role.SIGNER)).get(page_of(survey, "try")).status_code == 403


# --- Questions of one's own ---------------------------------------------------------------------------


def test_a_question_and_its_scale_are_written_without_inventing_keys(client: Client) -> None:
    page = client.get("/admin/surveys/scale/add/")
    rows = {"options-0-text": "Ja", "options-0-counts_as": "+", "options-1-text": "Ja", "options-1-counts_as": "-"}
    client.post("/admin/surveys/scale/add/", fields_of(page, "name") | {"name": "Ökar eller minskar"} | rows)
    scale = Scale.objects.get()
    assert scale.key == "okar_eller_minskar"
    assert [(each.key, each.order) for each in scale.options.all()] == [("ja", 1), ("ja_2", 2)]
    fields = fields_of(client.get("/admin/surveys/question/add/"), "text")
    asked = {"text": "Är det ljust nog?", "kind": "one", "scale": scale.pk}
    client.post("/admin/surveys/question/add/", fields | asked)
    assert Question.objects.get().key == "ar_det_ljust_nog"


def test_what_has_been_asked_is_only_reworded_as_a_new_version(client: Client) -> None:
    question = make_question("safety")
    make_round(survey=make_survey([question]))
    change = reverse("admin:surveys_question_change", args=[question.pk])
    assert "Gör en ny version" in text_of(client.get(change))
    assert client.post(change, {"text": "Annat?"}).status_code == 403
    response = client.post(reverse("admin:surveys_question_new_version", args=[question.pk]), follow=True)
    copy = Question.objects.get(key="safety", version=2)
    assert copy.asked_on is None
    assert copy.scale == question.scale
    assert "jämförs inte" in messages_of(response)


@pytest.mark.differs
def test_a_questionnaire_with_a_condition_is_deleted_whole_and_a_question_that_others_depend_on_is_not() -> None:
    survey = make_survey([make_question("first"), make_question("second")])
    ask_only_if(survey, "second", "first", ["unsafe"])
    with pytest.raises(RestrictedError):
        survey.items.get(question__key="first").delete()
    survey.delete()
    assert not Survey.objects.exists()


# --- Who ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.EDITOR, Role.SIGNER, Role.ACCOUNTS, Role.READER, Role.TECHNICAL])
def test_nobody_else_builds(survey: Survey, role: str) -> None:
    other = logged_in(make_user(make_organisation(), role))
    forged = {"title": "Annan", "items-TOTAL_FORMS": "0", "items-INITIAL_FORMS": "0"}
    assert other.post(page_of(survey), forged).status_code == 403
    assert other.post(ADD, forged).status_code == 403
    assert other.post(condition_page(survey, "b"), {}).status_code == 403
    assert Survey.objects.get().title != "Annan"


def test_whoever_reads_sees_the_questions_and_no_buttons(survey: Survey) -> None:
    page = text_of(logged_in(make_user(make_organisation(), Role.READER)).get(page_of(survey)))
    assert "Fråga om a?" in page
    assert 'name="_up"' not in page
    assert "Lägg till valda" not in page


def test_the_list_asks_as_much_of_the_database_for_three_as_for_one(client: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        return len(queries)

    make_survey()
    client.get(LIST)
    one = asked()
    make_survey()
    make_survey()
    assert asked() == one


def test_the_page_of_a_questionnaire_asks_as_much_for_four_questions_as_for_two(client: Client) -> None:
    def asked(survey: Survey) -> int:
        client.get(page_of(survey))
        with CaptureQueriesContext(connection) as queries:
            client.get(page_of(survey))
        return len(queries)

    two, four = (make_survey([make_question(f"k{n}_{i}") for i in range(n)]) for n in (2, 4))
    assert asked(two) == asked(four)
