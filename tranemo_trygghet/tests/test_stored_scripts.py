"""Whatever staff write in whatever field, it is words on every page, in feeds, files and the back office."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.contrib import admin
from django.db import models
from django.forms import CharField, EmailField, URLField
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pypdf import PdfReader

from promises.policy import Role
from promises.tests.make import make_organisation, make_user
from tranemo_trygghet.tests.fuzzing import NAMED_WORD, routes
from tranemo_trygghet.tests.make import TENTH_OF_MAY, Portal, make_portal
from tranemo_trygghet.tests.spoiling import NOT_WORDS, Spoiler, fields_of_words
from tranemo_trygghet.tests.test_page_store_addresses import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.alike]

NEVER = [b"<img src=x", b"<script>ran", b"<svg onload", b"<details open ontoggle", b"<iframe srcdoc", b"<math>"]
NEVER += [b'href="javascript:', b"href='javascript:", b"<base href"]
# In a PDF file: what would be run, or opened without being pressed.
ACTIVE = [b"/JavaScript", b"/JS ", b"/OpenAction", b"/Launch", b"/EmbeddedFile"]


@pytest.fixture
def portal(clock) -> Portal:
    clock.move_to(TENTH_OF_MAY)
    return make_portal()


def assert_only_words(response: HttpResponse, address: str) -> None:
    """What a browser reads as markup; what is plain text or data it is told never to guess about (nosniff)."""
    content = response.content
    if not any(kind in response.headers.get("Content-Type", "") for kind in ("html", "xml", "svg")):
        assert response.headers["X-Content-Type-Options"] == "nosniff", address
        if content.startswith(b"%PDF"):
            assert_nothing_is_active(content, address)
        return
    for each in NEVER:
        assert each not in content, f"{address}: {content[max(0, content.index(each) - 200) :][:300]!r}"


def assert_nothing_is_active(content: bytes, address: str) -> None:
    assert [each for each in ACTIVE if each in content] == [], address
    for page in PdfReader(BytesIO(content)).pages:
        for note in page.get("/Annots", []):
            link = note.get_object().get("/A", {}).get("/URI", "https:")
            assert link.startswith(("https:", "http:", "tel:", "mailto:")), (address, link)


def test_no_script_that_staff_wrote_stands_as_one_on_any_page(portal, client: Client) -> None:
    assert Spoiler().spoil() > 200
    shown = 0
    for address in addresses(portal):
        response = client.get(address)
        assert response.status_code == 200, address
        assert_only_words(response, address)
        shown += b"&lt;script&gt;ran()" in response.content
    assert shown > 20


def test_no_script_that_staff_wrote_stands_as_one_in_the_back_office(portal) -> None:
    user = make_user(portal.promise.signing_partners()[0], *Role)
    Spoiler().spoil()
    client, shown = Client(), 0
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    for route in sorted(set(routes())):
        if route.startswith("/admin/") and "logga-ut" not in route and "logout" not in route:
            response = client.get(NAMED_WORD.sub("1", route))
            assert response.status_code < 500, route
            assert_only_words(response, route)
            shown += b"&lt;script&gt;ran()" in response.content
    assert shown > 20


def test_every_field_of_text_in_the_back_office_is_tried() -> None:
    """What has a form there, and the rows that stand within it; a slug, a password and a list take no words."""
    tried = {field for _model, fields in fields_of_words() for field in fields}
    request = RequestFactory().get("/admin/")
    request.user = make_user(make_organisation(), *Role.values)
    for model, model_admin in admin.site._registry.items():
        forms = [(model, model_admin.get_form(request))]
        forms += [(each.model, each.get_formset(request).form) for each in model_admin.get_inline_instances(request)]
        for written, form in forms:
            for name, field in form.base_fields.items():
                is_text = type(field) in (CharField, EmailField, URLField)
                column = next((each for each in written._meta.concrete_fields if each.name == name), None)
                if is_text and column is not None and not isinstance(column, models.JSONField):
                    assert column in tried or column.name in NOT_WORDS, f"{written.__name__}.{name}"
