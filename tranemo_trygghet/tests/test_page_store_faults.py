"""The database is gone, hangs or comes back; the disk is full, damaged or shared: what was published is shown."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import psycopg
import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from promises.models import Masking, Term
from promises.tests.make import make_contact, make_organisation, make_place, make_promise, make_user
from tranemo_trygghet.page_store import edition, middleware
from tranemo_trygghet.page_store.disk import Disk
from tranemo_trygghet.page_store.edition import PATIENCE, CurrentEdition, Edition
from tranemo_trygghet.page_store.memory import Memory
from tranemo_trygghet.page_store.pages import Page

FAR_AWAY = 9e12


class Database:
    """Stands between the store and the database: it can be taken away, hang, and come back."""

    def __init__(self, process) -> None:
        self.read = process.app.current._read
        self.answers = threading.Event()
        self.answers.set()
        self.is_gone = False
        self.asked = 0
        process.app.current._read = self

    def __call__(self, before: Edition | None) -> Edition:
        self.asked += 1
        self.answers.wait(20)
        if self.is_gone:
            raise OperationalError("connection refused")
        return self.read(before)


@pytest.fixture
def database(process):
    database = Database(process)
    yield database
    database.answers.set()


def seconds_to(process, address: str) -> tuple[HttpResponse, float]:
    began = time.monotonic()
    return process.get(address), time.monotonic() - began


@pytest.fixture
def hang(database, process, monkeypatch) -> Callable[[], None]:
    """The database stops answering whoever comes next, who has as much patience as in operation."""

    def hang() -> None:
        monkeypatch.setattr(edition, "PATIENCE", PATIENCE)
        database.answers.clear()
        process.app.current.doubt()

    return hang


def take_away(database: Database, process) -> None:
    database.is_gone = True
    process.app.current.doubt()


# --- the database -------------------------------------------------------------------------------------


def test_without_a_database_the_last_good_page_is_shown_and_the_rest_is_503(process, database) -> None:
    good = process.get("/ordlista/")
    take_away(database, process)
    page = process.get("/ordlista/")
    assert (page.status_code, page.content) == (200, good.content)
    assert "max-age=5" in page.headers["Cache-Control"]
    for address in ("/om/", "/sok/?q=x", "/admin/", "/admin/login/", "/healthz"):
        missing = process.get(address)
        assert missing.status_code == 503, address
        assert missing.headers["Retry-After"] == "10"
        assert missing.headers["Cache-Control"] == "no-store"
        assert "Content-Security-Policy" in missing.headers
        assert "Sidan vilar en stund" in missing.content.decode()


def test_without_a_database_a_form_is_refused_and_an_address_that_never_was_is_404(process, database) -> None:
    take_away(database, process)
    assert process.post("/enkater/x/", headers={"origin": "http://testserver"}).status_code == 503
    assert process.get("/finns-inte/").status_code == 404


def test_a_restart_without_a_database_shows_what_lies_on_the_disk(start_process) -> None:
    good = start_process().get("/ordlista/")
    late = start_process()
    Database(late).is_gone = True
    for asks in ({}, {"accept-encoding": "br"}, {"if-none-match": good.headers["ETag"]}):
        assert late.get("/ordlista/", headers=asks).status_code in (200, 304)
    assert late.get("/ordlista/").content == good.content
    assert late.get("/om/").status_code == 503


def test_a_database_that_hangs_costs_one_wait_and_then_a_tenth_of_a_second(process, hang) -> None:
    process.get("/ordlista/")
    hang()
    page, seconds = seconds_to(process, "/ordlista/")
    assert page.status_code == 200
    assert 2 < seconds < 3
    process.get("/om/")  # finds its templates
    answers = [seconds_to(process, address) for address in ("/ordlista/", "/om/") * 5]
    assert median(seconds for _page, seconds in answers) < 0.1
    assert max(seconds for _page, seconds in answers) < 1


def test_all_who_wait_for_a_hanging_database_are_answered_together(process, database, hang) -> None:
    process.get("/ordlista/")
    hang()
    took = []

    def ask() -> None:
        began = time.monotonic()
        process.app(RequestFactory().get("/ordlista/"))
        took.append(time.monotonic() - began)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(took) < 3
    assert database.asked == 2


def test_it_comes_back_by_itself_and_nobody_waits_for_the_attempts(process, database, monkeypatch) -> None:
    monkeypatch.setattr(edition, "RETRIES_AFTER", 0.2)
    process.get("/ordlista/")
    take_away(database, process)
    answers, ends = [], time.monotonic() + 1
    while time.monotonic() < ends:
        answers.append(seconds_to(process, "/om/"))
        time.sleep(0.05)
    assert {page.status_code for page, _seconds in answers} == {503}
    assert median(seconds for _page, seconds in answers) < 0.1
    assert 3 <= database.asked <= 7
    database.is_gone = False
    ends = time.monotonic() + 2
    while (page := process.get("/om/")).status_code == 503 and time.monotonic() < ends:
        time.sleep(0.05)
    assert page.status_code == 200


def test_a_database_that_goes_while_a_page_is_made_gives_the_last_good_one(process, clock, monkeypatch) -> None:
    good = process.get("/ordlista/")
    make_place()
    process.app.current.doubt()

    def fails(*args, **kwargs):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(Term.objects.__class__, "published", fails)
    assert process.get("/ordlista/").content == good.content
    assert process.get("/sok/?q=ord").status_code == 503


def test_a_server_that_takes_the_call_and_says_nothing_is_given_up_within_three_seconds() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        host, port = silent.getsockname()

        def read(before: Edition | None) -> Edition:
            psycopg.connect(host=host, port=port, user="x", dbname="x", connect_timeout=2)
            raise AssertionError("nobody answered, and yet it connected")

        current, began = CurrentEdition(read), time.monotonic()
        assert current.get() is None
        assert time.monotonic() - began < 3
        began = time.monotonic()
        assert current.get() is None
        assert time.monotonic() - began < 0.1
        current.stop()


def test_a_closed_port_is_noticed_at_once() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        host, port = probe.getsockname()

    def read(before: Edition | None) -> Edition:
        psycopg.connect(host=host, port=port, user="x", dbname="x", connect_timeout=2)
        raise AssertionError("nobody is there, and yet it connected")

    current, began = CurrentEdition(read), time.monotonic()
    assert current.get() is None
    assert time.monotonic() - began < 1
    current.stop()


# --- what was taken from the public -------------------------------------------------------------------


def test_what_was_removed_is_not_shown_again_when_the_database_goes(start_process) -> None:
    process = start_process()
    database = Database(process)
    contact = make_contact(make_organisation())
    process.get("/om/")
    contact.delete()
    process.app.current.doubt()
    process.get("/robots.txt")  # any request learns of it
    take_away(database, process)
    assert process.get("/om/").status_code == 503
    late = start_process()
    Database(late).is_gone = True
    assert late.get("/om/").status_code == 503


def test_masked_words_leave_memory_and_disk(process, settings) -> None:
    promise = make_promise(lead="Lille Kim bor på Storgatan.")
    process.get(promise.get_absolute_url())
    assert b"Lille Kim" in written(settings.PAGE_STORE_DIR)
    one, other = (make_user(partner) for partner in promise.signing_partners())
    masking = Masking.objects.create(row=promise, field="lead", words="Lille Kim", reason="ett barn", proposed_by=one)
    masking.confirm(other)
    process.app.current.doubt()
    process.get("/robots.txt")
    assert b"Lille Kim" not in written(settings.PAGE_STORE_DIR)
    assert b"Lille Kim" not in process.get(promise.get_absolute_url()).content


def written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


# --- memory and disk ----------------------------------------------------------------------------------


def page_of(size: int, number: int = 1) -> Page:
    return Page(os.urandom(size), {"Content-Type": "text/html"}, number, "build", 0.0, FAR_AWAY)


def test_memory_stays_within_its_bounds_and_keeps_what_is_read() -> None:
    memory = Memory(limit=100_000)
    for number in range(200):
        memory.put(f"page {number}", page_of(5_000))
        memory.get("page 0")
        assert memory.size <= 100_000
    assert memory.get("page 0") is not None
    assert memory.get("page 1") is None
    assert 10 < len(memory) < 20


def test_memory_counts_what_was_compressed_later() -> None:
    memory, page = Memory(limit=100_000), Page(b"ord " * 5_000, {"Content-Type": "text/html"}, 1, "", 0.0, FAR_AWAY)
    memory.put("page", page)
    before = memory.size
    page.variant("br")
    memory.get("page")
    assert memory.size > before
    memory.drop_before(2)
    assert (memory.size, len(memory)) == (0, 0)


def test_a_page_larger_than_the_whole_memory_is_not_kept() -> None:
    memory = Memory(limit=10_000)
    memory.put("page", page_of(20_000))
    assert (memory.size, len(memory)) == (0, 0)


def test_the_disk_stays_within_its_bounds(tmp_path) -> None:
    disk = Disk(tmp_path / "pages", limit=200_000)
    for number in range(150):
        disk.put(f"page {number}", page_of(5_000))
    assert sum(path.stat().st_size for path in disk.folder.iterdir()) <= 200_000
    assert disk.get("page 149") is not None
    assert disk.get("page 0") is None


def test_a_page_comes_back_from_the_disk_as_it_was(tmp_path) -> None:
    disk, page = Disk(tmp_path, limit=1_000_000), page_of(5_000)
    disk.put("page", page)
    again = Disk(tmp_path, limit=1_000_000).get("page")
    assert (again.body, again.headers, again.digest) == (page.body, page.headers, page.digest)
    assert again.variant("").etag == page.variant("").etag


@pytest.mark.parametrize("damage", ["cut", "changed", "empty", "another address", "no page at all"])
def test_a_damaged_page_is_no_page(tmp_path, damage: str) -> None:
    disk = Disk(tmp_path, limit=1_000_000)
    disk.put("page", page_of(5_000))
    path = disk._path("page")
    whole = path.read_bytes()
    path.write_bytes(
        {
            "cut": whole[:-1],
            "changed": whole[:-1] + b"x" if whole[-1:] != b"x" else whole[:-1] + b"y",
            "empty": b"",
            "another address": whole.replace(b'"page"', b'"else"', 1),
            "no page at all": b"[]\n",
        }[damage]
    )
    assert disk.get("page") is None
    disk.drop_before(0)
    assert path.exists() == (damage in ("cut", "changed", "another address"))


def test_a_disk_that_cannot_be_written_costs_no_page(process, settings, clock, caplog) -> None:
    settings.PAGE_STORE_DIR.parent.mkdir(exist_ok=True)
    settings.PAGE_STORE_DIR.write_text("a file where the folder should be")
    for address in ("/", "/om/", "/ordlista/"):
        assert process.get(address).status_code == 200
    assert caplog.text.count("Pages cannot be kept") == 1


def test_a_killed_writer_leaves_no_half_page_and_its_draft_is_cleared(tmp_path) -> None:
    draft = tmp_path / "tmpabc.draft"
    draft.write_bytes(b"half a pa")
    os.utime(draft, (0, 0))
    Disk(tmp_path, limit=1_000_000).put("page", page_of(100))
    assert not draft.exists()


def test_processes_that_write_the_same_page_at_once_leave_one_whole_page(tmp_path) -> None:
    def write() -> None:
        disk = Disk(tmp_path, limit=10_000_000)
        for _ in range(50):
            disk.put("page", page_of(20_000))
            assert disk.get("page") is not None

    faults = []
    threads = [threading.Thread(target=lambda: collect(write, faults)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert [path.suffix for path in tmp_path.iterdir()] == [".page"]


def collect(call, faults: list) -> None:
    try:
        call()
    except BaseException as fault:
        faults.append(fault)


def test_the_store_can_be_switched_off(settings) -> None:
    settings.PAGE_STORE = False
    with pytest.raises(middleware.MiddlewareNotUsed):
        middleware.PageStoreMiddleware(lambda request: HttpResponse())
