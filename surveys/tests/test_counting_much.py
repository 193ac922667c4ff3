"""Many answers: counted and shuffled so many at a time, with a bar for whoever waits."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys import ballot_box, counting
from surveys.models import Response, SurveyRound, Tally
from surveys.progress import ProgressBar
from surveys.results import publish_release
from surveys.tests.make import AFTER, CLOSES, answer, close_and_count, make_coordinator, make_round

pytestmark = pytest.mark.django_db


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def tallies(survey_round: SurveyRound) -> set[tuple]:
    names = ("place", "channel", "group_question", "group_option", "question", "option", "count")
    return set(survey_round.tallies.values_list(*names))


def round_of(answers: int) -> SurveyRound:
    survey_round = make_round(places=2)
    for number in range(answers):
        gender = ("woman", "man", "other")[number % 3]
        safety = ("safe", "unsafe", "very_safe", "never_there")[number % 4]
        answer(survey_round, place=number % 2 + 1, safety=safety, gender=gender, wishes=["light", "police"])
    return survey_round


def test_batches_count_and_shuffle_to_what_one_piece_comes_to(monkeypatch) -> None:
    whole, parts = round_of(50), round_of(50)
    before = sorted(parts.responses.values_list("place", "channel", "answers"))
    close_and_count(whole)
    monkeypatch.setattr(counting, "BATCH", 7)
    monkeypatch.setattr(ballot_box, "REWRITTEN_AT_A_TIME", 7)
    close_and_count(parts)
    assert tallies(parts) == tallies(whole) != set()
    assert sorted(parts.responses.values_list("place", "channel", "answers")) == before


def test_shuffling_takes_no_answer_out_of_the_database_and_gives_each_a_new_key() -> None:
    survey_round = round_of(30)
    before = set(survey_round.responses.values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as asked:
        ballot_box.shuffle(survey_round)
    read = [each["sql"] for each in asked if "SELECT" in each["sql"] and "INSERT" not in each["sql"]]
    assert [sql for sql in read if '"answers"' in sql or '"text"' in sql] == []
    assert survey_round.responses.count() == 30
    assert not before & set(survey_round.responses.values_list("pk", flat=True))


def test_publishing_reads_no_answers() -> None:
    survey_round = close_and_count(round_of(40))
    Response.objects.filter(round=survey_round).delete()
    with CaptureQueriesContext(connection) as asked:
        publish_release(survey_round, make_coordinator())
    assert [each["sql"] for each in asked if Response._meta.db_table in each["sql"]] == []


def test_a_terminal_sees_how_far_it_has_come_and_a_timer_nothing() -> None:
    terminal, log = Terminal(), StringIO()
    for stream in (terminal, log):
        for done in (0, 500, 1000):
            ProgressBar(stream)("Räknar", done, 1000)
    assert "Räknar" in terminal.getvalue()
    assert " 50%  500 av 1000" in terminal.getvalue()
    assert terminal.getvalue().endswith("100%  1000 av 1000\n")
    assert log.getvalue() == ""


def test_a_round_is_closed_and_counted_from_the_terminal(clock) -> None:
    survey_round, said = round_of(12), StringIO()
    clock.move_to(CLOSES)
    with pytest.raises(CommandError, match="ingen omgång"):
        call_command("count_answers", "finns-inte")
    clock.move_to(AFTER)
    call_command("count_answers", survey_round.slug, stdout=said)
    assert "är räknad. Antal svar: 12." in said.getvalue()
    assert Tally.objects.filter(round=survey_round).exists()
    with pytest.raises(CommandError, match="när den har stängts"):
        call_command("count_answers", survey_round.slug)


def test_a_round_that_is_open_is_not_counted_from_the_terminal(clock) -> None:
    survey_round = round_of(1)
    with pytest.raises(CommandError, match="när den har stängts"):
        call_command("count_answers", survey_round.slug)
