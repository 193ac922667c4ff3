"""Two steps, for everybody: no page of the back office without the second one."""

from __future__ import annotations

from unittest import mock

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import flows
from django.conf import settings as django_settings
from django.contrib import admin
from django.contrib.admin import AdminSite
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.urls import URLPattern, get_resolver

from promises.models import User
from promises.policy import Role
from promises.tests.make import make_organisation
from tranemo_trygghet.admin_site import BackOffice
from tranemo_trygghet.example import EXAMPLE_EMAIL_DOMAIN
from tranemo_trygghet.staff_login import second_factor
from tranemo_trygghet.tests.login import (
    CHANGE_PHONE,
    CODE,
    LOGIN,
    PHONE,
    Person,
    code_of,
    enrolled,
    make_staff,
    recovery_codes,
)

pytestmark = [pytest.mark.django_db, pytest.mark.alike, pytest.mark.real_login]


@pytest.fixture
def officer():
    return make_staff(make_organisation("Polisen"))


def test_the_first_login_leads_to_adding_a_telephone_and_nowhere_else(officer) -> None:
    person = Person()
    assert person.give_password(officer).url == "/admin/"
    for address in ("/admin/", "/admin/promises/user/", "/admin/password_change/", "/admin/jsi18n/"):
        turned_away = person.get(address)
        assert turned_away.status_code == 302
        assert turned_away.url.startswith("/admin/login/?next=")
        assert person.get(turned_away.url).url.startswith(PHONE)
    person.add_phone()
    assert person.is_in()


def test_no_admin_view_opens_with_the_password_alone(officer) -> None:
    person = Person()
    person.give_password(officer)
    addresses = {f"/admin/{model._meta.app_label}/{model._meta.model_name}/" for model in admin.site._registry}
    for address in [*addresses, *(f"{each}add/" for each in addresses)]:
        assert person.get(address).status_code == 302, address
        assert person.post(address).status_code in (302, 405), address


def test_after_adding_the_telephone_comes_paper_and_then_the_page_that_was_asked_for(officer) -> None:
    person = Person()
    wanted = "/admin/promises/promise/"
    person.give_password(officer, next=wanted)
    page = person.client.get(wanted, follow=True)
    assert page.redirect_chain[-1][0].startswith(PHONE)
    key = page.context["form"].secret
    paper = person.client.post(PHONE, {"code": code_of(key), "next": wanted}, follow=True)
    assert paper.status_code == 200
    assert len(paper.context["unused_codes"]) == 10
    assert f'href="{wanted}"' in paper.content.decode()


def test_login_asks_for_the_code_and_takes_each_code_once(officer) -> None:
    _first, key = enrolled(officer)
    other = Person("192.0.2.2")
    assert other.give_password(officer).url == CODE
    assert not other.is_in()
    code = code_of(key, 1)
    assert other.give_code(f"{code[:3]} {code[3:]}").status_code == 302
    assert other.is_in()
    third = Person("192.0.2.3")
    third.give_password(officer)
    assert third.give_code(code).status_code == 200
    assert not third.is_in()


def test_the_code_of_the_enrolment_cannot_be_used_again(officer) -> None:
    _first, key = enrolled(officer)
    thief = Person("192.0.2.2")
    thief.give_password(officer)
    assert thief.give_code(code_of(key)).status_code == 200


@pytest.mark.differs
def test_a_code_is_taken_once_in_all_web_processes(officer, clock) -> None:
    """allauth's own note of a used code is kept in the memory of one process."""
    _first, _key = enrolled(officer)
    phone = Authenticator.objects.get(user=officer, type="totp")
    assert second_factor.spend(phone, "123456")
    assert not second_factor.spend(Authenticator.objects.get(pk=phone.pk), "123456")
    clock.shift(second_factor.SPENT)
    assert second_factor.spend(phone, "123456"), "later it is another code, that happens to look the same"


