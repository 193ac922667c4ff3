"""Who has a second factor, who has just shown it, and who is let in without one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction

from tranemo_trygghet.example import EXAMPLE_EMAIL_DOMAIN

if TYPE_CHECKING:
    from django.http import HttpRequest

    from promises.models import User

# In the session: when, by the clock, its owner last showed the second factor.
SHOWN_AT = "second_factor_shown_at"
# So long after having shown it nobody is asked again, for the codes on paper or for changing telephones.
FRESH = 5 * 60
# A code is accepted half a minute early and late; so long must it be remembered as used.
SPENT = 3 * 30 + 30


def is_enrolled(user: Any) -> bool:
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()


def note_shown(request: HttpRequest) -> None:
    request.session[SHOWN_AT] = time.time()


def is_fresh(request: HttpRequest) -> bool:
    return time.time() - request.session.get(SHOWN_AT, 0) < FRESH


def is_shown(request: HttpRequest) -> bool:
    """Whether whoever is logged in has shown a second factor in this very session.

    Not "has one": a session that somebody began with the password alone must not be let in when its owner gets one.
    """
    return SHOWN_AT in request.session or is_excused(request.user)


def is_excused(user: Any) -> bool:
    """The made-up people of the example year, and only where the portal is tried out."""
    return settings.DEBUG and user.email.endswith(f"@{EXAMPLE_EMAIL_DOMAIN}")


def spend(authenticator: Authenticator, code: str) -> bool:
    """Take a code of the app out of use, for all web processes. False if it was used before.

    allauth remembers it for half a minute in each process; it is good for a minute and a half.
    """
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        now = time.time()
        spent = {each: at for each, at in row.data.get("spent", {}).items() if now - at < SPENT}
        is_new = code not in spent
        row.data["spent"] = spent | {code: now}
        row.save(update_fields=["data"])
    return is_new


def take_away(user: User) -> None:
    """Remove the app and the codes on paper, as when the telephone is lost."""
    Authenticator.objects.filter(user_id=user.pk).delete()
