"""Answers a kept page before Django makes a request of what came: that costs more than all the rest of the answer.

Nothing is decided here. Django has answered the same address first, its host checked and every header set, and the
page store has said that the page is everybody's. The front says that answer again, for as long as its page is current.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from tranemo_trygghet.page_store.pages import Headers, Page, best_encoding, has_it

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# What the middleware leaves in a request's environment when it has answered with a current page.
ANSWERED_WITH = "tranemo.answered_with"
# All that Django reads to know the whole address, each as it was sent.
ADDRESS = ("wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO")
MOST_ADDRESSES = 5_000
SAFE = ("GET", "HEAD")
# What others add to a link that is shared says nothing to us, and must not cost a page of its own.
OTHERS_MARKS = re.compile(r"(?:(?:fbclid|gclid|msclkid|utm_[a-z]+)=[^&]*(?:&|$))+")
OK, UNCHANGED = "200 OK", "304 Not Modified"

Address = tuple[str | None, ...]


@dataclass(frozen=True)
class AnsweredWith:
    """The page that Django answered with, and how its address's page is had the next time, if it is current then."""

    page: Page
    again: Callable[[], Page | None]


class Front:
    """The portal's WSGI application: Django, and before it what Django has already said."""

    def __init__(self, django: WSGIApplication) -> None:
        self.django = django
        self._known: dict[Address, Callable[[], Page | None]] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not asks_as_everybody(environ):
            return self.django(environ, start_response)
        address = tuple(map(environ.get, ADDRESS))
        again = self._known.get(address)
        page = again() if again else None
        if page is not None:
            variant = page.variant(best_encoding(environ.get("HTTP_ACCEPT_ENCODING", "")))
            status = UNCHANGED if has_it(environ.get("HTTP_IF_NONE_MATCH"), variant.etag) else OK
            headers = page.sent.get((status, variant.etag))
            if headers is not None:
                start_response(status, list(headers))  # a server may add its own to the list
                return (variant.body,) if status == OK and environ["REQUEST_METHOD"] == "GET" else ()
        return self._ask_django(address, environ, start_response)

    def _ask_django(self, address: Address, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def listen(status: str, headers: Headers, *fault: Any) -> Any:
            answered_with = environ.get(ANSWERED_WITH)
            if answered_with is not None and status in (OK, UNCHANGED):
                self._learn(address, answered_with, status, headers)
            return start_response(status, headers, *fault)

        return self.django(environ, listen)

    def _learn(self, address: Address, answered_with: AnsweredWith, status: str, headers: Headers) -> None:
        if len(self._known) >= MOST_ADDRESSES:
            self._known.clear()
        self._known[address] = answered_with.again
        answered_with.page.sent[status, dict(headers)["ETag"]] = list(headers)


def asks_as_everybody(environ: WSGIEnvironment) -> bool:
    """Whether it asks for a page and says nothing of who asks."""
    query = environ.get("QUERY_STRING", "")
    return (
        environ["REQUEST_METHOD"] in SAFE
        and (not query or OTHERS_MARKS.fullmatch(query) is not None)
        and "HTTP_AUTHORIZATION" not in environ
        and settings.SESSION_COOKIE_NAME not in environ.get("HTTP_COOKIE", "")
    )


def portal() -> Front:
    """What the server runs, with everything loaded that the first resident would otherwise wait for."""
    django = get_wsgi_application()
    import_module(settings.ROOT_URLCONF)
    # What has been loaded stays for as long as the process. Looking through it for rubbish again and again stops all
    # threads for up to a tenth of a second at a time.
    gc.collect()
    gc.freeze()
    # A page leaves thousands of objects, which are gone without the collector's help.
    gc.set_threshold(20_000, 10, 10)
    return Front(django)
