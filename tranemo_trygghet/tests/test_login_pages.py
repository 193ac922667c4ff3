"""The login pages: Swedish, ours, within the policy, and the only ones that set a cookie."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.urls import get_resolver

from promises.policy import Role
from promises.tests.make import make_organisation
from tranemo_trygghet.staff_login import links
from tranemo_trygghet.tests.login import CODE, LOGIN, PHONE, Person, enrolled, make_staff
from tranemo_trygghet.tests.make import make_portal

pytestmark = [pytest.mark.django_db, pytest.mark.real_login, pytest.mark.alike]

ENGLISH = re.compile(
    r"\b(the|your|you|please|password|passwords|sign|log in|login|logout|username|user|account|accounts|email|e-mail|"
    r"and|with|this|that|has|have|not|code|codes|recovery|activate|deactivate|generate|confirm|required|field|must|"
    r"invalid|incorrect|home|welcome|change|submit|continue|cancel|skip|enter|value|was|were|from)\b",
    re.IGNORECASE,
)
OWN = str(Path(django_settings.BASE_DIR) / "templates")


@pytest.fixture
def pages(django_capture_on_commit_callbacks):
    """Every page of login as it looks, with what it says when something is wrong."""
    keeper = make_staff(make_organisation("Polisen"), Role.ACCOUNTS)
    officer = make_staff(keeper.organisation, first_name="Nina")
    found = {}
    person = Person()
    for name in ("login/", "konto/hjalp/", "konto/glomt/", "konto/valkommen/finns-inte/"):
        found[name] = person.get(f"/admin/{name}")
    found["login, empty"] = person.post(LOGIN)
    found["login, wrong"] = person.give_password(officer, "fel")
    found["login, from a page"] = person.get(LOGIN, next="/admin/promises/promise/")
    found["forgotten, empty"] = person.post("/admin/konto/glomt/", email="")
    found["forgotten, wrong"] = person.post("/admin/konto/glomt/", email="x")
    found["forgotten, sent"] = person.post("/admin/konto/glomt/", email=officer.email)
    link = links.INVITATION.address(officer).removeprefix("http://testserver")
    found["invitation"] = person.get(link)
    found["invitation, weak"] = person.post(link, new_password1="12345", new_password2="12345")
    found["invitation, unlike"] = person.post(link, new_password1="ab" * 9, new_password2="ba" * 9)
    person.give_password(officer)
    found["telephone"] = person.get(PHONE)
    found["telephone, wrong"] = person.post(PHONE, code="000000")
    with django_capture_on_commit_callbacks(execute=True):
        person.add_phone()
    for name in ("konto/", "konto/reservkoder/", "konto/reservkoder/nya/", "konto/byt-telefon/"):
        found[name] = person.get(f"/admin/{name}")
    other = Person("192.0.2.2")
    other.give_password(officer)
    found["code"] = other.get(CODE)
    found["code, wrong"] = other.give_code("000000")
    found["code, empty"] = other.give_code("")
    found["help, known"] = other.get("/admin/konto/hjalp/")
    for _each in range(11):
        found["too many"] = Person("198.51.100.1").give_password(officer, "fel")
    return found


def text_of(response) -> str:
    page = re.sub(r"<(style|script|title|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", page)


def test_no_login_page_says_a_word_of_english(pages) -> None:
    for name, response in pages.items():
        words = {each for each in ENGLISH.findall(text_of(response)) if each not in ("Polisen",)}
        assert not words, f"{name}: {words}"
    for name, response in pages.items():
        values = re.findall(r'(?:placeholder|aria-label|title|alt)="([^"]*)"', response.content.decode())
        assert not ENGLISH.search(" ".join(values)), name


def test_every_login_page_is_our_own(pages) -> None:
    for name, response in pages.items():
        assert response.templates[0].origin.name.startswith(OWN), name
        for template in response.templates:
            assert "site-packages/allauth" not in template.origin.name, f"{name}: {template.origin.name}"


def test_every_login_page_keeps_the_policy_and_is_kept_by_nobody(pages) -> None:
    for name, response in pages.items():
        page = response.content.decode()
        assert "unsafe" not in response["Content-Security-Policy"]
        assert "no-store" in response["Cache-Control"], name
        assert not re.search(r"""\sstyle=|data:|<style|javascript:|\son\w+=|https?://(?!www\.w3\.org)""", page), name
        assert all('src="/static/' in script for script in re.findall(r"<script[^>]*>", page)), name


