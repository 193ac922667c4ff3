"""The standing at a glance in a frame on the authorities' own sites, and the page with the code to paste."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from followups.models import FollowUp
from promises.models import Promise
from promises.months import today
from promises.wording import capitalised
from tranemo_trygghet.headers import for_frames, that_frames_us
from tranemo_trygghet.pages.home import as_of_today, gap

HEIGHT = 500
SO_MANY_MONTHS, SO_MANY_PROMISES = 6, 20


@for_frames
def standing(request: HttpRequest, slug: str) -> HttpResponse:
    """One promise, in force or not."""
    promises = as_of_today(Promise.objects.published().with_last_day().at_address(slug))
    if not promises:
        raise Http404
    return render(request, "site/embed.html", {"promises": promises})


@for_frames
def standing_now(request: HttpRequest) -> HttpResponse:
    """Whatever promise is in force: the code that was pasted once goes on when another promise takes over."""
    promises = as_of_today(Promise.objects.in_force_on(today()))
    return render(request, "site/embed.html", {"promises": promises, "gap": None if promises else gap()})


@that_frames_us
def page(request: HttpRequest) -> HttpResponse:
    months = FollowUp.objects.newest_months(SO_MANY_MONTHS)
    context = {
        "frame_code": frame_code(),
        "links_code": links_code(),
        "hosts": [host.partition("://")[2] for host in settings.EMBED_HOSTS],
        "promises": Promise.objects.published().newest_first()[:SO_MANY_PROMISES],
        "months": [(each.first.iso, capitalised(str(each))) for each in months],
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
