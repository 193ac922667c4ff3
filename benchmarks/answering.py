"""Answers: the form and the submit, by 1, 8 and 64 clients and at a fixed rate; beside hello and the other program."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import other
from benchmarks.pages import hello_server
from benchmarks.portal import Questionnaire, served
from benchmarks.processes import Server
from benchmarks.visitors import Speed, at_a_rate, journeys, request

CLIENTS = (1, 8, 64)
A_SECOND = 100
SECONDS, RATE_SECONDS = 3.0, 8.0


@dataclass
class Answering:
    """By what was done and how many clients did it."""

    hello: Speed
    hello_at_rate: Speed
    other_form: Speed
    other_complete: dict[int, Speed] = field(default_factory=dict)
    form: Speed | None = None
    submit: dict[str, Speed] = field(default_factory=dict)  # by database, as the rest
    complete: dict[str, dict[int, Speed]] = field(default_factory=dict)
    at_rate: dict[str, Speed] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)  # megabytes of the largest worker, when all is done


def measure(environments: dict[str, dict[str, str]], surveys: dict[str, dict[str, Any]], folder: Path) -> Answering:
    questions = next(iter(surveys.values()))["questions"]
    with hello_server() as hello, other.served(folder / "other", questions) as rival:
        figures = Answering(
            hello=journeys(hello, lambda: say_hello(hello), clients=8, seconds=SECONDS),
            hello_at_rate=at_a_rate(hello, lambda: say_hello(hello), a_second=A_SECOND, seconds=RATE_SECONDS),
            other_form=journeys(rival, lambda: other.read(rival), clients=8, seconds=SECONDS),
        )
        for clients in CLIENTS:
            figures.other_complete[clients] = journeys(
                rival, lambda: other.answer(rival), clients=clients, seconds=SECONDS
            )
    for database, environment in environments.items():
        with served(environment) as portal:
            answer_by(portal, database, Questionnaire(surveys[database]), figures)
    return figures


def answer_by(portal: Server, database: str, survey: Questionnaire, figures: Answering) -> None:
    journeys(portal, lambda: survey.answer(portal), clients=8, seconds=2)  # until both workers are warm
    if figures.form is None:
        figures.form = journeys(portal, lambda: survey.read(portal), clients=8, seconds=SECONDS)
    figures.submit[database] = journeys(portal, lambda: survey.submit(portal), clients=8, seconds=SECONDS)
    figures.complete[database] = {
        clients: journeys(portal, lambda: survey.answer(portal), clients=clients, seconds=SECONDS)
        for clients in CLIENTS
    }
    figures.at_rate[database] = at_a_rate(
        portal, lambda: survey.submit(portal), a_second=A_SECOND, seconds=RATE_SECONDS
    )
    figures.memory[database] = portal.memory()


async def say_hello(server: Server) -> bool:
    return (await request(server.port, "/hello/")).status == 200
