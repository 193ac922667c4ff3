"""Pages: kept, made anew, and not sent at all, beside a view that only says hello, by turns."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.portal import served
from benchmarks.processes import Server, gunicorn
from benchmarks.visitors import Speed, ask, request

ROUNDS = 5
FEW = 8  # answers: forty in all the rounds say what a page costs
AS_BROWSERS_ASK = ("Accept-Encoding: br",)


@dataclass(frozen=True)
class Target:
    server: Server
    address: str
    headers: tuple[str, ...] = ()
    clients: int = 8


@dataclass(frozen=True)
class Figures:
    """What all rounds came to for one target, and its share of hello just before it in each of them."""

    name: str
    speeds: list[Speed]
    ratios: list[float]
    cpu_ratio: float
    size: int = 0
    sent: int = 0
    memory: float = 0.0

    @property
    def errors(self) -> int:
        return sum(each.errors for each in self.speeds)

    @property
    def middle_ratio(self) -> float:
        return median(self.ratios)

    def middle(self, name: str) -> float:
        return median(getattr(each, name) for each in self.speeds)


@contextmanager
def hello_server() -> Iterator[Server]:
    with gunicorn("benchmarks.hello:application", os.environ | {"SECRET_KEY": "benchmark"}) as server:
        yield server


def addresses(server: Server) -> dict[str, str]:
    """One page of each kind, found as a reader finds them."""

    def first(page: str, pattern: str) -> str:
        body = asyncio.run(request(server.port, page)).body.decode()
        return next(re.finditer(pattern, body))[0][6:]

    return {
        "förstasidan": "/",
        "löftet": first("/loften/", r'href="/loften/[\w-]+/'),
        "en plats": first("/platser/", r'href="/platser/[\w-]+/'),
        "ett resultat": first("/enkater/", r'href="/enkater/[\w-]+/resultat/'),
        "en månad": first("/uppfoljningar/", r'href="/uppfoljningar/[\d-]+/'),
    }


def measure(environment: dict[str, str], form: str, *, kept_too: bool) -> list[Figures]:
    """Hello first; every other figure is a share of hello's."""
    with hello_server() as hello, served(environment) as keeping, served(environment, store="off") as making:
        pages = addresses(keeping) | {"enkätens formulär": form}
        targets = {"hej": Target(hello, "/hello/")}
        if kept_too:
            targets["hej genom portalens alla lager"] = Target(keeping, "/hello/")
            targets |= {f"{name}, sparad": Target(keeping, page, AS_BROWSERS_ASK) for name, page in pages.items()}
            targets["förstasidan, oförändrad (304)"] = Target(keeping, "/", unchanged(keeping))
        # One for each process: what is still being made when the second is over has cost, and is not counted.
        targets |= {f"{name}, gjord på nytt": Target(making, page, clients=2) for name, page in pages.items()}
        return take_turns(targets)


def unchanged(server: Server) -> tuple[str, ...]:
    tag = asyncio.run(request(server.port, "/")).headers["etag"]
    return (f"If-None-Match: {tag}",)


def take_turns(targets: dict[str, Target]) -> list[Figures]:
    """The first of them is what the others are a share of. It is asked anew just before each, since a neighbour on the
    machine comes and goes within a round; beside itself it tells how much such neighbours take."""
    names = list(targets)
    base = targets[names[0]]
    for target in targets.values():
        once(target)  # warm templates, connections and the store
    turns: dict[str, list[tuple[Speed, Speed]]] = {name: [] for name in names}
    for number in range(ROUNDS):
        # Each round begins at another target: what comes first or last in a round is nobody's advantage.
        for name in names[number % len(names) :] + names[: number % len(names)]:
            turns[name].append((once(base), once(targets[name])))
    return [
        Figures(
            name=name,
            speeds=[own for _beside, own in taken],
            ratios=[own.a_second / beside.a_second for beside, own in taken],
            cpu_ratio=median(own.cpu for _beside, own in taken) / median(beside.cpu for beside, _own in taken),
            **sizes(targets[name]),
        )
        for name, taken in turns.items()
    ]


def once(target: Target) -> Speed:
    """A second; and longer if hardly anybody was answered in it, as on a machine that others keep busy."""
    how: dict[str, Any] = {"headers": target.headers, "clients": target.clients}
    speed = ask(target.server, target.address, **how)
    return speed if speed.a_second >= FEW else ask(target.server, target.address, seconds=6, **how)


def sizes(target: Target) -> dict[str, Any]:
    page = asyncio.run(request(target.server.port, target.address))
    packed = asyncio.run(request(target.server.port, target.address, headers=target.headers))
    return {"size": len(page.body), "sent": len(packed.body), "memory": target.server.memory()}
