"""Behind nginx, with the deployment's own file: a published page beside a static file, and when we are gone."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.pages import Figures, Target, take_turns
from benchmarks.portal import served
from benchmarks.processes import ROOT, Server, free_port, running
from benchmarks.visitors import request

BROTLI = ("Accept-Encoding: br",)
# Around the deployment's file: what Debian's own nginx.conf says elsewhere, and that the process ends with us.
FRAME = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{}}
http {{
    sendfile on;
    tcp_nopush on;
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/trygghet.conf;
}}
"""


@dataclass(frozen=True)
class Proxied:
    """A page and a static file of the same size through the same nginx; and what nginx answers without us."""

    page: list[Figures]
    when_slow: str
    when_stopped: str
    when_killed: str


def measure(environment: dict[str, str], folder: Path) -> Proxied:
    folder.mkdir()
    with served(environment) as portal, nginx(portal, folder) as proxy:
        page = asyncio.run(request(proxy.port, "/", headers=BROTLI))
        (folder / "static.html").write_bytes(page.body)
        targets = {
            "nginx egen fil": Target(proxy, "/static.html"),
            "förstasidan genom nginx": Target(proxy, "/", BROTLI),
        }
        speeds = take_turns(targets)
        stopped = answers_while(proxy, portal, signal.SIGSTOP)
        awake = [*portal.workers(), portal.process.pid]
        for process in awake:
            os.kill(process, signal.SIGCONT)
        time.sleep(0.5)
        killed = answers_while(proxy, portal, signal.SIGKILL)
    return Proxied(speeds, when_slow=stopped, when_stopped=stopped, when_killed=killed)


def answers_while(proxy: Server, portal: Server, what: signal.Signals) -> str:
    """Stop every Python process, wait until what nginx has kept is too old, and ask a hundred times."""
    for process in [portal.process.pid, *portal.workers()]:
        os.kill(process, what)
    time.sleep(2.5)

    async def ask_all() -> list[int]:
        return [(await request(proxy.port, "/", headers=BROTLI)).status for _ in range(100)]

    statuses = asyncio.run(ask_all())
    return f"{statuses.count(200)} av 100"


@contextmanager
def nginx(portal: Server, folder: Path) -> Iterator[Server]:
    port = free_port()
    (folder / "trygghet.conf").write_text(on_loopback(portal.port, port, folder), encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(FRAME.format(folder=folder, user=user), encoding="utf-8")
    command = ["/usr/sbin/nginx", "-c", str(folder / "nginx.conf")]
    with running(command, port, dict(os.environ), folder) as server:
        yield server


def on_loopback(portal: int, port: int, folder: Path) -> str:
    """The deployment's file, without TLS (which would be what is measured), and with one static file."""
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    servers = re.split(r"(?m)^(?=server \{)", text)
    head, last = servers[0], servers[-1]
    last = re.sub(r"(?m)^    (listen|ssl_|server_name).*\n", "", last)
    static = f"    location = /static.html {{ root {folder}; }}\n"
    last = last.replace(
        "server {\n", f"server {{\n    listen 127.0.0.1:{port};\n    server_name localhost;\n{static}", 1
    )
    last = re.sub(r"(?m)^    limit_conn .*\n", "", last)
    both = head + last
    return both.replace("127.0.0.1:8000", f"127.0.0.1:{portal}").replace("/var/cache/nginx/trygghet", f"{folder}/cache")
