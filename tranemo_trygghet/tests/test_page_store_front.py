"""The front says again what Django said, to the letter, and asks Django about everything else."""

from __future__ import annotations

from itertools import product

import pytest

from promises.tests.make import make_contact, make_organisation, make_place
from tranemo_trygghet.page_store import front as fronts
from tranemo_trygghet.page_store.front import SAFE
from tranemo_trygghet.tests.conftest import FrontProcess

pytestmark = pytest.mark.alike


def test_the_second_answer_is_the_first_one_and_django_is_not_asked(front: FrontProcess, clock) -> None:
    for address, encoding, method in product(("/ordlista/", "/en/", "/om/"), ("br", "gzip", ""), SAFE):
        front.asked.clear()
        asks = {"method": method, "HTTP_ACCEPT_ENCODING": encoding}
        first = front.ask(address, **asks)
        tag = dict(first.headers)["ETag"]
        unchanged = front.ask(address, **asks, HTTP_IF_NONE_MATCH=tag)
        assert (first.status, unchanged.status, unchanged.body) == ("200 OK", "304 Not Modified", b"")
        assert bool(first.body) == (method == "GET")
        asked = list(front.asked)
        assert front.ask(address, **asks) == first
        assert front.ask(address, **asks, HTTP_IF_NONE_MATCH=tag) == unchanged
        assert front.ask(f"{address}?fbclid=1", **asks) == first
        # A page's headers are learnt once for each encoding, not once for each method.
        assert front.asked == asked == ([address, address] if method == "GET" else [])


def test_whoever_says_who_they_are_is_answered_by_django(front: FrontProcess, clock, settings) -> None:
    front.ask("/ordlista/")
    for said in (
        {"HTTP_COOKIE": f"a=b; {settings.SESSION_COOKIE_NAME}=x"},
        {"HTTP_AUTHORIZATION": "Basic eDp4"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_HOST": "testserver:80"},
    ):
        front.asked.clear()
        assert front.ask("/ordlista/", **said).status == "200 OK"
        assert front.asked == ["/ordlista/"], said
    for method, address in (("POST", "/ordlista/"), ("GET", "/ordlista/?sida=2"), ("GET", "/ordlista/x/")):
        front.asked.clear()
        front.ask(address, method)
        assert front.asked, address
    front.ask("/ordlista/")
    assert len(front.asked) == 1


def test_an_unknown_host_is_refused_though_the_page_is_kept(front: FrontProcess, clock) -> None:
    front.ask("/ordlista/")
    assert front.ask("/ordlista/", HTTP_HOST="elsewhere.example").status == "400 Bad Request"


def test_what_is_never_kept_is_asked_of_django_each_time(front: FrontProcess, clock) -> None:
    for address in ("/healthz", "/admin/login/", "/sok/?q=lampa", "/finns-inte/"):
        front.asked.clear()
        for times in (1, 2, 3):
            front.ask(address)
            assert len(front.asked) == times


@pytest.mark.differs
def test_a_publication_is_seen_and_the_old_answer_never_said_again(front: FrontProcess, clock) -> None:
    before = front.ask("/platser/")
    place = make_place()
    front.app.current.doubt()
    after = front.ask("/platser/")
    assert place.name.encode() not in before.body
    assert place.name.encode() in after.body
    assert front.ask("/platser/", HTTP_IF_NONE_MATCH=dict(before.headers)["ETag"]).status == "200 OK"


@pytest.mark.differs
def test_while_the_database_is_gone_django_says_what_is_true(front: FrontProcess, clock, monkeypatch) -> None:
    good = front.ask("/ordlista/")
    monkeypatch.setattr(front.app.current, "get", lambda: None)
    gone = front.ask("/ordlista/")
    assert gone.body == good.body
    assert dict(gone.headers)["Cache-Control"] != dict(good.headers)["Cache-Control"]
    monkeypatch.undo()
    assert front.ask("/ordlista/") == good


def test_what_was_withdrawn_is_not_said_again(front: FrontProcess, clock) -> None:
    contact = make_contact(make_organisation())
    assert contact.name.encode() in front.ask("/om/").body
    contact.delete()
    front.app.current.doubt()
    assert contact.name.encode() not in front.ask("/om/").body


def test_it_remembers_no_more_addresses_than_it_may(front: FrontProcess, clock, monkeypatch) -> None:
    monkeypatch.setattr(fronts, "MOST_ADDRESSES", 3)
    for address in ("/", "/om/", "/ordlista/", "/platser/", "/loften/"):
        front.ask(address)
        assert 0 < len(front.front._known) <= 3


def test_a_server_that_writes_in_the_headers_writes_in_its_own_copy(front: FrontProcess, clock) -> None:
    for _ in range(3):
        said = front.ask("/ordlista/")
        assert ("Server", "x") not in said.headers
        said.headers.append(("Server", "x"))
