"""Every address of the back office times method, role, and own or other's object, against a table written by hand."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends.cache import SessionStore
from django.db import connection, transaction
from django.http import HttpResponse
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.http import urlencode

from promises.models import User
from promises.tests.backoffice import forms_of
from tranemo_trygghet.admin_site import BackOffice
from tranemo_trygghet.tests.make import TENTH_OF_MAY
from tranemo_trygghet.tests.matrix import ROLES, Case, World, make_world

pytestmark = [pytest.mark.alike, pytest.mark.long]

TABLE = Path(__file__).parent / "admin_matrix.txt"
METHODS = ("GET", "POST")
# "site" is what belongs to no room.
ROOMS = ("promises", "surveys", "followups", "subscriptions", "site")
NAMED_WORD = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")
# What every request may write: its own session, and that somebody has tried to log in.
WRITES_OF_LOGIN = ("django_session", "staff_login_attempt")
AS_A_FORM = "application/x-www-form-urlencoded"
LETTERS = {400: "b", 403: "n", 404: "0", 405: "m", 410: "g"}

# The layers that say who asks, and what they are told.
WHO_ASKS = ("StaffSessionMiddleware", "AuthenticationMiddleware", "MessageMiddleware", "AccountMiddleware")

HOW_TO_ADD = f"""
Write them into {TABLE.name}, near what they are like: one row for GET and one for POST, more if the answer hangs on the
object's state. What each role may do follows from what the roles are for, and is never copied from the portal.
Of a model of one's own the rows of a like model are a good beginning. The third word of a row is a case of matrix.py:
`about(row, **posted)` for one object (in `make_side` if it belongs to an organisation), `Case(body=…)` for a new one.
"""


# --- The table and the resolver -----------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One line of the table: an address, a method and a case, with the answer for everybody."""

    line: int
    method: str
    address: str
    case: str
    roles: tuple[str, ...]  # one letter, or two: for an object of one's own organisation, and for another's
    nobody: str
    inactive: str

    @property
    def room(self) -> str:
        named = self.address.split("/")[2]
        return named if named in ROOMS else "site"

    def cells(self) -> Iterator[tuple[str, bool, str]]:
        """Who asks, whether the object is their own organisation's, and the expected letter."""
        for role, letters in zip(ROLES, self.roles, strict=True):
            for is_own, letter in zip((True, False), letters, strict=False):
                yield str(role), is_own, letter
        yield "nobody", True, self.nobody
        yield "inactive", True, self.inactive


def table() -> list[Row]:
    lines = enumerate(TABLE.read_text().splitlines(), start=1)
    return [row_of(number, line) for number, line in lines if line.startswith(METHODS)]


def row_of(number: int, line: str) -> Row:
    words = line.split()
    assert len(words) == 3 + len(ROLES) + 2, f"line {number} has {len(words)} words: {line}"
    method, address, case, *roles, nobody, inactive = words
    return Row(number, method, address, case, tuple(roles), nobody, inactive)


def addresses(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """Every address of the back office, with the words that stand for something named and nothing more."""
    for each in resolver.url_patterns:
        route = before + str(each.pattern).removeprefix("^").removesuffix("$").removesuffix(r"\Z")
        if isinstance(each, URLResolver):
            yield from addresses(each, route)
        elif isinstance(each, URLPattern) and route.startswith("/admin/"):
            yield NAMED_WORD.sub(lambda found: f"<{found[1] or found[2]}>", route)


def test_every_address_of_the_back_office_has_its_rows_in_the_table() -> None:
    found, written = set(addresses(get_resolver())), {(row.method, row.address) for row in table()}
    missing = [
        f"{method:<5}{address}" for address in sorted(found) for method in METHODS if (method, address) not in written
    ]
    assert not missing, "No row for:\n" + "\n".join(missing) + "\n" + HOW_TO_ADD
    gone = [f"line {row.line}: {row.method} {row.address}" for row in table() if row.address not in found]
    assert not gone, "There is no such address any longer; take these rows away:\n" + "\n".join(gone)


def test_no_question_is_asked_twice() -> None:
    asked = [(row.method, row.address, row.case) for row in table()]
    assert sorted({each for each in asked if asked.count(each) > 1}) == []


# --- The answers --------------------------------------------------------------------------------------


@pytest.fixture
def world(db, clock, settings) -> World:
    clock.move_to(TENTH_OF_MAY)
    # The portal's other layers know nothing of roles, and each would be passed eight thousand times.
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if each.endswith(WHO_ASKS)]
    # In memory, so that the database is asked about what is tried and not about who asks.
    settings.SESSION_ENGINE, settings.SESSION_SAVE_EVERY_REQUEST = "django.contrib.sessions.backends.cache", False
    return make_world()


