"""What the public has been told, as Atom: all of it, the reports alone, and for one place or one promise.

Whole addresses come from the settings: a feed is the same for everyone, whatever host they asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from followups.news import News, all_news, news_of_place, news_of_promise, news_of_reports
from promises.models import Place, Promise

# The year in which the portal's names were given, as RFC 4151 wants it in each.
NAMES_SINCE = "2026"
NOTHING_YET = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Channel:
    """Something that can be followed."""

    name: str  # never changes
    title: str
    about: str
    page: str  # the address of the page that it goes with
    address: str
    news: Sequence[News]
    since: datetime = NOTHING_YET


class Atom(Atom1Feed):
    """A feed that is as new as its newest entry, and while it has none, as what it is about: never "now"."""

    def latest_post_date(self) -> datetime:
        moments = [each["updateddate"] for each in self.items]
        return max(moments, default=cast("datetime", self.feed["since"]))


def everything(request: HttpRequest) -> HttpResponse:
    """Reports, survey results, the years' results and the meetings."""
    about = _("Rapporter, enkätresultat, sammanlagda resultat och möten.")
    return atom(Channel("allt", settings.SITE_NAME, about, reverse("home"), reverse("feeds:all"), all_news()))


def of_reports(request: HttpRequest) -> HttpResponse:
    """Every published month: the report, or the word that there was no meeting."""
    channel = Channel(
        name="rapporter",
        title=_("%(site)s: månadens rapport") % {"site": settings.SITE_NAME},
        about=_("Vad som är gjort för tryggheten, månad för månad."),
        page=reverse("followups:list"),
        address=reverse("feeds:reports"),
        news=news_of_reports(),
    )
    return atom(channel)


def of_promise(request: HttpRequest, slug: str) -> HttpResponse:
    promise = get_object_or_404(Promise.objects.published(), slug=slug)
    channel = Channel(
        name=f"lofte-{promise.pk}",
        title=f"{settings.SITE_NAME}: {promise}",
        about=_("Löftets rapporter och resultat."),
        page=promise.get_absolute_url(),
        address=reverse("feeds:promise", args=[slug]),
        news=news_of_promise(promise),
        since=promise.published_at or NOTHING_YET,
    )
    return atom(channel)


def of_place(request: HttpRequest, slug: str) -> HttpResponse:
    place = get_object_or_404(Place.objects.published(), slug=slug)
    channel = Channel(
        name=f"plats-{place.pk}",
        title=f"{settings.SITE_NAME}: {place}",
        about=_("Vad som är gjort här, vad ni har svarat och när vi ses."),
        page=place.get_absolute_url(),
        address=reverse("feeds:place", args=[slug]),
        news=news_of_place(place),
        since=place.published_at or NOTHING_YET,
    )
    return atom(channel)


def atom(channel: Channel) -> HttpResponse:
    feed = Atom(
        title=channel.title,
        link=settings.SITE_URL + channel.page,
        description=channel.about,
        subtitle=channel.about,
        language="sv",
        author_name=settings.SITE_NAME,
        feed_url=settings.SITE_URL + channel.address,
        feed_guid=lasting_name(channel.name),
        since=channel.since,
    )
    for news in channel.news:
        feed.add_item(
            title=news.title,
            link=settings.SITE_URL + news.path,
            description=news.body,
            author_name=news.author or None,
            unique_id=lasting_name(news.name),
            pubdate=news.published_at,
            updateddate=news.updated_at,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


def lasting_name(name: str) -> str:
    """A name as RFC 4151 makes them: no address, so that it stays when an address is spelled anew."""
    return f"tag:{host()},{NAMES_SINCE}:{name}"


def host() -> str:
    return settings.SITE_URL.partition("://")[2].partition(":")[0]
