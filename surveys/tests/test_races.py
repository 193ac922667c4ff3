"""Many at the same moment: real threads that commit, since a lock that nobody waits for proves nothing."""

import threading
import time

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from promises.tests.racing import at_once
from surveys import ballot_box, codes, counting
from surveys.ballot_box import BallotError, submit
from surveys.counting import close_round, count_round
from surveys.models import FreeText, Invitation, InvitationBatch, Response, Tally
from surveys.tests.make import AFTER, CLOSES, MIDWAY, make_codes, make_coordinator, make_round

pytestmark = pytest.mark.django_db(transaction=True)


def fifty_clients_with_twenty_codes():
    """Post fifty answers at once with twenty codes; the status of each."""
    survey_round = make_round(takes_open=False)
    twenty = make_codes(survey_round, 20)

    def post(number):
        data = {"kod": twenty[number % 20], "q_safety": "unsafe", "q_words": f"nummer {number}"}
        address = f"192.0.2.{number}"
        client = Client(REMOTE_ADDR=address, headers={"origin": "http://testserver"}, raise_request_exception=False)
        return client.post(survey_round.get_absolute_url(), data).status_code

    return at_once(post, list(range(50)))


def test_a_code_counts_once_however_many_people_use_it_at_the_same_time(clock):
    statuses = fifty_clients_with_twenty_codes()
    assert sorted(set(statuses)) == [200, 303]
    assert statuses.count(303) == 20
    assert (Response.objects.count(), FreeText.objects.count(), Invitation.objects.count()) == (20, 20, 0)


@pytest.mark.postgresql
def test_the_race_is_real_because_looking_first_and_marking_afterwards_loses_it(clock, monkeypatch):
    def look_then_mark(survey_round, code):
        mine = Invitation.objects.filter(pk=codes.code_hash(survey_round, code))
        number = mine.values_list("batch__round_place__number", flat=True).first()
        if number is None:
            raise ballot_box.RefusedCodeError("used")
        time.sleep(0.2)
        mine.delete()
        return number

    monkeypatch.setattr(ballot_box, "_use_up", look_then_mark)
    assert fifty_clients_with_twenty_codes().count(303) > 20


def test_no_answer_is_lost_or_doubled_while_the_ballot_box_is_shuffled():
    survey_round = make_round()
    shufflers, answerers = 3, 12

    def work(number):
        for turn in range(5):
            if number < shufflers:
                ballot_box.shuffle(survey_round)
            else:
                text = {"words": f"{number}/{turn}"}
                submit(survey_round, {"safety": "unsafe"}, text, channel="o", at=MIDWAY)

    at_once(work, list(range(shufflers + answerers)))
    ballot_box.shuffle(survey_round)
    assert Response.objects.count() == answerers * 5
    assert len(set(FreeText.objects.values_list("text", flat=True))) == FreeText.objects.count() == answerers * 5
    assert ballot_box.answered_in_words(survey_round) == str(answerers * 5)


def test_an_answer_that_was_taken_is_counted_though_the_round_is_closed_and_counted_at_the_same_moment():
    survey_round = make_round()
    some = make_codes(survey_round, 24)

    def work(code):
        if code is None:
            close_round(survey_round, at=CLOSES)
            count_round(survey_round, at=AFTER)
            return "counted"
        try:
            submit(survey_round, {"safety": "unsafe"}, channel="c", code=code, at=MIDWAY)
        except BallotError:
            return "refused"
        return "taken"

    outcomes = at_once(work, [*some[:12], None, *some[12:]])
    counted = sum(Tally.objects.filter(question="", group_question="").values_list("count", flat=True))
    assert outcomes.count("taken") == counted == Response.objects.count()
    assert Invitation.objects.count() == outcomes.count("refused"), "a refused answer burns no code"


@pytest.mark.postgresql
def test_counting_waits_for_an_answer_that_is_just_being_written(monkeypatch):
    survey_round, written = make_round(), threading.Event()

    def slowly(*words):
        written.set()
        wait_until_somebody_waits()
        return []

    monkeypatch.setattr(ballot_box, "_rows_of_text", slowly)
    # The clearing waits for whoever is writing, too: it would hide that nobody else has waited.
    for each in (ballot_box, counting):
        monkeypatch.setattr(each, "clear_what_lies_behind", lambda: None)

    def work(is_answer):
        if is_answer:
            submit(survey_round, {"safety": "unsafe"}, channel="o", at=MIDWAY)
        else:
            written.wait(30)
            close_round(survey_round, at=CLOSES)
            count_round(survey_round, at=AFTER)

    at_once(work, [True, False])
    counted = sum(Tally.objects.filter(question="", group_question="").values_list("count", flat=True))
    assert counted == Response.objects.count() == 1


@pytest.mark.postgresql
def test_a_batch_is_not_replaced_while_one_of_its_codes_is_just_being_used(monkeypatch):
    survey_round, written = make_round(), threading.Event()
    code, *_others = make_codes(survey_round, 3)

    def slowly(*words):
        written.set()
        wait_until_somebody_waits("transactionid")
        return []

    monkeypatch.setattr(ballot_box, "_rows_of_text", slowly)

    def work(is_answer):
        if is_answer:
            submit(survey_round, {"safety": "unsafe"}, channel="c", code=code, at=MIDWAY)
        else:
            written.wait(30)
            with pytest.raises(ValidationError, match="är använd"):
                codes.replace_batch(InvitationBatch.objects.get(), make_coordinator())

    at_once(work, [True, False])
    assert (Response.objects.count(), Invitation.objects.count()) == (1, 2)


@pytest.mark.postgresql
def test_the_ballot_box_is_nobody_elses_until_it_is_closed(monkeypatch):
    survey_round, free = make_round(), []
    move_on = counting._move_on

    def move_on_while_somebody_tries(*words):
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock_shared(%s, %s)", [ballot_box.BALLOT_BOX_LOCK, survey_round.pk])
            free.extend(cursor.fetchone())
        other.close()
        move_on(*words)

    monkeypatch.setattr(counting, "_move_on", move_on_while_somebody_tries)
    close_round(survey_round, at=CLOSES)
    assert free == [False]


def wait_until_somebody_waits(for_what="advisory"):
    with connection.cursor() as cursor:
        for _ in range(60):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = %s", [for_what])
            if cursor.fetchone() != (0,):
                return
            time.sleep(0.1)


@pytest.mark.postgresql
def test_a_copy_of_the_database_that_is_being_made_does_not_make_residents_wait():
    survey_round = make_round()
    submit(survey_round, {"safety": "unsafe"}, channel="o", at=MIDWAY)
    copying, copied = threading.Event(), threading.Event()

    def copy(job):
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("LOCK TABLE surveys_response IN ACCESS SHARE MODE")
            copying.set()
            copied.wait(30)
            cursor.execute("ROLLBACK")

    def shuffle(job):
        copying.wait(30)
        try:
            ballot_box.shuffle(survey_round)
            submit(survey_round, {"safety": "unsafe"}, channel="o", at=MIDWAY)
        finally:
            copied.set()

    at_once(lambda job: job(None), [copy, shuffle])
    assert Response.objects.count() == 2
