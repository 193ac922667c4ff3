"""A round in the back office, from plan to erasure: each step by those who answer for surveys, and by nobody else."""

from __future__ import annotations

from datetime import date, datetime
from itertools import product
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from promises.policy import Role
from promises.tests.backoffice import fields_of, logged_in, messages_of, text_of
from promises.tests.make import make_organisation, make_place, make_promise, make_user
from surveys.codes import note_wrong_code
from surveys.models import Channel, FreeText, Invitation, Response, SurveyRound, Tally
from surveys.released import latest
from surveys.results import publish_release
from surveys.tests.backoffice import address, log
from surveys.tests.make import (
    AFTER,
    CLOSES,
    SWEDEN,
    answer,
    close_and_count,
    make_codes,
    make_coordinator,
    make_question,
    make_round,
    make_survey,
)

pytestmark = [pytest.mark.django_db, pytest.mark.alike, pytest.mark.usefixtures("clock")]

ADD = "/admin/surveys/surveyround/add/"
State = SurveyRound.State


@pytest.fixture
def client() -> Client:
    return logged_in(make_coordinator())


def counted_round(answers: int = 24, **fields: Any) -> SurveyRound:
    survey_round = make_round(**fields)
    answer(survey_round, times=answers, channel=Channel.CODE, safety="safe")
    answer(survey_round, times=12, safety="unsafe", texts={"words": "Kanariefågel."})
    return close_and_count(survey_round)


# --- Planning -----------------------------------------------------------------------------------------


def plan(client: Client, **changes: Any) -> Any:
    survey, place = make_survey([make_question("safety")]), make_place("Resecentrum")
    fields = {
        "survey": survey.pk,
        "title": "Trygg vid resecentrum",
        "slug": "resecentrum",
        "opens_at_0": "2026-03-23",
        "opens_at_1": "08:00:00",
        "closes_at_0": "2026-04-12",
        "closes_at_1": "23:59:59",
        "takes_codes": "on",
        "round_places-0-place": place.pk,
        "round_places-0-invited": "120",
    }
    return client.post(ADD, fields_of(client.get(ADD), "slug") | fields | changes)


def test_a_form_that_asks_for_a_promise_begins_with_the_one_in_force_where_there_is_one() -> None:
    coordinator = make_coordinator()
    partner = coordinator.organisation
    asking = [(coordinator, ADD), (make_user(partner, Role.EDITOR), "/admin/promises/extension/add/")]
    make_promise(starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31), partners=[partner])
    own = make_promise(partners=[partner])
    make_promise(partners=[make_organisation()])
    assert [fields_of(logged_in(user).get(each), "promise")["promise"] for user, each in asking] == [str(own.pk)] * 2
    make_promise(partners=[partner])
    assert [fields_of(logged_in(user).get(each), "promise")["promise"] for user, each in asking] == [""] * 2


def test_a_round_is_planned_to_the_second_in_swedish_time_over_the_change_to_summer(client: Client) -> None:
    response = plan(client)
    survey_round = SurveyRound.objects.get()
    assert response.url == address(survey_round)
    assert survey_round.opens_at == datetime(2026, 3, 23, 8, tzinfo=SWEDEN)
    assert survey_round.closes_at.astimezone(SWEDEN).isoformat() == "2026-04-12T23:59:59+02:00"
    assert [(each.number, each.invited) for each in survey_round.round_places.all()] == [(1, 120)]


def test_an_hour_that_the_clock_skips_is_refused(client: Client) -> None:
    page = text_of(plan(client, opens_at_0="2026-03-29", opens_at_1="02:30:00"))
    assert "2026-03-29" in page
    assert not SurveyRound.objects.exists()


def test_the_page_says_what_is_missing_and_what_can_be_seen(client: Client) -> None:
    plan(client)
    page = text_of(client.get(address(SurveyRound.objects.get())))
    assert "Ange gallringsbeslutets nummer." in page
    assert "Välj omgångens huvudfråga." in page
    assert "Med 60 svar syns ingen förändring mindre än 18 procentenheter." in page


@pytest.mark.differs
def test_a_main_question_outside_the_questionnaire_and_a_place_twice_are_refused(client: Client) -> None:
    other, place = make_question("other"), make_place()
    twice = {"round_places-0-place": place.pk, "round_places-1-place": place.pk}
    page = text_of(plan(client, main_question=other.pk, **twice))
    assert "Frågan finns inte i enkäten" in page
    assert "errorlist nonform" in page
    assert not SurveyRound.objects.exists()


