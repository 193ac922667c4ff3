"""The database server stops in the middle of a query, without a word: nobody waits for it longer than three seconds."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse

from subscriptions.models import Asking
from tranemo_trygghet import postgresql
from tranemo_trygghet.page_store import edition

pytestmark = pytest.mark.postgresql


class Wire:
    """Between us and the server. While it is still, it takes what is sent, as a stopped server's machine does."""

    def __init__(self, server: tuple[str, int]) -> None:
        self.server = server
        self.is_still = threading.Event()
        self.delay = 0.0  # seconds, each way
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.ends: list[socket.socket] = [self.listener]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                ours = self.listener.accept()[0]
            except OSError:
                return
            theirs = socket.create_connection(self.server)
            self.ends += [ours, theirs]
            for pair in ((ours, theirs), (theirs, ours)):
                threading.Thread(target=self._carry, args=pair, daemon=True).start()

    def _carry(self, giver: socket.socket, taker: socket.socket) -> None:
        try:
            while said := giver.recv(65_536):
                time.sleep(self.delay)
                while self.is_still.is_set():
                    time.sleep(0.01)
                taker.sendall(said)
            taker.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the other end hung up

    def stop(self) -> None:
        """Carry nothing until told to; or for eight seconds, so that who waits too long is seen and not waited for."""
        self.is_still.set()
        threading.Timer(8, self.is_still.clear).start()

    def close(self) -> None:
        self.is_still.clear()
        for end in self.ends:
            with suppress(OSError):  # it may have hung up already
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@pytest.fixture
def wire(process, monkeypatch) -> Iterator[Wire]:
    """Between this process and its server, in every thread."""
    settings = connection.settings_dict
    wire = Wire((settings["HOST"] or "localhost", int(settings["PORT"] or 5432)))
    connection.close()
    with monkeypatch.context() as patch:
        patch.setitem(settings, "HOST", "127.0.0.1")
        patch.setitem(settings, "PORT", wire.listener.getsockname()[1])
        yield wire
        wire.is_still.clear()
        process.app.current.stop()
        connection.close()
    wire.close()


@pytest.fixture
def stop_in_the_middle(wire, process, monkeypatch) -> Callable[[], None]:
    """Right after the version was read: who is answered now meets the silence in a query of their own."""

    def stop() -> None:
        process.app.current.doubt()
        assert process.app.current.get() is not None
        # So that three seconds are enough also on a machine that does much else.
        monkeypatch.setattr(edition, "PATIENCE", 1.0)
        wire.stop()

    return stop


def in_operation(ask: Callable[[], HttpResponse]) -> HttpResponse:
    """As a server asks; Django's test client leaves a broken connection to whoever comes next."""
    answer = ask()
    connection.close_if_unusable_or_obsolete()
    return answer


def comes_back(ask: Callable[[], HttpResponse]) -> HttpResponse:
    ends = time.monotonic() + 10
    while (answer := in_operation(ask)).status_code == 503 and time.monotonic() < ends:
        time.sleep(0.1)
    return answer


def test_a_page_is_given_up_in_time_the_next_at_once_and_then_it_comes_back(
    process, wire, stop_in_the_middle, monkeypatch
) -> None:
    search = partial(process.get, "/sok/?q=ord")  # never kept
    good = process.get("/ordlista/")
    assert in_operation(search).status_code == 200
    stop_in_the_middle()
    began = time.monotonic()
    assert in_operation(search).status_code == 503
    assert time.monotonic() - began < 3
    began = time.monotonic()
    assert in_operation(search).status_code == 503
    assert process.get("/ordlista/").content == good.content
    assert time.monotonic() - began < 0.2
    monkeypatch.setattr(edition, "PATIENCE", 20.0)
    wire.delay = 0.1  # seconds each way: a server that has just come back is slow
    wire.is_still.clear()
    assert comes_back(search).status_code == 200


def test_a_form_is_refused_in_time_and_can_be_sent_again(process, wire, stop_in_the_middle) -> None:
    headers = {"origin": "http://testserver"}
    send = partial(process.post, "/folj/mejl/", {"epost": "nils@exempel.se"}, headers=headers)
    process.get("/om/")
    stop_in_the_middle()
    began = time.monotonic()
    assert in_operation(send).status_code == 503
    assert time.monotonic() - began < 3
    wire.is_still.clear()
    assert comes_back(send).status_code == 303
    assert Asking.objects.count() == 1


def test_a_slow_query_of_a_server_that_lives_is_waited_for(process, wire) -> None:
    process.get("/om/")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_sleep(3)")
        assert cursor.fetchone() == (1,)


def test_a_command_waits_for_as_long_as_it_takes(process, wire) -> None:
    postgresql.server_is_gone = None
    threading.Timer(3.5, wire.is_still.clear).start()
    with connection.cursor() as cursor:
        wire.stop()
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_the_connection_is_given_up_with_the_query_and_made_anew(process, wire, stop_in_the_middle) -> None:
    process.get("/om/")
    with connection.cursor() as cursor:
        stop_in_the_middle()
        with pytest.raises(OperationalError, match="stopped in the middle"):
            cursor.execute("SELECT 1")
    assert connection.connection.closed
    connection.close_if_unusable_or_obsolete()
    wire.is_still.clear()
    assert comes_back(partial(process.get, "/sok/?q=ord")).status_code == 200
