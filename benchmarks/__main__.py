"""Run by `make bench`: some thousand requests to a server on this machine's loopback, in under two minutes."""

import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from threading import Thread

ROUNDS = 5
REQUESTS = 200  # to each address in each round, by all connections together
CONNECTIONS = 4
ROUND_LASTS_AT_MOST = 3.0  # seconds

Figures = dict[str, list[float]]
Target = tuple[int, str]  # port and address


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = example_portal(folder)
        with (
            served(environment | {"PAGE_STORE": "on"}) as keeping,
            served(environment | {"PAGE_STORE": "off"}) as fresh,
        ):
            survey = address_of_an_open_survey(fresh)
            figures = measure(
                {
                    "hello": (fresh, "/hello/"),
                    "front page, kept": (keeping, "/"),
                    "front page, made": (fresh, "/"),
                    "survey form, kept": (keeping, survey),
                    "survey form, made": (fresh, survey),
                }
            )
    print_table(figures)


def example_portal(folder: str) -> dict[str, str]:
    """The environment of a portal with the example year, whose database and kept pages lie in `folder`."""
    environment = os.environ | {
        "DEBUG": "on",
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "DATABASE_URL": f"sqlite:///{folder}/benchmark.sqlite3",
        "PAGE_STORE_DIR": f"{folder}/pages",
        "DEMO_PASSWORD": secrets.token_urlsafe(12),
        "SITE_URL": "http://localhost",
    }
    for command in ("migrate", "load_example"):
        # The example is refused without DEBUG, so the portal's own settings load it.
        run = [sys.executable, "manage.py", command, "--settings", "tranemo_trygghet.settings", "--verbosity", "0"]
        subprocess.run(run, env=environment, check=True, stdout=subprocess.DEVNULL)
    return environment


@contextmanager
def served(environment: dict[str, str]) -> Iterator[int]:
    """One process on a port of its own, until the block ends."""
    port = free_port()
    gunicorn = [sys.executable, "-m", "gunicorn", "--no-control-socket", "--log-level", "error"]
    options = ["--bind", f"127.0.0.1:{port}", "--threads", str(CONNECTIONS), "django.core.wsgi:get_wsgi_application()"]
    server = subprocess.Popen([*gunicorn, *options], env=environment)
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def measure(targets: dict[str, Target]) -> Figures:
    for target in targets.values():
        speed(target, requests=20)  # warm templates and connections
    figures: Figures = {name: [] for name in targets}
    for _ in range(ROUNDS):
        for name, target in targets.items():
            figures[name].append(speed(target, REQUESTS))
    return figures


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    for _ in range(200):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
    sys.exit("The server did not start within 20 seconds.")


def address_of_an_open_survey(port: int) -> str:
    body = Connection(port).get("/enkater/").decode()
    for address in re.findall(r'href="(/enkater/[\w-]+/)"', body):
        if b"<fieldset" in Connection(port).get(address):
            return str(address)
    sys.exit("The example year has no open survey.")


def speed(target: Target, requests: int) -> float:
    """Requests a second, asked for over several connections that are kept open."""
    done: list[int] = []
    threads = [Thread(target=lambda: done.append(ask(target, requests // CONNECTIONS))) for _ in range(CONNECTIONS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(done) < CONNECTIONS:
        sys.exit("The portal did not answer as it should.")
    return sum(done) / (time.perf_counter() - began)


def ask(target: Target, requests: int) -> int:
    port, address = target
    connection, ends = Connection(port), time.perf_counter() + ROUND_LASTS_AT_MOST
    count = 0
    while count < requests and time.perf_counter() < ends:
        connection.get(address)
        count += 1
    return count


class Connection:
    """A kept HTTP connection that does next to nothing itself, so that the server is what is measured."""

    def __init__(self, port: int) -> None:
        self.file = socket.create_connection(("127.0.0.1", port), timeout=30).makefile("rwb")

    def get(self, address: str) -> bytes:
        self.file.write(f"GET {address} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        self.file.flush()
        status, length = self.file.readline(), 0
        while (line := self.file.readline()) != b"\r\n":
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        body = self.file.read(length)
        if b" 200 " not in status:
            raise ConnectionError(f"{address} answered {status.decode().strip()}")
        return body


def print_table(figures: Figures) -> None:
    print(f"Requests a second over {CONNECTIONS} connections to one process, {ROUNDS} rounds of {REQUESTS}:\n")
    print(f"{'':20}{'min':>8}{'median':>8}{'max':>8}   {'of hello: min':>14}{'median':>8}{'max':>8}")
    for name, speeds in figures.items():
        ratios = [own / hello for own, hello in zip(speeds, figures["hello"], strict=True)]
        print(
            f"{name:20}{min(speeds):8.0f}{median(speeds):8.0f}{max(speeds):8.0f}   "
            f"{min(ratios):14.3f}{median(ratios):8.3f}{max(ratios):8.3f}"
        )


if __name__ == "__main__":
    main()