def test_another_main_question_than_the_baselines_is_a_warning(client: Client) -> None:
    baseline = make_round(survey=make_survey([make_question("safety")]))
    places = [each.place for each in baseline.round_places.all()]
    other = make_round(survey=make_survey([make_question("b")]), places=places, baseline=baseline, locked=False)
    assert "inte samma huvudfråga" in text_of(client.get(address(other)))
    same = make_round(survey=make_survey([make_question("safety")]), places=places, baseline=baseline, locked=False)
    assert "inte samma huvudfråga" not in text_of(client.get(address(same)))
    elsewhere = make_round(survey=make_survey([make_question("safety")]), baseline=baseline, locked=False)
    assert "inte samma platser" in text_of(client.get(address(elsewhere)))


# --- Locking ------------------------------------------------------------------------------------------


def test_locking_shows_what_is_frozen_and_then_nothing_is_written_in(client: Client) -> None:
    survey_round = make_round(locked=False)
    page = text_of(client.get(address(survey_round, "lock")))
    assert "Dnr 2026-1" in page
    assert "Hur trygg känner du dig på {plats}" in page
    client.post(address(survey_round, "lock"))
    survey_round.refresh_from_db()
    assert survey_round.state == State.LOCKED
    assert "Låste omgången." in log()
    page = text_of(client.get(address(survey_round)))
    assert 'name="title"' not in page
    assert 'name="round_places-0-place"' not in page
    assert client.post(address(survey_round), {"title": "Ny"}).status_code == 403


def test_a_round_that_lacks_something_is_not_locked(client: Client) -> None:
    survey_round = make_round(locked=False, disposal_decision="")
    assert "Ange gallringsbeslutets nummer." in text_of(client.get(address(survey_round, "lock")))
    response = client.post(address(survey_round, "lock"), follow=True)
    assert "Ange gallringsbeslutets nummer." in messages_of(response)
    survey_round.refresh_from_db()
    assert survey_round.state == State.DRAFT
    assert not log()


def test_places_of_a_locked_round_are_neither_added_changed_nor_taken_away(client: Client) -> None:
    survey_round, elsewhere = make_round(), make_place()
    row = survey_round.round_places.get()
    forged = {
        "round_places-TOTAL_FORMS": "2",
        "round_places-INITIAL_FORMS": "1",
        "round_places-0-id": row.pk,
        "round_places-0-DELETE": "on",
        "round_places-1-place": elsewhere.pk,
    }
    client.post(address(survey_round), forged)
    assert [each.pk for each in survey_round.round_places.all()] == [row.pk]


# --- Following ----------------------------------------------------------------------------------------


@pytest.mark.differs
def test_how_many_have_answered_is_told_as_of_the_last_shuffle_and_never_below_ten(client: Client) -> None:
    from surveys.ballot_box import shuffle

    survey_round = make_round()
    answer(survey_round, times=9, safety="safe")
    shuffle(survey_round)
    for page in (client.get(address(survey_round)), client.get("/admin/surveys/surveyround/")):
        assert "färre än tio" in text_of(page).lower()
    answer(survey_round, times=3, safety="safe")
    assert "Färre än tio har svarat (vid senaste blandningen)." in text_of(client.get(address(survey_round)))
    assert "Öppen" in text_of(client.get(address(survey_round).partition("surveyround/")[0] + "surveyround/"))
    shuffle(survey_round)
    assert "12 har svarat (vid senaste blandningen)." in text_of(client.get(address(survey_round)))


def test_many_wrong_codes_alarm_those_who_follow(client: Client) -> None:
    survey_round = make_round()
    for address_number in range(10):
        for _ in range(20):
            note_wrong_code(f"10.0.0.{address_number}")
    assert "Ovanligt många felaktiga koder" in text_of(client.get(address(survey_round)))


def test_no_page_of_the_back_office_opens_an_answer(client: Client) -> None:
    for model in ("response", "freetext", "invitation", "tally", "invitationbatch", "wrongcodes"):
        assert client.get(f"/admin/surveys/{model}/").status_code == 404


