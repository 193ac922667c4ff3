"""A page is made once, and is then the same bytes for everyone until somebody publishes or the clock turns."""

from __future__ import annotations

import gzip
import threading
import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import brotli
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import resolve
from django.utils import timezone

from followups.models import Meeting
from followups.tests.make import make_meeting
from promises.models import Place, Term
from promises.publishing import ContentVersion, content_changed, content_version
from promises.tests.make import make_place, make_promise
from surveys.ballot_box import shuffle
from surveys.tests.make import CLOSES, OPENS, answer, make_round
from tranemo_trygghet.page_store.edition import ASKED_AHEAD_AFTER, Answer, CurrentEdition, Edition, next_change
from tranemo_trygghet.page_store.front import OTHERS_MARKS
from tranemo_trygghet.page_store.middleware import may_be_kept
from tranemo_trygghet.page_store.pages import best_encoding
from tranemo_trygghet.tests.make import make_result

pytestmark = pytest.mark.alike

SWEDEN = ZoneInfo("Europe/Stockholm")
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, "identity": bytes}


def make_term(word: str) -> Term:
    term = Term.objects.create(word=word, slug=word.lower(), explanation="Ett ord.")
    term.publish()
    return term


def made(process, address: str) -> bool:
    """Whether the process makes the page anew, rather than answering what it has."""
    inner, calls = process.app.get_response, []
    process.app.get_response = lambda request: calls.append(request.path) or inner(request)
    process.get(address)
    process.app.get_response = inner
    return bool(calls)


# --- the answer ---------------------------------------------------------------------------------------


@pytest.mark.differs
def test_a_page_is_made_once_and_then_answered_without_a_query(process, clock, django_assert_num_queries) -> None:
    first = process.get("/ordlista/")
    with django_assert_num_queries(0):
        second = process.get("/ordlista/")
    assert first.content == second.content
    assert not made(process, "/ordlista/")


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
def test_every_encoding_holds_the_same_page_under_a_tag_of_its_own(process, clock, encoding: str) -> None:
    plain = process.get("/ordlista/")
    packed = process.get("/ordlista/", headers={"accept-encoding": encoding})
    assert UNPACK[encoding](packed.content) == plain.content
    assert packed.headers.get("Content-Encoding", "identity") == encoding
    assert packed.headers["Content-Length"] == str(len(packed.content))
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert packed.headers["ETag"].startswith('"')
    assert (packed.headers["ETag"] == plain.headers["ETag"]) == (encoding == "identity")


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
def test_who_has_the_page_gets_304_and_no_body(process, clock, encoding: str) -> None:
    asks = {"accept-encoding": encoding}
    tag = process.get("/ordlista/", headers=asks).headers["ETag"]
    for has_it in (tag, f'"another", W/{tag}', "*"):
        again = process.get("/ordlista/", headers=asks | {"if-none-match": has_it})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == tag
        assert "Content-Security-Policy" in again.headers
        assert "Content-Length" not in again.headers
    assert process.get("/ordlista/", headers=asks | {"if-none-match": '"another"'}).status_code == 200


def test_head_answers_as_get_does_without_the_body(process, clock) -> None:
    head = process.head("/ordlista/", headers={"accept-encoding": "gzip"})
    page = process.get("/ordlista/", headers={"accept-encoding": "gzip"})
    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.headers) == dict(page.headers)


def test_a_kept_page_has_every_header_that_a_fresh_one_has(process, clock) -> None:
    first, second = process.get("/"), process.get("/")
    assert dict(first.headers) == dict(second.headers)
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options"):
        assert name in second.headers
    assert "max-age=1," in second.headers["Cache-Control"]
    assert "stale-if-error" in second.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("accepted", "best"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("GZIP", "gzip"),
        ("br ; q = 0.000, gzip;q=0", ""),
        ("identity", ""),
        ("*", ""),
        ("", ""),
    ],
)
def test_the_smallest_encoding_that_is_accepted_is_chosen(accepted: str, best: str) -> None:
    assert best_encoding(accepted) == best


def test_what_came_out_as_it_was_keeps_its_tag_when_something_else_is_published(process, clock) -> None:
    make_place()  # every page tells on which day something was last published
    tag = process.get("/ordlista/").headers["ETag"]
    make_place()
    process.app.current.doubt()
    assert made(process, "/ordlista/")
    assert process.get("/ordlista/").headers["ETag"] == tag


