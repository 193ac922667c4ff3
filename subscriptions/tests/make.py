"""Test data without dice: numbered addresses, fixed days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from followups.models import FollowUp, Meeting
from followups.tests.make import make_meeting
from promises.models import Place
from promises.tests.make import make_promise
from subscriptions.models import Kind, Mail, Subscription
from subscriptions.news import announce
from surveys.models import ResultRelease
from surveys.tests.make import make_coordinator, make_round

_numbers = count(1)
SWEDEN = ZoneInfo("Europe/Stockholm")
# All before the still clock's day, and before any day on which the tests are run.
CONFIRMED = datetime(2026, 3, 1, 10, 0, tzinfo=SWEDEN)
PUBLISHED = datetime(2026, 3, 10, 10, 0, tzinfo=SWEDEN)


def make_subscription(
    address: str = "", *, places: Iterable[Place] = (), confirmed: bool = True, **fields: Any
) -> Subscription:
    """Somebody who has followed since 1 March 2026: everything, unless places are named."""
    places = list(places)
    subscription = Subscription.objects.create(
        **{
            "address": address or f"foljare-{next(_numbers)}@exempel.se",
            "everywhere": not places,
            "requested_at": CONFIRMED,
            "confirmed_at": CONFIRMED if confirmed else None,
        }
        | fields
    )
    subscription.places.set(places)
    return subscription


def make_published_report(**fields: Any) -> FollowUp:
    """February's report, published on 10 March. Put in the table as it is: signing it is tested elsewhere."""
    values = {"promise": make_promise(actions=2), "first_day": date(2026, 2, 1), "summary": "Det gick bra."}
    report = FollowUp(**values | {"state": "published", "published_at": PUBLISHED} | fields)
    report.save()
    return report


def make_release(places: Iterable[Place] = (), **fields: Any) -> ResultRelease:
    """The first result of a round, published on 10 March."""
    if "round" not in fields:
        fields["round"] = make_round(places=list(places) or 1)
    coordinator = make_coordinator()
    return ResultRelease.objects.create(
        **{
            "number": 1,
            "content": {},
            "summary": "Fler känner sig trygga.",
            "decided_by": coordinator,
            "decided_by_name": str(coordinator),
            "published_at": PUBLISHED,
        }
        | fields
    )


def make_open_meeting(day: date = date(2026, 3, 24), **fields: Any) -> Meeting:
    """An open meeting, still to come for the still clock."""
    values = {"kind": Meeting.Kind.RESIDENTS, "state": Meeting.State.PLANNED, "is_public": True}
    return make_meeting(day, **values | fields)


def make_outbox(number: int) -> list[Mail]:
    """As many mails about a report, each to somebody of their own, due now."""
    rows = [Subscription(address=f"foljare-{each:03}@exempel.se", confirmed_at=CONFIRMED) for each in range(number)]
    Subscription.objects.bulk_create(rows)
    announce(Kind.REPORT, make_published_report())
    return list(Mail.objects.all())
