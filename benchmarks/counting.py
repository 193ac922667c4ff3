"""Closing, counting and publishing rounds of many answers, and how the times grow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from benchmarks.portal import within


@dataclass(frozen=True)
class Counted:
    """One round: seconds for each step, and what it took."""

    answers: int
    close: float
    aggregate: float
    count: float
    publish: float
    bytes_an_answer: float
    memory: float  # megabytes at the most, of the process that did it all


def measure(environment: dict[str, str], sizes: list[int]) -> list[Counted]:
    return [Counted(**figures(environment, size)) for size in sizes]


def figures(environment: dict[str, str], size: int) -> dict[str, Any]:
    said: dict[str, Any] = within(environment, "benchmarks.count_one", str(size))
    return said