# --- what is kept, and what never is ------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["/sok/?q=ljus", "/?a=1", "/ordlista/?utm_source=x&q=1", "/admin/login/", "/finns-inte/"]
)
def test_what_depends_on_more_than_the_address_is_not_kept(process, clock, address: str) -> None:
    process.get(address)
    assert made(process, address)
    assert len(process.app.store.memory) == 0


def test_marks_that_others_add_to_a_link_cost_no_page_of_their_own(process, clock) -> None:
    process.get("/ordlista/?fbclid=IwAR0&utm_source=tidningen")
    assert not made(process, "/ordlista/")
    assert not made(process, "/ordlista/?gclid=1")
    assert not OTHERS_MARKS.fullmatch("utm_source=x&q=fbclid=1")


def test_somebody_who_is_logged_in_gets_pages_that_nobody_else_gets(process, clock) -> None:
    process.get("/ordlista/")
    process.cookies["sessionid"] = "nyckel"
    assert made(process, "/ordlista/")
    assert made(process, "/ordlista/")


def test_forms_are_never_answered_from_the_store(process, clock) -> None:
    assert process.post("/ordlista/").status_code == 403
    process.get("/ordlista/")
    assert process.post("/ordlista/").status_code == 403


def test_one_page_has_one_place_however_its_address_is_spelled(process, clock) -> None:
    make_result(make_promise(starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31)))
    for address in ("/resultat/2025/", "/resultat/02025/", "/resultat/002025/"):
        assert process.get(address).status_code == 200
    assert process.get("/resultat/2025").status_code == 301
    assert len(process.app.store.memory) == 1


def response(**headers: str) -> HttpResponse:
    return HttpResponse("sida", headers={name.replace("_", "-"): value for name, value in headers.items()})


def with_cookie() -> HttpResponse:
    page = response()
    page.set_cookie("a", "b")
    return page


@pytest.mark.parametrize(
    "page",
    [
        with_cookie(),
        response(Cache_Control="private"),
        response(Cache_Control="max-age=60, no-store"),
        response(Vary="Cookie"),
        response(Vary="Accept-Encoding, Accept-Language"),
        response(Content_Encoding="br"),
        HttpResponse("sida", status=201),
        HttpResponse("sida", status=404),
    ],
)
def test_a_response_that_may_be_somebodys_own_is_not_kept(page: HttpResponse) -> None:
    request = RequestFactory().get("/ordlista/")
    request.resolver_match = resolve("/ordlista/")
    assert may_be_kept(request, response())
    assert not may_be_kept(request, page)


# --- a second -----------------------------------------------------------------------------------------


@pytest.mark.differs
def test_a_second_after_publishing_no_process_shows_the_old_page(start_process) -> None:
    processes = [start_process(), start_process()]
    for each in processes:
        assert "SAMFU" not in each.get("/ordlista/").content.decode()
    make_term("SAMFU")
    time.sleep(1)
    for each in processes:
        assert "SAMFU" in each.get("/ordlista/").content.decode()


@pytest.mark.differs
def test_the_version_is_read_about_once_a_second_however_many_ask(process) -> None:
    read, times = process.app.current._read, []
    process.app.current._read = lambda before: times.append(time.monotonic()) or read(before)
    ends = time.monotonic() + 1.5
    while time.monotonic() < ends:
        process.get("/ordlista/")
    assert len(times) <= 1 + (time.monotonic() - (ends - 1.5)) / ASKED_AHEAD_AFTER


def test_nobody_waits_for_the_version_that_is_asked_for_ahead() -> None:
    asked, may_answer = threading.Event(), threading.Event()
    edition = Edition(1, 0, "build", time.time() + 1000)
    current = CurrentEdition(lambda before: (asked.set(), may_answer.wait(5)) and edition)
    may_answer.set()
    assert current.get() == edition
    may_answer.clear()
    asked.clear()
    current._answer = Answer(edition, time.monotonic() - ASKED_AHEAD_AFTER)
    assert current.get() == edition
    assert asked.wait(5)
    may_answer.set()
    current.stop()


def test_many_who_come_at_once_make_the_page_once(process) -> None:
    process.get("/robots.txt")
    inner, calls = process.app.get_response, []

    def slowly(request):
        calls.append(request.path)
        time.sleep(0.2)
        return inner(request)

    process.app.get_response = slowly
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(ask(process))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(calls) == 1
    assert answers == [200] * 8


def ask(process) -> int:
    try:
        return process.app(RequestFactory().get("/om/")).status_code
    finally:
        connection.close()


