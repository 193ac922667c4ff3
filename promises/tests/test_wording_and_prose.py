"""Swedish dates and numbers, staff's Markdown, and words of the trade."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override

from promises import wording
from promises.explaining import Use, first_uses, name_in
from promises.models import Term
from promises.months import Month, Period
from promises.prose import as_html, as_words
from promises.wording import clock, full_day, listed, number, percent, span_of_days


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", "_")


def test_dates_times_and_numbers_do_not_break_over_lines() -> None:
    assert plain(full_day(date(2026, 3, 5))) == "5_mars_2026"
    assert plain(clock(datetime(2026, 12, 3, 17, 30, tzinfo=UTC))) == "kl._18.30"
    assert (
        plain(clock(datetime(2026, 6, 3, 16, 30, tzinfo=UTC), datetime(2026, 6, 3, 18, 0, tzinfo=UTC)))
        == "kl._18.30–20.00"
    )
    assert plain(number(11800)) == "11_800"
    assert plain(percent(72.6)) == "72,6_%"


def test_the_last_moment_of_a_year_in_utc_is_the_new_year_in_sweden() -> None:
    assert plain(full_day(datetime(2025, 12, 31, 23, 30, tzinfo=UTC))) == "1_januari_2026"


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 3, 5), date(2026, 3, 5), "5_mars_2026"),
        (date(2026, 3, 5), date(2026, 3, 9), "5–9_mars_2026"),
        (date(2026, 1, 1), date(2026, 12, 31), "1_januari – 31_december_2026"),
        (date(2026, 2, 1), date(2027, 1, 31), "1_februari_2026 – 31_januari_2027"),
    ],
)
def test_a_span_of_days_says_no_more_than_it_must(first: date, last: date, words: str) -> None:
    assert plain(span_of_days(first, last)) == words


@pytest.mark.parametrize(
    ("words", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a och b"), (["a", "b", "c"], "a, b och c")]
)
def test_a_list_ends_with_and(words: list[str], text: str) -> None:
    assert listed(words) == text


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,hej)",
        "![x](https://annan.example/x.png)",
        '<img src=x onerror="alert(1)">',
        "<style>body{display:none}</style>",
        '[x](https://a.example/ "a" onclick=alert(1))',
    ],
)
def test_staff_s_words_cannot_do_harm(attack: str) -> None:
    html = as_html(attack)
    assert not any(part in html for part in ("<script", 'href="javascript', 'href="data', "<img", "<style"))
    assert " onclick=" not in html.split(">")[0]


def test_headings_in_a_report_lie_under_the_page_s_own() -> None:
    assert as_html("# Stor\n\n## Mindre\n\nText") == "<h3>Stor</h3>\n<h3>Mindre</h3>\n<p>Text</p>\n"


def test_the_words_alone_keep_what_looks_like_markup() -> None:
    assert as_words("Fler **än** 3 & < 5.\n\n- ett\n- två") == "Fler än 3 & < 5. ett två"


def term(word: str, spelled_out: str = "") -> Term:
    return Term(word=word, spelled_out=spelled_out)


def test_a_term_is_found_by_its_word_its_long_form_and_as_the_beginning_of_a_word() -> None:
    assert name_in("Polisen arbetar enligt HotSpotsmetoden.", term("HotSpots")) == "HotSpots"
    assert (
        name_in("möten med Trygg och Säker kommun", term("TSK", "Trygg och Säker kommun")) == "Trygg och Säker kommun"
    )
    assert name_in("Gemensamma lägesbilder.", term("lägesbild")) == "lägesbild"
    assert name_in("Det mesta är klart och resten är bäst.", term("EST")) == ""


def test_each_term_is_explained_at_its_first_use_only() -> None:
    est, samfu = term("EST"), term("SAMFU")
    est.pk, samfu.pk = 1, 2
    uses = first_uses({"a": "SAMFU", "b": "EST och SAMFU", "c": "EST"}, [est, samfu])
    assert uses == {"a": [Use(samfu, "SAMFU")], "b": [Use(est, "EST")], "c": []}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sv-x-lattlast", "5 mars 2026, 5 mar, kl. 16.30, 11 800, 72,6 %, mars 2026, mar, a, b och c"),
        ("en", "5 March 2026, 5 Mar, 16:30, 11,800, 72.6 %, March 2026, Mar, a, b and c"),
        ("uk", "5 березня 2026, 5 бер, 16:30, 11 800, 72,6 %, березень 2026, бер, a, b і c"),
        ("ar", "5 مارس 2026, 5/3, 16:30, 11,800, 72.6 %, مارس 2026, 3, a، b وc"),
    ],
)
def test_each_language_writes_days_and_numbers_as_it_does(language: str, words: str) -> None:
    day, moment = date(2026, 3, 5), datetime(2026, 3, 5, 15, 30, tzinfo=UTC)
    with override(language):
        written = [wording.full_day(day), wording.brief_day(day), wording.clock(moment), wording.number(11800)]
        written += [wording.percent(72.6), str(Month(2026, 3)), Period(Month(2026, 3)).short_label]
        written.append(wording.listed(["a", "b", "c"]))
    assert ", ".join(written).replace("\N{NO-BREAK SPACE}", " ") == words
