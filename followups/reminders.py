"""Reminding staff by mail of a report that will soon be due, or that is missing.

Each occasion has a window of days, and the windows do not overlap. So a run that never was is made up for by the next
one, a server that stood still for a month sends what is true today and not a heap of old mails, and a run too many
finds that everything has been sent.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from followups.calendar import Draft
from followups.models import FollowUp, Reminder
from followups.record import Record
from promises import policy
from promises.models import Promise, User
from promises.months import Period, today
from promises.wording import capitalised, full_day

Occasion, Errand = Reminder.Occasion, Reminder.Errand

# The first and the last day of each occasion, counted from the day on which the report is due.
WINDOWS = [(Occasion.BEFORE, -5, 0), (Occasion.AFTER, 1, 14), (Occasion.AGAIN, 15, 45)]
# What the policy calls the errand.
VERBS = {Errand.WRITE: "change", Errand.SIGN: "sign"}
REPORT = FollowUp._meta.label_lower


@dataclass(frozen=True)
class Outcome:
    """What came of a run."""

    sent: int
    failed: int


@dataclass(frozen=True)
class Awaited:
    """A report that has not come, on one of the occasions when staff are reminded of it."""

    promise: Promise
    period: Period
    due_on: date
    occasion: Reminder.Occasion
    report: FollowUp | None
    record: Record

    @property
    def errand(self) -> Reminder.Errand:
        return Errand.SIGN if self.report and self.report.is_ready else Errand.WRITE

    @property
    def lines(self) -> list[str]:
        """Whose report or signature has not come, as the public page says it."""
        return Draft(self.record, self.promise, self.report).awaited()

    def receivers(self) -> Iterator[User]:
        """Who can do it, at the partners who have not done it."""
        late = self.report.awaited_partners() if self.report else self.record.partners[self.promise.pk]
        colleagues = User.objects.filter(organisation__in=late, is_active=True).exclude(email="").order_by("pk")
        return (each for each in colleagues if policy.may(each, VERBS[self.errand], REPORT))

    @property
    def subject(self) -> str:
        words = {"month": capitalised(str(self.period)), "day": full_day(self.due_on)}
        if self.occasion != Occasion.BEFORE:
            return _("%(month)s saknas på webbplatsen") % words
        if self.errand == Errand.SIGN:
            return _("%(month)s väntar på ditt godkännande") % words
        return _("%(month)s ska redovisas senast %(day)s") % words

    @property
    def url(self) -> str:
        """Where it is done; a month that nobody has begun is chosen from the list."""
        room = "admin:followups_followup_"
        if self.report is None:
            return whole(reverse(f"{room}add"))
        return whole(reverse(room + ("sign" if self.errand == Errand.SIGN else "change"), args=[self.report.pk]))

    @property
    def public_url(self) -> str:
        """Where residents see that the month is missing."""
        return whole(reverse("followups:month", args=[self.period.first.iso]))


def whole(path: str) -> str:
    return settings.SITE_URL.rstrip("/") + path


def send_reminders(day: date | None = None) -> Outcome:
    """Send what is to be sent on `day` (today) and has not been sent."""
    sent = failed = 0
    connection = get_connection()
    for each in awaited_on(day or today()):
        for user in each.receivers():
            reminder = Reminder.objects.take(
                promise=each.promise,
                first_day=each.period.first_day,
                occasion=each.occasion,
                errand=each.errand,
                user=user,
            )
            if reminder is None:
                continue
            if deliver(reminder, message(each, reminder), connection):
                sent += 1
            else:
                failed += 1
    return Outcome(sent, failed)


def awaited_on(day: date) -> list[Awaited]:
    """The reports that staff are reminded of on `day`."""
    earliest, latest = day - timedelta(WINDOWS[-1][2]), day - timedelta(WINDOWS[0][1])
    promises = list(Promise.objects.reporting_between(earliest, latest).in_brief())
    record = Record(promises, day)
    found = []
    for promise in promises:
        for period in record.periods[promise.pk]:
            due_on = promise.report_due_on(period)
            occasion = occasion_on(day, due_on)
            report = record.reports.get((promise.pk, period.first_day))
            if occasion and not (report and report.is_published):
                found.append(Awaited(promise, period, due_on, occasion, report, record))
    return found


def occasion_on(day: date, due_on: date) -> Reminder.Occasion | None:
    for occasion, first, last in WINDOWS:
        if due_on + timedelta(first) <= day <= due_on + timedelta(last):
            return occasion
    return None


def deliver(reminder: Reminder, mail: EmailMessage, connection: Any) -> bool:
    """Send and note it; what could not be sent is left to the next run."""
    mail.connection = connection
    try:
        mail.send()
    except (OSError, EOFError, ValueError, smtplib.SMTPException):
        reminder.let_go()
        return False
    reminder.note_sent()
    return True


def message(awaited: Awaited, reminder: Reminder) -> EmailMessage:
    context = {"awaited": awaited, "reminder": reminder, "site_name": settings.SITE_NAME}
    host = settings.SITE_URL.split("//")[-1].strip("/").split(":")[0] or "localhost"
    # The same name each time: after a run that was killed in mid-sentence, a second copy is known for what it is.
    headers = {"Message-ID": f"<paminnelse-{key_of(reminder)}@{host}>", "Auto-Submitted": "auto-generated"}
    text = render_to_string("followups/mail/reminder.txt", context)
    return EmailMessage(awaited.subject, tidy(text), to=[reminder.user.email], headers=headers)


def key_of(reminder: Reminder) -> str:
    parts: Iterable[Any] = (
        *(reminder.promise_id, f"{reminder.first_day:%Y%m}", reminder.occasion, reminder.errand, reminder.user_id),
    )
    return "-".join(map(str, parts))


def tidy(text: str) -> str:
    """No more than one empty line in a row, and none first or last."""
    paragraphs = [each.strip() for each in text.split("\n\n")]
    return "\n\n".join(each for each in paragraphs if each) + "\n"
