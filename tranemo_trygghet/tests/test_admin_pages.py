"""Every page of the back office as a person meets it: in Swedish, with its help, and whole on a phone."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db import models
from django.urls import reverse
from django.utils.text import capfirst, slugify

from followups.tests.test_admin_month import logged_in
from promises.models import Masking
from promises.policy import Role
from promises.tests.backoffice import fields_of
from promises.tests.make import make_user
from tranemo_trygghet import handbook
from tranemo_trygghet.admin_site import GROUPS
from tranemo_trygghet.tests.make import TENTH_OF_MAY
from tranemo_trygghet.tests.matrix import World, make_world
from tranemo_trygghet.tests.test_admin_matrix import NAMED_WORD, table

pytestmark = pytest.mark.alike

# What the stock admin says where it has no Swedish, or where somebody has forgotten to translate.
ENGLISH = re.compile(
    r"\b(add|added|all|and|another|are|change|changed|choose|chosen|click|close|content|delete|deleted|enter|entries|entry|filter|"
    r"history|hold|home|key|note|object|objects|of|or|please|remove|save|search|select|selected|show|successfully|the|this|"
    r"time|today|total|view|with|yes|you|your|field|required|user|users|group|password)\b",
    re.IGNORECASE,
)
# What a reader sees or hears: besides the page's own words, the attributes that are read out or stand in a field.
SPOKEN = re.compile(r'(?:alt|title|aria-label|placeholder)="([^"]*)"|<input[^>]*type="submit"[^>]*value="([^"]*)"')
# Explained on the pages themselves.
OF_LOGIN = ("/admin/konto/", "/admin/login/", "/admin/password_change/")
CRUMBS = re.compile(r'(?s)<div class="breadcrumbs">(.*?)</div>')
# Words that are Swedish too, or a key's name.
SWEDISH_TOO = {"all", "enter", "time"}


@pytest.fixture
def world(db, clock) -> World:
    clock.move_to(TENTH_OF_MAY)
    return make_world()


def words_of(page: str) -> str:
    page = re.sub(r"(?s)<(script|style|template).*?</\1>|<!--.*?-->", " ", page)
    spoken = [word for pair in SPOKEN.findall(page) for word in pair]
    return unescape(" ".join([re.sub(r"<[^>]+>", " ", page), *spoken]))


def crumbs(page: str) -> list[str]:
    """The way to a page, in words: home, a list, and on. Empty on a page that stands by itself."""
    way = CRUMBS.search(page)
    return [each.strip() for each in words_of(way[1]).split("›")] if way else []


def lists() -> set[str]:
    """What the start page calls its lists."""
    return {capfirst(apps.get_model(label)._meta.verbose_name_plural) for _name, group in GROUPS for label in group}


def pages(world: World) -> dict[str, str]:
    """Every page that a person with every role can look at, by its address."""
    client = logged_in(make_user(world.own.organisation, *Role.values))
    found = {}
    for row in table():
        if row.method == "GET" and any(letter == "s" for _who, is_own, letter in row.cells() if is_own):
            case = world.case(row.case, is_own=True)
            address = NAMED_WORD.sub(lambda name, case=case: str(case.words[name[1]]), row.address)
            response = client.get(address, case.query)
            if response.status_code == 200 and "text/html" in response["Content-Type"]:
                found[address] = response.content.decode()
    return found


@pytest.mark.differs
def test_every_page_is_in_swedish_and_leads_to_its_help_and_to_its_list(world: World) -> None:
    found, known = pages(world), lists() | {"Handbok", "Ändra lösenord"}
    assert len(found) > 150
    english: dict[str, set[str]] = {}
    for address, page in found.items():
        if words := {word.lower() for word in ENGLISH.findall(words_of(page))} - SWEDISH_TOO:
            english[address] = words
        assert "ytterligare" not in page, f"{address} says in Django's words what its button adds"
        assert not (way := crumbs(page)) or (way[0], way[1] in known) == ("Hem", True), f"{address}: {way}"
        if 'id="site-name"' in page and not address.startswith(OF_LOGIN):
            assert page.count("<h1") == 1 or address.endswith("/hjalp/"), address
            assert f'href="{reverse("admin:help")}#' in page, f"{address} has no link to its help"
    assert english == {}


# What they ask is said by their names alone, or by the page that they stand on.
PLAIN = {"first_name", "last_name", "username", "password", "last_login", "organisation", "capacity", "language"}


def test_every_field_to_write_in_says_what_to_write(world: World, rf) -> None:
    request = rf.get("/admin/")
    request.user = make_user(world.own.organisation, *Role.values)
    silent = []
    for model, model_admin in admin.site._registry.items():
        if model is Masking:  # asks in a form of its own
            continue
        for field in model._meta.fields:
            asks = isinstance(field, (models.CharField, models.TextField, models.IntegerField)) and not field.choices
            if asks and field.editable and field.name not in PLAIN and is_on_form(model_admin, request, field.name):
                shown = model_admin.formfield_for_dbfield(field, request)
                if not shown.help_text:
                    silent.append(f"{model.__name__}.{field.name}")
    assert silent == [], "say what to write, with an example: help_text of the model or `examples` of its admin"


def is_on_form(model_admin: Any, request: Any, name: str) -> bool:
    if not model_admin.has_add_permission(request):
        return False
    fields = flatten_fieldsets(model_admin.get_fieldsets(request))
    return name in fields and name not in model_admin.get_readonly_fields(request)


def test_every_link_to_the_handbook_leads_to_a_chapter_that_is_there() -> None:
    page, chapters = handbook.read()
    keys = {chapter.key for chapter in chapters}
    assert set(handbook.EXPLAINED.values()) <= keys
    labels = {label for _name, group in GROUPS for label in group} - {
        "subscriptions.subscription",
        "subscriptions.mail",
    }
    assert labels <= set(handbook.EXPLAINED), "say in handbook.EXPLAINED which chapter explains the new page"
    pictures = set(re.findall(r"bilder/([\w-]+)\.png", page))
    assert pictures
    assert pictures == {file.stem for file in handbook.PICTURES.glob("*.png")}, "run: make pictures"


def test_the_handbook_calls_every_list_what_the_start_page_calls_it() -> None:
    chapters = re.split(r"(?m)^## ", handbook.HANDBOOK.read_text().lower())
    told = {slugify(chapter.partition("\n")[0]): chapter for chapter in chapters}
    names = {label: str(apps.get_model(label)._meta.verbose_name_plural) for label in handbook.EXPLAINED if label}
    assert {name for label, name in names.items() if name not in told[handbook.EXPLAINED[label]]} == set()


def test_words_are_shown_as_residents_will_see_them_and_do_no_harm(world: World) -> None:
    client = logged_in(world.own.people["editor"])
    shown = client.post(reverse("admin:text_preview"), {"text": "**Fet** <script>alert(1)</script> [x](javascript:1)"})
    html = shown.content.decode()
    assert "<strong>Fet</strong>" in html
    assert "<script" not in html
    assert 'href="javascript' not in html


def test_a_new_text_to_sign_is_shown_once_it_is_saved_and_so_what_comes_next(world: World) -> None:
    client, case = logged_in(world.own.people["editor"]), world.case("new-extension", is_own=True)
    address = reverse("admin:promises_extension_add")
    button = re.search(r'class="default" name="(_\w+)"', client.get(address).content.decode())[1]
    assert fields_of(client.get(address), "decided_on")["decided_on"] == "2026-05-10"
    shown = client.post(address, {**case.body, button: ""}, follow=True)
    assert "Spara och skicka för godkännande" in shown.content.decode()


def test_days_are_written_out_in_what_is_signed(world: World) -> None:
    ready, client = world.case("extension-ready", is_own=True), logged_in(world.own.people["signer"])
    page = client.get(f"/admin/promises/extension/{ready.words['object_id']}/godkann/").content.decode()
    text = page[page.index('<article class="signed-text">') :].partition("</article>")[0].replace("\xa0", " ")
    assert "1 april 2027" in text
    assert "2027-04-01" not in text


LOOKED_AT = [
    "/admin/",
    "/admin/hjalp/",
    "/admin/followups/deed/",
    "/admin/followups/deed/flera/",
    "/admin/admin/logentry/",
    "/admin/promises/masking/add/",
    "/admin/promises/user/add/",
    "/admin/followups/meeting/add/",
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [390])
def test_every_kind_of_page_is_accessible_and_whole_on_a_phone(page: Any, assert_accessible: Any, settings) -> None:
    world = make_world()
    cases = world.own.cases
    cookie = logged_in(make_user(world.own.organisation, *Role.values)).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": f"{settings.SITE_URL}/admin/"}])
    rows = {
        "promises/promise": ("promise-draft", ["change", "delete", "history"]),
        "followups/followup": ("report-ready", ["change", "godkann"]),
        "followups/combinedresult": ("result-draft", ["change"]),
        "promises/user": ("colleague", ["change"]),
    }
    addresses = [*LOOKED_AT]
    for room, (case, names) in rows.items():
        addresses += [f"/admin/{room}/{cases[case].words['object_id']}/{name}/" for name in names]
    planned = world.shared["round-planned"].words["object_id"]
    addresses += [f"/admin/surveys/surveyround/{planned}/{name}/" for name in ("change", "las")]
    for address in addresses:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, f"{address} is wider than the phone"
        assert_accessible(page)
    page.goto(f"/admin/followups/followup/{cases['report-draft'].words['object_id']}/change/")
    page.fill("#id_summary", "Vi har **lagat** lampan.")
    page.click("#id_summary + button")
    page.wait_for_selector(".signed-text strong:has-text('lagat')")
    assert page.get_attribute("#id_summary + button", "aria-expanded") == "true"
