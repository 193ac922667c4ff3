"""A promise's life, one day after the other: what residents read each day, against a table written by hand.

The reports come on time, late, half signed and never; staff are reminded; the promise is longer than it was; a month
passes without any; the year is summed up; and the next promise begins.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from followups.models import CombinedResult, FollowUp, Meeting, Reminder
from followups.reminders import send_reminders
from followups.tests.make import make_meeting, make_report, make_target
from promises.following import follow_on
from promises.models import Extension
from promises.tests.make import make_organisation, make_promise, make_user, publish, ready, sign_all
from tranemo_trygghet.tests.make import SWEDEN, make_result

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.alike]

FIRST_DAY, LAST_DAY = date(2025, 12, 30), date(2027, 3, 16)


def day(text: str) -> date:
    return date.fromisoformat(text)


# --- What happens ------------------------------------------------------------------------------------------------


class Year:
    """The partners, and what they do on which day."""

    def __init__(self) -> None:
        self.police, self.municipality = make_organisation("Polisen"), make_organisation("Kommunen")
        self.officer = make_user(self.police, email="polis@example.org")
        self.coordinator = make_user(self.municipality, email="kommun@example.org")
        self.promise = make_promise(partners=[self.police, self.municipality], actions=1, slug="2026")
        make_target(self.promise.actions.get(), number=None, due_on=day("2026-05-31"))
        self.events: dict[date, Callable[[], Any]] = {
            day("2026-02-10"): lambda: self.tell("2026-01"),
            day("2026-03-20"): lambda: self.tell("2026-02"),
            # March is never told.
            day("2026-05-04"): self.plan_two_meetings,
            day("2026-05-14"): lambda: self.tell("2026-04"),
            day("2026-06-04"): lambda: self.meetings[0].hold("Många vill ha bättre ljus."),
            day("2026-06-09"): lambda: self.meetings[1].cancel("Lokalen är stängd."),
            day("2026-06-15"): lambda: self.tell("2026-05"),
            day("2026-07-10"): lambda: self.tell("2026-06", reported="done"),
            day("2026-08-12"): self.say_that_july_had_no_meeting,
            day("2026-09-13"): self.sign_august_for_the_police,
            day("2026-09-18"): lambda: sign_all(FollowUp.objects.get(first_day="2026-08-01")),
            day("2026-10-10"): lambda: self.tell("2026-09", reported="done"),
            day("2026-11-10"): lambda: self.tell("2026-10", reported="done"),
            day("2026-12-01"): self.extend,
            day("2026-12-10"): lambda: self.tell("2026-11", reported="done"),
            day("2027-01-12"): lambda: self.tell("2026-12", reported="done"),
            day("2027-02-10"): lambda: self.tell("2027-01", reported="done"),
            day("2027-02-15"): self.promise_again,
            day("2027-02-22"): lambda: make_result(self.promise),
        }

    def tell(self, month: str, **fields: Any) -> FollowUp:
        return make_report(self.promise, month, **fields)

    def plan_two_meetings(self) -> None:
        words = {"kind": Meeting.Kind.RESIDENTS, "state": Meeting.State.PLANNED, "is_public": True}
        self.meetings = [make_meeting(day(each), **words) for each in ("2026-06-03", "2026-06-17")]

    def say_that_july_had_no_meeting(self) -> None:
        self.tell("2026-07", kind=FollowUp.Kind.NO_MEETING, no_meeting_reason="Alla hade semester.")

    def sign_august_for_the_police(self) -> None:
        report = ready(self.tell("2026-08", published=False, reported="done"))
        report.sign(self.officer, report.digest())

    def extend(self) -> None:
        words = {"new_last_day": day("2027-01-31"), "decided_on": day("2026-11-20"), "reason": "Vi är inte klara."}
        publish(Extension.objects.create(promise=self.promise, **words))

    def promise_again(self) -> None:
        publish(follow_on(self.promise, day("2027-03-01"), self.coordinator))


# --- What shall be read, by hand: from each day on until the next ------------------------------------------------

NOTHING_YET = "Ingen månad ska vara redovisad än. Den första redovisas senast 14 februari 2026."
JULY = "I juli hölls inget möte."
BOTH_JULY = "Mars 2026 saknas. I juli 2026 hölls inget möte."

MONTHS = {
    "2025-12-30": NOTHING_YET,
    "2026-02-10": "1 av 1 månad redovisad.",
    "2026-03-15": "1 av 2 månader redovisade. Februari saknas.",
    "2026-03-20": "2 av 2 månader redovisade.",
    "2026-04-15": "2 av 3 månader redovisade. Mars saknas.",
    "2026-05-14": "3 av 4 månader redovisade. Mars saknas.",
    "2026-06-15": "4 av 5 månader redovisade. Mars saknas.",
    "2026-07-10": "5 av 6 månader redovisade. Mars saknas.",
    "2026-08-12": f"5 av 6 månader redovisade. Mars saknas. {JULY}",
    "2026-09-15": f"5 av 7 månader redovisade. Mars och augusti saknas. {JULY}",
    "2026-09-18": f"6 av 7 månader redovisade. Mars saknas. {JULY}",
    "2026-10-10": f"7 av 8 månader redovisade. Mars saknas. {JULY}",
    "2026-11-10": f"8 av 9 månader redovisade. Mars saknas. {JULY}",
    # The longer promise has two Januaries.
    "2026-12-01": f"8 av 9 månader redovisade. {BOTH_JULY}",
    "2026-12-10": f"9 av 10 månader redovisade. {BOTH_JULY}",
    "2027-01-12": f"10 av 11 månader redovisade. {BOTH_JULY}",
    "2027-02-10": f"11 av 12 månader redovisade. {BOTH_JULY}",
}
MISSING = {
    "2025-12-30": [],
    "2026-03-15": ["Februari 2026 saknas"],
    "2026-03-20": [],
    "2026-04-15": ["Mars 2026 saknas"],
    "2026-09-15": ["Augusti 2026 saknas", "Mars 2026 saknas"],
    "2026-09-18": ["Mars 2026 saknas"],
}
AWAITED = {
    "2025-12-30": [],
    "2026-03-15": ["Redovisning från Polisen", "Redovisning från Kommunen"],
    "2026-03-20": [],
    "2026-04-15": ["Redovisning från Polisen", "Redovisning från Kommunen"],
    # August is written and signed by the police: one signature is awaited; March still both reports.
    "2026-09-15": ["Godkännande från Kommunen", "Redovisning från Polisen", "Redovisning från Kommunen"],
    "2026-09-18": ["Redovisning från Polisen", "Redovisning från Kommunen"],
}
STANDING = {
    "2025-12-30": "",
    "2026-01-01": "Inte påbörjad",
    "2026-02-10": "Pågår",
    "2026-06-01": "Försenad",
    "2026-07-10": "Genomförd",
    "2027-02-01": "",
    "2027-03-01": "Inte påbörjad",
}
HEADLINE = {
    "2025-12-30": "Inget medborgarlöfte gäller just nu Det första börjar gälla 1 januari 2026.",
    "2026-01-01": "har lovat att öka tryggheten",
    "2027-02-01": "gällde till och med 31 januari 2027. Något nytt är inte publicerat.",
    "2027-02-15": "gällde till och med 31 januari 2027. Nästa börjar gälla 1 mars 2027.",
    "2027-03-01": "har lovat att öka tryggheten",
}
OF_THE_NEXT = {
    "2025-12-30": False,
    "2027-02-15": True,
}
IS_LONGER = {
    "2025-12-30": False,
    "2026-12-01": True,
}
IS_SUMMED_UP = {
    "2025-12-30": False,
    "2027-02-22": True,
}
# How many months have been told, July with its reason among them.
TOLD = {
    "2025-12-30": 0,
    "2026-02-10": 1,
    "2026-03-20": 2,
    "2026-05-14": 3,
    "2026-06-15": 4,
    "2026-07-10": 5,
    "2026-08-12": 6,
    "2026-09-18": 7,
    "2026-10-10": 8,
    "2026-11-10": 9,
    "2026-12-10": 10,
    "2027-01-12": 11,
    "2027-02-10": 12,
}
# How many meetings are to come, have been, and are cancelled.
MEETINGS = {
    "2025-12-30": (0, 0, 0),
    "2026-05-04": (2, 0, 0),
    "2026-06-04": (1, 1, 0),
    "2026-06-09": (1, 1, 1),
    "2026-06-18": (0, 2, 1),
}
# To how many the reminders go; nobody runs the command on 15 and 16 March.
NOBODY_RUNS_IT = {day("2026-03-15"), day("2026-03-16")}
MAILS = {
    "2026-02-09": 2,
    "2026-03-09": 2,
    "2026-03-17": 2,
    "2026-04-09": 2,
    "2026-04-15": 2,
    "2026-04-29": 2,
    "2026-05-09": 2,
    "2026-06-09": 2,
    "2026-07-09": 2,
    "2026-08-09": 2,
    "2026-09-09": 2,
    "2026-09-13": 1,
    "2026-09-15": 1,
    "2026-10-09": 2,
    "2026-11-09": 2,
    "2026-12-09": 2,
    "2027-01-09": 2,
    "2027-02-09": 2,
}


def on(table: dict[str, Any], today: date) -> Any:
    return [value for first, value in table.items() if day(first) <= today][-1]


# --- The days ----------------------------------------------------------------------------------------------------


def words_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def front_page_is_right(client: Client, today: date) -> None:
    html = client.get("/").content.decode()
    rows = html.partition('<ol class="action-list">')[2].partition("</ol>")[0]
    gaps = words_of(html.partition('id="saknas-')[2].partition("</section>")[0])
    labels = "Inte påbörjad|Pågår|Försenad|Genomförd|Avbruten"
    # The months of the promise of 2026: the next one's are in another table.
    is_in_force = bool(on(STANDING, today)) and today < day("2027-02-01")
    assert on(HEADLINE, today) in words_of(html)
    assert " ".join(re.findall(labels, words_of(rows))) == on(STANDING, today)
    assert (on(MONTHS, today) in words_of(html)) is is_in_force
    assert re.findall(r"\w+ \d{4} saknas", gaps) == (on(MISSING, today) if is_in_force else [])
    awaited = re.findall(r"(?:Redovisning|Godkännande) från \w+", gaps)
    assert awaited == (on(AWAITED, today) if is_in_force else [])


def months_are_right(client: Client, today: date) -> None:
    words = words_of(client.get("/uppfoljningar/").content.decode())
    assert on(MONTHS, today) in words
    assert ("Den första redovisas senast 14 april 2027." in words) is on(OF_THE_NEXT, today)


def promises_are_right(client: Client, today: date) -> None:
    promise = words_of(client.get("/loften/2026/").content.decode())
    is_longer = on(IS_LONGER, today)
    assert ("Gäller till och med 31 januari 2027. Beslutat 20 november 2026." in promise) is is_longer
    assert ("Vi är inte klara." in promise) is is_longer
    assert client.get("/loften/2027/").status_code == (200 if on(OF_THE_NEXT, today) else 404)


def result_is_right(client: Client, today: date) -> None:
    for address in ("/resultat/2026/", "/resultat/2026/pdf/"):
        assert client.get(address).status_code == (200 if on(IS_SUMMED_UP, today) else 404), address


def meetings_are_right(client: Client, today: date) -> None:
    coming, past, cancelled = on(MEETINGS, today)
    page = client.get("/moten/").content.decode()
    assert (page.count('class="meeting-row"'), page.count("meeting-row--past")) == (coming, past)
    assert page.count("Inställt") == cancelled
    calendar = client.get("/moten.ics").content.decode()
    assert (calendar.count("BEGIN:VEVENT"), calendar.count("STATUS:CANCELLED")) == (coming + past, cancelled)


def feeds_are_right(client: Client, today: date) -> None:
    told, meetings, results = on(TOLD, today), sum(on(MEETINGS, today)[:2]), int(on(IS_SUMMED_UP, today))
    entries = {
        "/uppfoljningar/flode.atom": told,
        "/loften/2026/flode.atom": told + results,
        "/flode.atom": told + meetings + results,
    }
    assert {each: client.get(each).content.decode().count("<entry>") for each in entries} == entries


def days_around(*tables: dict[str, Any]) -> set[date]:
    """The days when something turns, those before, and a Monday a month, when most often nothing does.

    So what turns on another day than the tables say is found too, a little later. `make product` reads all each day.
    """
    turns = [day(each) for table in tables for each in table]
    around = {each + timedelta(days) for each in turns for days in (-1, 0)}
    return around | {each for each in MONDAYS if each.day <= 7}


MONDAYS = [FIRST_DAY + timedelta(days) for days in range(6, (LAST_DAY - FIRST_DAY).days, 7)]
READ_ON = {
    front_page_is_right: days_around(MONTHS, MISSING, AWAITED, STANDING, HEADLINE, OF_THE_NEXT),
    months_are_right: days_around(MONTHS, OF_THE_NEXT),
    promises_are_right: days_around(IS_LONGER, OF_THE_NEXT),
    result_is_right: days_around(IS_SUMMED_UP),
    meetings_are_right: days_around(MEETINGS),
    feeds_are_right: days_around(TOLD, MEETINGS, IS_SUMMED_UP),
}
# That a run each day does no harm is tried in followups/tests/test_reminders.py.
REMINDED_ON = days_around(MAILS) | set(MONDAYS)


def test_the_tables_are_in_order() -> None:
    tables = (MONTHS, MISSING, AWAITED, STANDING, HEADLINE, OF_THE_NEXT, IS_LONGER, IS_SUMMED_UP, TOLD, MEETINGS, MAILS)
    for table in tables:
        assert list(table) == sorted(table)
    assert {each.isoweekday() for each in MONDAYS} == {1}


@pytest.mark.parametrize("is_every_day", [False, pytest.param(True, marks=pytest.mark.product)], ids=["some", "all"])
def test_the_pages_are_right_on_every_day(client: Client, clock, is_every_day: bool) -> None:
    clock.move_to(datetime(2025, 12, 15, 10, tzinfo=SWEDEN))
    year = Year()
    mails = {}
    for number in range((LAST_DAY - FIRST_DAY).days + 1):
        today = FIRST_DAY + timedelta(number)
        clock.move_to(datetime(today.year, today.month, today.day, 10, tzinfo=SWEDEN))
        if event := year.events.get(today):
            event()
        is_reminded = (is_every_day or today in REMINDED_ON) and today not in NOBODY_RUNS_IT
        if is_reminded and (sent := send_reminders().sent):
            mails[today.isoformat()] = sent
        for is_right, days in READ_ON.items():
            if is_every_day or today in days:
                is_right(client, today)
    assert mails == MAILS
    assert len(mail.outbox) == sum(MAILS.values()) == Reminder.objects.count()
    assert len({each.extra_headers["Message-ID"] for each in mail.outbox}) == len(mail.outbox)


def test_the_next_promise_tells_what_became_of_the_last(client: Client, clock) -> None:
    clock.move_to(datetime(2025, 12, 15, 10, tzinfo=SWEDEN))
    year = Year()
    clock.move_to(datetime(2027, 3, 1, 10, tzinfo=SWEDEN))
    year.extend()
    year.promise_again()
    make_result(year.promise)
    assert CombinedResult.objects.published().get().year == 2026
    page = words_of(client.get("/loften/2027/").content.decode())
    assert "Oförändrad. Då blev omdömet: Genomförd. Allt är gjort." in page
    assert "Det här löftet tog över efter" in page
    before = words_of(client.get("/loften/2026/").content.decode())
    assert "Löftet följs av" in before


@pytest.mark.parametrize("months", [3, 6])
def test_another_rhythm_two_years_and_three_partners(client: Client, clock, months: int) -> None:
    """Quarters and half years, with a third partner, overlapping a promise of one year."""
    clock.move_to(datetime(2025, 12, 15, 10, tzinfo=SWEDEN))
    partners = [make_organisation("Polisen"), make_organisation("Kommunen"), make_organisation("Tranemobostäder")]
    longer = make_promise(
        partners=partners,
        actions=1,
        slug="langt",
        followup_months=months,
        ends_on=day("2027-12-31"),
        report_due_days=20,
    )
    make_promise(partners=partners[:2], actions=1, slug="kort")
    end = longer.periods()[0].end_day
    clock.move_to(datetime(end.year, end.month, 20, 10, tzinfo=SWEDEN))
    assert "0 av 1 period redovisad." not in words_of(client.get("/uppfoljningar/").content.decode())
    clock.move_to(datetime(end.year, end.month, 21, 10, tzinfo=SWEDEN))
    words = words_of(client.get("/").content.decode())
    assert "0 av 1 period redovisad." in words
    assert "Redovisning från Tranemobostäder" in words
    assert words.count("Det här lovade vi, och så går det") == 2
    assert len(longer.periods()) == 24 // months
