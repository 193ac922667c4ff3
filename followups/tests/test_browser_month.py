"""A whole month on a phone, by an officer and a coordinator, from login to the public page."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page

from followups.models import Deed, FollowUp
from followups.tests.make import make_meeting, make_report
from followups.tests.test_admin_month import logged_in
from promises.models import User
from promises.months import Month, today
from promises.tests.make import make_organisation, make_promise, make_user

pytestmark = pytest.mark.django_db(transaction=True)


class Clicks:
    """A person with a phone, whose every press is counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, selector: str) -> None:
        self.count += 1
        before = self.page.url
        self.page.click(selector)
        self.page.wait_for_url(lambda url: url != before)

    def log_in(self, user: User) -> None:
        """By cookie, since the login has tests of its own; counted as a name, a password, a code and two buttons."""
        self.count += 5
        cookie = logged_in(user).cookies["sessionid"].value
        self.page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": f"{settings.SITE_URL}/admin/"}])
        self.page.goto("/admin/")


@pytest.mark.parametrize("width", [390])
def test_a_month_takes_two_people_and_at_most_25_presses(page: Page, assert_accessible: Any) -> None:
    this = Month.of(today())
    partners = [make_organisation("Polisen"), make_organisation("Tranemo kommun")]
    promise = make_promise(
        partners=partners,
        starts_on=this.plus(-1).first_day,
        ends_on=this.plus(11).first_day - timedelta(days=1),
    )
    make_meeting(date(this.year, this.number, 1))
    make_report(promise, this.plus(-1).iso)
    officer, coordinator = (make_user(partner) for partner in partners)

    person = Clicks(page)
    person.log_in(officer)
    assert_accessible(page)
    person.press("text=Skriv rapporten")
    assert_accessible(page)
    person.press("text=Logga insatser")
    assert_accessible(page)
    for index, what in enumerate(["Fotpatrull vid resecentrum", "Föräldramöte i åk 7"]):
        page.fill(f"#id_form-{index}-what", what)
        page.select_option(f"#id_form-{index}-action", index=index + 1)
        person.count += 2  # the field and the choice
    person.press("button:has-text('Logga')>>nth=-1")
    assert page.get_by_text("2 insatser är loggade.").count()
    page.fill("#id_summary", "Vi har patrullerat och träffat föräldrar.")
    page.fill("#id_updates-0-text", "En fotpatrull.")
    page.fill("#id_updates-1-text", "Ett föräldramöte.")
    person.count += 3
    person.press("text=Spara och skicka för godkännande")
    assert_accessible(page)
    person.press("text=Godkänn för Polisen")
    assert_accessible(page)
    person.log_in(coordinator)
    person.press("text=Läs och godkänn")
    person.press("text=Godkänn för Tranemo kommun")
    assert page.get_by_text("Nu är den publicerad.").count()
    assert_accessible(page)

    assert person.count <= 25
    assert FollowUp.objects.published().filter(first_day=this.first_day).exists()
    assert Deed.objects.published().count() == 2
    page.goto(f"/uppfoljningar/{this.iso}/")
    assert page.get_by_text("Vi har patrullerat och träffat föräldrar.").count()
    assert page.get_by_text("Fotpatrull vid resecentrum").count()


@pytest.mark.parametrize("width", [390])
def test_a_correction_is_written_on_a_phone_without_scrolling_sideways(page: Page, assert_accessible: Any) -> None:
    report = make_report(make_promise(), "2026-01")
    Clicks(page).log_in(make_user(report.promise.signing_partners()[0]))
    page.goto(f"/admin/followups/followup/{report.pk}/ratta/")
    assert page.locator(".signed-text").first.is_hidden(), "the preview that nobody has asked for"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert_accessible(page)
