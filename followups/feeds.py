"""The reports as a feed, and the public meetings as a calendar."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from followups.models import FollowUp, Meeting
from followups.reading import reports
from promises.prose import as_html
from promises.wording import capitalised, listed

NEWEST = 24
USUAL_LENGTH = timedelta(hours=1, minutes=30)


class ReportFeed(Feed):
    """Every published month, newest first: the report, or the word that there was no meeting."""

    feed_type = Atom1Feed
    title = SimpleLazyObject(lambda: _("%(site)s: månadens rapport") % {"site": settings.SITE_NAME})
    subtitle = SimpleLazyObject(lambda: _("Vad som är gjort för tryggheten, månad för månad."))
    language = "sv"

    # Whole addresses, from the settings: a feed is the same for everyone, whatever host they asked.
    def link(self) -> str:
        return settings.SITE_URL + reverse("followups:list")

    def feed_url(self) -> str:
        return settings.SITE_URL + reverse("feeds:reports")

    def feed_guid(self) -> str:
        return self.feed_url()

    def items(self) -> list[FollowUp]:
        return list(reports()[:NEWEST])

    def item_title(self, item: FollowUp) -> str:
        words = _("%(month)s: inget möte") if item.is_no_meeting else "%(month)s"
        return f"{capitalised(words % {'month': item.period})} – {item.promise}"

    def item_description(self, item: FollowUp) -> str:
        return as_html(item.no_meeting_reason or item.summary)

    def item_link(self, item: FollowUp) -> str:
        return settings.SITE_URL + item.get_absolute_url()

    def item_guid(self, item: FollowUp) -> str:
        return f"{self.item_link(item)}#{item.promise.slug}"

    def item_author_name(self, item: FollowUp) -> str:
        return listed(each.organisation for each in item.sign_offs.all())

    def item_pubdate(self, item: FollowUp) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: FollowUp) -> datetime | None:
        return max([item.published_at, *(each.made_at for each in item.corrections.all())])


def calendar(request: HttpRequest) -> HttpResponse:
    """The public meetings; a cancelled one stays, marked, so that it is cancelled in the reader's calendar too."""
    made = Calendar()
    made.add("prodid", f"-//{settings.SITE_NAME}//sv")
    made.add("version", "2.0")
    made.add("x-wr-calname", _("%(site)s: möten") % {"site": settings.SITE_NAME})
    made.add("refresh-interval", timedelta(hours=12), parameters={"value": "DURATION"})
    for meeting in Meeting.objects.published().order_by("starts_at"):
        made.add_component(event(meeting))
    return HttpResponse(made.to_ical(), content_type="text/calendar; charset=utf-8")


def event(meeting: Meeting) -> Event:
    """One meeting, in UTC: every calendar then shows the right hour, summer and winter."""
    host = settings.SITE_URL.partition("://")[2]
    made = Event()
    made.add("uid", f"mote-{meeting.pk}@{host}")
    made.add("dtstamp", meeting.starts_at)
    made.add("dtstart", meeting.starts_at)
    made.add("dtend", meeting.ends_at or meeting.starts_at + USUAL_LENGTH)
    made.add("summary", str(meeting))
    made.add("location", meeting.venue)
    made.add("url", settings.SITE_URL + meeting.get_absolute_url())
    if meeting.is_cancelled:
        made.add("status", "CANCELLED")
        made.add("description", _("Mötet är inställt: %(reason)s") % {"reason": meeting.cancel_reason})
    return made