def test_every_address_of_login_is_looked_at(pages) -> None:
    shown = {each.resolver_match.view_name for each in pages.values()}
    names = {each.name for each in get_resolver("tranemo_trygghet.staff_login.urls").url_patterns}
    # Logging out shows nothing, a second code is asked for in test_login.py, and a new password is as an invitation.
    assert names - shown == {"account_logout", "mfa_reauthenticate", "staff_new_password"}


def test_the_page_that_asks_for_a_code_again_is_swedish_too(clock) -> None:
    person, _key = enrolled(make_staff(make_organisation()))
    clock.shift(600)
    page = person.client.get("/admin/konto/byt-telefon/", follow=True)
    assert page.templates[0].name == "mfa/reauthenticate.html"
    assert not ENGLISH.findall(text_of(page))


def test_no_letter_says_a_word_of_english_or_names_another_host(pages) -> None:
    user = make_staff(make_organisation(), first_name="Nina")
    for link in links.KINDS.values():
        link.send(user)
    for name in ("mfa/email/totp_activated", "mfa/email/totp_deactivated", "mfa/email/recovery_codes_generated"):
        links.deliver(name, user.email, {"site_name": "Tryggare Tranemo"})
    links.tell_moved(user.email, user)
    links.deliver("account/email/wrong_codes", user.email, {"user": user, "site_url": django_settings.SITE_URL})
    assert len(mail.outbox) >= 6
    for letter in mail.outbox:
        words = re.sub(r"http://testserver/\S*|\S+@\S+", "", f"{letter.subject}\n{letter.body}")
        assert not ENGLISH.findall(words), letter.subject
        assert "http" not in words
        assert "&" not in words, "text is text, and not HTML"


def test_the_qr_code_is_drawn_in_the_page(pages) -> None:
    page = pages["telephone"].content.decode()
    drawing = re.search(r"<svg.*?</svg>", page, re.DOTALL)[0]
    assert "<path" in drawing
    assert 'class="qr"' in drawing
    assert 'href="otpauth://totp/' in page


def test_login_sets_cookies_for_the_back_office_alone_and_no_public_page_sets_any() -> None:
    portal = make_portal()
    person, _key = enrolled(make_staff(make_organisation()))
    assert {cookie["path"] for cookie in person.client.cookies.values()} == {"/admin/"}
    assert all(cookie["httponly"] for cookie in person.client.cookies.values())
    public = ["/", "/loften/", f"/loften/{portal.promise.slug}/", "/enkater/", "/om/", "/folj/", "/moten/", "/healthz"]
    for browser in (Person(), person):
        for address in public:
            response = browser.get(address)
            assert response.status_code == 200, address
            assert not response.cookies, address
            assert "Cookie" not in response.get("Vary", ""), address


def test_a_form_from_elsewhere_is_refused() -> None:
    officer = make_staff(make_organisation())
    evil = {"HTTP_ORIGIN": "https://evil.example", "HTTP_SEC_FETCH_SITE": "cross-site"}
    for name in ("login/", "konto/glomt/", "konto/logga-ut/", "konto/kod/", "konto/telefon/"):
        assert Person().client.post(f"/admin/{name}", {"login": officer.username}, **evil).status_code == 403


def test_a_form_without_the_token_is_refused() -> None:
    person = Person()
    person.client.handler.enforce_csrf_checks = True
    for name in ("login/", "konto/glomt/", "konto/logga-ut/", "konto/kod/", "konto/telefon/"):
        assert person.post(f"/admin/{name}").status_code == 403, name


def test_the_script_that_keeps_drafts_is_small() -> None:
    assert (Path(django_settings.BASE_DIR) / "static/js/drafts.js").stat().st_size <= 3 * 1024
