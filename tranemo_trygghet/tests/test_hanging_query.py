"""A query that hangs holds its request for ten seconds at most, and then the page says so."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from promises.models import Term
from promises.tests.make import make_place
from subscriptions.models import Asking

pytestmark = pytest.mark.postgresql

ROOT = Path(__file__).resolve().parents[2]
ASK = "from django.db import connection as c; k = c.cursor(); k.execute('SHOW statement_timeout'); print(*k.fetchone())"


def bound_of(start: str) -> str:
    """What the database says to a process that starts so."""
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"{start}; {ASK}"],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tranemo_trygghet.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    return said.stdout.strip()


def test_queries_of_the_web_are_bound_and_those_of_commands_are_not() -> None:
    assert bound_of("import tranemo_trygghet.wsgi") == "10s"
    assert bound_of("import django; django.setup()") == "0"


@contextmanager
def locked(model) -> Iterator[None]:
    """Somebody else holds the whole table."""
    of = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    with psycopg.connect(**{name: of[name] for name in names if name in of}) as other:
        other.execute(f'LOCK TABLE "{model._meta.db_table}" IN ACCESS EXCLUSIVE MODE')
        yield


@pytest.fixture
def bound() -> Iterator[None]:
    """As in operation, but shorter."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '1s'")
    yield
    connection.close()


def test_a_page_that_waits_for_a_lock_says_503_in_time_and_comes_back(process, bound) -> None:
    process.get("/om/")  # finds its templates
    with locked(Term):
        began = time.monotonic()
        page = process.get("/ordlista/")
        assert time.monotonic() - began < 3
    assert (page.status_code, page.headers["Retry-After"]) == (503, "10")
    assert "Sidan vilar en stund" in page.content.decode()
    assert "Content-Security-Policy" in page.headers
    assert process.get("/ordlista/").status_code == 200


def test_a_page_that_was_kept_is_shown_while_another_waits(process, bound) -> None:
    good = process.get("/ordlista/")
    make_place()  # raises the content version: the page is to be made anew
    process.app.current.doubt()
    with locked(Term):
        page = process.get("/ordlista/")
    assert (page.status_code, page.content) == (200, good.content)


def test_a_form_that_hangs_is_refused_and_nothing_of_it_is_stored(process, bound) -> None:
    with locked(Asking):
        answer = process.post("/folj/mejl/", {"epost": "nils@exempel.se"}, headers={"origin": "http://testserver"})
    assert answer.status_code == 503
    assert Asking.objects.count() == 0


def test_others_are_answered_while_one_waits(process, start_process, bound) -> None:
    process.get("/om/")
    with locked(Term):
        waiting = threading.Thread(target=lambda: (process.get("/ordlista/"), connection.close()))
        waiting.start()
        began = time.monotonic()
        assert process.get("/om/").status_code == 200
        assert time.monotonic() - began < 0.8
    waiting.join()
