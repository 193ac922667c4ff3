"""What a resident meets: the same page for everyone, that takes an answer and remembers nobody."""

import re
from datetime import timedelta

import pytest
from django.http import QueryDict

from promises.tests.make import make_contact, make_organisation, make_place
from surveys import codes, results
from surveys.forms import ResponseForm
from surveys.models import FreeText, Invitation, Response
from surveys.tests.make import (
    CLOSES,
    OPENS,
    answer,
    ask_only_if,
    close_and_count,
    make_codes,
    make_coordinator,
    make_question,
    make_round,
    make_scale,
    make_survey,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

REFUSAL = (
    "Koden går inte att använda. Har du redan svarat med den är svaret mottaget. "
    "Kontrollera annars bokstäverna eller ring 0325-57 60 00."
)


@pytest.fixture
def post(client):
    """Post an answer as a page of the portal does."""

    def post(survey_round, query="", **data):
        return client.post(survey_round.get_absolute_url() + query, data, headers={"origin": "http://testserver"})

    return post


def words_of(response):
    return " ".join(response.content.decode().split())


# --- the way back ---


def test_from_the_list_a_closed_survey_and_a_result_there_is_a_way_back(client):
    survey_round = make_round(places=2)
    way = '<a href="/enkater/">Enkäter</a>'
    assert '<span aria-current="page">Enkäter</span>' in words_of(client.get("/enkater/"))
    assert way not in words_of(client.get(survey_round.get_absolute_url())), "a form is left by sending it"
    close_and_count(survey_round)
    for address in ("", "resultat/"):
        assert way in words_of(client.get(survey_round.get_absolute_url() + address)), address


# --- answering ---


def test_an_answer_with_a_code_leads_to_thanks_by_303(post, client):
    survey_round = make_round()
    code = make_codes(survey_round, 1)[0]
    response = post(survey_round, kod=code.lower(), q_safety="unsafe", q_wishes=["light", "police"], q_words="Mörkt.")
    assert (response.status_code, response["Location"]) == (303, f"/enkater/{survey_round.slug}/tack/")
    stored = Response.objects.get()
    assert (stored.channel, stored.answers) == ("c", "3101--")
    assert FreeText.objects.get().text == "Mörkt."
    assert client.get(response["Location"]).status_code == 200


def test_every_refused_code_gets_the_same_sentence_and_the_answers_are_kept(post):
    make_contact(make_organisation(), telephone="0325-57 60 00")
    survey_round = make_round()
    used = make_codes(survey_round, 1)[0]
    answer(survey_round, channel="c", code=used, safety="safe")
    for code in [used, "AAAAA-AAAAA", "x", "!?", "å" * 60]:
        response = post(survey_round, kod=code, q_safety="unsafe", q_words="Mina ord.")
        page = words_of(response)
        assert page.count(REFUSAL) == 2, "in the summary and beside the field"
        assert "Mina ord." in page
        assert re.search(r'value="unsafe"[^>]*checked', page)
    assert Response.objects.count() == 1


def test_a_guesser_gets_the_same_sentence_and_others_are_let_in(post, client):
    make_contact(make_organisation(), telephone="0325-57 60 00")
    survey_round = make_round()
    good = make_codes(survey_round, 1)[0]
    for number in range(codes.WRONG_CODES_AN_HOUR):
        # All of them one subscriber's.
        client.defaults["REMOTE_ADDR"] = f"2001:db8:1:2::{number:x}"
        post(survey_round, kod="AAAAA-AAAAA", q_safety="unsafe")
    client.defaults["REMOTE_ADDR"] = "2001:db8:1:2:ffff::1"
    assert REFUSAL in words_of(post(survey_round, kod=good, q_safety="unsafe"))
    elsewhere = client.post(
        survey_round.get_absolute_url(),
        {"kod": good, "q_safety": "unsafe"},
        headers={"origin": "http://testserver"},
        REMOTE_ADDR="192.0.2.7",
    )
    assert elsewhere.status_code == 303


def test_right_codes_are_never_counted_against_anybody(post):
    survey_round = make_round()
    for code in make_codes(survey_round, codes.WRONG_CODES_AN_HOUR + 5):
        assert post(survey_round, kod=code, q_safety="unsafe").status_code == 303


def test_without_a_code_the_answer_counts_as_open_where_the_link_is_open(post):
    survey_round = make_round()
    assert post(survey_round, q_safety="unsafe").status_code == 303
    assert Response.objects.get().channel == "o"


def test_without_a_code_nothing_is_taken_where_a_code_is_needed(post):
    survey_round = make_round(takes_open=False)
    assert "Skriv koden som står i ditt brev." in words_of(post(survey_round, q_safety="unsafe"))
    assert not Response.objects.exists()


def test_an_empty_answer_burns_no_code(post):
    survey_round = make_round()
    code = make_codes(survey_round, 1)[0]
    assert "Du har inte svarat på någon fråga." in words_of(post(survey_round, kod=code))
    assert Invitation.objects.exists()


def test_whoever_fills_in_the_hidden_field_is_told_and_can_send_again(post):
    survey_round = make_round()
    response = post(survey_round, q_safety="unsafe", webbsida="https://spam.example")
    assert "ett dolt fält var ifyllt" in words_of(response)
    assert "spam.example" not in words_of(response)
    assert not Response.objects.exists()


# --- what is checked ---


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"q_safety": "rather"}, "Välj ett av svaren."),
        ({"q_wishes": ["light", "adults", "police"]}, "Välj högst två svar."),
        ({"q_wishes": ["nonsense"]}, "Välj ett av svaren."),
        ({"q_words": "x" * 2001}, "Texten är för lång. Den får vara högst 2000 tecken, och är 2001."),
        ({"q_words": "a\x00b"}, "Texten innehåller tecken som inte går att spara. Skriv om den."),
    ],
)
def test_what_cannot_be_taken_is_explained_beside_the_question(post, data, sentence):
    response = post(make_round(), **data)
    assert sentence in words_of(response)
    assert not Response.objects.exists()


