"""Every sentence of the promise, word for word, in its field."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from promises.models import Contact, Locality, Organisation, Promise, Term

pytestmark = [pytest.mark.django_db, pytest.mark.alike]

SEED = (Path(__file__).parent / "seed.txt").read_text(encoding="utf-8")
HEADINGS = {
    "Situationen idag",
    "Det här ska vi göra",
    "Det här ska vi åstadkomma tillsammans",
    "Följ med i hur det går!",
    "Kontakt:",
}


def sentences() -> list[str]:
    """The lines of the seed without its headings and bullets."""
    lines = [line.strip().removeprefix("•").strip() for line in SEED.splitlines()]
    return [line for line in lines if line and line not in HEADINGS]


def test_every_line_of_the_seed_stands_in_a_field_word_for_word() -> None:
    call_command("load_promise")
    promise = Promise.objects.get()
    names = ["title", "lead", "background", "situation", "aim", "following", "year_end", "validity", "contact_text"]
    loaded = "\n".join([*(getattr(promise, name) for name in names), *(a.text for a in promise.actions.all())])
    assert [line for line in sentences() if line not in loaded.splitlines()] == []
    assert sorted(line for line in loaded.splitlines() if line) == sorted(sentences())


def test_loading_twice_changes_nothing() -> None:
    for _turn in range(2):
        call_command("load_promise")
    counts = [model.objects.count() for model in (Promise, Organisation, Contact, Term, Locality)]
    assert counts == [1, 2, 1, 6, 5]
    assert Promise.objects.get().actions.count() == 5


def test_a_contact_that_staff_have_changed_stays_changed() -> None:
    call_command("load_promise")
    Contact.objects.update(name="Någon Annan")
    call_command("load_promise", "--starts-on=2027-01-01")
    assert [each.name for each in Contact.objects.all()] == ["Någon Annan"]


def test_its_dates_are_arguments() -> None:
    call_command("load_promise", "--starts-on=2026-03-01", "--slug=var-2026")
    promise = Promise.objects.get(slug="var-2026")
    assert (promise.starts_on, promise.ends_on) == (date(2026, 3, 1), date(2027, 2, 28))
    call_command("load_promise", "--starts-on=2024-02-29", "--ends-on=2025-06-30")
    assert Promise.objects.get(slug="2024").ends_on == date(2025, 6, 30)
    with pytest.raises(CommandError, match="innan det börjar"):
        call_command("load_promise", "--starts-on=2026-03-01", "--ends-on=2026-02-01", "--slug=fel")


def test_it_is_a_draft_until_both_partners_have_signed() -> None:
    call_command("load_promise")
    promise = Promise.objects.get()
    assert promise.is_draft
    assert [str(each) for each in promise.signing_partners()] == ["Polisen", "Tranemo kommun"]
