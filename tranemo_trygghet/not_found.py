"""An unknown address looks the same where the portal is tried out as in operation."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound
from django.views.defaults import page_not_found


class NotFoundMiddleware:
    """With DEBUG on, our own page in place of Django's, which is English and lists every address that there is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.DEBUG:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Our own pages for what is not there yet are of no such class, and stay.
        return page_not_found(request, Http404()) if isinstance(response, HttpResponseNotFound) else response
