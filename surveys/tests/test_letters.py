"""Codes are written once, into one answer; letters, reminders and posters say what is true and lead to the survey."""

from __future__ import annotations

import csv
import io
import logging
import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from promises.tests.backoffice import fields_of, logged_in, messages_of, text_of
from promises.tests.make import make_promise
from surveys import letters
from surveys.codes import normalise
from surveys.models import Channel, Invitation, InvitationBatch, SurveyRound
from surveys.tests.backoffice import address
from surveys.tests.make import answer, make_coordinator, make_round

pytestmark = [pytest.mark.django_db, pytest.mark.alike, pytest.mark.usefixtures("clock")]

CODE = re.compile(r"\b[A-Z0-9]{5}-[A-Z0-9]{5}\b")


@pytest.fixture
def client() -> Client:
    return logged_in(make_coordinator())


@pytest.fixture
def survey_round() -> SurveyRound:
    return make_round(places=2)


def order_codes(client: Client, survey_round: SurveyRound, **changes: Any) -> Any:
    fields = fields_of(client.get(address(survey_round, "codes")), "letter")
    return client.post(address(survey_round, "codes"), fields | {"size": "12"} | changes)


def replace(client: Client, survey_round: SurveyRound, batch: InvitationBatch, **changes: Any) -> Any:
    page = client.get(address(survey_round, "replace_codes", batch.pk))
    return client.post(
        address(survey_round, "replace_codes", batch.pk), fields_of(page, "letter") | changes, follow=True
    )