class Asker:
    """Asks as one person after the other, and takes back what each has done."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sessions: dict[int, str] = {}

    def ask(self, row: Row, who: str, *, is_own: bool, body: dict[str, Any]) -> str:
        """The letter of what happened."""
        user = None if who == "nobody" else self.world.own.people[who]
        case, client = self.world.case(row.case, is_own=is_own), self.client(user)
        with transaction.atomic(), writes() as written:
            response = send(client, row, case, body)
            transaction.set_rollback(True)
        return letter_of(response, wrote=bool(written))

    def client(self, user: User | None) -> Client:
        client = Client(HTTP_ORIGIN="http://testserver", raise_request_exception=False)
        if user is None:
            return client
        if not SessionStore().exists(self.sessions.get(user.pk, "")):  # not yet, or logged out by what was asked
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            self.sessions[user.pk] = client.cookies[settings.SESSION_COOKIE_NAME].value
        client.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: self.sessions[user.pk]})
        return client

    # --- what is posted ---

    def body(self, row: Row, *, is_own: bool) -> dict[str, Any]:
        """The form as it stands on the page of whoever may send it, with the case's words in it.

        For another organisation's object it is the form of its own people, so that what is refused is a whole form.
        """
        case = self.world.case(row.case, is_own=is_own)
        if row.method == "GET":
            return {}
        return self._form(row, is_own=is_own) | case.body

    def _form(self, row: Row, *, is_own: bool) -> dict[str, Any]:
        side = self.world.own if is_own else self.world.other
        who = next((role for role, own, letter in row.cells() if own and letter == "d" and role in side.people), None)
        if who is None:
            return {}
        page = send(self.client(side.people[who]), row, self.world.case(row.case, is_own=is_own), {}, method="GET")
        return max(forms_of(page), key=len, default={}) if page.status_code == 200 else {}


def send(client: Client, row: Row, case: Case, body: dict[str, Any], method: str = "") -> HttpResponse:
    address = NAMED_WORD.sub(lambda found: str(case.words[found[1]]), row.address)
    if (method or row.method) == "GET":
        return client.get(address, case.query)
    # As a browser sends a form without files, which is read in a third of the time.
    return client.post(address, urlencode(body, doseq=True), content_type=AS_A_FORM, query_params=case.query)


@contextmanager
def writes() -> Iterator[list[str]]:
    """The statements that wrote something."""
    written: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        words = sql.split(maxsplit=3)
        if words[0] in ("INSERT", "UPDATE", "DELETE") and not any(name in sql for name in WRITES_OF_LOGIN):
            written.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield written


def letter_of(response: HttpResponse, *, wrote: bool) -> str:
    code = response.status_code
    if code in LETTERS or code >= 400:
        return "w" if wrote else LETTERS.get(code, "?")
    if wrote:
        return "d"
    if code == 200:
        return "s"
    is_login = code == 302 and response["Location"].startswith("/admin/login/")
    return "l" if is_login else "t"


@pytest.fixture
def unrendered(monkeypatch) -> Iterator[Any]:
    """Answers are told apart by what is done, not by how it looks: pages are made and not drawn."""

    @contextmanager
    def unrendered(people: Iterable[User]) -> Iterator[None]:
        known = {each.pk: each for each in people if each.is_active}
        with monkeypatch.context() as patch:
            patch.setattr(SimpleTemplateResponse, "rendered_content", "")
            # Not the views that these name: Django remembers what a name has led to, in the tests that follow too.
            patch.setattr("django.conf.urls.handler403", lambda request, exception: HttpResponse(status=403))
            patch.setattr("django.conf.urls.handler404", lambda request, exception: HttpResponse(status=404))
            patch.setattr(ModelBackend, "get_user", lambda backend, pk: known.get(pk))
            patch.setattr(BackOffice, "each_context", lambda site, request: {})
            logging.disable(logging.CRITICAL)  # a traceback for each that is refused
            yield
            logging.disable(logging.NOTSET)

    return unrendered


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("method", METHODS)
def test_everybody_gets_the_answer_of_the_table(method: str, room: str, world: World, unrendered) -> None:
    asker, wrong = Asker(world), []
    rows = [row for row in table() if (row.method, row.room) == (method, room)]
    asked = {(row, is_own) for row in rows for _who, is_own, _letter in row.cells()}
    bodies = {(row.line, is_own): asker.body(row, is_own=is_own) for row, is_own in asked}
    with unrendered(world.own.people.values()):
        for row in rows:
            for who, is_own, expected in row.cells():
                answer = asker.ask(row, who, is_own=is_own, body=bodies[row.line, is_own])
                if answer != expected:
                    whose = ("own" if is_own else "other's") if world.has_owner(row.case) else "any"
                    wrong.append(
                        f"line {row.line}: {method} {row.address} ({row.case}, {whose}) {who}: "
                        f"the table says {expected}, the portal {answer}"
                    )
    assert not wrong, f"{len(wrong)} answers differ from {TABLE.name}:\n" + "\n".join(wrong)
