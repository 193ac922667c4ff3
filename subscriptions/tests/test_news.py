"""What mail is made about: each published document, once, to those who followed by then."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from followups.models import Meeting
from followups.tests.make import make_report
from promises.tests.make import make_place, make_promise
from subscriptions import news
from subscriptions.models import Announcement, Kind, Mail, Subscription
from subscriptions.tests.make import (
    PUBLISHED,
    SWEDEN,
    make_open_meeting,
    make_published_report,
    make_release,
    make_subscription,
)

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str]]:
    """Kind of news and address, of all mails in the outbox."""
    rows = Mail.objects.filter(announcement__isnull=False).order_by("announcement_id", "subscription__address")
    return list(rows.values_list("announcement__kind", "subscription__address"))


def test_a_report_a_result_and_a_meeting_are_each_told_once_to_each(clock, mailoutbox) -> None:
    make_subscription("a@exempel.se")
    make_subscription("b@exempel.se")
    make_published_report(), make_release(), make_open_meeting()
    assert news.announce_all() == 6
    assert told() == [(kind, to) for kind in ("report", "result", "meeting") for to in ("a@exempel.se", "b@exempel.se")]
    assert news.announce_all() == 0
    for _run in range(3):
        call_command("send_mail")
    assert len(mailoutbox) == 6
    assert len({mail.extra_headers["Message-ID"] for mail in mailoutbox}) == 6


def test_what_is_not_published_is_told_to_nobody(clock, mailoutbox) -> None:
    make_subscription()
    make_report(make_promise(actions=1), published=False)
    make_open_meeting(is_public=False)
    make_open_meeting(state=Meeting.State.CANCELLED, cancel_reason="Sjukdom.")
    call_command("send_mail")
    assert (mailoutbox, Announcement.objects.count()) == ([], 0)


def test_a_report_that_the_partners_sign_is_told_of_in_the_next_minute(clock, mailoutbox) -> None:
    make_subscription("a@exempel.se")
    make_report(make_promise(actions=2), "2026-02", summary="Vi gick **två** vandringar.")
    call_command("send_mail")
    assert mailoutbox == []  # somebody who confirmed a moment before the signature may not be seen yet
    clock.shift(news.SETTLED + timedelta(seconds=1))
    call_command("send_mail")
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [(["a@exempel.se"], "Februari 2026: så gick det")]


def test_the_word_that_there_was_no_meeting_is_told_too(clock, mailoutbox) -> None:
    make_subscription()
    make_published_report(kind="no_meeting", summary="", no_meeting_reason="Inget möte, därför att alla var sjuka.")
    call_command("send_mail")
    assert mailoutbox[0].subject == "Februari 2026: inget möte"
    assert "alla var sjuka" in mailoutbox[0].body


def test_only_confirmed_addresses_are_told_and_only_of_what_came_after(clock) -> None:
    make_subscription("fore@exempel.se")
    make_subscription("efter@exempel.se", confirmed_at=PUBLISHED + timedelta(minutes=5))
    make_subscription("vantar@exempel.se", confirmed=False)
    make_published_report(), make_release()
    news.announce_all()
    assert told() == [("report", "fore@exempel.se"), ("result", "fore@exempel.se")]


def test_whoever_chose_places_hears_of_them_and_of_what_is_about_the_whole_municipality(clock) -> None:
    here, there = make_place("Resecentrum"), make_place("Limmared")
    make_subscription("allt@exempel.se")
    make_subscription("har@exempel.se", places=[here])
    make_subscription("bada@exempel.se", places=[here, there])
    make_subscription("ingen-kvar@exempel.se", everywhere=False)
    make_published_report()
    make_release([there])
    make_open_meeting(place=here)
    make_open_meeting(date(2026, 3, 25))
    news.announce_all()
    heard = {address: [kind for kind, to in told() if to == address] for _kind, address in told()}
    assert heard == {
        "allt@exempel.se": ["report", "result", "meeting", "meeting"],
        "bada@exempel.se": ["report", "result", "meeting", "meeting"],
        "har@exempel.se": ["report", "meeting", "meeting"],
        "ingen-kvar@exempel.se": ["report", "meeting"],
    }


def test_a_meeting_is_told_of_three_weeks_ahead_and_not_a_year(clock) -> None:
    make_subscription()
    make_open_meeting(date(2026, 5, 4))
    assert news.announce_all() == 0
    clock.shift(timedelta(days=30))
    assert news.announce_all() == 1


def test_a_meeting_that_has_been_is_not_told_of(clock) -> None:
    make_subscription()
    make_open_meeting(date(2026, 3, 15))
    assert news.announce_all() == 0


def test_who_was_asked_to_a_meeting_is_told_that_it_is_cancelled_and_nobody_is_asked_to_it_any_more(
    clock, mailoutbox
) -> None:
    make_subscription("a@exempel.se")
    meeting = make_open_meeting(title="Trygghetsmöte i Limmared")
    call_command("send_mail")
    make_subscription("b@exempel.se", confirmed_at=timezone.now())
    Mail.objects.create(
        subscription=Subscription.objects.get(address="b@exempel.se"), announcement=Announcement.objects.get()
    )
    meeting.cancel("Lokalen brann.")
    call_command("send_mail")
    subjects = sorted((mail.to[0], subject(mail)) for mail in mailoutbox)
    assert subjects == [
        ("a@exempel.se", "Inställt: Trygghetsmöte i Limmared 24 mars 2026"),
        ("a@exempel.se", "Trygghetsmöte i Limmared: 24 mars 2026"),
        ("b@exempel.se", "Inställt: Trygghetsmöte i Limmared 24 mars 2026"),
    ]
    assert "Lokalen brann." in mailoutbox[1].body


def test_who_was_asked_to_a_meeting_is_told_each_time_that_it_is_moved(clock, mailoutbox) -> None:
    make_subscription()
    meeting = make_open_meeting(title="Trygghetsmöte", venue="Folkets hus, Limmared")
    for moved in ({"starts_at": noon(26)}, {"venue": "Skolan"}, {"starts_at": noon(24)}):
        call_command("send_mail")
        change(meeting, clock, **moved)
    call_command("send_mail")
    call_command("send_mail")
    assert [subject(mail) for mail in mailoutbox] == [
        "Trygghetsmöte: 24 mars 2026",
        "Ändrat: Trygghetsmöte 26 mars 2026",
        "Ändrat: Trygghetsmöte 26 mars 2026",
        "Ändrat: Trygghetsmöte 24 mars 2026",
    ]
    assert "Folkets hus, Limmared" in mailoutbox[1].body
    assert "- Skolan\n" in mailoutbox[2].body


def test_who_was_told_that_a_meeting_is_cancelled_is_told_that_it_will_be_after_all(clock, mailoutbox) -> None:
    make_subscription()
    meeting = make_open_meeting()
    call_command("send_mail")
    meeting.cancel("Sjukdom.")
    call_command("send_mail")
    change(meeting, clock, state=Meeting.State.PLANNED)
    call_command("send_mail")
    assert [mail.subject.partition(":")[0] for mail in mailoutbox] == ["Trygghetsmöte", "Inställt", "Ändrat"]


def test_a_slip_that_is_mended_at_once_is_told_to_nobody_and_nor_is_another_title(clock, mailoutbox) -> None:
    make_subscription()
    meeting = make_open_meeting()
    call_command("send_mail")
    change(meeting, clock, timedelta(minutes=1), starts_at=noon(26))
    call_command("send_mail")
    change(meeting, clock, timedelta(minutes=1), starts_at=noon(27))
    call_command("send_mail")
    assert len(mailoutbox) == 1
    clock.shift(news.SLIP)
    call_command("send_mail")
    change(meeting, clock, title="Ett annat namn", summary="Kaffe.")
    call_command("send_mail")
    assert [mail.subject.partition(":")[0] for mail in mailoutbox] == ["Trygghetsmöte", "Ändrat"]


def test_a_meeting_that_is_moved_before_anybody_was_told_of_it_is_told_of_once(clock, mailoutbox) -> None:
    make_subscription()
    meeting = make_open_meeting(date(2026, 5, 4))
    change(meeting, clock, starts_at=noon(26))
    call_command("send_mail")
    call_command("send_mail")
    assert [mail.subject.partition(":")[0] for mail in mailoutbox] == ["Trygghetsmöte"]


def test_of_two_moves_before_the_mail_is_sent_the_last_is_told(clock, mailoutbox) -> None:
    make_subscription()
    meeting = make_open_meeting()
    call_command("send_mail")
    for moved in ({"starts_at": noon(26)}, {"starts_at": noon(27)}):
        change(meeting, clock, **moved)
        news.announce_all()
    call_command("send_mail")
    assert ["26 mars" in subject(mail) for mail in mailoutbox] == [False, False]


def subject(mail) -> str:
    return mail.subject.replace("\N{NO-BREAK SPACE}", " ")


def noon(day: int) -> datetime:
    """Of March 2026."""
    return datetime(2026, 3, day, 12, 0, tzinfo=SWEDEN)


def change(meeting: Meeting, clock, wait: timedelta = news.SLIP, **fields) -> None:
    for name, value in fields.items():
        setattr(meeting, name, value)
    meeting.save()
    clock.shift(wait)


def test_what_is_taken_back_before_it_was_sent_is_not_sent(clock, mailoutbox) -> None:
    make_subscription()
    meeting = make_open_meeting()
    news.announce_all()
    meeting.is_public = False
    meeting.save()
    call_command("send_mail")
    assert (mailoutbox, Mail.objects.count()) == ([], 0)


def test_a_result_corrected_before_anybody_was_told_is_told_once_as_it_is_now(clock, mailoutbox) -> None:
    make_subscription()
    first = make_release()
    make_release(round=first.round, number=2, reason="En siffra var fel.", summary="Nu rätt.")
    call_command("send_mail")
    assert [mail.subject.partition(":")[0] for mail in mailoutbox] == ["Rättat resultat"]
    assert "En siffra var fel." in mailoutbox[0].body


def test_a_result_corrected_afterwards_is_told_again(clock, mailoutbox) -> None:
    make_subscription()
    first = make_release()
    call_command("send_mail")
    make_release(round=first.round, number=2, reason="En siffra var fel.")
    call_command("send_mail")
    assert [mail.subject.partition(":")[0] for mail in mailoutbox] == ["Resultat", "Rättat resultat"]


def test_a_server_that_was_down_for_months_tells_all_that_was_published_meanwhile(clock, mailoutbox) -> None:
    make_subscription()
    promise = make_promise(actions=1)
    for month in (2, 3, 4, 5):
        published = PUBLISHED + timedelta(days=30 * (month - 2))
        make_published_report(promise=promise, first_day=date(2026, month, 1), published_at=published)
    clock.shift(timedelta(days=120))
    call_command("send_mail")
    assert len(mailoutbox) == 4


def test_the_news_are_found_with_as_many_queries_however_many_follow(clock) -> None:
    numbers = []
    promise = make_promise(actions=1)
    for month, followers in ((1, 1), (2, 3)):
        for _ in range(followers):
            make_subscription()
        make_published_report(promise=promise, first_day=date(2026, month, 1))
        with CaptureQueriesContext(connection) as queries:
            news.announce_all()
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


@pytest.mark.django_db(transaction=True)
def test_many_runs_at_once_make_one_mail_each() -> None:
    for _ in range(10):
        make_subscription()
    report = make_published_report()
    together, faults = threading.Barrier(6), []

    def run() -> None:
        try:
            together.wait(10)
            news.announce(Kind.REPORT, report)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert faults == []
    assert (Announcement.objects.count(), Mail.objects.count()) == (1, 10)


@pytest.mark.django_db(transaction=True)
def test_unsubscribing_while_mail_is_put_in_the_outbox_fails_for_neither() -> None:
    rows = [make_subscription(f"foljare-{each}@exempel.se") for each in range(12)]
    reports = [make_published_report(promise=make_promise(actions=1)) for _ in range(4)]
    together, faults = threading.Barrier(8), []

    def together_with_the_others(work) -> None:
        try:
            together.wait(10)
            work()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    works = [lambda report=report: news.announce(Kind.REPORT, report) for report in reports]
    works += [lambda part=part: [row.end() for row in rows[part::4]] for part in range(4)]
    threads = [threading.Thread(target=together_with_the_others, args=[work]) for work in works]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert faults == []
    assert (Subscription.objects.count(), Mail.objects.count()) == (0, 0)
