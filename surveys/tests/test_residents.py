"""Who answered beside who lives there: what staff give, what the page and the files say, what is never said."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from promises.tests.backoffice import logged_in, messages_of, text_of
from surveys import result_files, results
from surveys.models import Residents, ResultRelease, SurveyRound
from surveys.tests.backoffice import address
from surveys.tests.make import answer, close_and_count, make_coordinator, make_round

pytestmark = [pytest.mark.django_db, pytest.mark.alike, pytest.mark.usefixtures("clock")]

SOURCE = "SCB, folkmängd 31 december 2025"


@pytest.fixture
def survey_round() -> SurveyRound:
    """Two places; forty women and twenty men have answered."""
    survey_round = make_round(places=2)
    for gender, times in (("woman", 20), ("man", 10)):
        for place in (1, 2):
            answer(survey_round, times=times, place=place, channel="c", safety="safe", gender=gender)
    return survey_round


@pytest.fixture
def staff() -> Client:
    return logged_in(make_coordinator())


def give(staff: Client, survey_round: SurveyRound, *numbers: int | str, **changed: str) -> Any:
    """Count the answers, and give the numbers in the order of the page: two places, women, men, and others."""
    if survey_round.state == SurveyRound.State.LOCKED:
        close_and_count(survey_round)
    fields = {f"number_{place}": str(number) for place, number in enumerate(numbers)}
    given = {"source": SOURCE, "counted_on": "2025-12-31"} | fields | changed
    return staff.post(address(survey_round, "residents"), given, follow=True)


def published(survey_round: SurveyRound) -> ResultRelease:
    return results.publish_release(survey_round, make_coordinator())


def page_of(release: ResultRelease) -> str:
    page = text_of(Client().get(f"/enkater/{release.round.slug}/resultat/"))
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("\xa0", " ").split())


def test_staff_give_the_figures_before_publishing_and_residents_see_them_beside_who_answered(
    staff: Client, survey_round: SurveyRound
) -> None:
    assert "Kvinna" in text_of(staff.get(address(survey_round, "residents")))
    assert "Skrev in hur många som bor där." in messages_of(give(staff, survey_round, 400, 600, 510, 490, ""))
    page = page_of(published(survey_round))
    assert "Grupp Antal svar Av dem som svarade Av dem som bor där" in page
    assert "Kvinna 40 67 % 51 %" in page
    assert "Man 20 33 % 49 %" in page
    assert f"Bor där: {SOURCE}." in page


def test_without_figures_nothing_is_compared(survey_round: SurveyRound) -> None:
    assert "Av dem som bor där" not in page_of(published(close_and_count(survey_round)))


def test_a_group_that_is_not_shown_is_not_compared_and_changes_no_share(
    staff: Client, survey_round: SurveyRound
) -> None:
    answer(survey_round, times=3, channel="c", safety="unsafe", gender="other")
    give(staff, survey_round, 400, 600, 510, 490, 77)
    release = published(survey_round)
    # The three are not shown, nor the twenty men who hide them: only one group is left, and nothing to compare it with.
    assert "Kvinna 40 Man – Annat eller Vill inte svara –" in page_of(release)
    assert {row.boende for row in result_files.rows(release)} == {400, 600, 510, None}


def test_the_files_hold_the_same_figures_with_their_source(staff: Client, survey_round: SurveyRound) -> None:
    give(staff, survey_round, 400, 600, 510, 490, "")
    release = published(survey_round)
    given = {(row.grupp, row.antal_svar): row.boende for row in result_files.rows(release) if row.boende}
    assert given[("Kvinna", 40)] == 510
    assert set(given.values()) == {400, 600, 510, 490}
    data = json.loads(result_files.as_json(release))
    assert (data["boende_kalla"], data["boende_dag"]) == (SOURCE, "2025-12-31")


def test_what_is_published_keeps_the_figures_that_it_was_published_with(
    staff: Client, survey_round: SurveyRound
) -> None:
    give(staff, survey_round, 400, 600, 510, 490, "")
    release = published(survey_round)
    give(staff, survey_round, 400, 600, 999, 1, "")
    assert Residents.objects.get().counts["gender"]["woman"] == 999
    assert "Kvinna 40 67 % 51 %" in page_of(release)


@pytest.mark.differs
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"source": ""}, "Skriv varifrån siffrorna kommer."),
        ({"counted_on": "2027-01-01"}, "Dagen har inte varit än."),
        ({"number_2": "-3"}, "större än eller lika med 1"),
        ({f"number_{place}": "" for place in range(5)}, "Skriv in minst en siffra."),
    ],
)
def test_what_cannot_be_right_is_told_in_a_sentence(
    staff: Client, survey_round: SurveyRound, changed: dict[str, str], said: str
) -> None:
    assert said in text_of(give(staff, survey_round, 400, 600, 510, 490, "", **changed))
    assert not Residents.objects.exists()
