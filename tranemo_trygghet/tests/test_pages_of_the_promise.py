"""The front page and the promise's own page."""

from __future__ import annotations

import re
from datetime import date, datetime
from html import unescape
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

import promises.tests
from followups.tests.make import make_deed, make_report, make_target
from promises.models import Action, Correction, Extension, Promise
from promises.tests.make import make_contact, make_promise, publish
from tranemo_trygghet.tests.make import SWEDEN, TENTH_OF_MAY, make_portal, make_term

pytestmark = [pytest.mark.django_db, pytest.mark.alike]

SEED = Path(promises.tests.__file__).with_name("seed.txt")


def words_of(client: Client, address: str) -> str:
    """The page as a reader gets it: no tags, no-break spaces as spaces, one space between words."""
    html = client.get(address).content.decode()
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def move_to(clock, day: date) -> None:
    clock.move_to(datetime.combine(day, datetime.min.time(), SWEDEN).replace(hour=10))


# --- The promise --------------------------------------------------------------------------------------


def test_every_sentence_of_the_promise_stands_on_its_page(client: Client, clock) -> None:
    call_command("load_promise", starts_on=date(2026, 1, 1), verbosity=0)
    publish(Promise.objects.get())
    page = words_of(client, "/loften/2026/")
    lines = [line.strip(" •\t") for line in SEED.read_text(encoding="utf-8").splitlines()]
    assert [line for line in lines if line and " ".join(line.split()) not in page] == []


def test_each_action_says_who_where_how_many_and_what_was_done(client: Client, clock) -> None:
    clock.move_to(TENTH_OF_MAY)
    portal = make_portal()
    page = words_of(client, portal.promise.get_absolute_url())
    assert "Ansvarar Polisen och Kommunen" in page
    assert "Det här har vi gjort (1) Fotpatrull 9 januari 2026" in page
    assert "0 av 3 skolträffar" in page
    assert "Löftet nämner inget antal" in page


def test_an_earlier_target_stays_and_is_struck_out(client: Client, clock) -> None:
    promise = make_promise(actions=1)
    action = promise.actions.get()
    make_target(action, number=12)
    make_target(action, number=4, decided_on=date(2026, 3, 2), reason="Vi lovade för mycket.")
    html = client.get(promise.get_absolute_url()).content.decode()
    assert "<strong>4 trygghetsvandringar</strong>" in html
    assert "<del>12 trygghetsvandringar</del>" in html
    assert "Vi lovade för mycket." in html


def test_a_word_of_the_trade_is_explained_once_where_it_first_stands(client: Client, clock) -> None:
    promise = make_promise(lead="Löftet.", background="Vi arbetar enligt EST.", aim="EST ska hjälpa.")
    make_term("EST")
    page = words_of(client, promise.get_absolute_url())
    assert page.count("Vad betyder EST?") == 1
    assert page.index("Vi arbetar enligt EST.") < page.index("Vad betyder EST?") < page.index("EST ska hjälpa.")


def test_the_promise_shows_how_it_came_to_be_longer(client: Client, clock) -> None:
    promise = make_promise()
    new = {"new_last_day": date(2027, 6, 30), "decided_on": date(2026, 3, 1), "reason": "Vi är inte klara."}
    publish(Extension.objects.create(promise=promise, **new))
    page = words_of(client, promise.get_absolute_url())
    assert "Gäller till och med 30 juni 2027. Beslutat 1 mars 2026." in page
    assert "Vi är inte klara." in page
    assert "Medborgarlöfte 1 januari 2026 – 30 juni 2027" in page


