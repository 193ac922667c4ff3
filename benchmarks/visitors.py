"""Who asks: wrk for pages, since it costs next to nothing; our own clients for forms, which wrk cannot fill in."""

from __future__ import annotations

import asyncio
import re
import subprocess
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from benchmarks.processes import Server

UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True)
class Speed:
    """What came of asking for some seconds."""

    a_second: float
    p50: float  # milliseconds
    p99: float
    errors: int
    cpu: float = 0.0  # milliseconds of the server's processor for each answer


def ask(server: Server, address: str, *, seconds: int = 1, clients: int = 8, headers: tuple[str, ...] = ()) -> Speed:
    """Ask for an address over and over again by wrk."""
    asked = [part for header in ("Host: localhost", *headers) for part in ("-H", header)]
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "10s", "--latency", *asked]
    before = server.cpu()
    run = subprocess.run([*command, f"http://127.0.0.1:{server.port}{address}"], capture_output=True, check=True)
    used, said = server.cpu() - before, run.stdout.decode()
    found = re.search(r"(\d+) requests in", said)
    requests = int(found[1]) if found else 0
    return Speed(
        a_second=float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]),  # type: ignore[index]
        p50=milliseconds(said, "50%"),
        p99=milliseconds(said, "99%"),
        errors=sum(map(int, re.findall(r"(?:Non-2xx or 3xx responses:|timeout|read|write|connect) (\d+)", said))),
        cpu=1000 * used / max(requests, 1),
    )


def milliseconds(said: str, share: str) -> float:
    number, unit = re.search(rf"{share}\s+([\d.]+)(us|ms|s|m)", said).groups()  # type: ignore[union-attr]
    return float(number) * UNITS[unit]


# --- our own clients ----------------------------------------------------------------------------------


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    cookies: dict[str, str] = field(default_factory=dict)


async def request(
    port: int,
    address: str,
    *,
    body: bytes | None = None,
    cookies: dict[str, str] | None = None,
    headers: tuple[str, ...] = (),
    patience: float = 20.0,
) -> Answer:
    """One request over a connection of its own, as somebody who comes from a letter."""
    reader, writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port), patience)
    try:
        lines = [f"{'GET' if body is None else 'POST'} {address} HTTP/1.1", "Host: localhost", "Connection: close"]
        lines += headers
        if cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in cookies.items()))
        if body is not None:
            lines += ["Origin: http://localhost", "Sec-Fetch-Site: same-origin", f"Content-Length: {len(body)}"]
            lines.append("Content-Type: application/x-www-form-urlencoded")
        writer.write("\r\n".join([*lines, "", ""]).encode() + (body or b""))
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), patience)
        # To its end and no further: nginx holds the line open while it asks for a newer page behind our back.
        length = re.search(rb"(?i)content-length: (\d+)", head)
        rest = reader.readexactly(int(length[1])) if length else reader.read(-1)
        content = await asyncio.wait_for(rest, patience)
    finally:
        writer.close()
    status, *lines = head.decode("latin-1").strip().split("\r\n")
    pairs = [line.partition(": ")[::2] for line in lines]
    set_by = [value.split(";")[0].partition("=") for name, value in pairs if name.lower() == "set-cookie"]
    given = {name: value for name, _sign, value in set_by}
    return Answer(int(status.split()[1]), {name.lower(): value for name, value in pairs}, content, given)


Journey = Callable[[], Awaitable[bool]]  # True if it went as it should


def journeys(server: Server, journey: Journey, *, clients: int, seconds: float) -> Speed:
    """So many clients, each on one journey after the other."""

    async def client(ends: float) -> None:
        while time.perf_counter() < ends:
            await timed(journey, took, failed)

    async def everybody() -> None:
        ends = time.perf_counter() + seconds
        await asyncio.gather(*(client(ends) for _ in range(clients)))

    return measured(server, everybody)


def at_a_rate(server: Server, journey: Journey, *, a_second: int, seconds: float) -> Speed:
    """So many journeys begin each second, whether or not the earlier ones have ended."""

    async def everybody() -> None:
        begun, tasks = time.perf_counter(), []
        for number in range(int(a_second * seconds)):
            await asyncio.sleep(max(0.0, begun + number / a_second - time.perf_counter()))
            tasks.append(asyncio.create_task(timed(journey, took, failed)))
        await asyncio.gather(*tasks)

    return measured(server, everybody)


took: list[float] = []
failed: list[str] = []


async def timed(journey: Journey, took: list[float], failed: list[str]) -> None:
    begun = time.perf_counter()
    try:
        went_well = await journey()
    except (OSError, EOFError, TimeoutError, IndexError, ValueError) as fault:
        failed.append(repr(fault))
        return
    took.append(1000 * (time.perf_counter() - begun))
    if not went_well:
        failed.append("refused")


def measured(server: Server, everybody: Callable[[], Awaitable[None]]) -> Speed:
    took.clear()
    failed.clear()
    before, begun = server.cpu(), time.perf_counter()
    asyncio.run(everybody())  # type: ignore[arg-type]
    lasted, used = time.perf_counter() - begun, server.cpu() - before
    times = sorted(took) or [0.0]
    return Speed(
        a_second=len(took) / lasted,
        p50=times[len(times) // 2],
        p99=times[min(len(times) - 1, len(times) * 99 // 100)],
        errors=len(failed),
        cpu=1000 * used / max(len(took), 1),
    )
