"""The outbox emptied over SMTP, whatever the server does and however often the run is killed.

A mail is claimed, sent, and deleted when the server has taken it. Between the last two lies the only moment from which
a second copy can come; it has the same Message-ID.
"""

from __future__ import annotations

import signal
import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from django.core.mail import EmailMessage, get_connection

from subscriptions import letters, limits
from subscriptions.letters import Letter
from subscriptions.models import Mail

BATCH = 100  # mails over one connection; servers end those that go on for too long
MOST_FAULTS = 3  # in a row: then the server is left alone until the next run
MOST_POSTPONED = 25  # in a row: the server wants no mail now
DEADLINE = 60  # seconds for one mail, however slowly the server goes on answering
CLOSING = 421  # the server is about to hang up
NO_SUCH_ADDRESS = 553


class ServerFaultError(Exception):
    """The fault is the server's or the line's: it says nothing of the mail."""


@dataclass
class Outcome:
    """What came of a run."""

    sent: int = 0
    postponed: int = 0
    refused: int = 0
    has_server_fault: bool = False


@dataclass
class Run:
    """One emptying of the outbox: a connection that is renewed now and then, and the letters written so far."""

    outcome: Outcome = field(default_factory=Outcome)
    connection: Any = None
    sent_on_connection: int = 0
    faults: int = 0
    postponed: int = 0
    written: dict[int, Letter | None] = field(default_factory=dict)

    def empty_the_outbox(self) -> Outcome:
        try:
            while self.faults < MOST_FAULTS and self.postponed < MOST_POSTPONED:
                mail = Mail.objects.claim()
                if mail is None or not self._deliver(mail):
                    break
        finally:
            self._hang_up()
        return self.outcome

    def _deliver(self, mail: Mail) -> bool:
        """Send one mail and note what came of it. False if no server could be reached."""
        letter = self._letter(mail)
        if letter is None:
            return True
        if not self._connect():
            mail.release()
            self.outcome.has_server_fault = True
            return False
        try:
            with deadline(DEADLINE):
                code = hand_over(self.connection, letters.message(mail, letter))
        except ServerFaultError:
            # Postponed, not released: a mail that makes the server fall over must not stand first in the queue again.
            mail.postpone()
            self.faults += 1
            self.outcome.postponed += 1
            self.outcome.has_server_fault = True
            self._abandon()
            return True
        self._note(mail, code)
        return True

    def _note(self, mail: Mail, code: int | None) -> None:
        self.faults = 0
        self.sent_on_connection += 1
        self.postponed = self.postponed + 1 if code is not None and 400 <= code < 500 else 0
        if code is None:
            mail.sent()
            self.outcome.sent += 1
        elif self.postponed:
            mail.postpone(code)
            self.outcome.postponed += 1
        else:
            mail.refused(code)
            self.outcome.refused += 1
        if self.sent_on_connection >= BATCH:
            self._hang_up()

    def _letter(self, mail: Mail) -> Letter | None:
        """The mail's words; None, and the mail is gone, if there is nothing to say."""
        if mail.announcement is None:
            if limits.may_be_mailed(mail.subscription):
                return letters.question_to(mail.subscription)
            mail.subscription.delete()
            return None
        if mail.announcement_id not in self.written:
            self.written[mail.announcement.pk] = letters.letter_about(mail.announcement)
        letter = self.written[mail.announcement.pk]
        if letter is None:
            mail.delete()
        return letter

    # --- the connection ---

    def _connect(self) -> bool:
        if self.connection is not None:
            return True
        self.connection, self.sent_on_connection = get_connection(), 0
        # Written anew for each batch: what is masked or taken back meanwhile is not sent out by the thousand.
        self.written.clear()
        try:
            with deadline(DEADLINE):
                self.connection.open()
        except OSError:
            self._abandon()
            return False
        return True

    def _hang_up(self) -> None:
        if self.connection is not None:
            with suppress(OSError), deadline(DEADLINE):
                self.connection.close()
            self._abandon()

    def _abandon(self) -> None:
        """Drop the line without a farewell, which a server that hangs would not answer either."""
        backend, self.connection = self.connection, None
        for name in ("connection", "_partial_connection"):
            if (smtp := getattr(backend, name, None)) is not None:
                smtp.close()


def hand_over(connection: Any, message: EmailMessage) -> int | None:
    """None when the server has taken the mail; otherwise the number by which it refused this very mail."""
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as refusal:
        code = next(iter(refusal.recipients.values()))[0]
    except smtplib.SMTPDataError as refusal:
        code = refusal.smtp_code
    except (OSError, EOFError) as fault:  # of every other SMTPException too: sender refused, wrong password, hung up
        raise ServerFaultError from fault
    except ValueError:  # an address that no mail can be written to, whoever put it in the database
        return NO_SUCH_ADDRESS
    else:
        return None
    if code == CLOSING or not 400 <= code < 600:
        raise ServerFaultError
    return code


@contextmanager
def deadline(seconds: int) -> Iterator[None]:
    """Cut off with TimeoutError what each short wait lets through: a server that sends a letter now and then.

    Signals reach the main thread only; that is where the command runs. Elsewhere the short waits have to do.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def cut_off(number: int, frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, cut_off)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
