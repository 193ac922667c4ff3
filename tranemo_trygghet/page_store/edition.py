"""Which edition of the public pages is current: asked of the database about once a second, and never waited for long.

An edition lasts until the content version is raised, or until the clock changes what is shown.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from followups.models import Meeting
from promises.months import start_of, swedish_day
from promises.publishing import version_and_withdrawal
from surveys.models import SurveyRound
from tranemo_trygghet.page_store.build import build_of_this_code

logger = logging.getLogger(__name__)

# Seconds. What is published is seen everywhere after this time.
LASTS = 1.0
# Seconds. While people are reading, it is asked for again before it ends, so that none of them waits for the answer.
ASKED_AHEAD_AFTER = 0.8
# Seconds. psycopg gives up a connection after two at the earliest; the first answer is to come within three.
PATIENCE = 2.5
# Seconds between attempts while the database is gone; nobody waits for those.
RETRIES_AFTER = 2.0


@dataclass(frozen=True)
class Edition:
    """What every current page has in common."""

    number: int  # the content version
    withdrawn_before: int  # pages older than this version must never be shown again
    build: str  # the code and the templates
    ends_at: float  # when the clock changes what is shown, in seconds since 1970


def next_change(now: datetime) -> datetime:
    """When the clock next changes what some page shows, if nobody publishes before.

    Everything that goes by days turns at midnight: late reports, promises that begin and end, contacts, targets.
    What goes by the hour is asked of its room.
    """
    midnight = start_of(swedish_day(now) + timedelta(days=1))
    by_the_hour = [SurveyRound.objects.next_turn(now), Meeting.objects.next_turn(now)]
    return min([midnight, *(moment for moment in by_the_hour if moment)])


def read_edition(before: Edition | None) -> Edition:
    """Ask the database. The moments are looked up once an edition, not once a second."""
    # Also notices that the database was restarted since the last time.
    connection.close_if_unusable_or_obsolete()
    number, withdrawn = version_and_withdrawal()
    # An edited template is seen at once while somebody works on it.
    build = build_of_this_code() if before is None or settings.DEBUG else before.build
    goes_on = before is not None and before.number == number and time.time() < before.ends_at
    ends_at = before.ends_at if before and goes_on else next_change(timezone.now()).timestamp()
    return Edition(number, withdrawn, build, ends_at)


@dataclass(frozen=True)
class Answer:
    """What the database said, and when it was asked."""

    edition: Edition
    asked_at: float

    def holds_at(self, moment: float) -> bool:
        return moment - self.asked_at < LASTS and time.time() < self.edition.ends_at


class CurrentEdition:
    """The edition as it was at most a second ago, and the breaker for when the database does not say.

    A thread of its own asks, over a connection of its own: a database that hangs then holds that thread and no
    request. While the database is gone, requests are told so at once, and later ones make the thread try again.
    """

    def __init__(self, read: Callable[[Edition | None], Edition] = read_edition) -> None:
        self._read = read
        self._answer: Answer | None = None
        self._asked_at = 0.0
        self._is_asking = False
        self._is_gone = False
        self._is_stopped = False
        self._thread: threading.Thread | None = None
        self._turn = threading.Condition()

    def get(self) -> Edition | None:
        """The current edition; None while the database is gone."""
        answer, now = self._answer, time.monotonic()
        if answer is not None and answer.holds_at(now):
            if now - answer.asked_at >= ASKED_AHEAD_AFTER and not self._is_asking:
                with self._turn:
                    self._ask()
            return answer.edition
        with self._turn:
            return self._get_when_gone(now) if self._is_gone else self._wait_for_answer(now)

    @property
    def last_known(self) -> Edition | None:
        """The latest edition that the database told of, however long ago."""
        return self._answer.edition if self._answer else None

    def doubt(self) -> None:
        """Ask again before the next request: somebody has just published, or a query has just failed."""
        with self._turn:
            if self._answer is not None:
                self._answer = Answer(self._answer.edition, asked_at=self._answer.asked_at - LASTS)

    def is_gone(self, *, asks: bool) -> bool:
        """Whether the database is gone, for whoever calls it or waits for it. A query that has waited asks anew."""
        with self._turn:
            is_own = threading.current_thread() is self._thread
            if asks and not is_own:
                self._ask()
            has_waited = self._is_asking and time.monotonic() - self._asked_at >= PATIENCE
            if has_waited:
                self._note(is_gone=True)
            # The thread's own question is given its time also when the one before failed.
            return has_waited or (self._is_gone and not is_own)

    def stop(self) -> None:
        """End the thread and its connection; for tests."""
        with self._turn:
            self._is_stopped = True
            self._turn.notify_all()
        if self._thread is not None:
            self._thread.join(timeout=5)

    # --- the request's side, under the lock ---

    def _get_when_gone(self, now: float) -> Edition | None:
        if now - self._asked_at >= RETRIES_AFTER:
            self._ask()
        return None

    def _wait_for_answer(self, now: float) -> Edition | None:
        deadline = now + PATIENCE
        while not self._is_gone:
            if self._answer is not None and self._answer.holds_at(now):
                return self._answer.edition
            self._ask()
            if not self._turn.wait(deadline - time.monotonic()):
                self._note(is_gone=True)
        return None

    def _ask(self) -> None:
        if self._is_asking:
            return
        self._is_asking, self._asked_at = True, time.monotonic()
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._work, name="current-edition", daemon=True)
            self._thread.start()
        self._turn.notify_all()

    def _note(self, *, is_gone: bool) -> None:
        if is_gone != self._is_gone:
            logger.error("The database does not answer.") if is_gone else logger.warning("The database answers again.")
        self._is_gone = is_gone
        self._turn.notify_all()

    # --- the thread's side ---

    def _work(self) -> None:
        while self._is_wanted():
            try:
                edition = self._read(self.last_known)
            except Exception as fault:  # whatever it is, the pages that were published must go on
                logger.info("The content version could not be read: %s", type(fault).__name__)
                connection.close()
                edition = None
            with self._turn:
                self._is_asking = False
                if edition is not None:
                    self._answer = Answer(edition, self._asked_at)
                self._note(is_gone=edition is None)
        connection.close()

    def _is_wanted(self) -> bool:
        with self._turn:
            self._turn.wait_for(lambda: self._is_asking or self._is_stopped)
            return not self._is_stopped
