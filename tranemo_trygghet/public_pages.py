"""Public pages are the same for everyone, so anybody may keep them for a moment: a browser, a proxy, we ourselves."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# A publication is seen at once: browsers, nginx and CDNs ask again after a second, and get 304 if nothing changed. They
# may show the page for five seconds more while they ask, and for a day when we are gone.
KEPT_FOR = "public, max-age=1, stale-while-revalidate=5, stale-if-error=86400"
BACK_OFFICE = "/admin/"


class PublicPagesMiddleware:
    """Says of every page outside the back office, unless its view has said otherwise, that it may be kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if may_be_kept(request, response):
            response["Cache-Control"] = KEPT_FOR
        return response


def may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        request.method in ("GET", "HEAD")
        and response.status_code == 200
        and not response.has_header("Cache-Control")
        and not response.cookies
        and not request.path.startswith(BACK_OFFICE)
    )
