"""Each language counts, quotes and writes days in its own way."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import formats
from django.utils.translation import ngettext, override

from promises.wording import quoted
from scripts import messages
from tranemo_trygghet.languages import PREFIXES

QUOTED = {"sv": "”a”", "sv-x-lattlast": "”a”", "en": "“a”", "uk": "«a»", "ar": "«a»"}
TIMES = {
    "en": ["1 time", "2 times", "5 times", "11 times"],
    "uk": ["1 раз", "2 рази", "5 разів", "11 разів"],
    "ar": ["مرة واحدة", "مرتان", "5 مرات", "11 مرة"],
}


@pytest.mark.parametrize("language", QUOTED)
def test_a_language_has_marks_of_its_own_around_what_somebody_chose(language: str) -> None:
    with override(language):
        assert quoted("a") == QUOTED[language]


@pytest.mark.parametrize("name", ["en", "uk", "ar"])
def test_no_translation_quotes_as_swedish_does(name: str) -> None:
    told = [text for each in messages.stored(name) if each.id for text in messages.strings(each.string)]
    # Swedish begins a quotation with the mark that English ends it with.
    assert [text for text in told if text.count("”") != text.count("“") or (name != "en" and "”" in text)] == []


@pytest.mark.parametrize("language", TIMES)
def test_what_is_counted_takes_the_form_that_its_number_asks_for(language: str) -> None:
    with override(language):
        told = [ngettext("%(number)s gång", "%(number)s gånger", n) % {"number": n} for n in (1, 2, 5, 11)]
    assert told == TIMES[language]


@pytest.mark.parametrize("language", ["sv", *PREFIXES.values()])
def test_a_day_is_typed_alike_in_every_language(language: str) -> None:
    with override(language):
        assert formats.get_format("DATE_INPUT_FORMATS") == ["%Y-%m-%d"]
        assert formats.get_format("FIRST_DAY_OF_WEEK") == 1
        assert formats.date_format(date(2026, 3, 5), "SHORT_DATE_FORMAT") == "2026-03-05"
