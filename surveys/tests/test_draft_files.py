"""The result as files for staff before it is published: what the page would show, marked as a draft, and logged."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry

from promises.policy import Role
from promises.tests.backoffice import logged_in, text_of
from promises.tests.make import make_organisation, make_user
from surveys import result_files, results
from surveys.models import SurveyRound
from surveys.tests.backoffice import address
from surveys.tests.make import answer, close_and_count, make_coordinator, make_round

pytestmark = [pytest.mark.django_db, pytest.mark.alike, pytest.mark.usefixtures("clock")]


@pytest.fixture
def survey_round() -> SurveyRound:
    survey_round = make_round()
    answer(survey_round, times=12, safety="safe", gender="woman")
    answer(survey_round, times=2, safety="unsafe", gender="man")
    return close_and_count(survey_round)


def fetch(survey_round: SurveyRound, ending: str, role: str = Role.SURVEYS) -> Any:
    user = make_user(make_organisation(), role)
    return logged_in(user).post(address(survey_round, "draft_file"), {"ending": ending})


def lines_of(file: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig")), delimiter=";"))


def test_the_draft_is_what_will_be_published_and_nothing_more(survey_round: SurveyRound) -> None:
    response = fetch(survey_round, "csv")
    assert "no-store" in response["Cache-Control"]
    assert f"ej-publicerat-{survey_round.slug}.csv" in response["Content-Disposition"]
    draft = lines_of(response.content)
    told = lines_of(result_files.as_csv(results.publish_release(survey_round, make_coordinator())))
    assert {line.pop("publicerad") for line in draft} == {"Ej publicerat"}
    assert {line.pop("publicerad") for line in told} == {"2026-03-16"}
    assert draft == told


def test_every_kind_of_file_says_that_it_is_a_draft(survey_round: SurveyRound) -> None:
    assert json.loads(fetch(survey_round, "json").content)["publicerad"] == "Ej publicerat"
    book = zipfile.ZipFile(io.BytesIO(fetch(survey_round, "xlsx").content))
    assert 'name="Ej publicerat"' in book.read("xl/workbook.xml").decode()


def test_it_is_logged_that_a_file_was_fetched_and_by_whom(survey_round: SurveyRound) -> None:
    fetch(survey_round, "csv")
    entry = LogEntry.objects.get()
    assert "Hämtade resultatet som fil innan det publicerades." in entry.get_change_message()


def test_nobody_else_gets_a_file_nor_anybody_before_the_count(survey_round: SurveyRound) -> None:
    for role in set(Role) - {Role.SURVEYS}:
        assert fetch(survey_round, "csv", role).status_code == 403, role
    assert fetch(survey_round, "ods").status_code == 404
    assert fetch(make_round(), "csv").status_code == 404
    assert not LogEntry.objects.exists()


def test_the_page_of_the_decision_offers_the_files(survey_round: SurveyRound) -> None:
    page = text_of(logged_in(make_coordinator()).get(address(survey_round, "publish")))
    assert address(survey_round, "draft_file") in page
    assert "Ej publicerat" in page
