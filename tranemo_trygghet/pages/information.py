"""The pages about the portal itself: who is behind it, how it treats people, and how to follow it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from promises.models import Contact, Place, Promise
from promises.months import today
from promises.wording import full_day

# The day that the text in each template was last changed; it stands at the foot of the page.
ABOUT_WRITTEN_ON = date(2026, 11, 22)
PRIVACY_WRITTEN_ON = date(2026, 11, 22)
ACCESSIBILITY_ASSESSED_ON = date(2026, 11, 22)


def responsible() -> dict[str, Any]:
    """Who stands behind what is shown, by the latest promise, and whom to call now."""
    promise = Promise.objects.published().newest_first().first()
    return {
        "partners": promise.signing_partners() if promise else [],
        "contacts": Contact.objects.current_on(today()).select_related("organisation"),
    }


def about(request: HttpRequest) -> HttpResponse:
    return render(request, "site/about.html", responsible() | {"updated_on": full_day(ABOUT_WRITTEN_ON)})


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "site/privacy.html", responsible() | {"updated_on": full_day(PRIVACY_WRITTEN_ON)})


def accessibility(request: HttpRequest) -> HttpResponse:
    dates = {"assessed_on": ACCESSIBILITY_ASSESSED_ON, "updated_on": full_day(ACCESSIBILITY_ASSESSED_ON)}
    return render(request, "site/accessibility.html", responsible() | dates)


def follow(request: HttpRequest) -> HttpResponse:
    address = settings.SITE_URL + reverse("feeds:meetings")
    context = {
        "calendar_address": address,
        "calendar_subscription": "webcal:" + address.partition(":")[2],
        "promises": Promise.objects.published().newest_first(),
        "places": Place.objects.published(),
    }
    return render(request, "site/follow.html", responsible() | context)
