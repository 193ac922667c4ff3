"""The standing at a glance in a frame on the authorities' own sites, and the page with the code to paste."""

from __future__ import annotations

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from followups.reading import months_of
from followups.standing import standings
from promises.models import Promise
from promises.months import today
from tranemo_trygghet.headers import for_frames
from tranemo_trygghet.pages.home import PromiseToday, gap
from tranemo_trygghet.pages.promises import with_partners

HEIGHT = 420
SO_MANY_MONTHS = 6


@for_frames
def standing(request: HttpRequest, slug: str) -> HttpResponse:
    """One promise, in force or not."""
    promises = Promise.objects.published().with_last_day().prefetch_related(with_partners(), "actions")
    return render(request, "site/embed.html", {"promises": as_of_today([get_object_or_404(promises, slug=slug)])})


@for_frames
def standing_now(request: HttpRequest) -> HttpResponse:
    """Whatever promise is in force: the code that was pasted once goes on when another promise takes over."""
    promises = as_of_today(list(Promise.objects.in_force_on(today()).prefetch_related(with_partners(), "actions")))
    return render(request, "site/embed.html", {"promises": promises, "gap": None if promises else gap()})


def as_of_today(promises: list[Promise]) -> list[PromiseToday]:
    return [PromiseToday(months, standings(months.promise)) for months in months_of(promises)]


@csp_update({"frame-src": ["'self'"]})
def page(request: HttpRequest) -> HttpResponse:
    promises = list(Promise.objects.published().newest_first().with_last_day())
    told = [entry for months in months_of(promises) for entry in months.entries if entry.report]
    context = {
        "frame_code": frame_code(),
        "links_code": links_code(),
        "hosts": [host.partition("://")[2] for host in settings.EMBED_HOSTS],
        "promises": promises,
        "months": list({entry.title: entry for entry in told}.values())[:SO_MANY_MONTHS],
    }
    return render(request, "site/embedding.html", context)


def frame_code() -> str:
    return format_html(
        '<iframe src="{}{}"\n title="{}"\n width="100%" height="{}" loading="lazy" style="border: 0"></iframe>',
        settings.SITE_URL,
        reverse("embed_now"),
        _("Så går det med medborgarlöftet"),
        HEIGHT,
    )


def links_code() -> str:
    """Links alone: a number that is pasted is old the day after."""
    links = {
        "home": _("Så går det med medborgarlöftet"),
        "followups:list": _("Månadens rapporter, och de som saknas"),
        "promises:list": _("Det här har vi lovat"),
        "meetings:list": _("Möten med er som bor här"),
        "follow": _("Följ med: mejl, kalender och flöde"),
    }
    rows = ((settings.SITE_URL + reverse(name), words) for name, words in links.items())
    return format_html("<ul>\n{}</ul>", format_html_join("", '<li><a href="{}">{}</a></li>\n', rows))
