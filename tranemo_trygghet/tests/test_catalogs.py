"""The interface in every language: nothing missing, nothing mangled, and nothing compiled of another text."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from scripts import messages
from tranemo_trygghet.languages import PREFIXES
from tranemo_trygghet.tests.make import load_example
from tranemo_trygghet.tests.test_pages import crawl

pytestmark = pytest.mark.alike

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|%%|\{\w+\}|<[^>]+>")
# Arabic says "one" and "two" in the word itself.
NUMBERS = {"%(number)s", "%(count)s", "%(minutes)s", "%(answers)s", "%(invited)s", "%(due)s", "{n}"}


@pytest.mark.parametrize("name", messages.LANGUAGES)
def test_every_text_of_the_public_pages_is_translated(name: str) -> None:
    assert messages.missing(name, messages.updated(name)) == [], "make messages, and translate what it names"


@pytest.mark.parametrize("name", messages.LANGUAGES)
def test_the_catalog_has_the_texts_that_there_are_and_no_others(name: str) -> None:
    held = [each.id for each in messages.stored(name) if each.id]
    assert [each if isinstance(each, str) else tuple(each) for each in held] == list(messages.gathered())


@pytest.mark.parametrize("name", messages.LANGUAGES)
def test_what_is_compiled_is_what_is_written(name: str) -> None:
    assert (messages.folder(name) / "django.mo").read_bytes() == messages.compiled(messages.stored(name))


@pytest.mark.parametrize("name", messages.LANGUAGES)
def test_a_translation_keeps_what_is_filled_in_and_the_language_has_all_its_plural_forms(name: str) -> None:
    catalog = messages.stored(name)
    for each in catalog:
        if not each.id or not any(messages.strings(each.string)):
            continue
        wanted = set(PLACEHOLDER.findall(messages.strings(each.id)[-1]))
        translated = messages.strings(each.string)
        assert len(translated) == (1 if isinstance(each.id, str) else catalog.num_plurals), each.id
        for text in translated:
            left_out = wanted ^ set(PLACEHOLDER.findall(text))
            assert left_out <= (NUMBERS if len(translated) > 1 else set()), (each.id, text)


def test_the_languages_count_as_they_do() -> None:
    assert {name: messages.stored(name).num_plurals for name in messages.LANGUAGES} == {
        "en": 2, "uk": 3, "ar": 6, "sv_X-lattlast": 2,
    }  # fmt: skip


@pytest.fixture
def asked_for(monkeypatch) -> set[tuple[str, str]]:
    """(language, text) of all that is looked up while the test runs."""
    asked: set[tuple[str, str]] = set()

    def noting(name: str) -> None:
        original = getattr(trans_real, name)

        def look_up(message, *rest):
            asked.add((translation.get_language() or "", message))
            return original(message, *rest)

        monkeypatch.setattr(translation._trans, name, look_up)

    translation.gettext(""), translation.ngettext("a", "b", 1)
    for name in ("gettext", "ngettext"):
        noting(name)
    return asked


@pytest.mark.django_db
@pytest.mark.long
@pytest.mark.parametrize(
    ("languages", "of_a_kind"),
    [(["en"], 4), pytest.param(PREFIXES.values(), None, marks=pytest.mark.product)],
    ids=["some", "all"],
)
def test_no_page_of_the_example_year_asks_for_a_text_that_no_catalog_has(
    settings, client, asked_for, languages: Iterable[str], of_a_kind: int | None
) -> None:
    settings.DEBUG = True
    load_example()
    asked_for.clear()
    for language in languages:
        crawl(client, language, of_a_kind)
    of_the_public_pages = {messages.one_of(each) for each in messages.gathered()}
    of_django = set(trans_real.translation("sv")._catalog.keys())
    asked = {text for language, text in asked_for if language in PREFIXES.values()}
    assert len(asked) > 300
    assert sorted(asked - of_the_public_pages - of_django - {""}) == []
