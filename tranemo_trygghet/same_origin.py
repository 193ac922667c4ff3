"""Every form in the portal must be posted from the portal itself.

Public pages are the same for everyone, so they hold no cookie and no token. In their place stand two headers that no
page on another site can set: `Origin` and `Sec-Fetch-Site`. The admin has Django's token besides.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# The one view that a POST from anywhere reaches: a mail program's button "Avsluta prenumerationen" sends no Origin
# (RFC 8058). Its address holds a signed token that only the receiver of the mail has; who lacks it can forge nothing.
FROM_ANYWHERE = frozenset({"subscriptions:end"})


def comes_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that this request was made by a page of this very origin.

    A browser sends `Origin` with every POST, and all since 2023 `Sec-Fetch-Site` too. One of them must be there, and
    none may say otherwise: a request with neither comes from no browser of this decade, or from somebody who hides.
    """
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    here = f"{request.scheme}://{request.get_host()}"
    if origin is None:
        return site == "same-origin"
    return origin == here and site in (None, "same-origin")


def may_come_from_anywhere(request: HttpRequest) -> bool:
    """Asked of the router itself, and not of the letters of the address, which could be written in many ways."""
    if request.method != "POST":
        return False
    try:
        return resolve(request.path_info).view_name in FROM_ANYWHERE
    except Resolver404:
        return False


class SameOriginMiddleware:
    """Refuses an unsafe request that was not made by a page of the portal, with a page that says what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in SAFE_METHODS or comes_from_here(request) or may_come_from_anywhere(request):
            return self.get_response(request)
        return refused(request)


def refused(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/not_from_here.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The admin's token did not fit, most often because the login has ended."""
    return render(request, "errors/form_expired.html", status=403)
