"""An empty database becomes one of today's version in seconds; that is done once in a run, and copied after that.

`migrate` does it as ever for the first empty database of each kind. Every other, a worker's own or the one that a copy
is tried in, gets the same tables and rows in a moment.
"""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.core.management.commands.migrate import Command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

MIGRATED = "migrated_once"


def migrate_once(folder: Path) -> None:
    """From now on, in this process; the folder is that of the run."""
    migrate = Command.handle

    def migrate_or_copy(self: Command, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if options["app_label"] or connection.introspection.table_names():
            migrate(self, *args, **options)
            return
        with one_at_a_time(folder / connection.vendor) as is_made:
            if is_made.exists():
                TAKE[connection.vendor](connection, is_made)
            else:
                migrate(self, *args, **options)
                KEEP[connection.vendor](connection, is_made)

    Command.handle = migrate_or_copy  # type: ignore[assignment, method-assign]


@contextmanager
def one_at_a_time(place: Path) -> Iterator[Path]:
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield place


def keep_file(connection: BaseDatabaseWrapper, place: Path) -> None:
    draft = place.with_suffix(".draft")
    with closing(sqlite3.connect(draft)) as kept:
        connection.connection.backup(kept)
    draft.rename(place)


def take_file(connection: BaseDatabaseWrapper, place: Path) -> None:
    with closing(sqlite3.connect(f"{place.as_uri()}?immutable=1", uri=True)) as kept:
        kept.backup(connection.connection)


def keep_database(connection: BaseDatabaseWrapper, place: Path) -> None:
    copy_database(connection, str(connection.settings_dict["NAME"]), MIGRATED)
    place.touch()


def take_database(connection: BaseDatabaseWrapper, place: Path) -> None:
    copy_database(connection, MIGRATED, str(connection.settings_dict["NAME"]))


def copy_database(connection: BaseDatabaseWrapper, name: str, copy: str) -> None:
    connection.close()  # PostgreSQL copies what nobody is in
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{copy}"')
        cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')


KEEP = {"sqlite": keep_file, "postgresql": keep_database}
TAKE = {"sqlite": take_file, "postgresql": take_database}
