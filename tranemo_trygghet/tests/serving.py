"""The portal's real server on the tests' own database: gunicorn as it is run in operation, and a way to kill it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection
from django.utils import timezone

from surveys.models import SurveyRound
from surveys.tests.make import make_round


class Server:
    """gunicorn with deploy/gunicorn.conf.py: two processes of sixteen threads, and DEBUG off."""

    def __init__(self, folder: Path, application: str = "tranemo_trygghet.wsgi", **environment: str) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.log = folder, folder / "gunicorn.log"
        self.application = application
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tranemo_trygghet.tests.served_settings",
            "DEBUG": "off",
            "DATABASE_URL": database_url(),
            "SERVED_FOLDER": str(folder),
            "PAGE_STORE": "on",
            "PAGE_STORE_DIR": str(folder / "pages"),
            **environment,
        }

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def start(self) -> None:
        config = settings.BASE_DIR / "deploy" / "gunicorn.conf.py"
        command = [sys.executable, "-m", "gunicorn", "--config", str(config), self.application]
        # A new one each time: those who were killed may hold the old one a moment longer.
        self.port = free_port()
        environment = self.environment | {"BIND": f"127.0.0.1:{self.port}"}
        with self.log.open("ab") as log:
            # A session of its own, so that one signal reaches all its processes at once.
            self.process = subprocess.Popen(
                command, env=environment, stdout=log, stderr=log, cwd=settings.BASE_DIR, start_new_session=True
            )
        self._wait()

    def _wait(self) -> None:
        for _ in range(600):
            try:
                return socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"the server did not start:\n{self.log.read_text()}")

    def kill(self) -> None:
        """kill -9, all processes at once: nobody gets to finish anything. Killed twice is killed once."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    @contextmanager
    def visitor(self) -> Iterator[Visitor]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as line:
            yield Visitor(line)


class Visitor:
    """Somebody with one open line to the server."""

    def __init__(self, line: http.client.HTTPConnection) -> None:
        self.line = line

    def post(self, address: str, data: dict[str, str], **headers: str) -> int:
        """The status; OSError or HTTPException if no answer came."""
        sent = {
            "Host": "testserver",
            "Origin": "http://testserver",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.line.request("POST", address, urlencode(data), sent | headers)
        answer = self.line.getresponse()
        answer.read()
        return answer.status


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def database_url() -> str:
    """Where the tests' rows are, as another process is told."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    user, password, host = (quote(str(database[name]), safe="") for name in ("USER", "PASSWORD", "HOST"))
    return f"postgres://{user}:{password}@{host}:{database['PORT']}/{database['NAME']}"


def open_round(**fields: Any) -> SurveyRound:
    """A round that is open by the real clock, which is the server's."""
    now = timezone.now()
    return make_round(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1), **fields)
