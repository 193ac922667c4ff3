"""Django's backend for PostgreSQL, whose queries also give up a server that stands still."""

from __future__ import annotations

from typing import Protocol


class Knowing(Protocol):
    """Says whether the server is gone: as far as is known, or asking it once more. Waits for nobody."""

    def __call__(self, *, asks: bool) -> bool: ...


# The commands have nobody to ask, and wait.
server_is_gone: Knowing | None = None
