"""How often may be asked: by one client, about one address, and in all."""

from __future__ import annotations

import hashlib
import hmac
import time
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from promises.clients import count_one_more
from subscriptions.models import Asking, Subscription

A_CLIENT_AN_HOUR = 10
IN_ALL_AN_HOUR = 300
AN_ADDRESS_A_DAY = 3


def may_ask(client: str) -> bool:
    """Count one more asking from the client, and say whether it is within the limits.

    Says nothing of the e-mail address, which it never sees. Call it outside the transaction that stores the asking.
    """
    in_all = Subscription.objects.requested_since(timezone.now() - timedelta(hours=1)).count()
    return _count_one_more(client) <= A_CLIENT_AN_HOUR and in_all < IN_ALL_AN_HOUR


def may_be_mailed(asked: Subscription) -> bool:
    """Whether the address has not been asked about too often. Looked at when the mail is sent: nobody can time that.

    Nobody can fill another person's mailbox with our questions.
    """
    day_before = (
        Subscription.objects.unconfirmed().of(asked.address).requested_since(asked.requested_at - timedelta(days=1))
    )
    return day_before.filter(requested_at__lt=asked.requested_at).count() < AN_ADDRESS_A_DAY


def _count_one_more(client: str) -> int:
    hour = int(time.time()) // 3600
    bucket = hmac.new(settings.SECRET_KEY.encode(), f"asking:{hour}:{client}".encode(), hashlib.sha256).hexdigest()
    Asking.objects.filter(hour__lt=hour).delete()
    mine = count_one_more(Asking(client_hash=bucket, hour=hour))
    return mine.values_list("count", flat=True).first() or 1
