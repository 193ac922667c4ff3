"""Search finds what is published: by stems on PostgreSQL, by the beginning of words on both."""

from __future__ import annotations

import time
from datetime import date

import pytest
from django.test import Client

from followups.models import Reading
from followups.tests.make import make_indicator, make_meeting, make_report
from promises.models import InformationPage, PlaceReason
from promises.tests.make import make_locality, make_place, make_promise, make_user
from surveys.tests.make import make_question, make_round, make_survey
from tranemo_trygghet.pages.search import EXCERPT, around, hits
from tranemo_trygghet.tests.make import SECRET, TENTH_OF_MAY, make_portal, plant_secrets

pytestmark = pytest.mark.django_db


def titles(query: str) -> list[str]:
    return [hit.title for hit in hits(query)]


def test_capital_and_small_letters_are_the_same_also_with_dots_and_rings(clock) -> None:
    make_place("Åsgatan")
    make_place("ÄNGEN", description="ÖRTER OCH ÅKRAR")
    assert titles("åsgatan") == titles("ÅSG") == ["Åsgatan"]
    assert titles("sgatan") == []
    assert titles("ängen") == titles("örter åkrar") == ["ÄNGEN"]
    assert titles("angen") == titles("akrar") == []


def test_every_word_must_be_there_and_a_title_weighs_most(clock) -> None:
    make_place("Torget", description="Där är belysningen trasig.")
    make_place("Belysningen", description="Torget ligger bredvid.")
    assert set(titles("belysning torg")) == {"Torget", "Belysningen"}
    assert titles("belysning") == ["Belysningen", "Torget"]
    assert titles("belysning park") == []


def test_a_localitys_places_come_before_what_else_names_it(clock) -> None:
    make_report(make_promise(), "2026-01", text="Mötet hölls i Limmared.")
    place = make_place("Stationen", locality=make_locality("Limmared"), description="Många byter här.")
    assert titles("limmared") == ["Stationen", "Januari 2026"]
    assert hits("limmared")[0].excerpt == "Limmared. Många byter här."
    assert titles(place.name) == ["Stationen"]


def test_meetings_that_are_called_alike_are_told_apart_by_their_days(clock) -> None:
    for day in (4, 25):
        make_meeting(date(2026, 3, day), is_public=True, venue="Folkets hus")
    assert {hit.kind.replace("\xa0", " ") for hit in hits("folkets")} == {"Möte · 4 mars 2026", "Möte · 25 mars 2026"}


def test_a_figure_is_found_where_a_promise_shows_it(clock) -> None:
    make_promise(slug="2026")
    thefts, unread = make_indicator(name="Stölder ur bil"), make_indicator(name="Stölder ur båt")
    make_indicator(name="Stölder av cykel").publish()
    for indicator, day in ((thefts, date(2026, 1, 1)), (unread, date(2025, 1, 1))):
        indicator.publish()
        Reading.objects.create(indicator=indicator, first_day=day, value=3)
    assert [(hit.title, hit.url) for hit in hits("stölder")] == [("Stölder ur bil", "/loften/2026/#siffror")]


def test_a_question_leads_to_its_answers_and_before_there_are_any_to_its_round(clock) -> None:
    clock.move_to(TENTH_OF_MAY)
    portal = make_portal()
    told = portal.survey_round.survey.rounds.exclude(pk=portal.survey_round.pk).get()
    questions = [make_question("lamps", text="Lyser lamporna vid {plats}?")]
    asked = make_round(survey=make_survey(questions))
    make_survey([make_question("draft", text="Lyser lamporna i utkastet?")])
    assert [(hit.title, hit.url) for hit in hits("trygg mörkt")] == [
        ("Hur trygg känner du dig på platsen när det är mörkt?", f"{told.result_url}#fraga-safety")
    ]
    assert [(hit.title, hit.url) for hit in hits("lyser lamp")] == [
        ("Lyser lamporna vid platsen?", asked.get_absolute_url())
    ]


