"""Sessions are for the back office. Elsewhere nobody is anybody, whatever cookies a browser sends along."""

from __future__ import annotations

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse


class StaffSessionMiddleware(SessionMiddleware):
    """Django's own, where the session's cookie belongs. On a public page an empty session is neither read nor kept."""

    def process_request(self, request: HttpRequest) -> None:
        if is_staffs(request):
            super().process_request(request)
        else:
            request.session = self.SessionStore()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        return super().process_response(request, response) if is_staffs(request) else response


def is_staffs(request: HttpRequest) -> bool:
    return request.path_info.startswith(settings.SESSION_COOKIE_PATH)
