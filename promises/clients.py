"""Who is asking, as far as the network tells: used to slow down guessing, never stored as it is."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of the client, with the proxies that we trust taken away from the right.

    The left part of X-Forwarded-For is whatever the client wrote there itself; only what our own proxies added is true.
    """
    nearest = request.META.get("REMOTE_ADDR", "")
    if not settings.TRUSTED_PROXIES:
        return nearest
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if len(forwarded) < settings.TRUSTED_PROXIES:
        return nearest
    return forwarded[-settings.TRUSTED_PROXIES]
