"""A fault in the middle of an answer: neither logs, mail nor cache tell what was answered, by which code, from where.

The server is the real one, with the logging that it has in operation; PostgreSQL logs as deploy/postgresql.conf says.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from surveys import codes
from surveys.models import Invitation, Response, SurveyRound
from surveys.tests.make import make_codes
from tranemo_trygghet.tests.faults import FAULTS
from tranemo_trygghet.tests.serving import Server, open_round

pytestmark = pytest.mark.django_db(transaction=True)

CANARY, ADDRESS = "kanariefågel-7391", "192.0.2.77"
WRONG_CODE = "QQQQQ-WWWWW"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path, "tranemo_trygghet.tests.faults:portal()", TRUSTED_PROXIES="1") as server:
        yield server


class Resident:
    """Somebody whose every word, and whose code and address, can be told from all others'."""

    def __init__(self, server: Server, survey_round: SurveyRound) -> None:
        self.server, self.round = server, survey_round
        self.code = make_codes(survey_round, 1)[0]
        self.row = survey_round.book.encode({"safety": "unsafe", "grade": "5"})

    def answer(self, fault: str = "", **changed: str) -> int:
        fields = {"kod": self.code, "q_safety": "unsafe", "q_grade": "5", "q_words": CANARY} | changed
        told = f"{self.code} {codes.normalise(self.code)} {self.row} {ADDRESS}"
        headers = {"X-Fault": fault, "X-Told": told, "X-Forwarded-For": ADDRESS}
        with self.server.visitor() as visitor:
            return visitor.post(self.round.get_absolute_url(), fields, **headers)

    def secrets(self) -> list[bytes]:
        own = [self.code, codes.normalise(self.code), codes.code_hash(self.round, self.code), self.row]
        others = [WRONG_CODE, codes.normalise(WRONG_CODE), ADDRESS]
        return [each.encode() for each in (CANARY, CANARY.encode("unicode_escape").decode(), *own, *others)]


def written(server: Server) -> bytes:
    """All that the server has written anywhere: its log, mail, cache, kept pages; and the database server's log."""
    files = [path for path in server.folder.rglob("*") if path.is_file()]
    assert files == [server.log], "nobody is mailed of a fault, and no answer is cached"
    return server.log.read_bytes()


def test_a_fault_anywhere_in_an_answer_tells_nothing_of_it(server: Server) -> None:
    resident = Resident(server, open_round())
    way_to = {"when a wrong code is counted": {"kod": WRONG_CODE}, "when the page is made": {"q_grade": "99"}}
    for fault in FAULTS:
        assert resident.answer(fault, **way_to.get(fault, {})) == 500, fault
    with a_database_that_refuses():
        assert resident.answer() == 500
    log = written(server)
    assert log.count(b"Internal Server Error: /enkater/") == len(FAULTS) + 1
    assert log.count(b"\nRuntimeError\n") == len(FAULTS), "where it was and of what kind is still told"
    assert b"\nIntegrityError\n" in log
    assert [each for each in resident.secrets() if each in log] == []
    assert not Response.objects.exists()
    assert Invitation.objects.count() == 1, "and nothing was half done"
    assert resident.answer() == 303
    assert written(server) == log, "an answer without a fault is told of nowhere at all"


@contextmanager
def a_database_that_refuses() -> Iterator[None]:
    """PostgreSQL then answers, and logs, "Failing row contains (…)"."""
    is_sqlite = connection.vendor == "sqlite"
    refuse = "CREATE TRIGGER refuses BEFORE INSERT ON surveys_freetext BEGIN SELECT RAISE(ABORT, 'no'); END"
    stop = "DROP TRIGGER refuses"
    if not is_sqlite:
        refuse = "ALTER TABLE surveys_freetext ADD CONSTRAINT refuses CHECK (text = '')"
        stop = "ALTER TABLE surveys_freetext DROP CONSTRAINT refuses"
    with connection.cursor() as cursor:
        cursor.execute(refuse)
        try:
            yield
        finally:
            cursor.execute(stop)


# --- PostgreSQL's own log ---


def log_of_postgresql() -> Path:
    """Where the database server writes, asked of the system: the file that stands behind its standard error."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        ((process,),) = cursor.fetchall()
    path = Path(f"/proc/{process}/fd/2").resolve()
    if not path.is_file():
        pytest.skip("the database server's log is not a file on this machine")
    return path


@contextmanager
def logging_as_in_operation() -> Iterator[None]:
    """What deploy/postgresql.conf says of statements in logs, for this database."""
    lines = (settings.BASE_DIR / "deploy" / "postgresql.conf").read_text().splitlines()
    given = dict(line.split(" = ") for line in lines if line.startswith("log_") and "connections" not in line)
    assert given["log_error_verbosity"] == "terse"
    database = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        for name, value in given.items():
            cursor.execute(f"ALTER DATABASE {database} SET {name} = {value}")
        try:
            yield
        finally:
            cursor.execute(f"ALTER DATABASE {database} RESET ALL")


@pytest.mark.postgresql
def test_the_database_servers_log_tells_nothing_of_an_answer_that_it_refused(tmp_path: Path) -> None:
    path, survey_round = log_of_postgresql(), open_round()
    with a_database_that_refuses():
        with Server(tmp_path / "stock", "tranemo_trygghet.tests.faults:portal()", TRUSTED_PROXIES="1") as server:
            assert Resident(server, survey_round).answer() == 500
        assert CANARY.encode() in path.read_bytes(), "this is the log, and as it comes it tells all"
        begins = path.stat().st_size
        with logging_as_in_operation(), Server(tmp_path / "ours", "tranemo_trygghet.tests.faults:portal()") as server:
            resident = Resident(server, survey_round)
            assert resident.answer() == 500
    log = path.read_bytes()[begins:]
    assert b'violates check constraint "refuses"' in log
    assert [each for each in resident.secrets() if each in log] == []
