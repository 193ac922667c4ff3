"""How far a long piece of work has come, for whoever waits at a terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

# What is done now, how much of it has been done, and of how much.
Progress = Callable[[str, int, int], None]
WIDTH = 30


def silent(what: str, done: int, total: int) -> None:
    """Nobody waits: a timer, a page, a test."""


class Stream(Protocol):
    """What a command writes to."""

    def write(self, text: str, /) -> object: ...
    def flush(self) -> object: ...
    def isatty(self) -> bool: ...


class ProgressBar:
    """One line, written over; nothing at all where no terminal would show it."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.is_shown = stream.isatty()

    def __call__(self, what: str, done: int, total: int) -> None:
        if not self.is_shown:
            return
        share = done / total if total else 1.0
        bar = "█" * round(share * WIDTH)
        self.stream.write(f"\r{what:<12}{bar:·<{WIDTH}} {share:4.0%}  {done} av {total}")
        if done >= total:
            self.stream.write("\n")
        self.stream.flush()
