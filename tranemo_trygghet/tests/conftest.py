"""Web processes for the tests of the page store, and a folder for those of copies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

from tranemo_trygghet import postgresql
from tranemo_trygghet.page_store import edition, middleware
from tranemo_trygghet.page_store.front import Front

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Process(Client):
    """A web process and a visitor of it: memory of its own, the database and the disk shared with the others."""

    app: middleware.PageStoreMiddleware


@pytest.fixture
def start_process(settings, tmp_path, transactional_db, monkeypatch) -> Iterator[Callable[[], Process]]:
    """Really committed rows: the store reads the content version over a connection of its own."""
    settings.PAGE_STORE = True
    settings.PAGE_STORE_DIR = tmp_path / "pages"
    # A machine that does much else is slow, and its database not gone.
    monkeypatch.setattr(edition, "PATIENCE", 20.0)
    started: list[middleware.PageStoreMiddleware] = []

    class Noted(middleware.PageStoreMiddleware):
        def __init__(self, get_response) -> None:
            super().__init__(get_response)
            started.append(self)

    monkeypatch.setattr(middleware, "PageStoreMiddleware", Noted)

    def start() -> Process:
        process = Process()
        process.handler.load_middleware()
        process.app = started[-1]
        return process

    yield start
    postgresql.server_is_gone = None
    for each in started:
        each.current.stop()


@dataclass
class Said:
    """What the front said, as the server is told it."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


class FrontProcess:
    """A web process as the server runs it: the front, and Django behind it, which notes what it is asked."""

    def __init__(self, process: Process) -> None:
        self.app = process.app
        self.asked: list[str] = []
        self.front = Front(self.note(WSGIHandler(), process))

    def note(self, django: WSGIHandler, process: Process) -> WSGIApplication:
        # The chain that the fixture holds, so that a test can doubt its edition.
        django._middleware_chain = process.handler._middleware_chain

        def noted(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            self.asked.append(environ["PATH_INFO"])
            return django(environ, start_response)

        return noted

    def ask(self, address: str, method: str = "GET", **environ: str) -> Said:
        path, _mark, query = address.partition("?")
        given = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": "testserver",
        } | environ
        setup_testing_defaults(given)
        said: list[Said] = []
        body = self.front(given, lambda status, headers, *_fault: said.append(Said(status, headers, b"")))
        said[0].body = b"".join(body)
        return said[0]


@pytest.fixture
def front(start_process) -> FrontProcess:
    return FrontProcess(start_process())


@pytest.fixture
def process(start_process) -> Process:
    return start_process()


@pytest.fixture
def folder(tmp_path, settings) -> Path:
    """Where the copies lie."""
    settings.BACKUP_DIR = tmp_path / "copies"
    return settings.BACKUP_DIR
