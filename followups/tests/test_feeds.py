"""The reports as a feed, and the public meetings as a calendar."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from datetime import date, timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from followups.models import FollowUp, Meeting
from followups.tests.make import make_meeting, make_report
from promises.models import Correction
from promises.tests.make import make_promise

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
RESIDENTS = {"kind": Meeting.Kind.RESIDENTS, "is_public": True}


def entries(client: Client) -> list[ElementTree.Element]:
    return ElementTree.fromstring(client.get("/uppfoljningar/flode.atom").content).findall(f"{ATOM}entry")  # noqa: S314


def events(client: Client) -> list:
    return list(Calendar.from_ical(client.get("/moten.ics").content).walk("VEVENT"))


def test_the_feed_has_every_published_month_newest_first(client: Client, clock) -> None:
    promise = make_promise(title="Löftet")
    make_report(promise, "2026-01")
    make_report(promise, "2026-02", kind=FollowUp.Kind.NO_MEETING, no_meeting_reason="Alla hade semester.")
    make_report(promise, "2026-03", published=False, summary="Hemligt.")
    titles = [entry.findtext(f"{ATOM}title") for entry in entries(client)]
    assert titles == ["Februari 2026: inget möte – Löftet", "Januari 2026 – Löftet"]


def test_the_feed_leads_to_the_portal_s_own_address_whatever_host_was_asked(client: Client, clock, settings) -> None:
    settings.SITE_URL = "https://trygghet.example"
    settings.ALLOWED_HOSTS = ["*"]
    make_report(month="2026-01")
    feed = client.get("/uppfoljningar/flode.atom", headers={"host": "annan.example"}).content.decode()
    assert "https://trygghet.example/uppfoljningar/2026-01/" in feed
    assert "annan.example" not in feed


def test_the_feed_carries_the_report_as_safe_markup(client: Client, clock) -> None:
    make_report(month="2026-01", summary="Vi har **gått** runt.\n\n<script>alert(1)</script>")
    summary = entries(client)[0].findtext(f"{ATOM}summary")
    assert "<strong>gått</strong>" in summary
    assert "<script" not in summary


def test_a_correction_makes_the_entry_new_and_leaves_its_name(client: Client, clock) -> None:
    report = make_report(month="2026-01")
    before = entries(client)[0]
    user = report.sign_offs.first().signed_by
    clock.shift(timedelta(days=3))
    Correction.objects.create(document=report, text="Fel.", organisation=user.organisation, made_by=user)
    after = entries(client)[0]
    assert after.findtext(f"{ATOM}id") == before.findtext(f"{ATOM}id")
    assert after.findtext(f"{ATOM}updated") > before.findtext(f"{ATOM}updated")


def test_two_promises_in_one_month_are_two_entries(client: Client, clock) -> None:
    for title in ("Det ena", "Det andra"):
        make_report(make_promise(title=title), "2026-01")
    assert len({entry.findtext(f"{ATOM}id") for entry in entries(client)}) == 2


def test_the_calendar_has_the_public_meetings_only(client: Client, clock) -> None:
    make_meeting(
        date(2026, 4, 1), **RESIDENTS, state="planned", title="Trygghetsmöte", venue="Folkets hus; Limmared, å"
    )
    make_meeting(date(2026, 4, 2), title="Slutet möte")
    (event,) = events(client)
    assert event["SUMMARY"] == "Trygghetsmöte"
    assert event["LOCATION"] == "Folkets hus; Limmared, å"


@pytest.mark.parametrize(("day", "hour"), [(date(2026, 3, 28), 17), (date(2026, 3, 29), 16)])
def test_the_calendar_keeps_the_hour_when_the_clocks_change(client: Client, clock, day: date, hour: int) -> None:
    make_meeting(day, **RESIDENTS, state="planned")
    (event,) = events(client)
    assert (event.start.hour, event.start.utcoffset()) == (hour, timedelta(0))
    assert event.end - event.start == timedelta(hours=1, minutes=30)


def test_a_cancelled_meeting_is_cancelled_in_the_calendar_too(client: Client, clock) -> None:
    meeting = make_meeting(date(2026, 4, 1), **RESIDENTS, state="planned")
    before = events(client)[0]["UID"]
    meeting.cancel("Snöoväder.")
    (event,) = events(client)
    assert event["STATUS"] == "CANCELLED"
    assert "Snöoväder." in event["DESCRIPTION"]
    assert event["UID"] == before