@pytest.mark.differs
def test_another_process_finds_the_page_on_the_disk(start_process, clock) -> None:
    one, other = start_process(), start_process()
    one.get("/ordlista/")
    assert not made(other, "/ordlista/")


def test_other_code_makes_its_own_pages(start_process, clock, monkeypatch) -> None:
    start_process().get("/ordlista/")
    monkeypatch.setattr("tranemo_trygghet.page_store.edition.build_of_this_code", lambda: "another template")
    assert made(start_process(), "/ordlista/")


# --- the clock ----------------------------------------------------------------------------------------


def test_a_round_opens_and_closes_on_its_kept_page_though_nobody_publishes(process, clock) -> None:
    clock.move_to(OPENS - timedelta(seconds=1))
    survey_round = make_round()
    address = survey_round.get_absolute_url()
    assert "<fieldset" not in process.get(address).content.decode()
    clock.move_to(OPENS)
    assert "<fieldset" in process.get(address).content.decode()
    assert not made(process, address)
    clock.move_to(CLOSES)
    assert "<fieldset" not in process.get(address).content.decode()


def test_a_meeting_passes_on_its_kept_page(process, clock) -> None:
    begins = timezone.now() + timedelta(hours=2)
    make_meeting(kind=Meeting.Kind.RESIDENTS, state=Meeting.State.PLANNED, is_public=True, starts_at=begins)
    before = process.get("/moten/").content
    clock.move_to(begins)
    assert made(process, "/moten/")
    assert process.get("/moten/").content != before


def test_every_page_is_made_anew_when_a_day_begins_in_sweden(process, clock) -> None:
    process.get("/ordlista/")
    clock.move_to(datetime(2026, 3, 16, 23, 59, 59, tzinfo=SWEDEN))
    assert not made(process, "/ordlista/")
    clock.move_to(datetime(2026, 3, 17, tzinfo=SWEDEN))
    assert made(process, "/ordlista/")
    assert not made(process, "/ordlista/")


@pytest.mark.differs
def test_the_next_change_is_the_nearest_of_rounds_meetings_and_midnight(db, clock) -> None:
    now = timezone.now()
    midnight = datetime(2026, 3, 17, tzinfo=SWEDEN)
    assert next_change(now) == midnight
    make_meeting(starts_at=now + timedelta(hours=5), state="planned", is_public=True)
    assert next_change(now) == now + timedelta(hours=5)
    make_round(opens_at=now - timedelta(days=1), closes_at=now + timedelta(hours=4))
    assert next_change(now) == now + timedelta(hours=4)
    make_round(opens_at=now + timedelta(hours=3), closes_at=now + timedelta(days=9))
    assert next_change(now) == now + timedelta(hours=3)
    assert next_change(now + timedelta(hours=5)) == midnight


def test_a_clock_that_was_ahead_and_is_set_right_leaves_no_page_behind(process, clock) -> None:
    process.get("/ordlista/")
    clock.move_to(timezone.now() - timedelta(hours=1))
    assert made(process, "/ordlista/")


# --- the version --------------------------------------------------------------------------------------


@pytest.mark.differs
def test_a_restored_database_never_comes_to_a_version_that_it_has_had(db, clock) -> None:
    content_changed()
    backed_up = content_version()
    clock.shift(60)
    content_changed()
    had = content_version()
    ContentVersion.objects.update(number=backed_up)
    clock.shift(60)
    content_changed()
    assert content_version() > had > backed_up
    assert content_version() == int(timezone.now().timestamp() * 1000)


@pytest.mark.differs
def test_the_version_rises_even_when_the_clock_goes_back(db, clock) -> None:
    content_changed()
    before = content_version()
    clock.shift(-3600)
    content_changed()
    assert content_version() == before + 1


@pytest.mark.differs
def test_an_answer_to_a_survey_and_a_shuffle_leave_the_pages_alone(db, clock) -> None:
    survey_round = make_round()
    before = content_version()
    answer(survey_round, times=3)
    shuffle(survey_round)
    assert content_version() == before


@pytest.mark.differs
def test_an_unpublished_place_is_gone_from_the_store(process, clock) -> None:
    place = make_place("Torget")
    assert process.get(place.get_absolute_url()).status_code == 200
    Place.objects.get(pk=place.pk).unpublish()
    process.app.current.doubt()
    assert process.get(place.get_absolute_url()).status_code == 404
