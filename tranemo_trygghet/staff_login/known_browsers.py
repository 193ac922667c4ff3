"""Browsers in which somebody has been logged in before. Whoever guesses from elsewhere cannot use up their tries.

The cookie holds a random name for the browser, an account it holds for, and a signature. It opens nothing by itself.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

COOKIE = "known_browser"
SALT = "tranemo_trygghet.staff_login.known_browsers"
KEPT_FOR = timedelta(days=180)
# A desk may be shared; a cookie may not grow for ever.
ACCOUNTS = 5


def account_key(username: str) -> str:
    """An account, as it stands in cookies and limits; made of what was typed, so that it tells not who exists."""
    return keyed("account", username.strip().lower())


def keyed(kind: str, value: str) -> str:
    return salted_hmac(f"{SALT}.{kind}", value, algorithm="sha256").hexdigest()[:32]


def known_to(request: HttpRequest, username: str) -> str | None:
    """The browser's name, if the account has been logged in to in it."""
    return _read(request).get(account_key(username))


def remember(request: HttpRequest, response: HttpResponseBase, username: str) -> None:
    """From now on the browser is known to the account."""
    known = _read(request)
    name = known.pop(account_key(username), None) or secrets.token_urlsafe(16)
    known = dict([*known.items(), (account_key(username), name)][-ACCOUNTS:])
    response.set_cookie(
        COOKIE,
        signing.dumps(known, salt=SALT, compress=True),
        max_age=KEPT_FOR,
        path=settings.SESSION_COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        known = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return {}
    return known if isinstance(known, dict) else {}
