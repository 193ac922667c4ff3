"""The one address that takes a POST from anywhere: a mail program's own button. Seen by somebody who means harm."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from subscriptions import tokens
from subscriptions.models import Subscription
from subscriptions.tests.make import make_subscription
from tranemo_trygghet.same_origin import FROM_ANYWHERE, may_come_from_anywhere

pytestmark = [pytest.mark.django_db, pytest.mark.alike]

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
# A mail program, another site's form, a form in a sandboxed frame.
ELSEWHERE = [{}, {"HTTP_ORIGIN": "http://evil.example", "HTTP_SEC_FETCH_SITE": "cross-site"}, {"HTTP_ORIGIN": "null"}]


def end_of(subscription: Subscription) -> str:
    return tokens.link(subscription, tokens.END).removeprefix("http://testserver")


@pytest.mark.parametrize("encoding", ["multipart/form-data; boundary=BoUnDaRy", "application/x-www-form-urlencoded"])
def test_a_mail_programs_button_ends_the_subscription_and_is_not_sent_on(encoding) -> None:
    body = (
        '--BoUnDaRy\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--BoUnDaRy--\r\n'
        if "multipart" in encoding
        else "List-Unsubscribe=One-Click"
    )
    program = Client(enforce_csrf_checks=True)
    path = end_of(make_subscription())
    for _press in range(2):
        answer = program.generic("POST", path, body, content_type=encoding)
        assert answer.status_code == 200
        assert not answer.cookies
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_without_the_token_nothing_can_be_ended(client, headers) -> None:
    subscription = make_subscription()
    for token in ("x", subscription.pk.hex, tokens.token(subscription, tokens.CONFIRM)):
        assert client.post(f"/folj/avsluta/{token}/", ONE_CLICK, **headers).status_code == 404
    assert Subscription.objects.get() == subscription


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_no_other_way_in_opens_by_it(client, headers) -> None:
    waiting = make_subscription(confirmed=False)
    end, confirm = end_of(waiting), tokens.link(waiting, tokens.CONFIRM).removeprefix("http://testserver")
    paths = [
        confirm,
        "/folj/mejl/",
        "/folj/mejl/?next=" + end,
        "/folj/mejl/#" + end,
        end + "../../mejl/",
        end + "%2e%2e/%2e%2e/mejl/",
        end.rstrip("/") + "%2f..%2f..%2fmejl/",
        "/folj/avsluta/../mejl/",
        "/folj/AVSLUTA/x/",
        "/" + end,
        end + "/",
        "/admin/login/",
        "/admin/login/?next=" + end,
    ]
    for path in paths:
        assert client.post(path, {"epost": "namn@exempel.se"}, **headers).status_code == 403, path
    for method in ("put", "patch", "delete"):
        assert getattr(client, method)(end, **headers).status_code == 403
    assert client.post("/folj/mejl/", HTTP_X_ORIGINAL_URL=end, HTTP_X_REWRITE_URL=end, **headers).status_code == 403
    assert Subscription.objects.get() == waiting
    assert not waiting.is_confirmed


def test_of_all_addresses_of_the_portal_it_is_this_one_alone() -> None:
    names = {f"{space}{name}" for space, name in every_view(get_resolver())}
    assert names >= FROM_ANYWHERE
    assert frozenset({"subscriptions:end"}) == FROM_ANYWHERE
    assert may_come_from_anywhere(RequestFactory().post("/folj/avsluta/x/"))
    for path in ("/", "/folj/", "/folj/mejl/", "/folj/bekrafta/x/", "/enkater/x/", "/admin/", "/finns-inte/"):
        assert not may_come_from_anywhere(RequestFactory().post(path))
    assert not may_come_from_anywhere(RequestFactory().get("/folj/avsluta/x/"))


def every_view(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, str]]:
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern):
            yield space, each.name or ""
        else:
            yield from every_view(each, f"{space}{each.namespace}:" if each.namespace else space)
