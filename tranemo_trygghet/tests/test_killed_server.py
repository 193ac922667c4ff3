"""The server is killed in the middle of everything: what a resident was told is true, and nothing is left half done."""

from __future__ import annotations

import http.client
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from surveys.codes import code_hash
from surveys.models import FreeText, Invitation, Response, SurveyRound
from surveys.tests.make import make_codes
from tranemo_trygghet.tests.serving import Server, Visitor, open_round

pytestmark = pytest.mark.django_db(transaction=True)

SAFETY = ("very_safe", "safe", "unsafe", "very_unsafe")
AT_ONCE = 8


class Residents:
    """People with a code each, several at once: who was thanked is noted, and who never got an answer."""

    def __init__(self, survey_round: SurveyRound, codes: Sequence[str]) -> None:
        self.round, self.codes = survey_round, codes
        self.waiting = list(range(len(codes)))
        self.thanked: set[int] = set()
        self.cut_off: set[int] = set()

    def choices(self, number: int) -> dict[str, str]:
        return {"safety": SAFETY[number % 4], "grade": str(number // 4 % 10 + 1)}

    def words(self, number: int) -> str:
        return f"svar {number}"

    def answer_until(self, thanked: int, server: Server) -> None:
        """Answer until so many have been thanked; then the server is killed, whatever it is doing for the others."""

        def one_after_another(_place: int) -> None:
            with server.visitor() as visitor:
                while True:
                    number = self.waiting.pop()
                    try:
                        self.answer(visitor, number)
                    except (OSError, http.client.HTTPException):
                        self.cut_off.add(number)
                        return
                    if len(self.thanked) >= thanked:
                        server.kill()

        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(one_after_another, range(AT_ONCE)))

    def answer(self, visitor: Visitor, number: int) -> None:
        fields = {f"q_{key}": value for key, value in self.choices(number).items()}
        fields |= {"kod": self.codes[number], "q_words": self.words(number)}
        assert visitor.post(self.round.get_absolute_url(), fields) == 303
        self.thanked.add(number)


def wait_for_the_killed() -> None:
    """PostgreSQL ends what a killed client had begun in its own time."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for _ in range(200):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.1)
    raise AssertionError("somebody is still in the database")


@pytest.mark.parametrize(
    ("acknowledged", "kills"), [(300, 2), pytest.param(2000, 6, marks=pytest.mark.slow)], ids=["300", "2000"]
)
def test_what_was_acknowledged_is_stored_once_and_nothing_half_though_the_server_is_killed_again_and_again(
    acknowledged: int, kills: int, tmp_path: Path
) -> None:
    survey_round = open_round()
    residents = Residents(survey_round, make_codes(survey_round, acknowledged + 2 * AT_ONCE * kills))
    server = Server(tmp_path)
    for kill in range(1, kills + 1):
        with server:
            residents.answer_until(acknowledged * kill // kills, server)
    wait_for_the_killed()

    assert len(residents.thanked) >= acknowledged
    assert residents.cut_off, "nobody was in the middle of anything: nothing is proved"
    stored = Counter(FreeText.objects.values_list("text", flat=True))
    assert set(stored.values()) == {1}, "nobody's answer is stored twice"
    numbers = {number for number in range(len(residents.codes)) if residents.words(number) in stored}
    assert len(numbers) == len(stored)
    assert residents.thanked <= numbers, "who was thanked has answered"
    assert numbers <= residents.thanked | residents.cut_off
    rows = Counter(Response.objects.values_list("answers", flat=True))
    assert rows == Counter(survey_round.book.encode(residents.choices(number)) for number in numbers), "whole answers"
    unused = set(Invitation.objects.values_list("code_hash", flat=True))
    hashes = {number: code_hash(survey_round, code) for number, code in enumerate(residents.codes)}
    assert unused == {hashes[number] for number in hashes.keys() - numbers}, "a code is used with its answer alone"
