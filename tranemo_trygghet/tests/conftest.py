"""Web processes for the tests of the page store."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from tranemo_trygghet.page_store import middleware


class Process(Client):
    """A web process and a visitor of it: memory of its own, the database and the disk shared with the others."""

    app: middleware.PageStoreMiddleware


@pytest.fixture
def start_process(settings, tmp_path, transactional_db, monkeypatch) -> Iterator[Callable[[], Process]]:
    """Really committed rows: the store reads the content version over a connection of its own."""
    settings.PAGE_STORE = True
    settings.PAGE_STORE_DIR = tmp_path / "pages"
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
    for each in started:
        each.current.stop()


@pytest.fixture
def process(start_process) -> Process:
    return start_process()
