"""The months, one month, and the meetings, as a reader finds them."""

from __future__ import annotations

import re
from datetime import date, datetime
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from followups.models import FollowUp, Meeting
from followups.tests.make import make_deed, make_meeting, make_report, make_target
from promises.models import Correction, Term
from promises.tests.make import make_place, make_promise, publish, ready

pytestmark = [pytest.mark.django_db, pytest.mark.alike]


def words_of(client: Client, address: str) -> str:
    html = client.get(address).content.decode()
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def move_to(clock, *day: int) -> None:
    clock.move_to(datetime(*day, 10, 0, tzinfo=ZoneInfo("Europe/Stockholm")))


# --- The list -----------------------------------------------------------------------------------------


def test_missing_months_stand_among_the_others_newest_first(client: Client, clock) -> None:
    promise = make_promise()
    make_report(promise, "2026-01")
    make_report(promise, "2026-03")
    move_to(clock, 2026, 4, 20)
    page = words_of(client, "/uppfoljningar/")
    places = [page.index(words) for words in ("Mars 2026 ", "Februari 2026 saknas", "Januari 2026 ")]
    assert places == sorted(places)
    assert "2 av 3 månader redovisade. Februari saknas." in page


def test_a_report_that_waits_for_one_signature_says_whose(client: Client, clock) -> None:
    promise = make_promise()
    first, second = promise.signing_partners()
    report = ready(make_report(promise, "2026-01", published=False))
    user = report.promise.sign_offs.get(organisation=first).signed_by
    report.sign(user, report.digest())
    page = words_of(client, "/uppfoljningar/")
    assert f"Godkännande från {second}" in page
    assert f"Godkännande från {first}" not in page
    assert report.summary not in page


def test_the_month_that_is_going_on_says_so_and_the_next_that_it_has_not_begun(client: Client, clock) -> None:
    make_promise()
    move_to(clock, 2026, 4, 20)
    assert "Månaden pågår. Rapporten ska komma senast" in words_of(client, "/uppfoljningar/2026-04/")
    assert "Månaden har inte börjat. Rapporten ska komma senast" in words_of(client, "/uppfoljningar/2026-05/")


def test_a_month_is_missing_from_the_day_after_it_was_due(client: Client, clock) -> None:
    make_promise()
    move_to(clock, 2026, 2, 14)
    assert "Rapporten ska komma senast 14 februari 2026." in words_of(client, "/uppfoljningar/2026-01/")
    move_to(clock, 2026, 2, 15)
    assert "Rapporten skulle ha kommit senast 14 februari 2026." in words_of(client, "/uppfoljningar/2026-01/")


# --- One month ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("month", "status"),
    [("2025-12", 404), ("2026-01", 200), ("2026-12", 200), ("2027-01", 404), ("2026-00", 404), ("nu", 404)],
)
def test_a_month_has_a_page_if_it_belongs_to_a_promise(client: Client, clock, month: str, status: int) -> None:
    make_promise()
    assert client.get(f"/uppfoljningar/{month}/").status_code == status


def test_a_draft_promise_has_no_months(client: Client, clock) -> None:
    make_promise(published=False)
    assert client.get("/uppfoljningar/2026-01/").status_code == 404


def test_the_month_tells_how_it_stood_then_not_how_it_stands_today(client: Client, clock) -> None:
    promise = make_promise(actions=1)
    action = promise.actions.get()
    make_target(action, number=4)
    make_deed(action, done_on=date(2026, 1, 12))
    make_report(promise, "2026-01")
    make_deed(action, done_on=date(2026, 2, 12))
    make_report(promise, "2026-02", reported="done")
    january = words_of(client, "/uppfoljningar/2026-01/")
    assert "1 av 4 trygghetsvandringar" in january
    assert "Pågår" in january
    assert "Genomförd" not in january
    assert "2 av 4 trygghetsvandringar" in words_of(client, "/uppfoljningar/2026-02/")


def test_a_deed_logged_after_the_report_is_a_dated_addition(client: Client, clock) -> None:
    promise = make_promise(actions=1)
    action = promise.actions.get()
    make_deed(action, what="I tid", done_on=date(2026, 1, 12))
    make_report(promise, "2026-01")
    move_to(clock, 2026, 3, 17)
    make_deed(action, what="Glömd", done_on=date(2026, 1, 13), logged_at=timezone.now())
    page = words_of(client, "/uppfoljningar/2026-01/")
    assert page.index("Det här gjorde vi I tid") < page.index("Tillagt efter rapporten Glömd")
    assert "Tillagt 17 mars 2026" in page


def test_a_deed_that_was_taken_back_stays_struck_out_with_its_reason(client: Client, clock) -> None:
    promise = make_promise(actions=1)
    deed = make_deed(promise.actions.get(), what="Aldrig gjord", done_on=date(2026, 1, 12))
    make_report(promise, "2026-01")
    deed.take_back("Loggad två gånger.")
    html = client.get("/uppfoljningar/2026-01/").content.decode()
    assert "<del>Aldrig gjord</del>" in html
    assert "Loggad två gånger." in html


def test_corrections_and_signatures_stand_by_the_report(client: Client, clock) -> None:
    report = make_report(month="2026-01")
    partner = report.signing_partners()[0]
    user = report.sign_offs.first().signed_by
    Correction.objects.create(document=report, text="Det var **två** lampor.", organisation=partner, made_by=user)
    page = words_of(client, "/uppfoljningar/2026-01/")
    assert f"16 mars 2026, {partner} Det var två lampor." in page
    assert page.count("Godkände texten 16 mars 2026") == 2


