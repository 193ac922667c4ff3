"""A portal with the example year, as in operation, and a survey in it that is open to be answered."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.processes import PORTAL, ROOT, Server, gunicorn
from benchmarks.visitors import request


def environment_of(folder: Path, database_url: str) -> dict[str, str]:
    return os.environ | {
        "DEBUG": "on",
        "DATABASE_URL": database_url,
        "PAGE_STORE_DIR": str(folder / "pages"),
        "BACKUP_DIR": str(folder / "backups"),
        "DEMO_PASSWORD": secrets.token_urlsafe(12),
        "SECRET_KEY": secrets.token_urlsafe(40),
        "CODE_PEPPER": secrets.token_urlsafe(40),
        "SITE_URL": "http://localhost",
        "ALLOWED_HOSTS": "localhost",
        "EMAIL_URL": "dummymail://",
    }


def manage(environment: dict[str, str], *command: str) -> None:
    """A command of the portal's own settings: the example is refused without DEBUG."""
    run = [sys.executable, "manage.py", *command, "--verbosity", "0"]
    subprocess.run(run, env=environment, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)


def loaded(folder: Path, database_url: str) -> dict[str, str]:
    """The environment of a portal with the example year."""
    folder.mkdir()
    environment = environment_of(folder, database_url)
    manage(environment, "migrate")
    manage(environment, "load_example")
    return environment


def within(environment: dict[str, str], module: str, *arguments: str) -> Any:
    """What a module of ours says, as JSON, when it is run inside the portal."""
    run = [sys.executable, "-m", module, *arguments]
    inside = environment | {"DJANGO_SETTINGS_MODULE": "tranemo_trygghet.settings"}
    said = subprocess.run(run, env=inside, check=True, stdout=subprocess.PIPE, cwd=ROOT).stdout
    return json.loads(said.decode().strip().splitlines()[-1])


@contextmanager
def served(environment: dict[str, str], *options: str, store: str = "on") -> Iterator[Server]:
    outside = environment | {"DJANGO_SETTINGS_MODULE": "benchmarks.settings", "PAGE_STORE": store}
    with gunicorn(PORTAL, outside, *options) as server:
        yield server


class Questionnaire:
    """The survey that is open, its codes, and how somebody answers it."""

    def __init__(self, open_survey: dict[str, Any]) -> None:
        self.address = open_survey["address"]
        self.fields: list[tuple[str, str]] = [tuple(each) for each in open_survey["fields"]]
        self.codes: list[str] = open_survey["codes"]

    async def read(self, server: Server) -> bool:
        return (await request(server.port, self.address)).status == 200

    async def submit(self, server: Server) -> bool:
        body = urlencode([*self.fields, ("kod", self.codes.pop())]).encode()
        return (await request(server.port, self.address, body=body)).status == 303

    async def answer(self, server: Server) -> bool:
        """The whole of it: the form, and then the answers."""
        return await self.read(server) and await self.submit(server)
