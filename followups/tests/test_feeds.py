"""What the public has been told as feeds, and the meetings and surveys as a calendar, in real readers' parsers."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import feedparser
import pytest
from django.test import Client
from icalendar import Calendar

from followups.models import CombinedResult, FollowUp, Meeting, Verdict
from followups.tests.make import make_deed, make_meeting, make_report
from promises.models import Correction
from promises.tests.make import make_place, make_promise, publish
from surveys.counting import close_round
from surveys.results import publish_release
from surveys.tests.make import answer, close_and_count, make_coordinator, make_round

pytestmark = [pytest.mark.django_db, pytest.mark.alike]

SWEDEN = ZoneInfo("Europe/Stockholm")
ALL, REPORTS = "/flode.atom", "/uppfoljningar/flode.atom"
RESIDENTS = {"kind": Meeting.Kind.RESIDENTS, "is_public": True}


def read(client: Client, address: str = REPORTS) -> feedparser.FeedParserDict:
    response = client.get(address)
    feed = feedparser.parse(response.content, response_headers={"content-type": response.headers["Content-Type"]})
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    return feed


def events(client: Client) -> list:
    return list(Calendar.from_ical(client.get("/moten.ics").content).walk("VEVENT"))


def by_name(client: Client) -> dict[str, object]:
    return {str(event["UID"]).partition("@")[0]: event for event in events(client)}


def make_result(**fields):
    """A counted round with a published result."""
    survey_round = make_round(**fields)
    answer(survey_round, times=12, safety="safe")
    close_and_count(survey_round)
    return publish_release(survey_round, make_coordinator())


@pytest.fixture
def told(clock, settings):
    """Something of each kind, at a place and in a promise."""
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://trygghet.example:8443", ["*"]
    clock.move_to(datetime(2026, 5, 10, 10, 0, tzinfo=SWEDEN))
    place = make_place("Torget & <kiosken>", slug="torget")
    promise = make_promise(title="Löftet", slug="2026", places=[place])
    make_report(promise, "2026-01")
    make_deed(promise.actions.first(), what="Fotpatrull", done_on=date(2026, 1, 9), place=place)
    make_result(promise=promise, places=[place])
    make_meeting(date(2026, 6, 3), **RESIDENTS, state="planned", place=place)
    result = CombinedResult.objects.create(promise=promise, year=2026, summary="Bra.", way_forward="Vidare.")
    for action in promise.actions.all():
        Verdict.objects.create(result=result, action=action, verdict="done", why="Gjort.", continues="Mer.")
    publish(result)
    return promise


ADDRESSES = [ALL, REPORTS, "/loften/2026/flode.atom", "/platser/torget/flode.atom"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_feed_has_what_rfc_4287_asks_for(client: Client, told, address: str) -> None:
    feed = read(client, address)
    links = {link["rel"]: link["href"] for link in feed.feed.links}
    assert links["self"] == f"https://trygghet.example:8443{address}"
    assert links["alternate"].startswith("https://trygghet.example:8443/")
    assert feed.feed.id.startswith("tag:trygghet.example,2026:")
    assert feed.feed.author
    assert feed.feed.updated == max(entry.updated for entry in feed.entries)
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    for entry in feed.entries:
        assert entry.id.startswith("tag:trygghet.example,2026:")
        assert entry.title
        assert entry.updated_parsed
        assert entry.link.startswith("https://trygghet.example:8443/")
        assert entry.summary_detail.type == "text/html"
    # Programs find it on the page that it goes with, people on the page about following.
    page = client.get(links["alternate"].removeprefix("https://trygghet.example:8443")).content.decode()
    assert re.search(rf'<link rel="alternate" type="application/atom\+xml" [^>]*href="{address}"', page)
    assert f'<a href="{address}">' in client.get("/folj/").content.decode()


def test_each_feed_tells_of_what_it_is_about(client: Client, told) -> None:
    def titles(address: str) -> set[str]:
        return {entry.title.split(":")[0].split(" – ")[0] for entry in read(client, address).entries}

    make_result(slug="annanstans", places=[make_place("Annanstans")])
    make_report(make_promise(title="Det andra"), "2026-02")
    assert titles(REPORTS) == {"Januari 2026", "Februari 2026"}
    assert titles("/loften/2026/flode.atom") == {"Januari 2026", "Resultat", "2026"}
    assert titles("/platser/torget/flode.atom") == {"Januari 2026", "Resultat", "Trygghetsmöte 3\xa0juni\xa02026"}
    everything = titles(ALL)
    assert everything == titles(REPORTS) | titles("/loften/2026/flode.atom") | {"Trygghetsmöte 3\xa0juni\xa02026"}
    assert len(read(client, ALL).entries) == 6


def test_a_feed_with_nothing_in_it_is_as_old_as_what_it_is_about(client: Client, clock) -> None:
    make_place("Torget", slug="torget")
    before = client.get("/platser/torget/flode.atom").content
    clock.shift(timedelta(days=3))
    assert read(client, "/platser/torget/flode.atom").entries == []
    assert client.get("/platser/torget/flode.atom").content == before


def test_what_is_not_published_has_no_feed(client: Client) -> None:
    make_place("Hemlig", slug="hemlig", published=False)
    make_promise(slug="hemligt", published=False)
    assert client.get("/platser/hemlig/flode.atom").status_code == 404
    assert client.get("/loften/hemligt/flode.atom").status_code == 404


def test_the_feed_has_every_published_month_newest_first(client: Client, clock) -> None:
    promise = make_promise(title="Löftet")
    make_report(promise, "2026-01")
    clock.shift(timedelta(hours=1))
    make_report(promise, "2026-02", kind=FollowUp.Kind.NO_MEETING, no_meeting_reason="Alla hade semester.")
    make_report(promise, "2026-03", published=False, summary="Hemligt.")
    titles = [entry.title for entry in read(client).entries]
    assert titles == ["Februari 2026: inget möte – Löftet", "Januari 2026 – Löftet"]


def test_the_feed_leads_to_the_portal_s_own_address_whatever_host_was_asked(client: Client, told) -> None:
    for address in ADDRESSES:
        assert b"annan.example" not in client.get(address, headers={"host": "annan.example"}).content


def test_the_feed_carries_the_report_as_safe_markup(client: Client, clock) -> None:
    make_report(month="2026-01", summary="Vi har **gått** runt.\n\n<script>alert(1)</script>")
    feed = client.get(REPORTS).content.decode()
    assert "&lt;strong&gt;gått" in feed
    assert "script&gt;alert" not in feed


def test_a_correction_makes_the_entry_new_and_leaves_its_name(client: Client, clock) -> None:
    report = make_report(month="2026-01")
    before = read(client).entries[0]
    user = report.sign_offs.first().signed_by
    clock.shift(timedelta(days=3))
    Correction.objects.create(document=report, text="Fel.", organisation=user.organisation, made_by=user)
    after = read(client).entries[0]
    assert after.id == before.id
    assert after.updated > before.updated
    assert after.published == before.published
    assert "<strong>Rättelse" not in before.summary
    assert "<strong>Rättelse 19 mars 2026</strong></p><p>Fel.</p>" in after.summary.replace("\xa0", " ").replace(
        "\n", ""
    )


def test_a_result_that_was_replaced_says_why_in_its_entry(client: Client) -> None:
    survey_round = make_result().round
    (before,) = read(client, ALL).entries
    publish_release(survey_round, make_coordinator(), "Bra.", reason="Ett svar räknades <två> gånger.")
    (after,) = read(client, ALL).entries
    assert after.id == before.id
    assert "rättat" not in before.summary
    assert "Resultatet är rättat. Skälet: Ett svar räknades &lt;två&gt; gånger." in after.summary
    assert "Bra." in after.summary


def test_a_promise_that_is_given_another_address_keeps_its_entries_names(client: Client, clock) -> None:
    report = make_report(month="2026-01")
    before = read(client).entries[0].id
    report.promise.slug = "annat"
    report.promise.save(update_fields=["slug"])
    assert read(client).entries[0].id == before


def test_a_deed_logged_later_makes_the_place_s_entry_new(client: Client, told, clock) -> None:
    def entry():
        entries = read(client, "/platser/torget/flode.atom").entries
        return next(each for each in entries if each.title.startswith("Januari"))

    before = entry()
    clock.shift(timedelta(days=3))
    place = told.actions.first().deeds.get().place
    make_deed(told.actions.first(), what="Ny lampa", done_on=date(2026, 1, 20), place=place)
    after = entry()
    assert after.id == before.id
    assert after.updated > before.updated
    assert "Fotpatrull" in after.summary
    assert "Ny lampa" in after.summary


def test_two_promises_in_one_month_are_two_entries(client: Client, clock) -> None:
    for title in ("Det ena", "Det andra"):
        make_report(make_promise(title=title), "2026-01")
    assert len({entry.id for entry in read(client).entries}) == 2


# --- The calendar -------------------------------------------------------------------------------------


def test_the_calendar_has_the_public_meetings_only(client: Client, clock) -> None:
    make_meeting(
        date(2026, 4, 1), **RESIDENTS, state="planned", title="Trygghetsmöte", venue="Folkets hus; Limmared, å"
    )
    make_meeting(date(2026, 4, 2), title="Slutet möte")
    (event,) = events(client)
    assert event["SUMMARY"] == "Trygghetsmöte"
    assert event["LOCATION"] == "Folkets hus; Limmared, å"
    assert event["DESCRIPTION"] == f"Öppet för alla. Du behöver inte anmäla dig.\n{event['URL']}"
    assert (event["STATUS"], event["SEQUENCE"]) == ("CONFIRMED", 0)


@pytest.mark.parametrize(("day", "hour"), [(date(2026, 3, 28), 17), (date(2026, 3, 29), 16)])
def test_the_calendar_keeps_the_hour_when_the_clocks_change(client: Client, clock, day: date, hour: int) -> None:
    make_meeting(day, **RESIDENTS, state="planned")
    (event,) = events(client)
    assert (event.start.hour, event.start.utcoffset()) == (hour, timedelta(0))
    assert event.end - event.start == timedelta(hours=1, minutes=30)


def test_a_cancelled_meeting_is_cancelled_in_the_calendar_too(client: Client, clock) -> None:
    meeting = make_meeting(date(2026, 4, 1), **RESIDENTS, state="planned")
    (before,) = events(client)
    clock.shift(timedelta(days=1))
    meeting.cancel("Snöoväder.")
    (event,) = events(client)
    assert event["STATUS"] == "CANCELLED"
    assert "Snöoväder." in event["DESCRIPTION"]
    assert "Öppet" not in event["DESCRIPTION"]
    assert event["UID"] == before["UID"]
    assert event["SEQUENCE"] == before["SEQUENCE"] + 1
    assert event["DTSTAMP"].dt > before["DTSTAMP"].dt


def test_only_what_a_calendar_shows_makes_a_meeting_s_event_new(client: Client, clock) -> None:
    meeting = make_meeting(date(2026, 3, 2), **RESIDENTS, state="planned")
    meeting.hold("Trettio kom.")
    assert events(client)[0]["SEQUENCE"] == 0
    meeting.venue = "Biblioteket"
    meeting.save(update_fields=["venue"])
    meeting.refresh_from_db()
    assert (meeting.sequence, events(client)[0]["SEQUENCE"]) == (1, 1)


def test_the_calendar_tells_when_a_survey_opens_and_the_last_day_to_answer(client: Client, clock) -> None:
    opens, closes = datetime(2026, 3, 29, tzinfo=SWEDEN), datetime(2026, 4, 20, tzinfo=SWEDEN)
    survey_round = make_round(title="Våren", opens_at=opens, closes_at=closes)
    make_round(locked=False, slug="utkast", survey=survey_round.survey)
    found = by_name(client)
    assert set(found) == {f"enkat-{survey_round.pk}-oppnar", f"enkat-{survey_round.pk}-stanger"}
    opening, last = (found[f"enkat-{survey_round.pk}-{what}"] for what in ("oppnar", "stanger"))
    # Whole days, by the Swedish calendar: it closes as the twentieth begins.
    assert (opening["DTSTART"].dt, opening["DTEND"].dt) == (date(2026, 3, 29), date(2026, 3, 30))
    assert (last["DTSTART"].dt, last["DTEND"].dt) == (date(2026, 4, 19), date(2026, 4, 20))
    assert opening["SUMMARY"] == "Enkäten öppnar: Våren"
    assert last["SUMMARY"] == "Sista dagen att svara: Våren"
    assert opening["TRANSP"] == "TRANSPARENT"
    assert opening["DESCRIPTION"] == f"Svara på enkäten:\n{opening['URL']}"


def test_a_survey_that_is_closed_early_ends_that_day_in_the_calendar(client: Client, clock) -> None:
    opens, closes = datetime(2026, 3, 1, tzinfo=SWEDEN), datetime(2026, 4, 20, tzinfo=SWEDEN)
    survey_round = make_round(opens_at=opens, closes_at=closes)
    name = f"enkat-{survey_round.pk}-stanger"
    before = by_name(client)[name]
    close_round(survey_round)
    after = by_name(client)[name]
    assert after["DTSTART"].dt == date(2026, 3, 16)
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTSTAMP"].dt > before["DTSTAMP"].dt


def test_a_survey_that_is_closed_before_it_opens_leaves_the_calendar(client: Client, clock) -> None:
    opens, closes = datetime(2026, 3, 29, tzinfo=SWEDEN), datetime(2026, 4, 20, tzinfo=SWEDEN)
    survey_round = make_round(opens_at=opens, closes_at=closes)
    assert len(events(client)) == 2
    close_round(survey_round)
    assert not events(client)


def test_every_event_has_what_rfc_5545_asks_for_and_a_name_of_its_own(client: Client, told) -> None:
    found = events(client)
    assert len(found) == 3
    assert len({str(event["UID"]) for event in found}) == 3
    for event in found:
        assert str(event["UID"]).endswith("@trygghet.example")
        assert event["DTSTAMP"].dt.utcoffset() == timedelta(0)
        assert event.errors == []