def test_a_question_is_found_by_its_answers_and_leads_to_where_they_stand(clock, client: Client) -> None:
    clock.move_to(TENTH_OF_MAY)
    make_portal()
    found = [*hits("mycket otrygg"), *hits("mer polis")]
    assert [hit.url.partition("#")[2] for hit in found] == ["fraga-safety", "fraga-wishes"]
    assert "Mer polis." in found[1].excerpt
    for hit in found:
        address, _hash, name = hit.url.partition("#")
        assert client.get(address).content.decode().count(f'id="{name}"') == 1, hit.title


def test_a_report_is_found_by_what_it_says_of_an_action_and_by_its_month(clock) -> None:
    make_report(make_promise(), "2026-01", text="Vi har bytt **lampor**.")
    make_report(make_promise(), "2026-02", text="Hemliga lampor.", published=False)
    assert titles("lampor") == ["Januari 2026"]
    assert titles("jan 2026") == ["Januari 2026"]
    assert titles("februari") == []
    assert "Vi har bytt lampor." in hits("lampor")[0].excerpt


def test_words_of_a_search_may_stand_in_different_parts_of_a_page(clock) -> None:
    place = make_place("Torget", description="Där är mörkt.")
    for text in ("Lampan är trasig.", "Buskarna skymmer."):
        PlaceReason.objects.create(place=place, source="meeting", noted_on=date(2026, 1, 1), text=text)
    assert titles("mörkt lampan buskarna torget") == ["Torget"]


def test_eight_words_that_stand_in_every_line_are_looked_for_at_once(clock) -> None:
    report = make_report(make_promise(actions=8), "2026-01", text="En två tre fyra fem sex sju åtta.")
    began = time.process_time()
    assert titles("en två tre fyra fem sex sju åtta") == [str(report).capitalize()]
    assert time.process_time() - began < 1


@pytest.mark.postgresql
def test_a_word_is_found_in_its_other_forms(clock) -> None:
    make_place("Torget", description="Vi har bytt lamporna och talat med ungdomarna om otryggheten.")
    for word in ("lampa", "lampor", "ungdom", "otrygghet"):
        assert titles(word) == ["Torget"], word
    assert "lamporna" in hits("lampor")[0].excerpt


def test_pages_about_the_portal_are_found(clock) -> None:
    InformationPage(name="kakor", text="Vi har inga **kakor**.").save()
    assert [(hit.title, hit.url) for hit in hits("inga kakor")] == [("Kakor", "/kakor/")]


def test_no_draft_is_found_and_no_text_from_before_a_change(clock, client: Client) -> None:
    clock.move_to(TENTH_OF_MAY)
    portal = make_portal()
    plant_secrets(portal)
    assert hits(SECRET) == hits("hemligt") == []
    page = InformationPage.named("om")
    page.rewrite("Nyskrivet.", make_user(portal.promise.signing_partners()[0]))
    assert titles("nyskrivet") == ["Om sidan"]
    page.rewrite("Annat.", make_user(portal.promise.signing_partners()[0]))
    assert titles("nyskrivet") == []


def test_a_search_asks_the_database_no_more_for_many_hits(clock, client: Client, django_assert_max_num_queries) -> None:
    clock.move_to(TENTH_OF_MAY)
    make_portal()
    for number in range(3):
        make_place(f"Torget {number}")
    with django_assert_max_num_queries(12):
        assert client.get("/sok/", {"q": "t"}).content.decode().count("<li><p") >= 4


@pytest.mark.parametrize(
    "query", ["", " ", "%", "'", "\x00", "(", "a & | ! :*", "_ _", "<script>", "a" * 5000, "a " * 50]
)
def test_no_query_breaks_the_page(client: Client, query: str) -> None:
    page = client.get("/sok/", {"q": query})
    assert page.status_code == 200
    assert "<script>" not in page.content.decode()


@pytest.mark.parametrize("place", [0, 40, 500, 990])
def test_the_excerpt_is_short_whole_words_around_what_was_looked_for(place: int) -> None:
    text = "ord " * (place // 4) + "lampor " + "ord " * (250 - place // 4)
    for word in ("lamp", "lampans"):
        excerpt = around([word], text)
        assert "lampor" in excerpt
        assert len(excerpt) <= EXCERPT + 4
        assert set(excerpt.split()) <= {"ord", "lampor", "…"}
