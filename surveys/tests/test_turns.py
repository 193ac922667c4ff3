"""Who writes to SQLite's ballot box waits in a queue that nobody can hold up for ever."""

from __future__ import annotations

import fcntl
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client

from surveys import turns
from surveys.models import Invitation, Response
from surveys.tests.make import make_codes, make_round

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has many writers, and no queue"),
]
HOLD = """
import fcntl, sys, time
file = open(sys.argv[1], "a")
fcntl.flock(file, fcntl.LOCK_EX)
print("mine", flush=True)
time.sleep(60)
"""


def queue() -> Path:
    return Path(f"{connection.settings_dict['NAME']}.turn")


@contextmanager
def somebody_elses_turn() -> Iterator[None]:
    with queue().open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def post(survey_round, code: str) -> int:
    client = Client(headers={"origin": "http://testserver"}, raise_request_exception=False)
    return client.post(survey_round.get_absolute_url(), {"kod": code, "q_safety": "unsafe"}).status_code


def test_an_answer_waits_for_its_turn_and_no_longer(clock) -> None:
    survey_round, statuses = make_round(), []
    [code] = make_codes(survey_round, 1)

    def answer() -> None:
        statuses.append(post(survey_round, code))
        connection.close()

    with somebody_elses_turn():
        waiting = threading.Thread(target=answer)
        waiting.start()
        waiting.join(0.5)
        assert waiting.is_alive()
        assert not Response.objects.exists()
    waiting.join(10)
    assert statuses == [303]


@pytest.mark.parametrize("turn", [somebody_elses_turn, lambda: turns._first_of_this_process])
def test_who_has_waited_too_long_is_told_to_come_back_with_the_code_unused(turn, clock, monkeypatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.2)
    survey_round = make_round()
    [code] = make_codes(survey_round, 1)
    with turn():
        assert post(survey_round, code) == 503
    assert (Response.objects.count(), Invitation.objects.count()) == (0, 1)
    assert post(survey_round, code) == 303


def test_a_process_that_is_killed_gives_up_its_turn() -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, queue()], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(BlockingIOError), queue().open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        holder.send_signal(signal.SIGKILL)
        with turns.in_turn():
            pass


def test_who_is_already_the_writer_waits_for_nobody() -> None:
    with somebody_elses_turn(), transaction.atomic(), turns.in_turn():
        pass
