"""Surveys from before the portal, published results, and what so many answers can show."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client

from promises.tests.backoffice import fields_of, logged_in, text_of
from surveys.keys import key_from
from surveys.models import Channel, EarlierSurvey
from surveys.planning import sentence, what_can_be_seen
from surveys.results import publish_release
from surveys.spelling import is_spelling, letters_between
from surveys.tests.make import answer, close_and_count, make_coordinator, make_round

pytestmark = [pytest.mark.django_db, pytest.mark.alike, pytest.mark.usefixtures("clock")]


@pytest.fixture
def client() -> Client:
    return logged_in(make_coordinator())


def test_an_earlier_survey_is_written_with_its_shares_and_shown_when_it_is_ready(client: Client) -> None:
    add = "/admin/surveys/earliersurvey/add/"
    fields = fields_of(client.get(add), "year") | {"year": "2018", "title": "Trygghetsmätning", "answers": "140"}
    shares = {"shares-0-label": "Trygg", "shares-0-percent": "71.5", "shares-1-label": "Otrygg", "shares-1-order": "2"}
    client.post(add, fields | {"source": "Kommunen."} | shares | {"shares-1-in_words": "drygt en fjärdedel"})
    survey = EarlierSurvey.objects.get()
    assert survey.shares.count() == 2
    assert "Trygghetsmätning" not in text_of(Client().get("/enkater/"))
    client.post(f"/admin/surveys/earliersurvey/{survey.pk}/publicera/")
    assert "drygt en fjärdedel" in text_of(Client().get("/enkater/"))


def test_tranemos_own_earlier_surveys_are_in_the_list(client: Client) -> None:
    call_command("load_question_bank", verbosity=0)
    page = text_of(client.get("/admin/surveys/earliersurvey/"))
    for year in ("2019", "2021", "2022"):
        assert year in page


def test_a_published_result_is_read_and_neither_made_changed_nor_deleted_by_hand(client: Client) -> None:
    survey_round = make_round()
    answer(survey_round, times=12, safety="safe")
    release = publish_release(close_and_count(survey_round), make_coordinator(), "De flesta är trygga.")
    page = f"/admin/surveys/resultrelease/{release.pk}/change/"
    assert "De flesta är trygga." in text_of(client.get(page))
    assert client.post(page, {"summary": "Annat."}).status_code == 403
    assert client.get("/admin/surveys/resultrelease/add/").status_code == 403
    assert client.get(f"/admin/surveys/resultrelease/{release.pk}/delete/").status_code == 403


# --- Planning -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("answers", "points"), [(20, 30), (50, 20), (100, 14), (200, 10), (300, 8)])
def test_the_planning_help_says_the_reference_values(answers: int, points: int) -> None:
    words = f"Med {answers} svar syns ingen förändring mindre än {points} procentenheter."
    assert sentence(answers) == words


def test_too_few_answers_show_no_change_at_all() -> None:
    assert sentence(0) == "Med 0 svar syns ingen förändring alls."


def test_the_baselines_published_answers_count_in_what_can_be_seen() -> None:
    baseline = make_round()
    answer(baseline, times=40, channel=Channel.CODE, safety="safe")
    publish_release(close_and_count(baseline), make_coordinator())
    following = make_round(survey=baseline.survey, baseline=baseline, locked=False)
    following.round_places.update(invited=120)
    assert what_can_be_seen(following)[0].startswith(
        "Om hälften av de 120 inbjudna svarar: Med 60 svar nu och 40 förra gången syns ingen"
    )


# --- Small rules --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "key"),
    [("Är det ljust nog?", "ar_det_ljust_nog"), ("1 till 5", "k_1_till_5"), ("?!", "k"), ("ja", "ja_2")],
)
def test_a_key_is_made_of_the_words(words: str, key: str) -> None:
    assert key_from(words, {"ja"}) == key


def test_a_long_key_is_cut_and_still_its_own() -> None:
    long = "a" * 60
    assert key_from(long, {"a" * 40}) == "a" * 38 + "_2"


@pytest.mark.parametrize(
    ("before", "after"),
    [("tryg", "trygg"), ("trygghets vandring", "trygghetsvandring"), ("hur trygg", "Hur trygg"), ("Vad?", "Vad, då?")],
)
def test_letters_are_spelling(before: str, after: str) -> None:
    assert is_spelling(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("trygg", "otrygg"),
        ("Trygg på {plats}?", "Trygg på plats?"),
        ("12 månader", "2 månader"),
        ("Jag är trygg", "Jag är ej trygg"),
        ("samma", "samma"),
    ],
)
def test_meaning_is_not(before: str, after: str) -> None:
    assert not is_spelling(before, after)


def test_letters_between_are_those_of_levenshtein() -> None:
    assert [letters_between(*pair) for pair in [("kitten", "sitting"), ("", "abc"), ("ab", "ba"), ("a", "a")]] == [
        3,
        3,
        2,
        0,
    ]
