"""What a copy tells of answers and codes: never of fewer than ten, and nothing about when they came."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import pairwise

import pytest

from surveys.models import FreeText, Invitation, Response
from surveys.tests.make import answer, close_and_count, make_codes
from tranemo_trygghet.backup import making
from tranemo_trygghet.backup.copies import Copy
from tranemo_trygghet.tests.copying import open_round, restore

pytestmark = pytest.mark.django_db(transaction=True)


def contents_of(copy: Copy) -> tuple[list, list, list]:
    return tuple(list(copy.rows(model)) for model in (Response, FreeText, Invitation))


def test_two_copies_never_tell_of_fewer_than_ten_answers_or_codes(folder, clock) -> None:
    survey_round = open_round(clock)
    codes = make_codes(survey_round, 40)
    copies = []
    for number in (9, 1, 3, 6, 1, 12):
        for _ in range(number):
            answer(survey_round, channel="c", code=codes.pop(), safety="safe", texts={"words": "Mörkt."})
        clock.shift(timedelta(hours=1))
        copies.append(contents_of(making.make_copy(folder)))
    assert [len(answers) for answers, _texts, _codes in copies] == [0, 10, 10, 10, 20, 32]
    for before, after in pairwise(copies[1:]):
        for earlier, later in zip(before, after, strict=True):
            gone = {json.dumps(row) for row in earlier} ^ {json.dumps(row) for row in later}
            assert len(gone) == 0 or len(gone) >= 10


def test_who_answered_after_the_copy_can_answer_again_after_a_restore(folder, clock) -> None:
    survey_round = open_round(clock)
    codes = make_codes(survey_round, 15)
    for code in codes[:10]:
        answer(survey_round, channel="c", code=code, safety="safe")
    making.make_copy(folder)
    answer(survey_round, channel="c", code=codes[10], safety="unsafe")
    clock.shift(timedelta(hours=1))
    restore(making.make_copy(folder))
    assert (Response.objects.count(), Invitation.objects.count()) == (10, 5)
    answer(survey_round, channel="c", code=codes[10], safety="unsafe")
    assert (Response.objects.count(), Invitation.objects.count()) == (11, 4)


def test_codes_written_since_the_copy_before_are_in_the_next_one(folder, clock) -> None:
    survey_round = open_round(clock)
    answer(survey_round, times=10, channel="c", safety="safe")
    making.make_copy(folder)
    answer(survey_round, safety="safe")
    make_codes(survey_round, 7)
    clock.shift(timedelta(hours=1))
    answers, _texts, codes = contents_of(making.make_copy(folder))
    assert (len(answers), len(codes)) == (10, 7)


def test_answers_lie_in_the_copy_in_the_order_of_their_random_keys(folder, clock) -> None:
    survey_round = open_round(clock)
    answer(survey_round, times=12, safety="safe")
    answers, _texts, _codes = contents_of(making.make_copy(folder))
    keys = [row[0] for row in answers]
    assert len(keys) == 12
    assert keys == sorted(keys)


def test_a_counted_round_is_copied_whole_but_its_unused_codes_are_not(folder, clock) -> None:
    survey_round = open_round(clock)
    make_codes(survey_round, 5)
    answer(survey_round, times=3, safety="safe")
    close_and_count(survey_round)
    answers, _texts, codes = contents_of(making.make_copy(folder))
    assert (len(answers), len(codes)) == (3, 0)
