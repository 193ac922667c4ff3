"""How much may be sent to the portal: what a form of ours can hold, and a file of figures."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse


class BodyLimitMiddleware:
    """Refuses by its length what is too long, before a byte of it is read.

    Django does so for forms alone: a file would first be written to the disk, however long. A body that does not
    tell its length is read by nobody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length[:20]) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig
        return self.get_response(request)