def test_a_recovery_code_works_once(officer) -> None:
    enrolled(officer)
    code = recovery_codes(officer)[0]
    for address, works in (("192.0.2.2", True), ("192.0.2.3", False)):
        person = Person(address)
        person.give_password(officer)
        person.give_code(code)
        if works:
            assert "Du har 9 reservkoder kvar." in person.get("/admin/").content.decode()
        assert person.is_in() is works
    assert len(recovery_codes(officer)) == 9


def test_who_has_lost_the_telephone_is_led_back_to_where_a_code_on_paper_is_written(officer) -> None:
    enrolled(officer)
    person, back = Person("192.0.2.2"), f'href="{CODE}"'
    assert back not in person.get("/admin/konto/hjalp/").content.decode()
    person.give_password(officer)
    assert back in person.get("/admin/konto/hjalp/").content.decode()
    person.give_code(recovery_codes(officer)[0])
    assert back not in person.get("/admin/konto/hjalp/").content.decode()


def test_a_session_begun_with_the_password_alone_is_not_let_in_by_another_one_that_adds_a_telephone(officer) -> None:
    thief = Person("192.0.2.66")
    thief.give_password(officer)
    enrolled(officer)
    assert not thief.is_in()


def test_the_new_codes_and_a_new_telephone_ask_for_a_code_unless_one_was_just_shown(officer, clock) -> None:
    person, key = enrolled(officer)
    assert person.get(CHANGE_PHONE).status_code == 200
    clock.shift(6 * 60)
    for address in (CHANGE_PHONE, "/admin/konto/reservkoder/", "/admin/konto/reservkoder/nya/"):
        assert person.get(address).url.startswith("/admin/konto/bekrafta/")
    again = person.post("/admin/konto/bekrafta/?next=/admin/konto/reservkoder/", code=code_of(key))
    assert again.url == "/admin/konto/reservkoder/"
    assert person.get(again.url).status_code == 200


def test_the_old_telephone_works_until_the_new_one_has_shown_a_code(officer) -> None:
    person, old_key = enrolled(officer)
    old_codes = recovery_codes(officer)
    assert "stämmer inte" in person.post(CHANGE_PHONE, code="000000").content.decode()
    assert comes_in_by(officer, code_of(old_key, 1))
    new_key = person.add_phone(CHANGE_PHONE)
    assert person.is_in()
    assert not comes_in_by(officer, code_of(old_key, -1))
    assert comes_in_by(officer, code_of(new_key, 1))
    assert not set(recovery_codes(officer)) & set(old_codes)


def comes_in_by(officer: User, code: str) -> bool:
    person = Person("192.0.2.9")
    person.give_password(officer)
    person.give_code(code)
    return person.is_in()


def test_a_change_that_breaks_leaves_the_old_telephone(officer, monkeypatch) -> None:
    person, old_key = enrolled(officer)
    monkeypatch.setattr(flows, "auto_generate_recovery_codes", mock.Mock(side_effect=DatabaseError))
    with pytest.raises(DatabaseError):
        person.add_phone(CHANGE_PHONE)
    assert comes_in_by(officer, code_of(old_key, 1))
    assert recovery_codes(officer)


def test_who_has_no_telephone_changes_none(officer) -> None:
    assert Person().get(CHANGE_PHONE).url.startswith(LOGIN)
    person = Person()
    person.give_password(officer)
    assert person.get(CHANGE_PHONE).url == PHONE


@pytest.mark.parametrize(("debug", "email", "comes_in"), [
    (True, f"polis@{EXAMPLE_EMAIL_DOMAIN}", True),
    (False, f"polis@{EXAMPLE_EMAIL_DOMAIN}", False),
    (True, "polis@polisen.example", False),
])  # fmt: skip
def test_only_the_example_accounts_and_only_with_debug_come_in_without_a_telephone(
    settings, debug, email, comes_in
) -> None:
    settings.DEBUG = debug
    user = make_staff(make_organisation(), email=email)
    person = Person()
    person.give_password(user)
    assert person.is_in() is comes_in


def test_the_address_serves_as_username(officer) -> None:
    person = Person()
    assert person.give_password(officer.email.upper()).status_code == 302


