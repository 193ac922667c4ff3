"""In place of a token: two headers that no page on another site can set."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

from tranemo_trygghet.same_origin import SAFE_METHODS, SameOriginMiddleware, comes_from_here

HERE = "http://testserver"

# origin, sec-fetch-site, let through
CASES = [
    (HERE, "same-origin", True),
    (HERE, None, True),  # a browser from before 2023
    (None, "same-origin", True),
    (None, None, False),
    (HERE, "cross-site", False),
    (HERE, "same-site", False),
    (HERE, "none", False),
    ("null", "same-origin", False),
    ("null", None, False),
    ("", None, False),
    ("https://testserver", "same-origin", False),
    ("http://testserver.example.org", None, False),
    ("http://testserver:8080", None, False),
    ("http://evil.example", "cross-site", False),
    (None, "cross-site", False),
]


def post(origin: str | None, site: str | None, method: str = "POST") -> HttpRequest:
    headers = {"HTTP_ORIGIN": origin, "HTTP_SEC_FETCH_SITE": site}
    sent = {name: value for name, value in headers.items() if value is not None}
    return RequestFactory().generic(method, "/enkater/en-enkat/", **sent)


@pytest.mark.parametrize(("origin", "site", "expected"), CASES)
def test_a_form_is_taken_only_from_a_page_of_the_portal(origin: str | None, site: str | None, expected: bool) -> None:
    assert comes_from_here(post(origin, site)) is expected


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_the_middleware_stops_what_comes_from_elsewhere_with_a_page_that_says_what_to_do(method: str) -> None:
    reached = []

    def view(request: HttpRequest) -> HttpResponse:
        reached.append(request)
        return HttpResponse()

    middleware = SameOriginMiddleware(view)
    response = middleware(post("http://evil.example", "cross-site", method))
    assert (response.status_code, reached) == (403, [])
    assert "text/html" in response["Content-Type"]
    assert middleware(post(HERE, "same-origin", method)).status_code == 200


def test_reading_needs_no_origin() -> None:
    for method in SAFE_METHODS:
        assert SameOriginMiddleware(lambda request: HttpResponse())(post(None, None, method)).status_code == 200


@override_settings(SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"))
def test_behind_a_proxy_the_origin_is_the_one_that_the_visitor_sees() -> None:
    request = post("https://testserver", "same-origin")
    request.META |= {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_HOST": "testserver"}
    assert comes_from_here(request)
