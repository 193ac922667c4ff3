"""Every address of the resolver, and what is no page at all, graded as Mozilla's Observatory would."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.conf import settings as stored_settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from promises.policy import Role
from promises.tests.make import make_organisation, make_user
from tranemo_trygghet import headers
from tranemo_trygghet.tests import observatory
from tranemo_trygghet.tests.make import TENTH_OF_MAY, make_portal
from tranemo_trygghet.tests.test_page_store_addresses import addresses

pytestmark = pytest.mark.alike

# What others may load by script or frame, in each language, and the points that this costs.
SHARED = re.compile(r"(?:/[a-z]+)?/(?:inbaddning/[^/]+/|oppna-data/[^/]+|[a-z0-9/-]+\.png)")
AT_LEAST, AT_LEAST_SHARED = 130, 110
PLACEHOLDER = re.compile(r"<(?:(\w+):)?\w+>")


@pytest.fixture(autouse=True)
def behind_https(settings) -> None:
    """As settings.py sets it when SITE_URL begins with https; test_settings.py sees to that."""
    settings.SITE_URL = "https://testserver"
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    settings.SECURE_HSTS_SECONDS = 63072000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True


@pytest.fixture
def visitor(settings, db) -> Client:
    """Sees errors as residents do."""
    settings.DEBUG = False
    return Client(raise_request_exception=False)


def every_address(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """All of them, the back office too, with a made-up word or number where a row is named."""
    for each in resolver.url_patterns:
        route = before + str(each.pattern).removeprefix("^").removesuffix("$").removesuffix(r"\Z")
        if isinstance(each, URLResolver):
            yield from every_address(each, route)
        elif isinstance(each, URLPattern):
            yield PLACEHOLDER.sub(lambda found: "1" if found[1] == "int" else "x", route)


def assert_graded(response: HttpResponse, address: str) -> None:
    least = AT_LEAST_SHARED if SHARED.fullmatch(address) else AT_LEAST
    points = {rule.__name__: rule(response) for rule in observatory.RULES}
    assert observatory.score(response) >= least, f"{address} {response.status_code}: {points}"
    assert observatory.grade(response) == "A+", address
    for name in headers.ALWAYS:
        assert name in response.headers, f"{address}: {name}"
    assert "unsafe-" not in response.headers["Content-Security-Policy"], address
    if not SHARED.fullmatch(address):
        assert response.headers["X-Frame-Options"] == "DENY", address


def test_every_address_gets_an_a_plus(visitor) -> None:
    found = list(every_address(get_resolver()))
    assert len(found) > 100
    for address in found:
        assert_graded(visitor.get(address, secure=True), address)


def test_every_address_gets_an_a_plus_for_staff(visitor) -> None:
    visitor.force_login(make_user(make_organisation(), Role.ACCOUNTS))
    for address in every_address(get_resolver()):
        if address.startswith("/admin/"):
            assert_graded(visitor.get(address, secure=True), address)


def test_every_public_page_gets_an_a_plus_fresh_and_kept(start_process, clock) -> None:
    clock.move_to(TENTH_OF_MAY)
    portal = make_portal()
    process = start_process()
    for address in addresses(portal):
        fresh, kept = (process.get(address, secure=True) for _ in range(2))
        assert fresh.status_code == 200
        assert dict(fresh.headers) == dict(kept.headers)
        assert_graded(kept, address)
        same = process.get(address, secure=True, headers={"if-none-match": kept.headers["ETag"]})
        assert same.status_code == 304
        assert_graded(same, address)


def test_errors_get_an_a_plus(visitor, monkeypatch) -> None:
    expected = {
        404: visitor.get("/finns-inte/", secure=True),
        400: visitor.get("/", secure=True, headers={"host": "ond.example"}),
        403: visitor.post("/folj/mejl/", secure=True, headers={"origin": "https://ond.example"}),
        405: visitor.post("/om/", secure=True, headers={"origin": "https://testserver"}),
        301: visitor.get("/om", secure=True),
    }
    monkeypatch.setattr("tranemo_trygghet.pages.glossary.render", lambda *given: 1 / 0)
    expected[500] = visitor.get("/ordlista/", secure=True)
    for status, response in expected.items():
        if status != 405 or response.status_code == 405:  # a page that takes no POST may answer it as it likes
            assert response.status_code == status
        assert_graded(response, f"the answer {status}")


def test_the_answer_while_the_database_is_gone_gets_an_a_plus(start_process) -> None:
    process = start_process()
    process.app.current._read = lambda before: 1 / 0
    response = process.get("/om/", secure=True)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    assert_graded(response, "/om/")


def test_files_get_an_a_plus_and_are_for_our_own_pages(visitor) -> None:
    for path in ("css/base.css", "js/drafts.js"):
        assert finders.find(path)
        response = visitor.get(stored_settings.STATIC_URL + path, secure=True)
        assert response.status_code == 200
        assert_graded(response, path)
        assert "Access-Control-Allow-Origin" not in response.headers
        response.close()


def test_http_is_sent_to_https_on_the_same_host(visitor) -> None:
    response = visitor.get("/om/")
    assert (response.status_code, response.headers["Location"]) == (301, "https://testserver/om/")
    assert visitor.get("/healthz").status_code == 200


def test_without_https_nobody_is_bound_to_it(settings, visitor) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = False, 0
    assert "Strict-Transport-Security" not in Client().get("/om/").headers


def test_only_pages_that_post_a_form_tell_where_it_was(start_process, clock) -> None:
    clock.move_to(TENTH_OF_MAY)
    process = start_process()
    told = set()
    for address in addresses(make_portal()):
        page = process.get(address, secure=True)
        has_form = re.search(rb"<form[^>]*method=[\"']?post", page.content, re.IGNORECASE) is not None
        assert page.headers["Referrer-Policy"] == ("same-origin" if has_form else "no-referrer"), address
        told |= {address} if has_form else set()
    assert 2 <= len(told) < 6


def test_a_view_may_let_others_frame_its_page(rf) -> None:
    def view(request) -> HttpResponse:
        policy = "default-src 'none'; frame-ancestors https://tranemo.se"
        return HttpResponse(headers={"Content-Security-Policy": policy, "Cross-Origin-Resource-Policy": "cross-origin"})

    response = headers.HeadersMiddleware(view)(rf.get("/inbaddning/2026/"))
    assert "X-Frame-Options" not in response.headers
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.headers["Content-Security-Policy"].endswith("https://tranemo.se")