def rows_of(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def whole_database() -> str:
    """Every value of every table, as text."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = []
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows += cursor.fetchall()
    return repr(rows)


# --- The file -----------------------------------------------------------------------------------------


def test_the_printers_file_has_a_line_a_household_with_the_code_in_the_fragment(
    client: Client, survey_round: SurveyRound
) -> None:
    second = survey_round.round_places.get(number=2)
    response = order_codes(client, survey_round, round_place=second.pk)
    assert response["Content-Disposition"].startswith("attachment")
    assert "no-store" in response["Cache-Control"]
    rows = rows_of(response)
    assert len(rows) == Invitation.objects.count() == 12
    assert tuple(rows[0]) == letters.COLUMNS
    for row in rows:
        assert row["kod_med_bindestreck"].replace("-", "") == row["kod"]
        assert row["adress"] == f"http://testserver/enkater/{survey_round.slug}/#{row['kod']}"
        assert row["plats"] == second.place.name
    assert len({row["textversion"] for row in rows}) == 1


def test_a_code_of_the_file_answers_about_its_place(client: Client, survey_round: SurveyRound) -> None:
    second = survey_round.round_places.get(number=2)
    row = rows_of(order_codes(client, survey_round, round_place=second.pk))[0]
    answer(survey_round, channel=Channel.CODE, code=row["kod_med_bindestreck"], safety="safe")
    assert survey_round.responses.get().place == 2


@pytest.mark.differs
@pytest.mark.parametrize("as_what", ["csv", "brev"])
def test_codes_are_nowhere_once_the_answer_has_gone_out(
    client: Client, survey_round: SurveyRound, as_what: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    made = set(CODE.findall(text_of(order_codes(client, survey_round, as_what=as_what))))
    assert len(made) == 12
    traces = whole_database() + caplog.text + str(dict(client.session)) + str(client.cookies)
    traces += text_of(client.get(address(survey_round, "codes"))) + text_of(client.get(address(survey_round)))
    for code in made:
        assert code not in traces
        assert normalise(code) not in traces


def test_the_next_place_to_write_to_is_one_without_codes(client: Client, survey_round: SurveyRound) -> None:
    first, second = survey_round.round_places.order_by("number")
    order_codes(client, survey_round, round_place=first.pk)
    page = client.get(address(survey_round, "codes"))
    assert fields_of(page, "letter")["round_place"] == str(second.pk)
    assert f"{first.place} (12 koder finns redan)" in text_of(page)


def test_making_codes_is_logged_with_their_number_alone(client: Client, survey_round: SurveyRound) -> None:
    order_codes(client, survey_round)
    first = survey_round.round_places.get(number=1)
    assert f"Skapade 12 koder: {first.place.name}." in LogEntry.objects.get().change_message


@pytest.mark.differs
def test_a_file_that_cannot_be_written_leaves_no_codes(
    client: Client, survey_round: SurveyRound, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> bytes:
        raise ValidationError("Skrivaren är trasig.")

    monkeypatch.setattr(letters, "mail_merge", fail)
    response = client.post(
        address(survey_round, "codes"),
        fields_of(client.get(address(survey_round, "codes")), "letter") | {"size": "3"},
        follow=True,
    )
    assert "trasig" in messages_of(response)
    assert not Invitation.objects.exists()
    assert not LogEntry.objects.exists()


def test_codes_are_asked_for_by_post_and_only_while_the_round_takes_them(client: Client, clock: Any) -> None:
    survey_round = make_round()
    assert "skrivs en enda gång" in text_of(client.get(address(survey_round, "codes")))
    assert not Invitation.objects.exists()
    for refusing in (make_round(locked=False), make_round(takes_codes=False)):
        assert order_codes(client, refusing).status_code == 302
    assert not Invitation.objects.exists()


def test_a_place_of_another_round_gets_no_codes_here(client: Client, survey_round: SurveyRound) -> None:
    elsewhere = make_round().round_places.get()
    assert order_codes(client, survey_round, round_place=elsewhere.pk).status_code == 200
    assert not Invitation.objects.exists()


# --- Replacing ----------------------------------------------------------------------------------------


@pytest.mark.differs
def test_a_batch_is_replaced_while_none_of_it_is_used_and_the_old_codes_are_dead(
    client: Client, survey_round: SurveyRound
) -> None:
    first = survey_round.round_places.get(number=1)
    old = {row["kod"] for row in rows_of(order_codes(client, survey_round, round_place=first.pk))}
    new = {row["kod"] for row in rows_of(replace(client, survey_round, InvitationBatch.objects.get()))}
    assert len(new) == 12
    assert not old & new
    assert Invitation.objects.count() == 12
    answer(survey_round, channel=Channel.CODE, code=new.pop(), safety="safe")
    with pytest.raises(ValidationError):
        answer(survey_round, channel=Channel.CODE, code=old.pop(), safety="safe")


@pytest.mark.differs
def test_a_batch_is_not_replaced_once_one_of_its_codes_is_used(client: Client, survey_round: SurveyRound) -> None:
    row = rows_of(order_codes(client, survey_round))[0]
    answer(survey_round, channel=Channel.CODE, code=row["kod"], safety="safe")
    response = replace(client, survey_round, InvitationBatch.objects.get())
    assert "En kod i bunten är använd." in messages_of(response)
    assert Invitation.objects.count() == 11


def test_a_batch_of_another_round_is_not_replaced_here(client: Client, survey_round: SurveyRound) -> None:
    other = make_round()
    order_codes(client, other)
    batch = InvitationBatch.objects.get()
    hashes = set(Invitation.objects.values_list("pk", flat=True))
    client.post(address(survey_round, "replace_codes", batch.pk), {"as_what": "csv", "letter": "a", "reminder": "b"})
    assert set(Invitation.objects.values_list("pk", flat=True)) == hashes


# --- Letters ------------------------------------------------------------------------------------------


def test_each_household_gets_a_letter_and_a_reminder_with_the_same_code(
    client: Client, survey_round: SurveyRound
) -> None:
    response = order_codes(client, survey_round, as_what="brev")
    page = text_of(response)
    codes = CODE.findall(page)
    assert codes[::2] == codes[1::2]
    assert len(set(codes)) == 12
    assert page.count("<svg") == 24
    assert "no-store" in response["Cache-Control"]
    assert "style=" not in page
    assert "<script" not in page


def test_the_letters_promise_what_is_true_and_name_nobodys_town() -> None:
    survey_round = make_round(promise=make_promise())
    texts = letters.default_texts(survey_round.round_places.get())
    for words in (texts.letter, texts.reminder):
        assert "31\xa0mars\xa02026" in words
        assert survey_round.round_places.get().place.name in words
        assert "Tranemo" not in words
        assert "helt anonym" not in words
        assert "spåra" not in words
    assert "Vi kan inte se vilka som har svarat" in texts.reminder


def test_the_words_that_staff_write_are_in_the_letters_and_change_the_version(
    client: Client, survey_round: SurveyRound
) -> None:
    first = survey_round.round_places.get(number=1)
    page = text_of(
        order_codes(client, survey_round, as_what="brev", round_place=first.pk, letter="Hej {plats} & <b>alla</b>!")
    )
    assert f"Hej {first.place.name} &amp; &lt;b&gt;alla&lt;/b&gt;!" in page
    assert letters.LetterTexts("a", "b").version != letters.LetterTexts("a", "c").version


def test_too_many_letters_for_a_page_are_sent_to_the_file(client: Client, survey_round: SurveyRound) -> None:
    page = text_of(order_codes(client, survey_round, as_what="brev", size="501"))
    assert "Välj filen." in page
    assert not Invitation.objects.exists()


# --- Posters ------------------------------------------------------------------------------------------


def test_a_poster_for_each_place_leads_to_the_open_link_of_that_place(
    client: Client, survey_round: SurveyRound
) -> None:
    page = text_of(client.get(address(survey_round, "posters")))
    for each in survey_round.round_places.all():
        assert f"testserver/enkater/{survey_round.slug}/?plats={each.place.slug}" in page
    assert page.count("<svg") == 2


def test_there_is_no_poster_without_an_open_link_or_before_locking(client: Client) -> None:
    for survey_round in (make_round(takes_open=False), make_round(locked=False)):
        assert "<svg" not in text_of(client.get(address(survey_round, "posters")))
