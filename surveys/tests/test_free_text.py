"""What residents wrote: hints, themes with counts, quotes that two say yes to, and nothing else that leaves."""

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from promises.policy import Role
from promises.tests.backoffice import fields_of, logged_in, messages_of, text_of
from promises.tests.make import make_organisation, make_user
from surveys import results, themes
from surveys.counting import erase_round
from surveys.hints import kinds_in
from surveys.models import Quote, Theme
from surveys.tests.backoffice import address
from surveys.tests.make import answer, close_and_count, make_coordinator, make_round

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

DARK = "Det är för mörkt vid tunneln."


def round_with_texts(texts=(DARK,) * 8 + ("Kanariefågel, ring 070-123 45 67.", "Mer polis.", "Mer polis tack.")):
    survey_round = make_round()
    for text in texts:
        answer(survey_round, channel="c", safety="safe", texts={"words": text})
    return close_and_count(survey_round)


@pytest.fixture
def survey_round():
    return round_with_texts()


@pytest.fixture
def theme(survey_round):
    themes.write_themes(survey_round, "words", {"Belysning": 8})
    return Theme.objects.get()


# --- hints ---


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ring 070-123 45 67 nu", "telephone"),
        ("ring 0325-576000", "telephone"),
        ("+46 70 123 45 67", "telephone"),
        ("jag är 850709-9805", "personal_number"),
        ("198507099805 är jag", "personal_number"),
        ("en svart volvo abc 123", "plate"),
        ("ABC12D körde för fort", "plate"),
        ("skriv till kalle@example.se", "email"),
        ("vid Storgatan 12 är det mörkt", "address"),
        ("det är Kalle Svensson som stör", "name"),
        ("det är väl Kalle igen", "name"),
    ],
)
def test_what_may_point_somebody_out_is_marked(text, kind):
    assert kind in kinds_in(text)


@pytest.mark.parametrize(
    "text", [DARK, "Fler lampor, 3 eller 4 stycken.", "Sedan 2019 är det värre.", "Från 22 till 23."]
)
def test_ordinary_words_are_not(text):
    assert kinds_in(text) == set()


# --- themes ---


def test_themes_are_written_a_line_each():
    assert themes.parsed("Belysning: 31\n\n Tågen: sena: 4 ") == {"Belysning": 31, "Tågen: sena": 4}
    for wrong in ("Belysning", "Belysning: många", f"Belysning: {'9' * 5000}", ": 3", "A: 3\nA: 4"):
        with pytest.raises(ValidationError):
            themes.parsed(wrong)


def test_themes_that_are_written_anew_take_the_place_of_those_before(survey_round, theme):
    themes.write_themes(survey_round, "words", {"Tågen": 4, "Belysning": 5})
    assert dict(theme.reading.themes.values_list("title", "count")) == {"Tågen": 4, "Belysning": 5}
    themes.write_themes(survey_round, "words", {"Tågen": 3})
    assert dict(theme.reading.themes.values_list("title", "count")) == {"Tågen": 3}


@pytest.mark.parametrize("count", [2, 12])
def test_a_theme_is_of_at_least_three_and_of_no_more_than_were_read(survey_round, count):
    with pytest.raises(ValidationError, match="mellan 3 och 11"):
        themes.write_themes(survey_round, "words", {"Belysning": count})


def test_nobody_reads_before_the_count():
    survey_round = make_round()
    with pytest.raises(ValidationError, match="när omgången är räknad"):
        themes.texts_of(survey_round, "words")


# --- quotes ---


def test_a_quote_is_published_only_after_a_second_persons_yes(survey_round, theme):
    first, second = make_coordinator(), make_coordinator()
    quote = themes.propose_quote(theme, DARK, first)
    assert results.build_release(survey_round)["themes"][0]["themes"][0]["quotes"] == []
    with pytest.raises(ValidationError, match="Någon annan"):
        quote.confirm(first)
    quote.confirm(second)
    assert results.build_release(survey_round)["themes"][0]["themes"][0]["quotes"] == [DARK]


