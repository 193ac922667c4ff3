"""What machines ask: does the portal answer, what may be indexed, and what pages are there?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from followups.models import CombinedResult, FollowUp
from promises.addresses import address_of
from promises.models import Place, Promise
from promises.months import Month
from surveys.models import SurveyRound

LISTS = (
    "home", "promises:list", "followups:list", "places:list", "surveys:list", "meetings:list",
    "follow", "open_data", "embedding", "glossary", "about", "accessibility", "privacy",
)  # fmt: skip

# Until when what security.txt says can be trusted; a test asks for a new day in good time. At most a year ahead.
SECURITY_TXT_EXPIRES = datetime(2027, 11, 1, tzinfo=UTC)


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the portal reaches its database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database unreachable\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")


def security(request: HttpRequest) -> HttpResponse:
    """Where to write about a weakness (RFC 9116)."""
    about = settings.SITE_URL + reverse("about")
    lines = [
        f"Contact: {settings.SECURITY_CONTACT or about}",
        f"Expires: {SECURITY_TXT_EXPIRES:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: sv, en",
        f"Canonical: {settings.SITE_URL}{reverse('security')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", "Disallow: /admin/", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def addresses() -> Iterator[str]:
    """Every page that is worth finding."""
    yield from (reverse(name) for name in LISTS)
    yield from (row.get_absolute_url() for row in Promise.objects.published().only("slug"))
    months = FollowUp.objects.published().order_by("-first_day").values_list("first_day", flat=True).distinct()
    yield from (address_of("followups:month", Month.of(day).iso) for day in months)
    for rows in (
        Place.objects.published(),
        SurveyRound.objects.published().told(),
        CombinedResult.objects.published(),
    ):
        yield from (row.get_absolute_url() for row in rows)


def sitemap(request: HttpRequest) -> HttpResponse:
    pages = [settings.SITE_URL + address for address in dict.fromkeys(addresses())]
    return render(request, "site/sitemap.xml", {"pages": pages}, content_type="application/xml; charset=utf-8")
