"""Whatever staff write in whatever field, it is words on every page, in feeds, files and the back office."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.http import HttpResponse
from django.test import Client

from promises.models import User
from promises.policy import Role
from promises.tests.make import make_user
from tranemo_trygghet.tests.fuzzing import NAMED_WORD, routes
from tranemo_trygghet.tests.make import TENTH_OF_MAY, Portal, make_portal
from tranemo_trygghet.tests.test_page_store_addresses import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.alike]

# Leaves an attribute, an element and a script, and begins one of each; in Markdown, a link that runs.
SCRIPT = "\"'></title></textarea></script><img src=x onerror=alert(1)><script>alert(2)</script>"
SCRIPT += "[x](javascript:alert(3)) {{7*7}}"
NEVER = [b"<img src=x", b"<script>alert", b'href="javascript:', b"href='javascript:", b" onerror=alert(1)>"]
OURS = ["promises", "surveys", "followups", "subscriptions"]
# Chosen from a list, read by the code, or kept as a digest: words of staff never stand there.
NOT_WORDS = ("slug", "digest", "key", "hash", "password", "username", "email", "state", "field", "link_digest")


def is_words(field: models.Field) -> bool:
    return (
        type(field) in (models.CharField, models.TextField)
        and not field.choices
        and not any(word in field.name for word in NOT_WORDS)
        and (field.max_length or 999) >= len(SCRIPT)
        and not field.unique
    )


def spoil() -> int:
    """Past every check, in every field of text of every row: as somebody with the database in hand would."""
    count = 0
    for model in apps.get_models():
        if model._meta.app_label not in OURS or model is User:
            continue
        names = [field.name for field in model._meta.concrete_fields if is_words(field)]
        if names:
            rows: Any = models.QuerySet(model)
            rows.update(**dict.fromkeys(names, SCRIPT))
            count += len(names)
    return count


@pytest.fixture
def portal(clock) -> Portal:
    clock.move_to(TENTH_OF_MAY)
    return make_portal()


def assert_only_words(response: HttpResponse, address: str) -> None:
    """What a browser reads as markup; what is plain text or data it is told never to guess about (nosniff)."""
    content = response.content
    if not any(kind in response.headers.get("Content-Type", "") for kind in ("html", "xml", "svg")):
        assert response.headers["X-Content-Type-Options"] == "nosniff", address
        return
    for each in NEVER:
        assert each not in content, f"{address}: {content[max(0, content.index(each) - 200) :][:300]!r}"


def test_no_script_that_staff_wrote_stands_as_one_on_any_page(portal, client: Client) -> None:
    assert spoil() > 60
    shown = 0
    for address in addresses(portal):
        response = client.get(address)
        assert response.status_code == 200, address
        assert_only_words(response, address)
        shown += b"&lt;script&gt;alert(2)" in response.content
    assert shown > 20


def test_no_script_that_staff_wrote_stands_as_one_in_the_back_office(portal) -> None:
    user = make_user(portal.promise.signing_partners()[0], *Role)
    spoil()
    client, shown = Client(), 0
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    for route in sorted(set(routes())):
        if route.startswith("/admin/") and "logga-ut" not in route and "logout" not in route:
            response = client.get(NAMED_WORD.sub("1", route))
            assert response.status_code < 500, route
            assert_only_words(response, route)
            shown += b"&lt;script&gt;alert(2)" in response.content
    assert shown > 20