def test_a_month_without_a_meeting_says_why(client: Client, clock) -> None:
    make_report(month="2026-02", kind=FollowUp.Kind.NO_MEETING, no_meeting_reason="Alla hade semester.")
    page = words_of(client, "/uppfoljningar/2026-02/")
    assert "Inget möte den här månaden Alla hade semester." in page
    assert "saknas" not in page.split("Fler månader")[0]


def test_promises_that_overlap_have_a_section_each(client: Client, clock) -> None:
    first, second = make_promise(), make_promise(starts_on=date(2026, 2, 1))
    make_report(first, "2026-02", summary="Det första löftets månad.")
    page = words_of(client, "/uppfoljningar/2026-02/")
    assert "Det första löftets månad." in page
    assert second.title in page
    assert second.title not in words_of(client, "/uppfoljningar/2026-01/")


def test_a_promise_followed_up_by_the_quarter_has_a_page_a_quarter(client: Client, clock) -> None:
    promise = make_promise(followup_months=3)
    make_report(promise, "2026-01", summary="Årets första kvartal.")
    assert "Årets första kvartal." in words_of(client, "/uppfoljningar/2026-01/")
    assert "januari–mars 2026" in words_of(client, "/uppfoljningar/2026-01/").lower()
    assert client.get("/uppfoljningar/2026-02/").status_code == 404


# --- Meetings -----------------------------------------------------------------------------------------


def test_only_public_meetings_are_told_and_cancelled_ones_say_why(client: Client, clock) -> None:
    make_meeting(date(2026, 4, 1), kind=Meeting.Kind.RESIDENTS, is_public=True, state="planned", venue="Folkets hus")
    make_meeting(
        date(2026, 4, 2), kind=Meeting.Kind.RESIDENTS, is_public=True, state="cancelled", cancel_reason="Snöoväder."
    )
    make_meeting(date(2026, 3, 2), venue="Kommunhuset, slutet möte")
    page = words_of(client, "/moten/")
    assert "kl. 18.30 · Folkets hus" in page
    assert "Inställt: Snöoväder." in page
    assert "slutet möte" not in page


def test_a_meeting_s_address_leads_to_its_row(client: Client, clock) -> None:
    meeting = make_meeting(date(2026, 4, 1), kind=Meeting.Kind.RESIDENTS, is_public=True, state="planned")
    path, _hash, anchor = meeting.get_absolute_url().partition("#")
    assert f'id="{anchor}"' in client.get(path).content.decode()


# --- Cost ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/uppfoljningar/", "/uppfoljningar/2026-01/", "/moten/"])
def test_more_rows_cost_no_more_questions(client: Client, clock, address: str) -> None:
    promise = make_promise(actions=3)
    place = make_place()

    def one_more(month: str) -> None:
        for action in promise.actions.all():
            make_deed(action, done_on=date(2026, 1, 12), place=place)
        make_meeting(date(2026, 1, 20), kind=Meeting.Kind.RESIDENTS, is_public=True)
        make_report(promise, month)

    one_more("2026-01")
    client.get(address)
    with CaptureQueriesContext(connection) as with_one:
        client.get(address)
    one_more("2026-02")
    one_more("2026-03")
    with CaptureQueriesContext(connection) as with_three:
        client.get(address)
    assert len(with_three) == len(with_one)


def test_more_promises_cost_no_more_questions(client: Client, clock) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/uppfoljningar/")
        return len(asked)

    make_report(make_promise(), "2026-01")
    client.get("/uppfoljningar/")
    with_one = questions()
    for _number in range(2):
        make_report(make_promise(), "2026-01")
    assert questions() == with_one


def test_a_promise_stands_in_full_for_a_year_after_its_end_and_then_as_a_line(client: Client, clock) -> None:
    make_promise(slug="gammalt", title="Gammalt löfte", starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31))
    move_to(clock, 2025, 12, 31)
    assert "Januari 2024 saknas" in words_of(client, "/uppfoljningar/")
    move_to(clock, 2026, 1, 1)
    html, words = client.get("/uppfoljningar/").content.decode(), words_of(client, "/uppfoljningar/")
    assert "2024 saknas" not in words
    assert 'href="/loften/gammalt/#aret"' in html
    assert "Gammalt löfte 1 januari – 31 december 2024" in words


def test_a_word_of_the_trade_is_explained_where_the_month_first_uses_it(client: Client, clock) -> None:
    promise = make_promise()
    term = Term.objects.create(word="EST", spelled_out="Effektiv Samverkan för Trygghet", explanation="Så här gör vi.")
    term.publish()
    first, second = promise.actions.all()[:2]
    report = make_report(promise, "2026-01", published=False, summary="En estetisk månad.")
    report.updates.filter(action=first).update(text="Vi arbetar enligt EST.")
    report.updates.filter(action=second).update(text="EST igen.")
    publish(report)
    move_to(clock, 2026, 3, 1)
    words = words_of(client, "/uppfoljningar/2026-01/")
    assert words.count("Vad betyder EST?") == 1
    assert words.index("enligt EST.") < words.index("Vad betyder EST?") < words.index("EST igen.")
