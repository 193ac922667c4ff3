"""Content in other languages: a translation of the very words, reviewed or not, and else the Swedish, marked."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils.translation import override

from promises import masking
from promises.content import read_page, read_toml, read_translations
from promises.models import InformationPage, Term, Translation
from promises.models.translation import OTHER_LANGUAGES
from promises.policy import Role
from promises.publishing import content_version
from promises.telling import in_words, names, tell, telling
from promises.tests.make import make_organisation, make_promise, make_user
from promises.translating import EASY, waiting

pytestmark = [pytest.mark.django_db, pytest.mark.alike]

SWEDISH = "Vi gör det tryggare."


def translate(source: str = SWEDISH, text: str = "We make it safer.", language: str = "en") -> Translation:
    return Translation.objects.create(language=language, source=source, text=text)


def shown(source: str, language: str) -> str:
    with override(language), telling(language):
        return tell(source).inline()


def test_a_text_is_told_in_the_pages_language_and_else_in_swedish_marked_as_such() -> None:
    translate()
    assert shown(SWEDISH, "en") == "We make it safer."
    assert shown(SWEDISH, "ar") == f'<span lang="sv" dir="ltr">{SWEDISH}</span>'
    assert shown(SWEDISH, "sv") == shown(SWEDISH, "sv-x-lattlast") == SWEDISH


def test_a_translation_of_words_that_have_changed_is_not_shown() -> None:
    translate()
    assert "lang" in shown("Vi gör det mycket tryggare.", "en")
    assert shown("Vi gör\r\n det tryggare. ", "en") == "We make it safer."


def test_a_translation_cannot_smuggle_markup_into_a_page() -> None:
    translate(text="<script>alert(1)</script>")
    assert "<script>" not in shown(SWEDISH, "en")
    assert "<b>" not in shown("<b>Nytt</b>", "en")


def test_swedish_within_an_arabic_sentence_does_not_turn_it() -> None:
    with override("ar"), telling("ar"):
        assert in_words("Torget") == "\N{FIRST STRONG ISOLATE}Torget\N{POP DIRECTIONAL ISOLATE}"


def test_a_telephone_number_is_not_turned_around_in_arabic() -> None:
    translate("Ring polisen.", "اتصل على 0725-25 94 20 أو 114 14. [الشهر](/2026-10/ 2)", "ar")
    isolated = "\N{FIRST STRONG ISOLATE}0725-25 94 20\N{POP DIRECTIONAL ISOLATE}"
    assert isolated in shown("Ring polisen.", "ar")
    assert "\N{FIRST STRONG ISOLATE}114 14\N{POP DIRECTIONAL ISOLATE}" in shown("Ring polisen.", "ar")
    assert "(/2026-10/ 2)" in shown("Ring polisen.", "ar")
    translate("Ring polisen.", "Call 114 14.", "en")
    assert shown("Ring polisen.", "en") == "Call 114 14."


def test_names_are_told_with_a_capital_only_where_they_stand_alone() -> None:
    translate("Polisen", "the police")
    with override("en"), telling("en"):
        assert names(["Bostäder", "Polisen"]) == "Bostäder and the police"
        assert tell("Polisen").alone() == "The police"
        assert tell("Bostäder").alone() == '<span lang="sv" dir="ltr">Bostäder</span>'
    assert names(["kommunen", "Polisen"]) == "kommunen och Polisen"


@pytest.mark.differs
def test_a_page_asks_for_all_its_translations_at_once(django_assert_num_queries) -> None:
    translate()
    with override("en"), telling("en"), django_assert_num_queries(1):
        for text in (SWEDISH, "Något", "Annat"):
            tell(text)


def test_a_page_says_that_nobody_has_reviewed_its_translation_until_somebody_has(client) -> None:
    promise = make_promise(lead=SWEDISH, slug="2026")
    translation = translate()
    address = "/en/loften/2026/"
    note = '<p class="translation-note">'
    page = client.get(address).content.decode()
    assert note in page
    assert '<a href="/loften/2026/" hreflang="sv" lang="sv">' in page
    assert note not in client.get("/loften/2026/").content.decode()
    assert note not in client.get("/uk/loften/2026/").content.decode()
    translation.review(make_user(promise.signing_partners()[0], Role.EDITOR))
    assert note not in client.get(address).content.decode()
    translation.rewrite("We make things safer.")
    assert note in client.get(address).content.decode()


def test_a_signed_promise_is_translated_without_being_touched() -> None:
    promise = make_promise(lead=SWEDISH)
    before, digest = content_version(), promise.published_digest
    translate()
    promise.refresh_from_db()
    assert promise.frozen_digest() == promise.published_digest == digest
    assert content_version() > before


@pytest.mark.differs
def test_words_that_are_masked_are_gone_in_every_language_and_every_alphabet() -> None:
    partners = make_organisation(), make_organisation()
    term = Term.objects.create(word="X", slug="x", explanation="Kalle var här.")
    translation = translate("Kalle var här.", "Калле був тут.", "uk")
    one, other = (make_user(each, Role.EDITOR) for each in partners)
    proposed = masking.propose(one, "Kalle", "personuppgift", [hit.key for hit in masking.find("Kalle")])
    masking.confirm(proposed[0], other)
    term.refresh_from_db()
    translation.refresh_from_db()
    assert "Kalle" not in term.explanation + translation.source + translation.text
    assert "Калле" not in translation.text
    assert "Калле" not in shown(term.explanation, "uk")


def test_what_waits_for_a_translation_is_listed_once_and_written_beside_the_swedish(client) -> None:
    user = make_user(make_organisation(), Role.EDITOR)
    client.force_login(user)
    make_promise(lead=SWEDISH, background=SWEDISH)
    (text,) = [each for each in waiting("uk") if each.source == SWEDISH]
    address = reverse("admin:promises_translation_waiting")
    assert text.digest in client.get(address, {"sprak": "uk"}).content.decode()
    form = client.get(reverse("admin:promises_translation_add"), {"sprak": "uk", "text": text.digest})
    assert SWEDISH in form.content.decode()
    posted = {"language": "uk", "source": SWEDISH, "text": "Безпечніше.", "is_reviewed": "on"}
    client.post(reverse("admin:promises_translation_add"), posted, headers={"origin": "http://testserver"})
    translation = Translation.objects.get(language="uk")
    assert (translation.text, translation.reviewed_by) == ("Безпечніше.", user)
    assert text.digest not in client.get(address, {"sprak": "uk"}).content.decode()


def test_two_who_translate_the_same_text_at_once_make_one_translation_and_no_crash(client) -> None:
    client.force_login(make_user(make_organisation(), Role.EDITOR))
    words = {"language": "en", "source": SWEDISH, "text": "We make it safer."}
    address, here = reverse("admin:promises_translation_add"), {"origin": "http://testserver"}
    assert client.post(address, words, headers=here).status_code == 302
    again = client.post(address, words | {"source": f" {SWEDISH}\n"}, headers=here)
    assert "någon annan hann före" in again.content.decode()
    assert Translation.objects.count() == 1


def test_another_wording_takes_the_review_away_unless_it_is_given_again(client) -> None:
    user = make_user(make_organisation(), Role.EDITOR)
    translation = translate()
    translation.review(user)
    client.force_login(user)
    address = reverse("admin:promises_translation_change", args=[translation.pk])
    client.post(address, {"text": "Other words."}, headers={"origin": "http://testserver"})
    translation.refresh_from_db()
    assert (translation.text, translation.is_reviewed) == ("Other words.", False)
    client.post(address, {"text": "Other words.", "is_reviewed": "on"}, headers={"origin": "http://testserver"})
    translation.refresh_from_db()
    assert translation.reviewed_by == user


@pytest.mark.parametrize("language", dict(OTHER_LANGUAGES))
def test_the_promise_is_delivered_in_every_language_whole(language: str) -> None:
    told = dict(read_translations(language))
    promise = read_toml("tranemo.toml")["promise"]
    # Easy Swedish has the same title.
    names = [name for name, text in promise.items() if isinstance(text, str) and (language, name) != (EASY, "title")]
    texts = [promise[name] for name in names] + [
        each[name] for each in promise["actions"] for name in ("title", "text")
    ]
    texts += [each["explanation"] for each in read_toml("tranemo.toml")["terms"]]
    texts += [read_page(name)[1] for name in InformationPage.Name.values]
    if language != EASY:
        for each in read_toml("tranemo.toml")["organisations"]:
            texts += [each["name"], each["short_name"], *each.get("sections", [])]
    assert [text for text in texts if text not in told] == []
    assert all(text.strip() for text in told.values())
    for name in InformationPage.Name.values:
        swedish = read_page(name)[1]
        assert len(re.findall("^## ", told[swedish], re.M)) == len(re.findall("^## ", swedish, re.M)), name


def test_translations_are_sifted_by_language_and_by_whether_somebody_has_read_them(client) -> None:
    user = make_user(make_organisation(), Role.EDITOR)
    client.force_login(user)
    make_promise(lead=SWEDISH)
    translate(SWEDISH, "Безпечніше.", "uk")
    translate(SWEDISH, "Safer.", "en").review(user)
    address = reverse("admin:promises_translation_changelist")

    def found(**asked: str) -> list[str]:
        page = client.get(address, asked).content.decode()
        return [text for text in ("Безпечніше.", "Safer.") if text in page]

    assert found(sprak="uk") == found(granskad="nej") == ["Безпечніше."]
    assert found(sprak="en") == found(granskad="ja") == ["Safer."]
    assert found(sprak="xx") == found(granskad="kanske") == ["Безпечніше.", "Safer."]
    assert ">Українська<" in client.get(address).content.decode()
