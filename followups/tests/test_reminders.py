"""Staff are reminded before and after a report is due: everybody who can act, once, however the runs fall."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import StringIO
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse

from followups import reminders
from followups.models import FollowUp, Reminder
from followups.reminders import awaited_on, send_reminders
from followups.tests.make import make_report
from followups.tests.test_admin_month import logged_in
from promises.models import Organisation, Promise
from promises.policy import Role
from promises.tests.make import make_organisation, make_promise, make_user, ready

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

# January's report is due on 14 February: fourteen days after the month.
FIRST_MAIL, LAST_MAIL_BEFORE, FIRST_LATE_DAY = date(2026, 2, 9), date(2026, 2, 14), date(2026, 2, 15)


@pytest.fixture
def partners() -> list[Organisation]:
    return [make_organisation("Polisen"), make_organisation("Tranemo kommun")]


@pytest.fixture
def promise(partners: list[Organisation]) -> Promise:
    """One that began in January, with one who writes and signs at each partner."""
    promise = make_promise(partners=partners, actions=1)
    for number, partner in enumerate(partners):
        make_user(partner, email=f"{number}@example.org", first_name=f"Kim{number}")
    return promise


def at(clock, day: date, hour: int = 10) -> None:
    clock.move_to(datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Europe/Stockholm")))


def sent_on(clock, day: date) -> list[str]:
    """To whom the day's run sends, in order."""
    at(clock, day)
    mail.outbox.clear()
    call_command("send_reminders", stdout=StringIO())
    return sorted(each.to[0] for each in mail.outbox)


BOTH = ["0@example.org", "1@example.org"]


@pytest.mark.alike
def test_a_year_of_daily_runs_reminds_of_a_month_three_times(promise: Promise, clock) -> None:
    for month in range(2, 13):
        make_report(promise, f"2026-{month:02d}")
    days = {}
    for number in range(30, 100):
        day = date(2026, 1, 1) + timedelta(number)
        if receivers := sent_on(clock, day):
            days[day] = receivers
    assert days == {FIRST_MAIL: BOTH, FIRST_LATE_DAY: BOTH, date(2026, 3, 1): BOTH}
    assert Reminder.objects.exclude(sent_at=None).count() == 6


@pytest.mark.parametrize(
    ("day", "is_sent"),
    [
        (date(2026, 2, 8), False),
        (FIRST_MAIL, True),
        (LAST_MAIL_BEFORE, True),
        (FIRST_LATE_DAY, True),
        (date(2026, 2, 28), True),
        (date(2026, 3, 31), True),
        (date(2026, 4, 1), False),
    ],
)
def test_a_run_after_days_without_runs_sends_what_is_true_today_and_once(
    promise: Promise, clock, day: date, is_sent: bool
) -> None:
    for month in range(2, 5):
        make_report(promise, f"2026-{month:02d}")
    assert sent_on(clock, day) == (BOTH if is_sent else [])
    assert sent_on(clock, day) == []


def test_the_mail_before_says_the_day_what_is_left_and_where(promise: Promise, clock, settings) -> None:
    settings.SITE_URL = "https://tryggare.example/"
    sent_on(clock, FIRST_MAIL)
    letter = mail.outbox[0]
    assert letter.subject == "Januari 2026 ska redovisas senast 14\xa0februari\xa02026"
    assert letter.body.startswith("Hej Kim0!\n\nUppföljningen av januari 2026 ska vara publicerad senast 14")
    assert "- Redovisning från Polisen\n- Redovisning från Tranemo kommun" in letter.body
    assert f"https://tryggare.example{reverse('admin:followups_followup_add')}" in letter.body
    assert "saknas" not in letter.body
    assert "\n\n\n" not in letter.body


def test_the_mail_after_says_that_residents_see_the_gap(promise: Promise, clock, settings) -> None:
    settings.SITE_URL = "https://tryggare.example"
    report = make_report(promise, "2026-01", published=False, summary="Hemligt.")
    sent_on(clock, FIRST_LATE_DAY)
    letter = mail.outbox[0]
    assert letter.subject == "Januari 2026 saknas på webbplatsen"
    assert f"https://tryggare.example{reverse('admin:followups_followup_change', args=[report.pk])}" in letter.body
    assert "https://tryggare.example/uppfoljningar/2026-01/" in letter.body
    assert "Hemligt" not in letter.body


def test_only_those_whose_signature_is_awaited_are_reminded_to_sign(promise: Promise, partners, clock) -> None:
    report = ready(make_report(promise, "2026-01", published=False))
    report.sign(make_user(partners[0]), report.digest())
    make_user(partners[1], Role.DEPUTY, email="deputy@example.org")
    make_user(partners[1], Role.EDITOR, email="editor@example.org")
    assert sent_on(clock, FIRST_MAIL) == ["1@example.org", "deputy@example.org"]
    assert mail.outbox[0].subject == "Januari 2026 väntar på ditt godkännande"
    assert "- Godkännande från Tranemo kommun" in mail.outbox[0].body
    assert "Polisen" not in mail.outbox[0].body
    assert reverse("admin:followups_followup_sign", args=[report.pk]) in mail.outbox[0].body


def test_who_was_reminded_to_write_is_reminded_to_sign_too_but_of_neither_twice(promise: Promise, clock) -> None:
    assert sent_on(clock, FIRST_MAIL) == BOTH
    report = ready(make_report(promise, "2026-01", published=False))
    assert sent_on(clock, FIRST_MAIL + timedelta(1)) == BOTH
    report.back_to_draft(make_user(report.signing_partners()[0]))
    assert sent_on(clock, FIRST_MAIL + timedelta(2)) == []