def test_a_lone_surrogate_is_refused_by_the_form():
    data = QueryDict(mutable=True)
    data["q_words"] = "a\ud800b"
    form = ResponseForm(data, survey_round=make_round())
    assert not form.is_valid()
    assert form.errors["q_words"] == ["Texten innehåller tecken som inte går att spara. Skriv om den."]


def test_line_breaks_count_as_the_browser_counts_them(post):
    survey_round = make_round()
    assert post(survey_round, q_words="rad\r\n" * 500).status_code == 303
    assert "\r" not in FreeText.objects.get().text


def test_only_what_the_survey_says_is_required(post):
    survey = make_survey([make_question("safety"), make_question("other")], required=["safety"])
    survey_round = make_round(survey=survey)
    assert "Frågan behöver ett svar." in words_of(post(survey_round, q_other="safe"))
    assert post(survey_round, q_safety="safe").status_code == 303


def test_a_required_question_that_was_not_asked_is_not_missed(post):
    survey = make_survey([make_question("safety"), make_question("why")], required=["why"])
    ask_only_if(survey, "why", "safety", ["unsafe"])
    survey_round = make_round(survey=survey)
    assert post(survey_round, q_safety="safe", q_why="nonsense").status_code == 303
    assert "Frågan behöver ett svar." in words_of(post(survey_round, q_safety="unsafe"))


def test_an_answer_that_goes_with_no_other_is_refused_with_others(post):
    scale = make_scale([("light", "Ljus", "x"), ("refuses", "Vill inte svara", "x")])
    scale.options.filter(key="refuses").update(is_exclusive=True)
    survey_round = make_round(
        survey=make_survey([make_question("safety"), make_question("wants", "several", scale=scale)])
    )
    page = words_of(post(survey_round, q_wants=["light", "refuses"]))
    assert "”Vill inte svara” går inte att välja ihop med andra svar." in page


# --- places ---


def test_an_open_round_at_several_places_asks_which(post):
    survey_round = make_round(places=2)
    assert "Välj vilken plats du svarar om." in words_of(post(survey_round, q_safety="unsafe"))
    assert post(survey_round, q_safety="unsafe", plats="2").status_code == 303
    assert Response.objects.get().place == 2


def test_a_posters_link_names_its_place(post, client):
    survey_round = make_round(places=[make_place("Torget"), make_place("Resecentrum", slug="resecentrum")])
    page = words_of(client.get(survey_round.get_absolute_url() + "?plats=resecentrum"))
    assert "känner du dig på Resecentrum" in page
    assert post(survey_round, "?plats=resecentrum", q_safety="unsafe").status_code == 303
    assert Response.objects.get().place == 2


# --- the same for everyone ---


@pytest.fixture
def every_page():
    """Every address of the surveys, with something to show on each."""
    open_round, ended = make_round(), make_round()
    answer(ended, times=12, channel="c", safety="safe")
    answer(ended, times=12, channel="c", safety="unsafe", gender="man", wishes=["light"])
    results.publish_release(close_and_count(ended), make_coordinator(), "Så gick det.")
    coming = make_round(opens_at=CLOSES, closes_at=CLOSES + timedelta(days=9))
    addresses = ["/enkater/", *(each.get_absolute_url() for each in (open_round, ended, coming))]
    return [*addresses, f"/enkater/{open_round.slug}/tack/", f"/enkater/{ended.slug}/resultat/"]


