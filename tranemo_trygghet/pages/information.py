"""The pages about the portal itself: who is behind it, how it treats people, and how to follow it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _

from promises.models import Contact, InformationPage, Place, Promise
from promises.months import today
from promises.prose import in_sections
from promises.telling import tell
from promises.wording import newest_day
from tranemo_trygghet.staff_login import known_browsers
from tranemo_trygghet.stored import STORED

Name = InformationPage.Name


@dataclass(frozen=True)
class Cookie:
    """Something that the back office asks a browser to keep."""

    name: str
    purpose: str
    lasts: str


def staff_cookies() -> list[Cookie]:
    """Every cookie that there is; public pages have none."""
    half_an_hour = _("Försvinner en halvtimme efter den senaste sidan.")
    half_a_year = _("Finns kvar i ett halvår.")
    return [
        Cookie(settings.SESSION_COOKIE_NAME, _("Håller reda på vem som är inloggad."), half_an_hour),
        Cookie(
            settings.CSRF_COOKIE_NAME, _("Visar att ett formulär kommer från rätt sida."), _("Finns kvar i ett år.")
        ),
        Cookie(known_browsers.COOKIE, _("Känner igen en webbläsare där någon har loggat in förut."), half_a_year),
    ]


def written(name: str, contacts: Iterable[Contact] = ()) -> dict[str, Any]:
    """What staff have written on the page, and when it or the contacts on it last changed."""
    page = InformationPage.named(name)
    shown = tell(page.text)
    lead, sections = in_sections(shown.text)
    return {
        "lead": shown.inline(escape(lead)),
        "sections": sections,
        "is_foreign": shown.is_foreign,
        "updated_on": newest_day(page.written_on, *(day for each in contacts for day in each.changed)),
    }


def responsible() -> dict[str, Any]:
    """Who stands behind what is shown, by the latest promise, and whom to call now."""
    promise = Promise.objects.published().newest_first().first()
    return {
        "partners": promise.signing_partners() if promise else [],
        "contacts": Contact.objects.current_on(today()).select_related("organisation"),
    }


def written_by_responsible(name: str) -> dict[str, Any]:
    who = responsible()
    return who | written(name, who["contacts"])


def about(request: HttpRequest) -> HttpResponse:
    return render(request, "site/about.html", written_by_responsible(Name.ABOUT))


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "site/privacy.html", written_by_responsible(Name.PRIVACY) | {"stored": STORED})


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "site/accessibility.html", written_by_responsible(Name.ACCESSIBILITY))


def cookies(request: HttpRequest) -> HttpResponse:
    return render(request, "site/cookies.html", written(Name.COOKIES) | {"cookies": staff_cookies()})


# Feeds of promises that the page names: twenty years of them. Each promise's own page leads to its feed.
SO_MANY = 20


def follow(request: HttpRequest) -> HttpResponse:
    address = settings.SITE_URL + reverse("feeds:meetings")
    context = {
        "calendar_address": address,
        "calendar_subscription": "webcal:" + address.partition(":")[2],
        "promises": Promise.objects.published().newest_first()[:SO_MANY],
        "places": Place.objects.published(),
    }
    return render(request, "site/follow.html", responsible() | context)
