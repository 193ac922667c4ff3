"""What takes seconds to make is made once in each process; its rows are laid into the empty tables again after that."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

Made = TypeVar("Made")
# What the database has from its making.
GIVEN = (ContentType, Permission)


def made_once(same_if: Callable[[], Any] = timezone.now) -> Callable[[Callable[[], Made]], Callable[[], Made]]:
    """Of what is made of nothing: the same rows, as long as `same_if` is the same and nothing else has been made."""

    def made_once(make: Callable[[], Made]) -> Callable[[], Made]:
        kept: dict[datetime, tuple[bytes, list[list[Model]]]] = {}

        @wraps(make)
        def made_or_laid() -> Made:
            if filled_tables():
                return make()
            moment = same_if()
            if moment not in kept:
                made = make()
                kept.clear()
                kept[moment] = pickle.dumps(made), [list(rows_of(each)) for each in filled_tables()]
                return made
            pickled, tables = kept[moment]
            lay(tables)
            return pickle.loads(pickled)  # noqa: S301 (our own)

        return made_or_laid

    return made_once


def rows_of(model: type[Model]) -> QuerySet[Model]:
    """Past every manager: those of what is frozen refuse, and count."""
    return QuerySet(model)


def filled_tables() -> list[type[Model]]:
    models = [each for each in apps.get_models(include_auto_created=True) if each not in GIVEN]
    asked = [f"SELECT {number} WHERE EXISTS (SELECT 1 FROM {m._meta.db_table})" for number, m in enumerate(models)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return [models[number] for (number,) in cursor.fetchall()]


def lay(tables: list[list[Model]]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for rows in tables:
            rows_of(type(rows[0])).bulk_create(rows)
        for sql in connection.ops.sequence_reset_sql(no_style(), [type(rows[0]) for rows in tables]):
            cursor.execute(sql)
