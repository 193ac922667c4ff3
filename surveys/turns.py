"""The queue to SQLite's ballot box: one answer at a time, threads and processes by turns.

SQLite lets one connection write at a time. Whoever finds it taken sleeps, up to a tenth of a second, and looks again,
in no order: with sixteen writers one in a hundred waited for two and a half seconds, and the disk did a sixth of what
it can. Here they wait for each other instead. Nothing rests on it but the waiting: SQLite itself still sees to it that
there is one writer, and others, such as the shuffle, write past the queue.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection

# Seconds. Then the answer is not taken, and the resident is told to come back (503). With the twenty that SQLite itself
# waits for, it is still less than what nginx does.
PATIENCE = 10.0
LOOKS_AGAIN_AFTER = 0.001
_first_of_this_process = threading.Lock()


@contextmanager
def in_turn() -> Iterator[None]:
    """Wait for one's turn to write, before the transaction, and give it up after it. PostgreSQL needs none.

    Within a transaction nobody waits: it may already be the writer that those in the queue wait for.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    ends = time.monotonic() + PATIENCE
    if not _first_of_this_process.acquire(timeout=PATIENCE):
        raise TooLongError
    try:
        # Opened anew each time: a process that is killed gives up its turn, and one that is forked shares none. Nothing
        # is written to it, so it does not tell when somebody answered.
        file = os.open(f"{connection.settings_dict['NAME']}.turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _take(file, ends)
            yield
        finally:
            os.close(file)
    finally:
        _first_of_this_process.release()


class TooLongError(OperationalError):
    """The turn never came: somebody holds the database."""


def _take(file: int, ends: float) -> None:
    """The lock of the file, among one thread of each process. It cannot be waited for with a limit, so it is tried."""
    while True:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= ends:
                raise TooLongError from None
            time.sleep(LOOKS_AGAIN_AFTER)
