"""An officer on a phone: in for the first time, at work, away for too long, and nothing lost."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session

from followups.models import Meeting
from followups.tests.make import make_meeting
from promises.models import Contact, RoleGrant
from promises.policy import Role
from promises.tests.make import make_organisation
from tranemo_trygghet.tests.login import PASSWORD, code_of, make_staff

pytestmark = [
    pytest.mark.real_login,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("width", [390]),
]
KEPT = "Vi har sparat det du skrev"


@pytest.fixture
def officer():
    return make_staff(make_organisation("Polisen"), Role.EDITOR, Role.SIGNER)


class Phone:
    """Somebody who does what the pages say."""

    def __init__(self, page, user) -> None:
        self.page, self.user, self.key = page, user, ""

    def give_password(self) -> None:
        self.page.get_by_label("E-post eller användarnamn").fill(self.user.email)
        self.page.get_by_label("Lösenord").fill(PASSWORD)
        self.page.get_by_role("button", name="Logga in").click()

    def add_phone(self) -> None:
        self.page.get_by_text("Läser du det här i telefonen").click()
        self.key = self.page.locator(".secret").inner_text().replace(" ", "")
        self.page.get_by_label("Kod").fill(code_of(self.key))
        self.page.get_by_role("button", name="Lägg till telefonen").click()
        self.page.get_by_role("link", name="Jag har sparat koderna").click()

    def log_in(self) -> None:
        """Once a test: with the app's next code, since the one it shows was used for adding it."""
        self.give_password()
        self.page.get_by_label("Kod").fill(code_of(self.key, 1))
        self.page.get_by_role("button", name="Logga in").click()

    def lose_session(self) -> None:
        Session.objects.all().delete()


@pytest.fixture
def phone(page, officer):
    page.goto("/admin/")
    phone = Phone(page, officer)
    phone.give_password()
    phone.add_phone()
    return phone


def test_the_login_pages_are_accessible_and_fit_a_phone(page, officer, assert_accessible) -> None:
    def look() -> None:
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390

    for address in ("/admin/login/", "/admin/konto/hjalp/", "/admin/konto/glomt/"):
        page.goto(address)
        look()
    page.goto("/admin/")
    phone = Phone(page, officer)
    phone.give_password()
    look()
    phone.add_phone()
    for address in ("/admin/konto/", "/admin/konto/reservkoder/", "/admin/konto/byt-telefon/"):
        page.goto(address)
        look()


def test_what_was_typed_is_there_when_one_has_logged_in_again(phone) -> None:
    page, meeting = phone.page, make_meeting(summary="")
    page.goto(f"/admin/followups/meeting/{meeting.pk}/change/")
    page.locator("#id_summary").fill("Trettio kom, och de talade om ljuset.")
    phone.lose_session()
    page.get_by_role("button", name="Spara", exact=True).click()
    phone.log_in()
    page.get_by_text(KEPT).wait_for()
    assert page.url.endswith(f"/meeting/{meeting.pk}/change/")
    assert page.locator("#id_summary").input_value() == "Trettio kom, och de talade om ljuset."
    save(page)
    meeting.refresh_from_db()
    assert meeting.summary == "Trettio kom, och de talade om ljuset."
    assert drafts(page) == []
    page.goto(f"/admin/followups/meeting/{meeting.pk}/change/")
    assert not page.get_by_text(KEPT).is_visible()


def save(page) -> None:
    page.get_by_role("button", name="Spara", exact=True).click()
    page.locator(".messagelist .success").wait_for()
    page.wait_for_load_state()


def drafts(page) -> list[str]:
    return page.evaluate("Object.keys(localStorage)")


def test_a_new_row_is_given_back_once_and_not_to_the_next_one(phone) -> None:
    page = phone.page
    page.goto("/admin/promises/contact/add/")
    page.locator("#id_name").fill("Alex Lind")
    page.reload()
    page.get_by_text(KEPT).wait_for()
    assert page.locator("#id_name").input_value() == "Alex Lind"
    page.locator("#id_telephone").fill("114 14")
    save(page)
    assert Contact.objects.get().name == "Alex Lind"
    page.goto("/admin/promises/contact/add/")
    assert page.locator("#id_name").input_value() == ""


def test_what_a_colleague_has_changed_in_the_meantime_is_not_overwritten_but_nothing_is_lost(phone) -> None:
    page, meeting = phone.page, make_meeting(summary="Först.")
    address = f"/admin/followups/meeting/{meeting.pk}/change/"
    page.goto(address)
    page.locator("#id_summary").fill("Min text.")
    Meeting.objects.update(summary="Kollegans text.")
    page.goto(address)
    assert page.locator("#id_summary").input_value() == "Kollegans text."
    assert page.get_by_text("Du skrev: Min text.").is_visible()


def test_rows_that_were_added_come_back_too(phone) -> None:
    page, user = phone.page, phone.user
    for role in (Role.ACCOUNTS, Role.SURVEYS):
        RoleGrant.objects.create(user=user, role=role)
    page.goto("/admin/surveys/scale/add/")
    before = page.locator(".dynamic-options").count()
    page.locator("#options-group .add-row a").click()
    last = page.locator(".dynamic-options").nth(before).locator("textarea, input[type=text]").first
    last.fill("ganska trygg")
    name = last.get_attribute("name")
    page.reload()
    assert page.locator(f"[name={name}]").input_value() == "ganska trygg"


def test_logging_out_leaves_nothing_behind_for_the_next_one_at_the_desk(phone) -> None:
    page, meeting = phone.page, make_meeting()
    page.goto(f"/admin/followups/meeting/{meeting.pk}/change/")
    page.locator("#id_summary").fill("Inte klart än.")
    assert len(drafts(page)) == 1
    page.get_by_role("button", name="Logga ut").click()
    assert page.get_by_text("Du är utloggad.").is_visible()
    assert drafts(page) == []


def test_passwords_and_answers_on_paper_are_never_kept(phone) -> None:
    page = phone.page
    page.goto("/admin/followups/meeting/add/")
    page.evaluate("document.querySelector('#id_summary').closest('.form-row').dataset.noDraft = ''")
    page.locator("#id_summary").fill("Ett svar på papper.")
    assert "papper" not in page.evaluate("JSON.stringify(localStorage)")
    page.goto("/admin/password_change/")
    page.locator("#id_new_password1").fill("hemligt-ord")
    assert "hemligt" not in page.evaluate("JSON.stringify(localStorage)")
