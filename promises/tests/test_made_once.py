"""What the tests make once in a process lies there as if it had just been made, whoever asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management.color import no_style
from django.db import connection

from promises.models import Place, Promise
from promises.tests.made_once import filled_tables, made_once, rows_of
from promises.tests.make import make_place, make_promise

pytestmark = pytest.mark.django_db


class Maker:
    """A promise, and how many times it was made."""

    def __init__(self) -> None:
        self.times, self.moment = 0, 1

    def __call__(self) -> Promise:
        self.times += 1
        return make_promise()


@pytest.fixture
def maker() -> Maker:
    return Maker()


@pytest.fixture
def made(maker: Maker) -> Callable[[], Promise]:
    return made_once(same_if=lambda: maker.moment)(maker.__call__)


def everything() -> dict[str, list[dict[str, Any]]]:
    return {each._meta.label: [vars(row) | {"_state": None} for row in rows_of(each)] for each in filled_tables()}


def empty() -> None:
    """As a test finds it: no rows, and keys that begin anew."""
    tables = filled_tables()
    for each in tables:
        rows_of(each)._raw_delete(using="default")
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(sql)


def test_the_second_time_the_same_rows_lie_there_and_nothing_is_made(maker: Maker, made: Callable) -> None:
    first, before = made(), everything()
    empty()
    assert made() == first
    assert everything() == before
    assert maker.times == 1


def test_a_row_after_those_that_were_laid_gets_a_key_of_its_own(made: Callable) -> None:
    made()
    empty()
    laid = made()
    assert make_promise().pk > laid.pk


def test_at_another_moment_it_is_made_anew_and_so_it_is_beside_something_else(maker: Maker, made: Callable) -> None:
    made()
    empty()
    maker.moment = 2
    made()
    assert maker.times == 2
    empty()
    make_place()
    made()
    assert (maker.times, Place.objects.count()) == (3, 1)


def test_what_a_test_did_to_its_rows_is_not_there_for_the_next(made: Callable) -> None:
    made()
    empty()
    rows_of(Promise).update(title="Ändrad")
    made().title = "Ändrad"
    empty()
    assert made().title != "Ändrad"
