"""Following by e-mail in a real browser, which sends the headers that the portal asks for."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command

from promises.tests.make import make_place
from subscriptions.models import Subscription


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [390])
@pytest.mark.parametrize("javascript", [False])
def test_a_resident_follows_and_ends_it_with_a_browser(page, mailoutbox) -> None:
    make_place("Resecentrum")
    page.goto("/folj/")
    page.get_by_role("link", name="Följ via mejl").click()
    page.get_by_label("Din e-postadress").fill("namn")
    page.get_by_role("button", name="Skicka").click()
    assert page.get_by_role("alert").is_visible()
    page.get_by_label("Din e-postadress").fill("namn@exempel.se")
    page.get_by_label("Resecentrum").check()
    page.get_by_role("button", name="Skicka").click()
    assert page.get_by_role("heading", name="Titta i din inkorg").is_visible()

    call_command("send_mail")
    confirm, end = (re.search(rf"\S+/folj/{step}/\S+", mailoutbox[0].body)[0] for step in ("bekrafta", "avsluta"))
    page.goto(confirm)
    page.get_by_role("button", name="Ja, jag vill ha mejl").click()
    assert page.get_by_role("heading", name="Klart, nu följer du oss").is_visible()
    assert Subscription.objects.confirmed().get().address == "namn@exempel.se"
    page.goto(end)
    page.get_by_role("button", name="Ja, radera min adress").click()
    assert page.get_by_role("heading", name="Adressen är raderad").is_visible()
    assert not Subscription.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("javascript", [True])
@pytest.mark.parametrize("path", ["/folj/", "/folj/mejl/", "/folj/mejl/tack/"])
def test_the_pages_keep_the_rules_of_accessibility(page, assert_accessible, path) -> None:
    make_place("Resecentrum")
    page.goto(path)
    assert_accessible(page)