def test_nobody_is_reminded_who_cannot_act(promise: Promise, partners, clock) -> None:
    make_user(partners[0], Role.READER, email="reader@example.org")
    make_user(partners[0], Role.SIGNER, email="signer@example.org")
    make_user(partners[0], email="gone@example.org", is_active=False)
    make_user(partners[0], email="")
    make_user(make_organisation(), email="stranger@example.org")
    assert sent_on(clock, FIRST_MAIL) == BOTH


def test_a_told_month_a_decision_of_no_meeting_and_a_draft_promise_remind_nobody(partners, clock) -> None:
    told = make_promise(partners=partners, actions=1)
    no_meeting = make_promise(partners=partners, actions=1)
    make_promise(partners=partners, actions=1, published=False)
    make_user(partners[0], email="0@example.org")
    make_report(told, "2026-01")
    make_report(no_meeting, "2026-01", kind=FollowUp.Kind.NO_MEETING, no_meeting_reason="Alla var sjuka.")
    assert sent_on(clock, FIRST_MAIL) == []


@pytest.mark.alike
def test_the_last_month_of_an_extended_promise_is_known(promise: Promise, partners, clock) -> None:
    from promises.models import Extension
    from promises.tests.make import publish

    for month in range(1, 13):
        make_report(promise, f"2026-{month:02d}")
    assert sent_on(clock, date(2027, 2, 9)) == []
    new = {"new_last_day": date(2027, 1, 31), "decided_on": date(2026, 3, 1), "reason": "Mer tid."}
    publish(Extension.objects.create(promise=promise, **new))
    assert sent_on(clock, date(2027, 2, 9)) == BOTH


@pytest.mark.alike
@pytest.mark.parametrize(("months", "days"), [(1, 14), (3, 45), (12, 400)])
def test_the_last_report_of_an_ended_promise_is_awaited_as_long_as_its_rhythm_says(partners, months, days) -> None:
    short = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 1, 2), "partners": partners, "actions": 1}
    promise = make_promise(followup_months=months, report_due_days=days, **short)
    make_promise(followup_months=6, **short)
    (period,) = promise.periods()
    for since, is_awaited in [(-6, False), (-5, True), (45, True), (46, False)]:
        awaited = [each.promise for each in awaited_on(promise.report_due_on(period) + timedelta(since))]
        assert (promise in awaited) is is_awaited


class DeadServer(EmailBackend):
    def send_messages(self, messages) -> int:
        raise ConnectionRefusedError


def test_what_a_dead_server_did_not_take_is_sent_by_the_next_run(promise: Promise, clock, settings) -> None:
    at(clock, FIRST_MAIL)
    settings.EMAIL_BACKEND = f"{__name__}.DeadServer"
    with pytest.raises(SystemExit):
        call_command("send_reminders", stderr=StringIO())
    assert not Reminder.objects.exists()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert sent_on(clock, FIRST_MAIL) == BOTH


def test_a_run_that_was_killed_in_mid_sentence_is_made_up_for_under_the_same_name(
    promise: Promise, clock, monkeypatch
) -> None:
    at(clock, FIRST_MAIL)

    def killed(*args: object) -> bool:
        names.append(args[1].extra_headers["Message-ID"])
        raise KeyboardInterrupt

    names: list[str] = []
    with monkeypatch.context() as patched:
        patched.setattr(reminders, "deliver", killed)
        with pytest.raises(KeyboardInterrupt):
            send_reminders()
    clock.shift(timedelta(minutes=5))
    assert send_reminders().sent == 1
    clock.shift(timedelta(minutes=6))
    assert send_reminders().sent == 1
    assert sorted(each.to[0] for each in mail.outbox) == BOTH
    assert mail.outbox[-1].extra_headers["Message-ID"] == names[0]
    assert send_reminders().sent == 0


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_send_each_mail_once(promise: Promise, clock) -> None:
    at(clock, FIRST_MAIL)
    for number in range(2, 10):
        make_user(promise.signing_partners()[0], email=f"{number}@example.org")
    barrier, sent = Barrier(4), []

    def run() -> None:
        barrier.wait()
        sent.append(send_reminders().sent)
        connection.close()

    threads = [Thread(target=run) for _each in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sum(sent) == len(mail.outbox) == Reminder.objects.count() == 10


def test_a_run_that_looked_before_another_wrote_is_stopped_by_the_database(promise: Promise, monkeypatch) -> None:
    """The race itself, without luck: both runs have seen that nothing is sent."""
    user = promise.signing_partners()[0].staff.first()
    claim = {"promise": promise, "first_day": date(2026, 1, 1), "occasion": "before", "errand": "write", "user": user}
    assert Reminder.objects.take(**claim)
    looked, get = [], QuerySet.get

    def too_early(rows: QuerySet, *args: object, **kwargs: object) -> object:
        if rows.model is Reminder and not looked:
            looked.append(True)
            raise Reminder.DoesNotExist
        return get(rows, *args, **kwargs)

    monkeypatch.setattr(QuerySet, "get", too_early)
    assert Reminder.objects.take(**claim) is None
    assert looked
    assert Reminder.objects.count() == 1


def test_staff_read_the_log_and_nobody_writes_it(promise: Promise, partners, clock) -> None:
    sent_on(clock, FIRST_MAIL)
    client = logged_in(make_user(partners[0]))
    page = client.get(reverse("admin:followups_reminder_changelist")).content.decode()
    assert "januari 2026" in page
    reminder = Reminder.objects.first()
    assert client.get(reverse("admin:followups_reminder_change", args=[reminder.pk])).status_code == 200
    assert client.post(reverse("admin:followups_reminder_change", args=[reminder.pk]), {}).status_code == 403
    assert client.post(reverse("admin:followups_reminder_delete", args=[reminder.pk]), {}).status_code == 403
    assert client.get(reverse("admin:followups_reminder_add")).status_code == 403
