"""Limits on guessing that slow down whoever guesses, and nobody else.

The stock limit, so many wrong passwords an account, lets anybody lock out an officer whose name they know. Here:

- a place has ten tries in ten minutes, whichever accounts it tries. A place is a browser that has been logged in to the
  account before, or else a network address: nobody elsewhere can use up the tries of the officer's own browser;
- an account that strangers guess at slows them down: three tries an hour for each address, however many addresses;
- who has the password but not the code is stopped at fifty codes a day, all addresses together, while the officer's own
  browser still has its own tries.

A try is noted before it is judged, and the note is taken away if it succeeds: a hundred tries at once count a hundred.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from promises.clients import client_network
from tranemo_trygghet.staff_login.known_browsers import account_key, keyed, known_to
from tranemo_trygghet.staff_login.models import Attempt

if TYPE_CHECKING:
    from django.http import HttpRequest

    from tranemo_trygghet.staff_login.models import AttemptQuerySet


@dataclass(frozen=True)
class Limit:
    tries: int
    within: timedelta

    def is_passed_by(self, attempts: AttemptQuerySet) -> bool:
        """Whether the attempts, the latest among them, are more than are allowed."""
        return attempts.within(self.within).count() > self.tries


A_PLACE = Limit(10, timedelta(minutes=10))
AN_ACCOUNT_UNDER_ATTACK = Limit(20, timedelta(hours=1))
A_STRANGER_THEN = Limit(3, timedelta(hours=1))
CODES = Limit(50, timedelta(days=1))
MAILS = Limit(3, timedelta(hours=1))
KEPT_FOR = timedelta(days=1)

WAIT_MINUTES = _(
    "För många försök härifrån har misslyckats. Vänta tio minuter, "
    "eller logga in i en webbläsare där du har varit inloggad förut."
)
WAIT_AN_HOUR = _(
    "Någon verkar gissa sig fram till det här kontot. Logga in i en webbläsare där du har varit inloggad förut, "
    "eller vänta en timme."
)


def begin(request: HttpRequest, username: str, step: str) -> Attempt:
    """Note a try. Raises ValidationError with a sentence if it may not be made; delete the note if it succeeds."""
    Attempt.objects.older_than(KEPT_FOR).delete()
    browser = known_to(request, username)
    attempt = Attempt.objects.create(
        account=account_key(username),
        place=keyed("place", browser or client_network(request)),
        is_known=browser is not None,
        step=step,
    )
    if refusal := why_not(attempt):
        attempt.delete()
        raise ValidationError(refusal, code="too_many_login_attempts")
    return attempt


def why_not(attempt: Attempt) -> str:
    """The sentence that says why the try may not be made, or an empty one."""
    on_account = Attempt.objects.on(attempt.account)
    if A_PLACE.is_passed_by(Attempt.objects.at(attempt.place)):
        return str(WAIT_MINUTES)
    own_group = on_account.at(attempt.place) if attempt.is_known else on_account.by_strangers()
    if attempt.step == Attempt.Step.CODE and CODES.is_passed_by(own_group.of(Attempt.Step.CODE)):
        return str(WAIT_AN_HOUR)
    if attempt.is_known or not AN_ACCOUNT_UNDER_ATTACK.is_passed_by(own_group):
        return ""
    return str(WAIT_AN_HOUR) if A_STRANGER_THEN.is_passed_by(own_group.at(attempt.place)) else ""


def mails_enough(username: str) -> bool:
    """Whether the account has been sent so many letters this hour that one more would only be a nuisance."""
    return MAILS.is_passed_by(Attempt.objects.on(account_key(username)).of(Attempt.Step.MAIL))


def wrong_codes(username: str) -> int:
    """How many codes have been wrong for the account this hour. Only who has its password comes so far."""
    return Attempt.objects.on(account_key(username)).of(Attempt.Step.CODE).within(timedelta(hours=1)).count()
