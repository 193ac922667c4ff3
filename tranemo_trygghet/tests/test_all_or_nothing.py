"""Whatever breaks in the middle of what somebody does, nothing of it is stored.

Every deed that writes more than once (deeds.py) is done with a database that breaks at its first write, then at its
second, and so on until it is done whole; after each break the tables are as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction

from surveys.models import FreeText, Response
from tranemo_trygghet.example import year
from tranemo_trygghet.tests.deeds import DEEDS, Deed, a_contact

pytestmark = [pytest.mark.django_db]

OURS = ["promises", "surveys", "followups", "subscriptions", "mfa"]


class BrokenError(Exception):
    """The database is gone."""


class Writes:
    """The writes that are let through; the session's are not counted, nobody misses them."""

    def __init__(self, breaks_at: int = 0) -> None:
        self.breaks_at, self.count = breaks_at, 0

    def __call__(self, do: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip("( ").startswith(("INSERT", "UPDATE", "DELETE")) and "django_session" not in sql:
            self.count += 1
            if self.count == self.breaks_at:
                raise BrokenError
        return do(sql, params, many, context)


@contextmanager
def breaking_at(number: int) -> Iterator[None]:
    """The database takes so many writes less one."""
    with connection.execute_wrapper(Writes(number)):
        yield


def tables() -> dict[str, list[tuple[Any, ...]]]:
    """Every row; of answers and texts not their keys, which a shuffle changes one table after the other."""
    found = {}
    with connection.cursor() as cursor:
        for label, sql in QUESTIONS.items():
            cursor.execute(sql)  # past the models, which would take longer than what is tried
            found[label] = sorted(cursor.fetchall(), key=repr)
    return found


def questions() -> Iterator[tuple[str, str]]:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in OURS:
            names = [field.column for field in model._meta.concrete_fields]
            kept = names[1:] if model in (Response, FreeText) else names
            columns = ", ".join(map(connection.ops.quote_name, kept))
            yield model._meta.label, f"SELECT {columns} FROM {model._meta.db_table}"


QUESTIONS = dict(questions())


@pytest.mark.parametrize("make", DEEDS, ids=lambda make: make.__name__)
def test_whatever_breaks_in_the_middle_nothing_is_stored(clock, make: Callable[[], Deed]) -> None:
    do = make()
    before = tables()
    for number in range(1, 200):
        with breaking_at(number):
            try:
                do()
                break
            except BrokenError:
                # What Django would say of a transaction that nobody has begun is not what is asked here.
                transaction.set_rollback(False)
                assert tables() == before, f"something stood after the break at write {number}"
    assert number > 2, "what writes once needs no test"
    assert tables() != before


def load(command: str) -> Deed:
    return lambda: call_command(command, stdout=StringIO())


@pytest.mark.parametrize("command", ["load_promise", "load_question_bank", "load_example"])
def test_a_long_load_that_breaks_at_its_end_has_loaded_nothing(clock, monkeypatch, settings, command: str) -> None:
    settings.DEBUG = True
    monkeypatch.setattr(year, "load_year", lambda day, password: (a_contact()(), a_contact()()))
    before, writes, do = tables(), Writes(), load(command)
    with transaction.atomic(), connection.execute_wrapper(writes):
        do()
        transaction.set_rollback(True)
    with pytest.raises(BrokenError), breaking_at(writes.count):
        do()
    transaction.set_rollback(False)
    assert tables() == before