def test_login_leads_to_the_back_office_or_nowhere(officer) -> None:
    for elsewhere in ("https://evil.example/", "//evil.example/admin/", "/loften/", "javascript:alert(1)"):
        assert Person().give_password(officer, next=elsewhere).url == "/admin/"


def test_whoever_has_left_is_told_the_same_as_a_stranger(officer) -> None:
    officer.is_active = False
    officer.save()
    left, stranger = Person().give_password(officer), Person().give_password("finns-inte")
    assert left.context["form"].non_field_errors() == stranger.context["form"].non_field_errors()


def test_a_colleague_who_is_made_inactive_is_out_at_once(officer) -> None:
    person, _key = enrolled(officer)
    officer.is_active = False
    officer.save()
    assert not person.is_in()


def test_a_session_ends_after_half_an_hour_without_a_request(officer, clock) -> None:
    person, _key = enrolled(officer)
    for _each in range(3):
        clock.shift(29 * 60)
        assert person.is_in()
    clock.shift(31 * 60)
    assert not person.is_in()


def test_who_has_come_half_the_way_in_can_leave(officer) -> None:
    for person in (Person(), enrolled(officer)[0]):
        person.give_password(officer)
        assert person.client.post("/admin/konto/logga-ut/").url == LOGIN
        assert person.get(LOGIN).status_code == 200
    assert Person().get("/admin/konto/logga-ut/").status_code == 405


def test_the_admins_own_logout_ends_the_session(officer) -> None:
    person, _key = enrolled(officer)
    assert person.post("/admin/logout/").url == LOGIN
    assert not person.is_in()


def test_nobody_can_sign_up() -> None:
    names = {each.name for each in get_resolver("tranemo_trygghet.staff_login.urls").url_patterns}
    assert not [name for name in names if "signup" in name or "social" in name]
    assert "allauth.socialaccount" not in django_settings.INSTALLED_APPS


def test_the_admins_own_login_is_ours() -> None:
    """Even where the router should reach it: the stock one asks for no code."""
    stock = next(each for each in admin.site.get_urls() if isinstance(each, URLPattern) and each.name == "login")
    assert get_resolver().resolve(LOGIN).view_name == "account_login"
    assert stock.callback.__func__ is BackOffice.login is not AdminSite.login


@pytest.mark.differs
def test_the_secrets_lie_encrypted(officer) -> None:
    _person, key = enrolled(officer)
    rows = list(Authenticator.objects.filter(user=officer).values_list("data", flat=True))
    assert len(rows) == 2
    assert key not in str(rows)
    assert all(code not in str(rows) for code in recovery_codes(officer))


def test_a_changed_secret_key_keeps_the_telephones_if_the_old_one_is_still_named(officer, settings) -> None:
    enrolled(officer)
    codes = recovery_codes(officer)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "en-helt-ny-nyckel"
    assert recovery_codes(officer) == codes
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FALLBACKS"):
        recovery_codes(officer)


def test_what_happens_to_a_login_is_told_by_mail_to_its_owner(officer, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        person, _key = enrolled(officer)
        person.add_phone(CHANGE_PHONE)
    assert [letter.to for letter in mail.outbox] == [[officer.email]] * 3
    subjects = " ".join(letter.subject for letter in mail.outbox)
    assert "tillagd" in subjects
    assert "borttagen" in subjects


def test_a_mail_server_that_is_gone_stops_nobody(officer, settings, django_capture_on_commit_callbacks) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with django_capture_on_commit_callbacks(execute=True):
        person, _key = enrolled(officer)
    assert person.is_in()


def test_help_names_the_keeper_of_the_own_organisation_to_who_has_shown_a_password_only(officer) -> None:
    keeper = make_staff(officer.organisation, Role.ACCOUNTS, first_name="Inga", last_name="Konto")
    stranger = make_staff(make_organisation(), Role.ACCOUNTS, first_name="Främmande", last_name="Konto")
    page = Person().get("/admin/konto/hjalp/").content.decode()
    assert "Inga" not in page
    enrolled(officer)
    person = Person()
    person.give_password(officer)
    page = person.get("/admin/konto/hjalp/").content.decode()
    assert keeper.email in page
    assert stranger.email not in page
