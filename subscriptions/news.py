"""What there is to tell those who follow: the published documents that no mail has been made out about.

Nobody has to remember to send. Each run compares what is published with what has been announced, so a run that never
was, a killed one and a document published behind the portal's back all come to the same thing in the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, F, Max, OuterRef
from django.utils import timezone

from followups.models import FollowUp, Meeting
from promises.models import Place
from subscriptions.models import Announcement, Kind, Mail, Subscription
from surveys.models import ResultRelease

# Close enough to be worth a note in the calendar, far enough to be planned for.
MEETING_AHEAD = timedelta(days=21)
# Who moves a meeting and sees at once that it was typed wrong has so long to mend it.
SLIP = timedelta(minutes=10)
# What was published a moment ago waits for the next run: whoever confirmed just before it is then surely seen.
SETTLED = timedelta(minutes=1)
# A run looks no further back, however long the portal has been: what nobody was told of in a year is no news.
NEWS_FOR = timedelta(days=365)


def tellable(kind: str) -> models.QuerySet:
    """The documents of a kind that the public may see and that are still worth telling of."""
    if kind == Kind.REPORT:
        return FollowUp.objects.published()
    if kind == Kind.RESULT:
        # A result that was corrected before anybody was told of it is told once, as it is now.
        newest = ResultRelease.objects.published().alias(newest=Max("round__releases__number"))
        return newest.filter(number=F("newest"))
    if kind == Kind.MEETING:
        return Meeting.objects.published().coming()
    announced = Meeting.objects.published().filter(
        starts_at__gt=timezone.now(), pk__in=Announcement.objects.of_kind(Kind.MEETING).values("document_id")
    )
    if kind == Kind.CANCELLED:
        return announced.filter(state=Meeting.State.CANCELLED)
    return announced.coming()


def unannounced() -> Iterator[tuple[str, Any]]:
    """Kind and document of all news, the oldest of each kind first."""
    now = timezone.now()
    lately = {"published_at__lte": now - SETTLED, "published_at__gt": now - NEWS_FOR}
    ripe = {
        Kind.REPORT: lately,
        Kind.RESULT: lately,
        Kind.MEETING: {"starts_at__lte": now + MEETING_AHEAD},
        Kind.CANCELLED: {},
        Kind.MOVED: {"changed_at__lte": now - SLIP},
    }
    for kind in Kind:
        for document in tellable(kind).filter(~Exists(told_already(kind)), **ripe[kind]).order_by("pk"):
            yield kind, document


def told_already(kind: str) -> models.QuerySet[Announcement]:
    """What has been said of the document asked about, and makes more mail of the kind needless."""
    said = Announcement.objects.filter(document_id=OuterRef("pk"))
    if kind == Kind.MOVED:
        return said.filter(kind__in=[Kind.MEETING, Kind.MOVED], moves__gte=OuterRef("moves"))
    return said.of_kind(kind)


def find(announcement: Announcement) -> Any:
    """The document, if there is still something to tell: it is published, and no meeting that has already been.

    Nor one that has been moved once more since, of which there is other mail.
    """
    rows = tellable(announcement.kind).filter(pk=announcement.document_id)
    return (rows.filter(moves=announcement.moves) if announcement.kind == Kind.MOVED else rows).first()


def places_of(document: Any) -> list[Place] | None:
    """The places that the document is about; None if it is about the whole municipality."""
    if isinstance(document, ResultRelease):
        return list(document.round.places.all()) or None
    if isinstance(document, Meeting) and document.place:
        return [document.place]
    return None


def published_at(document: Any) -> datetime:
    """When it became news. A meeting is that when it comes close, for everybody who follows by then."""
    return timezone.now() if isinstance(document, Meeting) else document.published_at


def recipients_of(document: Any) -> models.QuerySet[Subscription]:
    """Those who followed when it was published, and who follow what it is about."""
    followers = Subscription.objects.confirmed().confirmed_before(published_at(document))
    places = places_of(document)
    return followers if places is None else followers.following(places)


def announce_all() -> int:
    """Put mail about all news in the outbox. Returns how many mails that were."""
    return sum(announce(kind, document) for kind, document in unannounced())


def announce(kind: str, document: Any) -> int:
    """A mail to each recipient, all of them or none, and once: two runs at once wait for each other's row."""
    moves = document.moves if isinstance(document, Meeting) else 0
    each_time = {"moves": moves} if kind == Kind.MOVED else {}
    with transaction.atomic():
        announcement, is_new = Announcement.objects.get_or_create(
            kind=kind, document_id=document.pk, **each_time, defaults={"moves": moves}
        )
        if not is_new:
            return 0
        # Locked, in one order: nobody unsubscribes between our looking and our writing.
        recipients = recipients_of(document).select_for_update(no_key=True).order_by("pk")
        mails = [Mail(subscription=each, announcement=announcement) for each in recipients]
        Mail.objects.bulk_create(mails, batch_size=1000)
        announcement.recipients = len(mails)
        announcement.save(update_fields=["recipients"])
    return len(mails)
