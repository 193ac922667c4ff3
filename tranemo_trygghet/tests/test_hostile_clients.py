"""Clients that send far too much, or a byte at a time, to the real server: nobody else notices anything."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tranemo_trygghet.tests.serving import Server, open_round

pytestmark = pytest.mark.django_db(transaction=True)

HUGE = 200 * 1024 * 1024
PART = b"a" * 65_536
# Bytes. What two hundred megabytes may cost in memory.
MOST = 20 * 1024 * 1024
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path, TMPDIR=str(tmp_path)) as server:
        yield server


def line_to(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=20)


def head(address: str, kind: str, *length: str) -> bytes:
    lines = [f"POST {address} HTTP/1.1", "Host: testserver", "Origin: http://testserver", f"Content-Type: {kind}"]
    return "\r\n".join([*lines, *length, "", ""]).encode()


def memory_of(server: Server) -> int:
    """What the largest of its processes has had at most, in bytes."""
    most = []
    for path in Path("/proc").glob("[0-9]*/status"):
        try:
            told = dict(line.split(":", 1) for line in path.read_text().splitlines() if ":" in line)
        except OSError:
            continue  # ended meanwhile
        if int(path.parent.name) == server.process.pid or int(told["PPid"]) == server.process.pid:
            most.append(int(told["VmHWM"].split()[0]) * 1024)
    return max(most)


def files_of(server: Server) -> set[str]:
    """The uploads that the server keeps on the disk."""
    return {path.name for path in server.folder.rglob("*.upload*")}


def send_all(line: socket.socket, size: int, *, chunked: bool) -> int:
    """As much as the server takes; how much that was."""
    sent = 0
    part = b"%x\r\n%s\r\n" % (len(PART), PART) if chunked else PART
    try:
        while sent < size:
            line.sendall(part)
            sent += len(PART)
        if chunked:
            line.sendall(b"0\r\n\r\n")
    except OSError:
        pass  # closed by the server
    return sent


MULTIPART = "multipart/form-data; boundary=x"
FILE = b'--x\r\nContent-Disposition: form-data; name="fil"; filename="a.csv"\r\n\r\n'


def test_two_hundred_megabytes_are_refused_before_they_have_come(server: Server) -> None:
    address = open_round().get_absolute_url()
    with server.visitor() as visitor:
        assert visitor.post(address, {"kod": "x"}) == 200  # the process has made its pages
    for kind in (FORM, MULTIPART, "application/json"):
        for place in (address, "/folj/mejl/", "/admin/login/", "/finns-inte/"):
            with closing(line_to(server)) as line:
                line.sendall(head(place, kind, f"Content-Length: {HUGE}") + FILE + PART)
                assert line.recv(12) == b"HTTP/1.1 400", (kind, place)


@pytest.mark.slow
@pytest.mark.parametrize("chunked", [False, True])
def test_two_hundred_megabytes_that_come_all_the_same_are_never_held(server: Server, chunked: bool) -> None:
    address = open_round().get_absolute_url()
    with server.visitor() as visitor:
        assert visitor.post(address, {"kod": "x"}) == 200
        assert visitor.post("/folj/mejl/", {"epost": "x"}) == 200
    before, held = memory_of(server), files_of(server)
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {HUGE}"
    for kind in (FORM, MULTIPART):
        for place in (address, "/folj/mejl/"):
            with closing(line_to(server)) as line:
                line.sendall(head(place, kind, length) + (b"" if chunked else FILE))
                send_all(line, HUGE, chunked=chunked)
                assert files_of(server) == held, "and none of it on the disk"
                assert line.recv(9) == b"HTTP/1.1 "
    assert memory_of(server) - before < MOST


@pytest.mark.slow
def test_twenty_clients_that_send_a_byte_at_a_time_stop_nobody(server: Server) -> None:
    address, ended = open_round().get_absolute_url(), threading.Event()

    def drip(line: socket.socket, text: bytes) -> None:
        for number in range(len(text)):
            if ended.wait(0.5):
                return
            line.sendall(text[number : number + 1])

    with ExitStack() as stack, server.visitor() as visitor:
        assert visitor.post(address, {"kod": "x"}) == 200
        half = [head(address, FORM, "Content-Length: 1000") + b"kod=", head(address, FORM, "Content-Length: 1000")[:20]]
        drippers = []
        for number in range(20):
            line = stack.enter_context(closing(line_to(server)))
            line.sendall(half[number % 2])
            drippers.append(threading.Thread(target=drip, args=(line, b"a" * 900)))
        for each in drippers:
            each.start()
        seconds = []
        for number in range(200):
            began = time.monotonic()
            assert visitor.post(address, {"kod": str(number)}) == 200
            seconds.append(time.monotonic() - began)
        ended.set()
        for each in drippers:
            each.join()
    assert sorted(seconds)[198] < 1
