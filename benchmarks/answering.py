"""Answers: the form and the submit, by 1, 8 and 64 clients and at a fixed rate; beside hello and the other program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import other
from benchmarks.disk import durable_writes
from benchmarks.pages import AS_BROWSERS_ASK, Figures, Target, hello_server, take_turns
from benchmarks.portal import Questionnaire, served
from benchmarks.processes import Server
from benchmarks.visitors import Journey, Speed, at_a_rate, journeys, request

CLIENTS = (1, 8, 64)
A_SECOND = 100
SECONDS = 3.0
SECONDS_AT_RATE = 6.0  # six hundred answers: the slowest hundredth is six of them
TURNS = 3


@dataclass
class Answering:
    """By what was done and how many clients did it."""

    hello: Speed
    forms: list[Figures]  # hello, the other program's, and the portal's as it is kept
    disk_at_rate: Speed
    other_complete: dict[int, Speed] = field(default_factory=dict)
    submit: dict[str, tuple[Speed, Speed]] = field(default_factory=dict)  # hello beside it, and it; by database
    complete: dict[str, dict[int, Speed]] = field(default_factory=dict)
    at_rate: dict[str, tuple[Speed, Speed]] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)  # megabytes of the largest worker, when all is done


def measure(environments: dict[str, dict[str, str]], surveys: dict[str, dict[str, Any]], folder: Path) -> Answering:
    questions = next(iter(surveys.values()))["questions"]
    with hello_server() as hello:
        with other.served(folder / "other", questions) as rival:
            figures = Answering(
                hello=journeys(hello, lambda: say_hello(hello), clients=8, seconds=SECONDS),
                forms=forms(hello, rival, environments["SQLite"], surveys["SQLite"]["address"]),
                disk_at_rate=durable_writes(folder, a_second=A_SECOND, seconds=SECONDS),
            )
            for clients in CLIENTS:
                figures.other_complete[clients] = journeys(
                    rival, lambda: other.answer(rival), clients=clients, seconds=SECONDS
                )
        for database, environment in environments.items():
            with served(environment) as portal:
                answer_by(portal, hello, database, Questionnaire(surveys[database]), figures)
    return figures


def forms(hello: Server, rival: Server, environment: dict[str, str], address: str) -> list[Figures]:
    """By wrk, as pages: our own clients cost more than a form that is kept."""
    with served(environment) as portal:
        return take_turns(
            {
                "hej": Target(hello, "/hello/"),
                "dsr: formulär": Target(rival, other.ADDRESS),
                "formulär, sparat": Target(portal, address, AS_BROWSERS_ASK),
            }
        )


def answer_by(portal: Server, hello: Server, database: str, survey: Questionnaire, figures: Answering) -> None:
    def by_eight(server: Server, journey: Journey) -> Speed:
        return journeys(server, journey, clients=8, seconds=SECONDS)

    def at_rate(server: Server, journey: Journey) -> Speed:
        return at_a_rate(server, journey, a_second=A_SECOND, seconds=SECONDS_AT_RATE)

    journeys(portal, lambda: survey.answer(portal), clients=8, seconds=2)  # until both workers are warm
    figures.submit[database] = beside_hello(hello, portal, by_eight, lambda: survey.submit(portal), by="a_second")
    figures.complete[database] = {
        clients: journeys(portal, lambda: survey.answer(portal), clients=clients, seconds=SECONDS)
        for clients in CLIENTS
    }
    figures.at_rate[database] = beside_hello(hello, portal, at_rate, lambda: survey.submit(portal), by="p99")
    figures.memory[database] = portal.memory()


def beside_hello(
    hello: Server, portal: Server, ask: Callable[[Server, Journey], Speed], journey: Journey, *, by: str
) -> tuple[Speed, Speed]:
    """Hello and the portal by turns, and the turn whose ratio lies in the middle.

    One long time each would leave it to a neighbour on the machine, who comes and goes, which of them he slows down.
    """
    turns = [(ask(hello, lambda: say_hello(hello)), ask(portal, journey)) for _ in range(TURNS)]
    return sorted(turns, key=lambda turn: getattr(turn[1], by) / max(getattr(turn[0], by), 0.001))[TURNS // 2]


async def say_hello(server: Server) -> bool:
    return (await request(server.port, "/hello/")).status == 200