def test_the_list_asks_as_much_of_the_database_for_three_rounds_as_for_one(client: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/admin/surveys/surveyround/")
        return len(queries)

    make_round()
    client.get("/admin/surveys/surveyround/")
    one = asked()
    make_round(places=2)
    close_and_count(make_round())
    assert asked() == one


# --- Closing and counting -----------------------------------------------------------------------------


def test_closing_says_that_it_is_early_and_is_logged(client: Client) -> None:
    survey_round = make_round()
    assert "i förtid" in text_of(client.get(address(survey_round, "close")))
    client.post(address(survey_round, "close"))
    survey_round.refresh_from_db()
    assert survey_round.state == State.CLOSED
    assert "Stängde omgången." in log()
    response = client.post(address(survey_round, "close"), follow=True)
    assert "Bara en låst omgång kan stängas." in messages_of(response)


def test_counting_waits_for_the_last_paper_day(clock: Any) -> None:
    survey_round = make_round(paper_until=date(2026, 4, 10))
    clock.move_to(CLOSES)
    client = logged_in(make_coordinator())
    client.post(address(survey_round, "close"))
    assert "Den kan räknas från och med 11\xa0april\xa02026." in text_of(client.get(address(survey_round)))
    response = client.post(address(survey_round, "count"), follow=True)
    assert "när den sista dagen för pappersenkäter har gått" in messages_of(response)
    clock.move_to(AFTER)
    logged_in(make_coordinator()).post(address(survey_round, "count"))
    survey_round.refresh_from_db()
    assert survey_round.state == State.COUNTED
    assert "Räknade svaren." in log()


# --- Leaving a channel out ----------------------------------------------------------------------------


def test_a_channel_is_left_out_with_a_reason_until_the_result_is_published(client: Client) -> None:
    survey_round = counted_round()
    page = text_of(client.post(address(survey_round, "leave_out"), {"channel": "o", "reason": ""}))
    assert "Skriv varför kanalen utelämnas." in page
    client.post(address(survey_round, "leave_out"), {"channel": "o", "reason": "En robot svarade."})
    survey_round.refresh_from_db()
    assert (survey_round.left_out, survey_round.left_out_reason) == ("o", "En robot svarade.")
    assert "En robot svarade." not in log()
    assert "Utelämnad kanal: öppen länk. En robot svarade." in text_of(client.get(address(survey_round)))
    client.post(address(survey_round, "leave_out"), {"channel": "", "reason": ""})
    survey_round.refresh_from_db()
    assert (survey_round.left_out, survey_round.left_out_reason) == ("", "")
    publish_release(survey_round, make_coordinator())
    response = client.post(address(survey_round, "leave_out"), {"channel": "o", "reason": "För sent."}, follow=True)
    assert "redan publicerat" in messages_of(response)


# --- Publishing ---------------------------------------------------------------------------------------


def test_the_result_is_read_as_the_public_sees_it_and_published_as_it_was_read(client: Client) -> None:
    survey_round = counted_round()
    page = client.get(address(survey_round, "publish"))
    assert "Inte publicerat än" in text_of(page)
    assert "svarade ”Mycket trygg” eller ”Ganska trygg”" in text_of(page)
    fields = fields_of(page, "seen") | {"summary": "De flesta är trygga."}
    preview = client.post(address(survey_round, "publish"), fields)
    assert "De flesta är trygga." in text_of(preview)
    assert latest(survey_round) is None
    client.post(address(survey_round, "publish"), fields | {"_publish": "1"})
    release = latest(survey_round)
    assert release is not None
    assert release.summary == "De flesta är trygga."
    assert "Publicerade resultatet." in log()
    assert text_of(Client().get(f"/enkater/{survey_round.slug}/resultat/")).count("De flesta är trygga.") == 1


def test_a_result_that_changed_since_it_was_read_is_not_published(client: Client) -> None:
    survey_round = counted_round()
    fields = fields_of(client.get(address(survey_round, "publish")), "seen")
    client.post(address(survey_round, "leave_out"), {"channel": "o", "reason": "En robot svarade."})
    page = text_of(client.post(address(survey_round, "publish"), fields | {"_publish": "1"}))
    assert "har ändrats sedan du läste det" in page
    assert latest(survey_round) is None


def test_a_second_version_needs_its_reason(client: Client) -> None:
    survey_round = counted_round()
    publish_release(survey_round, make_coordinator())
    fields = fields_of(client.get(address(survey_round, "publish")), "seen") | {"_publish": "1"}
    client.post(address(survey_round, "publish"), fields | {"reason": ""})
    assert latest(survey_round).number == 1
    client.post(address(survey_round, "publish"), fields | {"reason": "Sammanfattningen var fel.", "summary": "Ny."})
    assert (latest(survey_round).number, latest(survey_round).reason) == (2, "Sammanfattningen var fel.")


def test_nothing_is_published_before_it_is_counted(client: Client) -> None:
    response = client.get(address(make_round(), "publish"), follow=True)
    assert "när omgången är räknad" in messages_of(response)


# --- Erasing ------------------------------------------------------------------------------------------


@pytest.mark.differs
def test_erasing_shows_what_goes_asks_twice_and_logs_no_content(client: Client) -> None:
    survey_round = counted_round()
    page = text_of(client.get(address(survey_round, "erase")))
    assert "Svaren: 36" in page
    assert 'name="decision"' not in page
    second = text_of(client.post(address(survey_round, "erase")))
    assert 'name="decision"' in second
    assert Response.objects.count() == 36
    client.post(address(survey_round, "erase"), {"decision": "fel nummer"})
    assert Response.objects.count() == 36
    client.post(address(survey_round, "erase"), {"decision": "Dnr 2026-1"})
    survey_round.refresh_from_db()
    assert survey_round.state == State.ERASED
    assert not any(model.objects.exists() for model in (Response, FreeText, Invitation))
    assert Tally.objects.exists()
    assert "Gallrade svaren enligt beslut Dnr 2026-1." in log()
    for secret in ("Kanariefågel", "36", "safe"):
        assert secret not in log()


def test_erasing_tells_no_number_below_ten(client: Client) -> None:
    survey_round = make_round()
    answer(survey_round, times=3, safety="safe")
    page = text_of(client.get(address(close_and_count(survey_round), "erase")))
    assert "Svaren: färre än tio" in page


def test_a_round_that_is_not_counted_is_not_erased(client: Client) -> None:
    survey_round = make_round()
    answer(survey_round, times=12, safety="safe")
    response = client.post(address(survey_round, "erase"), {"decision": "Dnr 2026-1"}, follow=True)
    assert "Bara en räknad omgång kan gallras." in messages_of(response)
    assert Response.objects.count() == 12


# --- Who ----------------------------------------------------------------------------------------------

VERBS = ["lock", "close", "count", "leave_out", "publish", "erase", "spelling", "codes", "entry"]


def test_a_forged_post_by_another_role_moves_nothing() -> None:
    rounds = draft, locked, counted = make_round(locked=False), make_round(), counted_round()
    make_codes(locked, 1)
    batch = locked.round_places.get().invitation_batches.get()
    for role in (Role.EDITOR, Role.SIGNER, Role.DEPUTY, Role.ACCOUNTS, Role.READER, Role.TECHNICAL):
        other = logged_in(make_user(make_organisation(), role))
        for survey_round, verb in product(rounds, VERBS):
            assert other.get(address(survey_round, verb)).status_code == 403, (role, verb)
            response = other.post(address(survey_round, verb), {"decision": "Dnr 2026-1", "_publish": "1", "size": "3"})
            assert response.status_code == 403, (role, verb)
        assert other.post(address(locked, "replace_codes", batch.pk), {"as_what": "csv"}).status_code == 403, role
        assert other.post(ADD, {"title": "Ny"}).status_code == 403, role
    assert [SurveyRound.objects.get(pk=each.pk).state for each in rounds] == [draft.state, locked.state, counted.state]
    assert not any(each.releases.exists() for each in rounds)
    assert not LogEntry.objects.exists()


def test_whoever_reads_sees_where_a_round_stands_and_no_verbs() -> None:
    survey_round = make_round()
    page = text_of(logged_in(make_user(make_organisation(), Role.READER)).get(address(survey_round)))
    assert "Färre än tio har svarat (vid senaste blandningen)." in page
    assert "Förhandsgranska och prova" in page
    for verb in ("Stäng<", "Skapa koder", "Mata in", "Rätta stavning"):
        assert verb not in page


def test_a_stranger_is_sent_to_log_in() -> None:
    survey_round = make_round()
    for verb in [*VERBS, "try", "posters", "paper", "change"]:
        assert Client().get(address(survey_round, verb)).status_code == 302