def test_the_promise_shows_what_was_dropped_from_the_one_before(client: Client, clock) -> None:
    before = make_promise(actions=2, starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
    kept, dropped = before.actions.all()
    promise = make_promise(actions=1, predecessor=before, published=False)
    promise.actions.update(previous=kept, change=Action.Change.CHANGED)
    publish(promise)
    page = words_of(client, promise.get_absolute_url())
    assert f"Det här stod i det förra löftet, men inte i det här: {dropped.text}" in page
    assert "Jämfört med förra löftet Ändrad." in page
    assert f"Löftet följs av {promise.title} från 1 januari 2026" in words_of(client, before.get_absolute_url())


def test_a_correction_stands_beside_the_promise(client: Client, clock) -> None:
    promise = make_promise()
    partner = promise.signing_partners()[0]
    user = promise.sign_offs.first().signed_by
    Correction.objects.create(document=promise, text="Telefonen är bytt.", organisation=partner, made_by=user)
    assert f"16 mars 2026, {partner} Telefonen är bytt." in words_of(client, promise.get_absolute_url())


def test_only_contacts_that_hold_now_are_shown(client: Client, clock) -> None:
    promise = make_promise()
    partner = promise.signing_partners()[0]
    make_contact(partner, name="Gammal Kontakt", ends_on=date(2026, 3, 15))
    make_contact(partner, name="Ny Kontakt", starts_on=date(2026, 3, 16), telephone="0725-25 94 20")
    html = client.get("/").content.decode()
    assert "Ny Kontakt" in html
    assert 'href="tel:+46725259420"' in html
    assert "Gammal Kontakt" not in html


# --- The front page -----------------------------------------------------------------------------------


def test_the_front_page_says_what_came_last_what_is_missing_and_whose_word_is_awaited(client: Client, clock) -> None:
    clock.move_to(TENTH_OF_MAY)
    make_portal()
    page = words_of(client, "/")
    assert "Polisen och kommunen har lovat att öka tryggheten" in page
    assert "1 av 2 månader redovisade. Mars saknas. I februari hölls inget möte." in page
    assert "Mars 2026 saknas" in page
    assert "Rapporten skulle ha kommit senast 14 april 2026. Vi väntar på: Redovisning från Polisen" in page
    assert "Februari 2026: inget möte" in page
    assert "svarade ”Mycket trygg” eller ”Ganska trygg”" in page
    assert "Svara på enkäten" in page
    assert "onsdag kl. 18.30" in page


def test_the_front_page_says_that_no_promise_is_in_force(client: Client, clock) -> None:
    make_promise(starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
    make_promise(starts_on=date(2026, 5, 1), ends_on=date(2026, 12, 31))
    page = words_of(client, "/")
    assert "Inget medborgarlöfte gäller just nu" in page
    assert "Det förra gällde till och med 31 december 2025. Nästa börjar gälla 1 maj 2026." in page


@pytest.mark.parametrize(
    ("day", "is_in_force"),
    [(date(2025, 12, 31), False), (date(2026, 1, 1), True), (date(2026, 12, 31), True), (date(2027, 1, 1), False)],
)
def test_the_front_page_follows_the_promise_day_by_day(client: Client, clock, day: date, is_in_force: bool) -> None:
    make_promise()
    move_to(clock, day)
    assert ("Inget medborgarlöfte gäller" not in words_of(client, "/")) is is_in_force


def test_several_promises_in_force_each_have_their_section(client: Client, clock) -> None:
    first, second = make_promise(), make_promise(starts_on=date(2026, 2, 1))
    page = words_of(client, "/")
    assert first.title in page
    assert second.title in page
    assert page.count("Det här lovade vi, och så går det") == 2


def test_an_action_that_is_late_says_why_on_the_front_page(client: Client, clock) -> None:
    promise = make_promise(actions=1)
    make_target(promise.actions.get(), number=2, unit="vandringar", due_on=date(2026, 3, 1))
    page = words_of(client, "/")
    assert "Försenad" in page
    assert "Målet var 2 vandringar senast 1 mars 2026. Det blev 0." in page


def test_staff_s_markdown_cannot_carry_script(client: Client, clock) -> None:
    promise = make_promise()
    make_report(promise, "2026-02", summary='<script>alert(1)</script> **Hej** [länk](javascript:alert(1)) "')
    make_deed(promise.actions.get(number=4), what="<b>Fet</b> insats", done_on=date(2026, 2, 3))
    for address in ("/", promise.get_absolute_url(), "/uppfoljningar/2026-02/", "/uppfoljningar/"):
        html = client.get(address).content.decode()
        assert "<script" not in html
        assert 'href="javascript:' not in html
        assert "<b>" not in html
