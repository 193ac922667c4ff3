"""Whatever is sent to whatever address, nothing breaks: no 5xx, no traceback, and an answer within the second."""

from __future__ import annotations

import logging
import time
from collections import Counter
from dataclasses import dataclass, field

import pytest
from django.conf import settings as stored_settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from tranemo_trygghet.tests.fuzzing import Fuzzer, Request, routes
from tranemo_trygghet.tests.make import TENTH_OF_MAY
from tranemo_trygghet.tests.matrix import ROLES, make_world

# Seconds, for ninety-nine of a hundred.
P99 = 1.0
ALL = 20_000
# PostgreSQL is asked again of what it alone refuses: every address once or twice.
ALL_ON_POSTGRESQL = 2_000
# Each part is a test of its own, with dice of its own, so that they are sent side by side. Two thousand are too few to
# be divided: of five hundred, the hundredth that may be slow is the cold start.
PARTS = 4 if connection.vendor == "sqlite" else 1


@dataclass
class Outcome:
    """What happened to the requests of one fuzzer."""

    faults: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)

    def send(self, request: Request, client: Client) -> HttpResponse:
        began = time.monotonic()
        response = request.send(client)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        self.seconds.append(time.monotonic() - began)
        self.answers[response.status_code] += 1
        if response.status_code >= 500 or b"Traceback (most recent call last)" in content:
            self.faults.append(f"{response.status_code}: {request}")
        return response

    @property
    def p99(self) -> float:
        return sorted(self.seconds)[int(len(self.seconds) * 0.99)]


@pytest.fixture
def outcome(caplog) -> Outcome:
    # Every refusal would be told with its traceback, which takes as long as the answer.
    caplog.set_level(logging.CRITICAL)
    for name in ("django.request", "django.security"):
        caplog.set_level(logging.CRITICAL, logger=name)
    return Outcome()


@pytest.fixture
def world(start_process, settings, clock):
    """The portal of the matrix, through all its middleware, errors seen as residents see them."""
    clock.move_to(TENTH_OF_MAY)
    world = make_world()
    settings.DEBUG = False
    process = start_process()
    process.raise_request_exception = False
    return world, process


def log_in(client: Client, user) -> None:
    """Again and again: some of the requests log out."""
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")


def fuzz(world, requests: int, outcome: Outcome, seed: int) -> None:
    """A third as a stranger, the rest as each role in turn. To fetch a form is a request too."""
    world, client = world

    def get(request: Request) -> HttpResponse:
        return outcome.send(request, client)

    strangers, each_role = Fuzzer(seed, get), requests * 2 // 3 // len(ROLES)
    while len(outcome.seconds) < requests // 3:
        outcome.send(strangers.request(), client)
    at = 0
    for number, role in enumerate(ROLES):
        user, until = world.own.people[str(role)], len(outcome.seconds) + each_role
        staff = Fuzzer(seed + 1 + number, get, staff=True)
        # Each role begins where the one before ended, so that a sample too reaches every address.
        staff.at = at
        while len(outcome.seconds) < until:
            if staff.at % 15 == 0 or stored_settings.SESSION_COOKIE_NAME not in client.cookies:
                log_in(client, user)
            outcome.send(staff.request(), client)
        at = staff.at
        client.cookies.clear()


def assert_unbroken(outcome: Outcome) -> None:
    assert outcome.faults == [], f"{len(outcome.faults)} of {len(outcome.seconds)}"
    # Many were let in: what is refused at the door tries nothing.
    assert outcome.answers[200] > len(outcome.seconds) / 6, outcome.answers


def test_a_sample_of_what_no_browser_sends_breaks_nothing(world, outcome) -> None:
    fuzz(world, 700, outcome, seed=1)
    assert_unbroken(outcome)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_twenty_thousand_such_requests_over_every_address_break_nothing(world, outcome, part: int) -> None:
    assert len(set(routes())) * 100 < ALL * 2
    sent = (ALL if connection.vendor == "sqlite" else ALL_ON_POSTGRESQL) // PARTS
    fuzz(world, sent, outcome, seed=2 + part * 100)
    # pytest -s shows the figures for docs/tillforlitlighet.md.
    print(f"p99 {outcome.p99 * 1000:.0f} ms, {sorted(outcome.answers.items())}")  # noqa: T201
    assert len(outcome.seconds) >= sent * 0.99
    assert_unbroken(outcome)
    assert outcome.p99 < P99
