"""The disk is full or read-only, or the clock jumps, while residents answer: they are told so, and nothing is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from promises.models import Contact
from promises.publishing import content_changed, content_version
from surveys.models import FreeText, Invitation, Response
from surveys.tests.make import make_codes
from tranemo_trygghet.tests.make import SECRET, TENTH_OF_MAY, Portal, make_portal, plant_secrets

FROM_HERE = {"origin": "http://testserver"}
sqlite_only = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL says the same by an OperationalError"
)


@pytest.fixture
def portal(start_process, clock) -> Portal:
    clock.move_to(TENTH_OF_MAY)
    return make_portal()


def pragma(sentence: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {sentence}")
        row = cursor.fetchone()
    return row[0] if row else None


def post(process, portal: Portal, code: str, words: str):
    fields = {"kod": code, "plats": "1", "q_safety": "safe", "q_words": words}
    return process.post(portal.survey_round.get_absolute_url(), fields, headers=FROM_HERE)


def answer_with(process, portal: Portal, code: str, words: str = "ord") -> int:
    return post(process, portal, code, words).status_code


def stored() -> tuple[int, int, int]:
    return Response.objects.count(), FreeText.objects.count(), Invitation.objects.count()


@sqlite_only
@pytest.mark.parametrize("fault", ["full", "read-only"])
def test_a_disk_that_takes_nothing_refuses_the_answer_and_keeps_the_code(portal, start_process, fault: str) -> None:
    process, code = start_process(), make_codes(portal.survey_round, 1)[0]
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # of the room that other tests have left in the file
    assert answer_with(process, portal, "", "ord") == 303
    page, before = process.get("/").content, stored()
    pragma({"full": f"max_page_count = {pragma('page_count')}", "read-only": "query_only = ON"}[fault])
    # Until what room there was in the file's own pages is filled.
    for _ in range(400):
        response = post(process, portal, "", "å" * 2_000)
        if response.status_code != 303:
            break
        before = stored()
    assert response.status_code == 503
    assert "Sidan vilar en stund" in response.content.decode()
    assert answer_with(process, portal, code, "å" * 2_000) == 503
    assert stored() == before
    assert process.get("/").content == page
    pragma({"full": "max_page_count = 1073741823", "read-only": "query_only = OFF"}[fault])
    assert pragma("integrity_check") == "ok"
    process.app.current.doubt()
    assert answer_with(process, portal, code) == 303
    assert stored() == (before[0] + 1, before[1] + 1, before[2] - 1)
    call_command("verify")


def test_a_clock_that_jumps_loses_no_answer_and_shows_no_draft(portal, start_process, clock) -> None:
    plant_secrets(portal)
    Contact.objects.filter(name=SECRET).delete()  # no draft: theirs is the telephone from July on
    process, codes = start_process(), make_codes(portal.survey_round, 2)
    assert answer_with(process, portal, codes[0]) == 303
    number = content_version()
    for days in (-400, 800, -30, 3_000, -3_370):
        clock.shift(timedelta(days=days))
        for address in ("/", "/loften/", "/uppfoljningar/", "/platser/", "/moten/", "/flode.atom"):
            page = process.get(address)
            assert page.status_code == 200
            assert SECRET not in page.content.decode(), (days, address)
        content_changed()
        assert content_version() > number
        number = content_version()
    assert Response.objects.filter(round=portal.survey_round).count() == 1
    assert answer_with(process, portal, codes[0]) == 200  # refused: it was used before the clock went wrong
    assert answer_with(process, portal, codes[1]) == 303
    call_command("verify")
