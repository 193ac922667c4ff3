"""Servers on this machine's loopback, what they have cost the processor, and what memory they hold."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "deploy" / "gunicorn.conf.py"
TICK = os.sysconf("SC_CLK_TCK")
PORTAL = "tranemo_trygghet.page_store.front:portal()"


@dataclass(frozen=True)
class Server:
    """A running server: its port and its processes."""

    port: int
    process: subprocess.Popen[bytes]

    def workers(self) -> list[int]:
        """Its children; where it has none, itself."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return [int(each) for each in children.split()] or [self.process.pid]

    def cpu(self) -> float:
        """Seconds that its processes have used, those that were renewed and the system's work for them too."""
        return ended_children(self.process.pid) + sum(cpu_of(each) for each in self.workers())

    def memory(self) -> float:
        """Megabytes that its largest process holds."""
        return max(resident(each) for each in self.workers())


def cpu_of(pid: int) -> float:
    return ticks(pid, 11) / TICK


def ended_children(pid: int) -> float:
    return ticks(pid, 13) / TICK


def ticks(pid: int, first: int) -> int:
    """Two fields beside each other of what the kernel tells of a process, its own work and the system's for it."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return int(fields[first]) + int(fields[first + 1])


def resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


@contextmanager
def gunicorn(
    application: str,
    environment: dict[str, str],
    *options: str,
    python: str = sys.executable,
    folder: Path = ROOT,
) -> Iterator[Server]:
    """As deployed, with the deployment's own settings, until the block ends."""
    port = free_port()
    command = [python, "-m", "gunicorn", "--config", str(CONFIG), "--no-control-socket", *options, application]
    environment = environment | {"BIND": f"127.0.0.1:{port}"}
    with running(command, port, environment, folder) as server:
        yield server


@contextmanager
def running(command: list[str], port: int, environment: dict[str, str], folder: Path = ROOT) -> Iterator[Server]:
    process = subprocess.Popen(command, env=environment, cwd=folder)
    try:
        wait_for(port)
        yield Server(port, process)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    for _ in range(300):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
    sys.exit("The server did not start within 30 seconds.")
