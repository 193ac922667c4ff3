"""Clearing the database's own files of deleted and rewritten rows, whose bytes still lie there."""

from __future__ import annotations

import time

from django.db import OperationalError, connection, models
from django.db.backends.utils import CursorWrapper

# Seconds to wait for those who may still see what was deleted.
PATIENCE = 3.0


def clear_remains(*tables: type[models.Model]) -> bool:
    """Remove the remains of rows from the files. False if the database was in use, and some may be left.

    PostgreSQL: VACUUM FULL writes the tables to new files. A plain VACUUM frees the rows but leaves their bytes, the
    transaction's number among them, where they lay. SQLite: `secure_delete` has overwritten the rows in the database,
    and the checkpoint empties the log beside it.
    """
    with connection.cursor() as cursor:
        return _checkpoint(cursor) if connection.vendor == "sqlite" else _vacuum(cursor, tables)


def _checkpoint(cursor: CursorWrapper) -> bool:
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (is_busy, *_pages) = cursor.fetchone()
    return not is_busy


def _vacuum(cursor: CursorWrapper, tables: tuple[type[models.Model], ...]) -> bool:
    nobody_looks_back = _wait_for_snapshots(cursor)
    # Somebody who copies the whole database holds locks for long. Do not let residents wait for that.
    cursor.execute("SET lock_timeout = '2s'")
    try:
        for model in tables:
            cursor.execute(f"VACUUM (FULL) {connection.ops.quote_name(model._meta.db_table)}")
    except OperationalError:
        return False
    finally:
        cursor.execute("RESET lock_timeout")
    return nobody_looks_back


def _wait_for_snapshots(cursor: CursorWrapper) -> bool:
    """Wait, for a moment, for the transactions that may still see what was deleted: VACUUM keeps that for them."""
    looking_back, ends = _running_transactions(cursor), time.monotonic() + PATIENCE
    while looking_back and time.monotonic() < ends:
        time.sleep(0.1)
        looking_back &= _running_transactions(cursor)
    return not looking_back


def _running_transactions(cursor: CursorWrapper) -> set[tuple[int, str]]:
    """Those that look at this database, and those that write to any: VACUUM's own view reaches back to the oldest."""
    cursor.execute(
        "SELECT pid, coalesce(backend_xid, backend_xmin)::text FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
        "AND (backend_xid IS NOT NULL OR backend_xmin IS NOT NULL AND datname = current_database())"
    )
    return set(cursor.fetchall())
