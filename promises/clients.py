"""Who is asking, as far as the network tells, and how often: used to slow down guessing, never stored as it is."""

from __future__ import annotations

import ipaddress
from typing import Any

from django.conf import settings
from django.db.models import F, Model, QuerySet
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


def client_network(request: HttpRequest) -> str:
    """Whom to count against: the client's address; of an IPv6 address, the network that one subscriber has all of."""
    address = client_address(request)
    try:
        parsed = ipaddress.IPv6Address(address)
    except ValueError:
        return address
    return str(parsed.ipv4_mapped or ipaddress.IPv6Network((int(parsed), 64), strict=False))


def count_one_more(row: Model) -> QuerySet[Any]:
    """Add one to the `count` of the row with this key, made if there is none. Returns the row as a queryset."""
    mine = type(row)._base_manager.filter(pk=row.pk)
    if not mine.update(count=F("count") + 1):
        # Somebody else may make the row between the two.
        type(row)._base_manager.bulk_create([row], ignore_conflicts=True)
        mine.update(count=F("count") + 1)
    return mine
