"""The open meetings for search engines: https://schema.org/Event, as JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from followups.models import Meeting

# A block of data ends at the first "</script": no character that could begin one may stand in it.
NEVER_MARKUP = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def events(meetings: Iterable[Meeting]) -> SafeString | None:
    """A list of events as the words of a <script type="application/ld+json">; nothing if there are none."""
    found = [event(meeting) for meeting in meetings]
    return in_a_page(found) if found else None


def in_a_page(data: Any) -> SafeString:
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(NEVER_MARKUP))  # noqa: S308 – no markup is left


def event(meeting: Meeting) -> dict[str, Any]:
    place = meeting.public_place
    where = meeting.venue or (place.name if place else settings.SITE_NAME)
    status = "EventCancelled" if meeting.is_cancelled else "EventScheduled"
    about: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": str(meeting),
        "startDate": timezone.localtime(meeting.starts_at).isoformat(),
        "eventStatus": f"https://schema.org/{status}",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "isAccessibleForFree": True,
        "location": {"@type": "Place", "name": where, "address": where},
        "organizer": {"@type": "Organization", "name": settings.SITE_NAME, "url": settings.SITE_URL},
        "url": settings.SITE_URL + meeting.get_absolute_url(),
    }
    if meeting.ends_at:
        about["endDate"] = timezone.localtime(meeting.ends_at).isoformat()
    return about
