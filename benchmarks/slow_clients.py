"""Clients that send their headers a byte at a time: do others notice? By workers and threads."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from benchmarks.portal import served
from benchmarks.processes import Server
from benchmarks.visitors import Speed, journeys, request

DRIPPING = 20
KINDS: dict[str, tuple[str, ...]] = {
    "gthread 2 × 16 (som driftsatt)": (),
    "gthread 2 × 4": ("--threads", "4"),
    "sync × 2": ("--worker-class", "sync", "--threads", "1"),
}


def measure(environment: dict[str, str]) -> dict[str, tuple[Speed, Speed]]:
    """For each way to run: alone, and beside twenty clients that drip."""
    figures = {}
    for name, options in KINDS.items():
        with served(environment, *options) as portal:
            for _ in range(8):  # until both workers have made the page
                asyncio.run(request(portal.port, "/"))
            alone = journeys(portal, lambda: read(portal), clients=4, seconds=1.5)
            with dripping(portal):
                figures[name] = alone, journeys(portal, lambda: read(portal), clients=4, seconds=1.5)
    return figures


async def read(portal: Server) -> bool:
    return (await request(portal.port, "/", patience=3)).status == 200


@contextmanager
def dripping(server: Server) -> Iterator[None]:
    """Twenty connections that never get to the end of their headers."""
    over, lines = Event(), [socket.create_connection(("127.0.0.1", server.port)) for _ in range(DRIPPING)]

    def drip() -> None:
        for line in lines:
            line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        while not over.wait(0.5):
            for line in lines:
                try:
                    line.sendall(b"a")
                except OSError:
                    continue

    thread = Thread(target=drip)
    thread.start()
    over.wait(0.3)
    try:
        yield
    finally:
        over.set()
        thread.join()
        for line in lines:
            line.close()
