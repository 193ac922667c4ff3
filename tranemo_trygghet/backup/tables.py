"""Rows as lines of JSON, the same from either database: read in one moment, written, and told apart by a digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q
from django.db.utils import load_backend

BATCH = 2000
# The names that a copy's own connections have while it is read or tried.
SNAPSHOT = "backup_snapshot"

# What a copy leaves out, with the reason. None: every row.
LEFT_OUT: dict[str, tuple[Q | None, str]] = {
    "sessions.session": (None, "who was logged in then is not now"),
    "surveys.wrongcodes": (None, "counts of an hour"),
    "subscriptions.asking": (None, "counts of an hour"),
    "staff_login.attempt": (None, "counts of a day"),
    "subscriptions.mail": (None, "most of what waited has been sent since, and must not be sent twice"),
    "subscriptions.subscription": (Q(confirmed_at=None), "nobody has said yes to it"),
    "subscriptions.subscription_places": (Q(subscription__confirmed_at=None), "nobody has said yes to it"),
}

Line = list[Any]


def all_models(registry: Any = apps) -> list[type[models.Model]]:
    found = registry.get_models(include_auto_created=True)
    return sorted((each for each in found if is_a_table(each)), key=lambda each: each._meta.label_lower)


def is_a_table(model: type[models.Model]) -> bool:
    return bool(model._meta.managed and not model._meta.proxy)


def field_names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


# --- reading ---


@contextmanager
def one_moment() -> Iterator[str]:
    """A connection that sees the database as it is now until the end, whoever writes meanwhile. Nobody waits for it."""
    with another_connection(SNAPSHOT, connections["default"].settings_dict) as connection:
        if connection.vendor == "postgresql":
            with transaction.atomic(using=SNAPSHOT):
                connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                yield SNAPSHOT
            return
        # Not IMMEDIATE, as the portal's own: that would hold up every writer.
        cursor = connection.cursor()
        cursor.execute("BEGIN DEFERRED")
        try:
            yield SNAPSHOT
        finally:
            cursor.execute("ROLLBACK")


@contextmanager
def another_connection(alias: str, database: dict[str, Any]) -> Iterator[BaseDatabaseWrapper]:
    """A connection beside the portal's own, under a name of its own; closed and forgotten at the end."""
    connection = load_backend(database["ENGINE"]).DatabaseWrapper(database, alias)
    connections[alias] = connection
    try:
        yield connection
    finally:
        connection.close()
        del connections[alias]


def read(model: type[models.Model], using: str, *, whole: bool = False) -> Iterator[Line]:
    """The rows of a table in the order of their keys, which are random where the order would tell something."""
    rows: Any = model._base_manager.using(using).order_by("pk")
    reason = None if whole else LEFT_OUT.get(model._meta.label_lower)
    if reason is not None:
        rows = rows.none() if reason[0] is None else rows.exclude(reason[0])
    for row in rows.values_list(*field_names(model)).iterator(chunk_size=BATCH):
        yield list(row)


def as_text(row: Line) -> str:
    """One line. Keys are sorted, since PostgreSQL keeps the keys of JSON in an order of its own."""
    return json.dumps(row, cls=Exact, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Exact(DjangoJSONEncoder):
    """Django's own cuts moments to milliseconds."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


def digest(rows: Iterable[Line]) -> tuple[str, int]:
    """A digest of the rows, and how many they are."""
    sha, count = hashlib.sha256(), 0
    for row in rows:
        sha.update(as_text(row).encode() + b"\n")
        count += 1
    return sha.hexdigest(), count


# --- writing ---


def write(model: type[models.Model], rows: Iterable[Line], using: str) -> None:
    """Put the rows in an empty table, past everything that guards single edits: that was done when they were made."""
    fields = model._meta.concrete_fields
    made = (
        model(**{field.attname: field.to_python(value) for field, value in zip(fields, row, strict=True)})
        for row in rows
    )
    while batch := list(islice(made, BATCH)):
        manager: Any = models.QuerySet(model, using=using)
        manager.bulk_create(batch)


def empty(registry: Any, using: str) -> None:
    """Delete every row of every table. The constraints are looked at when the transaction ends."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for model in all_models(registry):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608


def count_on(registry: Any, using: str) -> None:
    """Let the next number that the database gives be higher than those that were written."""
    from django.core.management.color import no_style

    connection = connections[using]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), all_models(registry)):
            cursor.execute(statement)


def rows_in_all(using: str) -> int:
    """How many promises, answers and users there are: whether a database is in use."""
    used = ("promises.promise", "surveys.response", "promises.user")
    return sum(apps.get_model(label)._base_manager.using(using).count() for label in used)
