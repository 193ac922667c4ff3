"""The links in the mails: each names a subscription, says what it is for, and cannot be made by anybody else."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from subscriptions.models import Subscription

CONFIRM, END = "confirm", "end"


def _signer(purpose: str) -> Signer:
    # A dot: mail programs break a link at fewer dots than colons.
    return Signer(salt=f"subscriptions.{purpose}", sep=".")


def token(subscription: Subscription, purpose: str) -> str:
    return _signer(purpose).sign(subscription.pk.hex)


def is_whole(text: str, purpose: str) -> bool:
    """Whether the token is one that we have made for this purpose, whatever has become of the subscription."""
    return _key(text, purpose) is not None


def find(text: str, purpose: str) -> Subscription | None:
    """The subscription of the token; None if the token is not ours, or the subscription is gone."""
    key = _key(text, purpose)
    return Subscription.objects.filter(pk=key).first() if key else None


def _key(text: str, purpose: str) -> UUID | None:
    try:
        return UUID(_signer(purpose).unsign(text))
    except (BadSignature, ValueError):
        return None


def link(subscription: Subscription, purpose: str) -> str:
    """The whole address, from the settings and never from a request: nobody can make us mail out another host."""
    return settings.SITE_URL + reverse(f"subscriptions:{purpose}", args=[token(subscription, purpose)])
