"""A flood on the open link is slowed down, by nobody's address, and leaves nothing beside the answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from promises.tests.backoffice import logged_in, text_of
from promises.tests.racing import patiently
from surveys import crowd
from surveys.models import CrowdedDay, FreeText, Response, SurveyRound
from surveys.tests.backoffice import address
from surveys.tests.make import make_codes, make_coordinator, make_round

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture(autouse=True)
def seconds(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """The clock that the limit goes by stands still until the test moves it; nobody has answered before."""
    now = [1000.0]
    monkeypatch.setattr(crowd, "_rooms", {})
    monkeypatch.setattr(crowd.time, "monotonic", lambda: now[0])

    def move(by: float) -> None:
        now[0] += by

    return move


def post(survey_round: SurveyRound, **fields: str) -> Any:
    data = {"q_safety": "unsafe", "q_words": "Mörkt vid bron."} | fields
    return Client().post(survey_round.get_absolute_url(), data, headers={"origin": "http://testserver"})


def fill(survey_round: SurveyRound) -> None:
    while crowd.has_room(survey_round):
        pass


def test_a_school_class_answers_at_once_and_so_do_two() -> None:
    survey_round = make_round()
    assert all(crowd.has_room(survey_round) for _ in range(crowd.AT_ONCE))
    assert not crowd.has_room(survey_round)
    assert crowd.has_room(make_round()), "another round's link has room of its own"


def test_a_flood_is_let_in_as_fast_as_people_answer(seconds: Callable[[float], None]) -> None:
    survey_round = make_round()
    fill(survey_round)
    taken = 0
    for _ in range(1200):
        seconds(0.1)
        taken += crowd.has_room(survey_round)
    assert taken == pytest.approx(2 * crowd.A_MINUTE, abs=1)


def test_who_is_asked_to_wait_keeps_what_she_wrote_and_may_send_it_a_minute_later(
    seconds: Callable[[float], None],
) -> None:
    survey_round = make_round()
    fill(survey_round)
    response = post(survey_round)
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (429, "60", "no-store")
    page = text_of(response)
    assert "Just nu kommer det in så många svar att vi måste be dig vänta." in page
    assert "Mörkt vid bron." in page
    assert re.search(r'value="unsafe"[^>]* checked', page)
    assert not Response.objects.exists()
    seconds(60)
    assert post(survey_round).status_code == 303
    assert Response.objects.count() == 1


def test_a_code_never_waits_and_an_answer_that_is_refused_takes_no_room() -> None:
    survey_round = make_round()
    for _ in range(crowd.AT_ONCE + 1):
        assert post(survey_round, q_safety="no such answer").status_code == 200
    assert crowd.has_room(survey_round)
    fill(survey_round)
    code = make_codes(survey_round, 1)[0]
    assert post(survey_round, kod=code).status_code == 303


def test_staff_are_told_the_day_and_no_more(seconds: Callable[[float], None]) -> None:
    survey_round, staff = make_round(), logged_in(make_coordinator())
    assert "snabbare än folk brukar svara" not in text_of(staff.get(address(survey_round)))
    fill(survey_round)
    for _ in range(3):
        post(survey_round)
    assert list(CrowdedDay.objects.values_list("round", "day")) == [(survey_round.pk, date(2026, 3, 16))]
    assert {field.name for field in CrowdedDay._meta.get_fields()} == {"id", "round", "day"}
    page = text_of(staff.get(address(survey_round)))
    assert "Den öppna länken fick svar snabbare än folk brukar svara: 16 mars" in page.replace("\xa0", " ")


@pytest.mark.django_db(transaction=True)
def test_of_a_hundred_who_press_at_the_same_moment_as_many_are_let_in_as_there_is_room_for() -> None:
    survey_round = make_round()

    def press(_number: int) -> int:
        try:
            return post(survey_round).status_code
        finally:
            connection.close()

    with patiently(), ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(press, range(100)))
    assert sorted(set(statuses)) == [303, 429]
    assert statuses.count(303) == Response.objects.count() == FreeText.objects.count() == crowd.AT_ONCE
    assert CrowdedDay.objects.count() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_an_answer_is_all_that_its_transaction_writes_and_letting_it_in_writes_nothing() -> None:
    survey_round = make_round()
    fill(survey_round)
    post(survey_round)
    crowd._rooms.clear()
    codes = make_codes(survey_round, 3)
    before = writes()
    for code in ["", "", "", *codes]:
        assert post(survey_round, kod=code).status_code == 303
    written = {table: number - before[table] for table, number in writes().items() if number != before[table]}
    assert written == {"surveys_response": 6, "surveys_freetext": 6, "surveys_invitation": 3}, "no count is kept beside"
    joined = {model._meta.label for model in apps.get_models() if transactions(model) & transactions(Response)}
    assert joined == {"surveys.Response", "surveys.FreeText"}


def writes() -> dict[str, int]:
    """How many rows of each table have been written since it was made, in this database alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")  # else what was written in the last second is not told
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables")
        return dict(cursor.fetchall())


def transactions(model: type) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT xmin::text FROM {connection.ops.quote_name(model._meta.db_table)}")
        return {number for (number,) in cursor.fetchall()}
