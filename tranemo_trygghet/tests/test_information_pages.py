"""The pages about the portal: staff write them, nothing they said is lost, and what the program sees to stays true."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from promises import masking
from promises.models import EarlierText, InformationPage
from promises.policy import Role
from promises.prose import in_sections
from promises.tests.backoffice import logged_in
from promises.tests.make import make_organisation, make_user
from tranemo_trygghet.stored import STORED

pytestmark = [pytest.mark.django_db, pytest.mark.alike]

NAMES = InformationPage.Name.values


def text_of(client: Client, page: InformationPage) -> str:
    return client.get(page.get_absolute_url()).content.decode()


@pytest.mark.parametrize("loaded", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_a_page_says_what_was_delivered_until_somebody_rewrites_it(
    clock, client: Client, name: str, loaded: bool
) -> None:
    if loaded:
        call_command("load_promise", verbosity=0)
    html = text_of(client, InformationPage.named(name))
    lead, sections = in_sections(InformationPage.as_delivered(name).text)
    assert lead in html
    assert all(section.html in html and section.heading in html for section in sections)
    assert "Sidan ändrades senast 22 november 2026." in html.replace("\xa0", " ")


def test_what_staff_save_is_seen_at_once_with_its_day_and_what_it_said_before_is_kept(clock, client: Client) -> None:
    call_command("load_promise", verbosity=0)
    page = InformationPage.objects.get(name="om")
    editor = make_user(make_organisation("Kommunen"), Role.EDITOR)
    before = page.text
    address = reverse("admin:promises_informationpage_change", args=[page.pk])
    staff = logged_in(editor)
    assert staff.post(address, {"text": "Hej.\n\n## Ny rubrik\n\n<b>Ny</b> *text*."}).status_code == 302
    html = text_of(client, page)
    assert "Ny rubrik</h2>" in html
    assert "&lt;b&gt;Ny&lt;/b&gt; <em>text</em>" in html
    assert "Sidan ändrades senast 16 mars 2026." in html.replace("\xa0", " ")
    assert EarlierText.objects.get(page=page).text == before
    seen = staff.get(address).content.decode()
    assert "<ins>## Ny rubrik</ins>" in seen
    assert "<del>## Vad är ett medborgarlöfte?</del>" in seen
    assert str(editor) in seen


def test_saving_without_a_change_makes_no_history(clock) -> None:
    call_command("load_promise", verbosity=0)
    page = InformationPage.objects.get(name="kakor")
    staff = logged_in(make_user(make_organisation("Kommunen"), Role.EDITOR))
    staff.post(reverse("admin:promises_informationpage_change", args=[page.pk]), {"text": page.text})
    assert not EarlierText.objects.exists()


def test_loading_the_promise_again_leaves_what_staff_wrote(clock) -> None:
    call_command("load_promise", verbosity=0)
    page = InformationPage.objects.get(name="om")
    page.rewrite("Vårt.", make_user(make_organisation("Kommunen")))
    call_command("load_promise", verbosity=0)
    assert InformationPage.objects.get(name="om").text == "Vårt."


@pytest.mark.parametrize("role", [Role.READER, Role.SURVEYS, Role.SIGNER, Role.ACCOUNTS, Role.TECHNICAL])
def test_only_editors_rewrite(clock, role: str) -> None:
    call_command("load_promise", verbosity=0)
    page = InformationPage.objects.get(name="om")
    staff = logged_in(make_user(make_organisation("Kommunen"), role))
    answer = staff.post(reverse("admin:promises_informationpage_change", args=[page.pk]), {"text": "Mitt."})
    assert answer.status_code == 403
    assert InformationPage.objects.get(name="om").text != "Mitt."


@pytest.mark.differs
def test_masking_reaches_the_page_and_what_it_said_before(clock) -> None:
    one, other = make_user(make_organisation("Polisen")), make_user(make_organisation("Kommunen"))
    page = InformationPage.as_delivered("om")
    page.text = "Ring Lille Kim Ek."
    page.save()
    page.rewrite("Ring inte Lille Kim Ek.", one)
    hits = masking.find("Lille Kim Ek")
    assert {hit.key.split(":")[0] for hit in hits} == {"promises.informationpage", "promises.earliertext"}
    proposed = masking.propose(one, "Lille Kim Ek", "personuppgift", [hit.key for hit in hits])
    masking.confirm(proposed[0], other)
    assert masking.find("Lille Kim Ek") == []


def test_the_page_on_personal_data_lists_all_that_is_stored(client: Client) -> None:
    html = client.get("/personuppgifter/").content.decode()
    assert [each.what for each in STORED if str(each.what)[1:] not in html] == []
    for word in ("allmänt intresse", "samtycke", "imy.se", "rättade", "dataskyddsombud", "EU och EES"):
        assert word in html


def test_the_accessibility_statement_has_all_that_the_law_asks(client: Client) -> None:
    html = client.get("/tillganglighet/").content.decode()
    for part in ("2018:1937", "delvis förenlig", "oskäligt betungande", "Bedömningen gjordes", "digg.se", "Hör av dig"):
        assert part in html, part


def test_every_cookie_that_a_login_sets_is_listed(client: Client) -> None:
    html = client.get("/kakor/").content.decode()
    staff = logged_in(make_user(make_organisation("Kommunen"), Role.EDITOR))
    staff.get("/admin/login/")
    staff.get("/admin/")
    assert set(staff.cookies) > set()
    assert [name for name in staff.cookies if f"<dt>{name}</dt>" not in html] == []


def test_headings_make_sections_and_what_stands_before_them_leads() -> None:
    lead, sections = in_sections("Först.\r\n\r\n## Ett\r\n\r\nText.\r\n\r\n### Under\r\n\r\n## Två **fet**\r\n")
    assert lead == "Först."
    assert [(each.heading, str(each.html)) for each in sections] == [
        ("Ett", "<p>Text.</p>\n<h3>Under</h3>\n"),
        ("Två fet", ""),
    ]
    assert in_sections("") == ("", [])
