"""What every response tells the browser to refuse: pages, files, errors and the back office alike.

Two middlewares. The first stands outermost, so that nothing leaves without the headers, whatever went wrong below it.
The second stands below the page store: what it finds out of a page is kept with the page. A view that means otherwise,
such as one that others may frame, sets its own header, and that one stays.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_exempt

# What no page of the portal uses, a script that somebody smuggles in shall not use either. Nothing that Chromium,
# Firefox and Safari do not all know of: they complain of unknown words.
NOT_USED = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
    "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock",
    "usb", "xr-spatial-tracking",
)  # fmt: skip

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in NOT_USED),
}
# same-origin, not no-referrer, where a form is posted: with the latter browsers send `Origin: null`, and every form
# would be refused.
WHERE_FORMS_ARE_POSTED = "same-origin"
POLICY = "Content-Security-Policy"
NOBODY_FRAMES = "frame-ancestors 'none'"
BACK_OFFICE = "/admin/"


class HeadersMiddleware:
    """Outermost: adds what is missing. HSTS is Django's, in SecurityMiddleware, where SITE_URL begins with https."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        # Built once: django-csp's middleware would build the same policy, twice, for every answer.
        self.always = ALWAYS | {POLICY: build_policy()}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        headers = response.headers
        for name, value in self.always.items():
            headers.setdefault(name, value)
        if NOBODY_FRAMES in headers[POLICY]:
            # For browsers that do not know the policy's own word for it.
            headers["X-Frame-Options"] = settings.X_FRAME_OPTIONS
        return response


def for_everybody(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view whose file any page on any host may read by script or show: it holds nothing but what is public."""

    @wraps(view)
    def shared(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    return shared


def for_frames(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view whose page the hosts in EMBED_HOSTS, and we ourselves, may show in a frame."""

    @wraps(view)
    @xframe_options_exempt
    def framed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        # Asked at each request, not once: tests set other hosts.
        response.headers[POLICY] = build_policy(replace={"frame-ancestors": ["'self'", *settings.EMBED_HOSTS]})
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return framed


def that_frames_us(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view whose page shows another page of the portal in a frame."""

    @wraps(view)
    def framing(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers[POLICY] = build_policy(update={"frame-src": ["'self'"]})
        return response

    return framing


class ReferrerMiddleware:
    """A page that posts a form tells the portal, and nobody else, where the form was; all others tell nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith(BACK_OFFICE) or posts_a_form(response):
            response.headers.setdefault("Referrer-Policy", WHERE_FORMS_ARE_POSTED)
        return response


def posts_a_form(response: HttpResponse) -> bool:
    """Read from the page itself, so that no view has to remember to say it."""
    return not response.streaming and b'method="post"' in response.content