def test_no_page_sets_a_cookie_or_differs_by_visitor(client, every_page):
    for address in every_page:
        response = client.get(address)
        assert response.status_code == 200, address
        assert not response.cookies
        assert "Set-Cookie" not in response
        assert "Cookie" not in response.get("Vary", "")
        assert response["Cache-Control"].startswith("public, max-age=1,")
        assert response["Referrer-Policy"] in ("same-origin", "no-referrer")  # test_headers.py says where which
        assert "csrfmiddlewaretoken" not in response.content.decode()


def test_an_answer_sets_no_cookie_and_is_never_kept(post):
    survey_round = make_round()
    for response in [post(survey_round, q_safety="unsafe"), post(survey_round)]:
        assert not response.cookies
        assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("headers", [{}, {"origin": "https://elsewhere.example"}, {"origin": "null"}])
def test_a_form_from_elsewhere_is_refused(client, headers):
    survey_round = make_round()
    response = client.post(survey_round.get_absolute_url(), {"q_safety": "unsafe"}, headers=headers)
    assert response.status_code == 403
    assert not Response.objects.exists()


def test_the_page_says_what_is_stored_and_promises_no_more(client):
    page = words_of(client.get(make_round().get_absolute_url()))
    assert "Vi sparar inte vem du är" in page
    assert "Anonymt – så fungerar det" in page
    assert "helt anonym" not in page.lower()
    assert "går inte att spåra" not in page.lower()


# --- when ---


def test_a_draft_is_nowhere(client):
    survey_round = make_round(locked=False)
    for end in ("", "tack/", "resultat/"):
        assert client.get(survey_round.get_absolute_url() + end).status_code == 404
    assert survey_round.title not in words_of(client.get("/enkater/"))


def test_before_it_opens_the_address_says_when(client, clock):
    survey_round = make_round()
    clock.move_to(OPENS - timedelta(hours=1))
    assert "Enkäten öppnar 2 mars 2026 kl. 08.00." in words_of(client.get(survey_round.get_absolute_url()))


def test_after_it_has_closed_an_answer_is_refused_in_words(post, client, clock):
    survey_round = make_round()
    clock.move_to(CLOSES)
    assert "Stängde 31 mars 2026." in words_of(client.get(survey_round.get_absolute_url()))
    response = post(survey_round, q_safety="unsafe")
    assert response.status_code == 409
    assert "Ditt svar är inte sparat" in words_of(response)
    assert not Response.objects.exists()


def test_the_thanks_lead_to_where_the_result_will_be_and_that_page_says_when(client, clock):
    survey_round = make_round()
    address = f"/enkater/{survey_round.slug}/resultat/"
    assert f'href="{address}"' in words_of(client.get(f"/enkater/{survey_round.slug}/tack/"))
    open_still = words_of(client.get(address))
    assert "Öppen till och med 31 mars 2026. Sedan räknar vi svaren." in open_still
    assert f'<a class="onward" href="{survey_round.get_absolute_url()}">Svara på enkäten</a>' in open_still
    clock.move_to(CLOSES)
    closed = words_of(client.get(address))
    assert "Svaren räknas." in closed
    assert "Svara på enkäten" not in closed


def test_a_round_that_has_not_opened_has_no_result_page_and_nothing_leads_to_one(client, clock):
    survey_round = make_round()
    clock.move_to(OPENS - timedelta(hours=1))
    assert client.get(f"/enkater/{survey_round.slug}/resultat/").status_code == 404
    assert "resultat/" not in words_of(client.get(f"/enkater/{survey_round.slug}/tack/"))


@pytest.mark.parametrize("rounds", [1, 3])
def test_the_list_asks_as_often_whatever_its_length(client, django_assert_max_num_queries, rounds):
    for _ in range(rounds):
        make_round()
    with django_assert_max_num_queries(7):
        client.get("/enkater/")


# --- the result ---


def test_the_result_shows_the_main_question_first_with_how_many_answered(client, every_page):
    page = words_of(client.get(every_page[-1]))
    assert "50 % svarade ”Mycket trygg” eller ”Ganska trygg”." in page
    assert "24 svar" in page
    assert page.index("Hur trygg känner du dig") < page.index("Fråga om wishes?")


def test_a_survey_that_ended_before_last_year_is_a_line_under_its_year(client, clock):
    survey_round = make_round()
    clock.move_to(CLOSES.replace(year=CLOSES.year + 1, month=12, day=30))
    page = words_of(client.get("/enkater/"))
    assert "Äldre enkäter" not in page
    assert page.index("Vad ni har svarat") < page.index(survey_round.title)
    clock.move_to(CLOSES.replace(year=CLOSES.year + 2, month=1, day=2))
    page = words_of(client.get("/enkater/"))
    assert (
        page.index("Äldre enkäter")
        < page.index(f"<summary>{CLOSES.year} (1)</summary>")
        < page.index(survey_round.title)
    )
    assert "Vad ni har svarat" not in page
