"""psycopg as Django's backend uses it, whose connections hang up on a server that has stopped in the middle of a query.

The server's own limit (`statement_timeout`) helps only while the server lives, and those of the network only when the
other machine is gone: a server that stands still is heard by nobody. psycopg waits in short intervals; in each that
brings nothing, somebody who knows is asked whether the server is gone.
"""

from __future__ import annotations

from typing import Any, TypeVar

import psycopg
from psycopg import (
    DatabaseError,
    DataError,
    Error,
    IntegrityError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
)
from psycopg.abc import PQGen
from psycopg.waiting import READY_NONE

from tranemo_trygghet import postgresql

# What Django asks of a driver.
__all__ = [
    "DataError",
    "DatabaseError",
    "Error",
    "IntegrityError",
    "InterfaceError",
    "InternalError",
    "NotSupportedError",
    "OperationalError",
    "ProgrammingError",
    "connect",
]

Result = TypeVar("Result")
# Each a tenth of a second. Hardly any query of a page takes so long, so hardly anybody asks without a reason.
SILENT_INTERVALS = 3


class ServerIsSilentError(OperationalError):
    """The server took a query and stopped."""


class Connection(psycopg.Connection[Any]):
    """Gives up its query, and itself, when the server is known to be gone."""

    def wait(self, gen: PQGen[Result], *args: Any, **kwargs: Any) -> Result:
        is_gone = postgresql.server_is_gone
        try:
            return super().wait(until_gone(gen, is_gone) if is_gone else gen, *args, **kwargs)
        except ServerIsSilentError:
            self.close()
            raise


def until_gone(query: PQGen[Result], is_gone: postgresql.Knowing) -> PQGen[Result]:
    """The same query, which raises `ServerIsSilentError` when nothing comes and the server is gone."""
    try:
        awaited, silent = next(query), 0
        while True:
            came = yield awaited
            silent = silent + 1 if came == READY_NONE else 0
            if silent >= SILENT_INTERVALS and is_gone(asks=True):
                raise ServerIsSilentError("the server stopped in the middle of a query")
            awaited = query.send(came)
    except StopIteration as end:
        result: Result = end.value
        return result


def connect(*args: Any, **kwargs: Any) -> Connection:
    """A connection. A server that is known to be gone is not called: that takes two seconds."""
    is_gone = postgresql.server_is_gone
    if is_gone and is_gone(asks=False):
        raise ServerIsSilentError("the server does not answer")
    return Connection.connect(*args, **kwargs)