def test_the_database_too_refuses_the_same_person_twice(theme):
    user = make_coordinator()
    quote = themes.propose_quote(theme, DARK, user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Quote.objects.filter(pk=quote.pk).update(confirmed_by=user, confirmed_at=theme.reading.round.opens_at)


def test_a_quote_stands_word_for_word_in_an_answer_and_what_is_left_out_is_marked(theme):
    user = make_coordinator()
    themes.propose_quote(theme, "Det är […] mörkt vid tunneln.", user)
    with pytest.raises(ValidationError, match="redan föreslaget"):
        themes.propose_quote(theme, "Det är […] mörkt vid tunneln.", make_coordinator())
    for wrong in ("Det är ljust.", "mörkt […] Det är", "[…]", "Kanariefågel, ring 070-123 45 67."):
        with pytest.raises(ValidationError):
            themes.propose_quote(theme, wrong, user)


# --- what leaves ---


def test_themes_and_confirmed_quotes_are_all_that_leaves(client, survey_round, theme):
    themes.propose_quote(theme, DARK, make_coordinator()).confirm(make_coordinator())
    themes.propose_quote(theme, "för mörkt", make_coordinator())
    release = results.publish_release(survey_round, make_coordinator())
    content = json.dumps(release.content, ensure_ascii=False)
    assert release.content["themes"] == [
        {
            "key": "words",
            "question": "Fråga om words?",
            "read": 11,
            "themes": [{"title": "Belysning", "count": 8, "quotes": [DARK]}],
        }
    ]
    assert "Kanariefågel" not in content
    page = text_of(client.get(survey_round.result_url))
    assert "Belysning: 8 av 11" in page
    assert DARK in page
    assert "Kanariefågel" not in page


def test_fewer_than_ten_texts_give_no_themes():
    survey_round = round_with_texts([DARK] * 9)
    themes.write_themes(survey_round, "words", {"Belysning": 9})
    assert results.build_release(survey_round)["themes"] == []


def test_erasing_takes_the_quotes_that_nobody_confirmed_and_keeps_the_themes(survey_round, theme):
    themes.propose_quote(theme, DARK, make_coordinator()).confirm(make_coordinator())
    themes.propose_quote(theme, "för mörkt", make_coordinator())
    erase_round(survey_round)
    assert [quote.text for quote in Quote.objects.all()] == [DARK]
    assert Theme.objects.count() == 1


# --- in the back office ---


def test_only_whoever_answers_for_surveys_reads(survey_round):
    for role in set(Role) - {Role.SURVEYS}:
        response = logged_in(make_user(make_organisation(), role)).get(address(survey_round, "free_text"))
        assert response.status_code in (302, 403, 404), role
        assert b"Kanarief" not in response.content
    page = logged_in(make_coordinator()).get(address(survey_round, "free_text"))
    assert "Kanariefågel" in text_of(page)
    assert "<mark>070-123 45 67" in text_of(page)
    assert "no-store" in page["Cache-Control"]


def test_from_texts_to_a_confirmed_quote_in_the_back_office(survey_round):
    one, other = logged_in(make_coordinator()), logged_in(make_coordinator())
    url = address(survey_round, "free_text")
    one.post(url, {"_themes": "1", "themes": "Belysning: 8"})
    one.post(url, {"_quote": "1", "theme": Theme.objects.get().pk, "text": DARK})
    quote = Quote.objects.get()
    refused = one.post(url, {"_confirm": quote.pk}, follow=True)
    assert "Någon annan" in messages_of(refused)
    for made_up in ("nej", "9" * 5000):
        assert other.post(url, {"_confirm": made_up}).status_code == 404
    other.post(url, {"_confirm": quote.pk})
    assert Quote.objects.get().confirmed_at
    assert "Bekräftat av" in text_of(one.get(url))
    one.post(url, {"_remove": quote.pk})
    assert not Quote.objects.exists()


def test_what_is_refused_stays_to_be_mended_beside_the_reason(survey_round):
    client, url = logged_in(make_coordinator()), address(survey_round, "free_text")
    for wrong, reason in [("Belysning: 8\nTågen 4", "Inte: Tågen 4"), ("Belysning: 99", "mellan 3 och 11")]:
        page = client.post(url, {"_themes": "1", "themes": wrong})
        assert fields_of(page, "themes")["themes"] == wrong
        assert text_of(page).count(reason) == 1
    client.post(url, {"_themes": "1", "themes": "Belysning: 8"})
    page = client.post(url, {"_quote": "1", "theme": Theme.objects.get().pk, "text": "Det är ljust."})
    assert fields_of(page, "text")["text"] == "Det är ljust."
    assert text_of(page).count("ordagrant i ett svar") == 1
    assert fields_of(page, "themes")["themes"] == "Belysning: 8"


def test_the_second_person_sees_what_in_a_quote_may_point_somebody_out():
    survey_round = round_with_texts([DARK] * 9 + ["Min granne Anna Svensson skriker."])
    themes.write_themes(survey_round, "words", {"Grannar": 3})
    themes.propose_quote(Theme.objects.get(), "Min granne Anna Svensson skriker.", make_coordinator())
    page = text_of(logged_in(make_coordinator()).get(address(survey_round, "free_text")))
    assert "<mark>Anna Svensson" in page[page.index('id="citat"') :]


def test_no_log_holds_what_was_written(survey_round, caplog):
    client = logged_in(make_coordinator())
    with caplog.at_level("DEBUG"):
        client.get(address(survey_round, "free_text"))
        client.post(address(survey_round, "free_text"), {"_themes": "1", "themes": "Belysning: 8"})
    logged = caplog.text + " ".join(map(str, LogEntry.objects.values_list("change_message", "object_repr")))
    assert "Kanariefågel" not in logged
    assert "Belysning" not in logged
