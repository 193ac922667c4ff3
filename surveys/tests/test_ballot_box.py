"""One code, one answer; and nothing in the database that joins the two."""

from array import array

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys import ballot_box
from surveys.ballot_box import RefusedCodeError, RoundNotOpenError, submit
from surveys.codes import code_hash
from surveys.counting import close_round, count_round, erase_round
from surveys.models import FreeText, Invitation, Response, Tally
from surveys.tests.make import AFTER, CLOSES, MIDWAY, OPENS, answer, ask_only_if, make_codes, make_round, make_survey

pytestmark = pytest.mark.django_db


# --- codes ---


def test_a_code_is_used_up_by_its_answer():
    survey_round = make_round()
    code, unused = make_codes(survey_round, 2)
    answer(survey_round, channel="c", code=code, safety="unsafe")
    assert Invitation.objects.count() == 1
    with pytest.raises(RefusedCodeError):
        answer(survey_round, channel="c", code=code, safety="safe")
    answer(survey_round, channel="c", code=unused, safety="unsafe")
    assert list(Response.objects.values_list("answers", flat=True)) == ["3-----", "3-----"]


def test_a_refused_code_stores_nothing_and_uses_nothing_up():
    survey_round, other = make_round(), make_round()
    make_codes(survey_round, 1)
    of_another_round = make_codes(other, 1)[0]
    for code in ["AAAAA-AAAAA", "", "x", of_another_round, "å" * 500, "\ud800"]:
        with pytest.raises(RefusedCodeError):
            answer(survey_round, channel="c", code=code or " ", texts={"words": "kanariefågel"}, safety="unsafe")
    assert (Response.objects.count(), FreeText.objects.count(), Invitation.objects.count()) == (0, 0, 2)


def test_a_code_is_of_its_own_round_even_if_two_rounds_had_the_same_hash():
    survey_round, other = make_round(), make_round()
    code = make_codes(survey_round, 1)[0]
    theirs = make_codes(other, 1)[0]
    Invitation.objects.filter(pk=code_hash(survey_round, code)).delete()
    Invitation.objects.filter(pk=code_hash(other, theirs)).update(code_hash=code_hash(survey_round, code))
    with pytest.raises(RefusedCodeError):
        answer(survey_round, channel="c", code=code, safety="unsafe")
    assert (Response.objects.count(), Invitation.objects.count()) == (0, 1)


def test_an_answer_that_cannot_be_stored_burns_no_code(monkeypatch):
    survey_round = make_round()
    code = make_codes(survey_round, 1)[0]
    monkeypatch.setattr(ballot_box, "_rows_of_text", None)
    with pytest.raises(TypeError):
        answer(survey_round, channel="c", code=code, safety="unsafe")
    assert (Response.objects.count(), Invitation.objects.count()) == (0, 1)


def test_the_code_decides_the_place_whatever_the_form_says():
    survey_round = make_round(places=2)
    code = make_codes(survey_round, 1, place=2)[0]
    answer(survey_round, channel="c", code=code, place=1, safety="unsafe")
    assert Response.objects.get().place == 2


def test_a_place_that_the_round_does_not_have_is_refused():
    survey_round = make_round(places=2)
    for place in (None, 0, 3):
        with pytest.raises(ValueError, match="is no place"):
            answer(survey_round, place=place, safety="unsafe")
    assert Response.objects.count() == 0


# --- what is stored ---


def test_an_answer_is_stored_with_its_round_place_channel_and_choices_and_nothing_else():
    columns = {field.name for field in Response._meta.get_fields()}
    assert columns == {"id", "round", "place", "channel", "answers"}
    assert {field.name for field in FreeText._meta.get_fields()} == {"id", "round", "question_key", "text"}


def test_free_text_has_a_table_of_its_own_and_no_key_to_the_rest():
    survey_round = make_round()
    answer(survey_round, texts={"words": "Det är mörkt vid gången."}, safety="unsafe")
    assert FreeText.objects.get().text == "Det är mörkt vid gången."
    assert Response.objects.get().answers == "3-----"


def test_answers_to_questions_that_were_not_asked_are_dropped_with_their_words():
    survey = make_survey()
    for key in ("wishes", "words"):
        ask_only_if(survey, key, "safety", ["unsafe"])
    survey_round = make_round(survey=survey)
    answer(survey_round, texts={"words": "göms"}, safety="safe", wishes=["light"])
    answer(survey_round, texts={"words": "syns"}, safety="unsafe", wishes=["light"])
    assert sorted(Response.objects.values_list("answers", flat=True)) == ["2-----", "3100--"]
    assert list(FreeText.objects.values_list("text", flat=True)) == ["syns"]


def test_only_the_code_is_deleted_and_only_the_answer_is_written():
    survey_round = make_round()
    code = make_codes(survey_round, 1)[0]
    with CaptureQueriesContext(connection) as queries:
        submit(survey_round, {"safety": "unsafe"}, {"words": "ord"}, channel="c", code=code, at=MIDWAY)
    written = [each["sql"].split()[:3] for each in queries if each["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    tables = [words[2].strip('"') for words in written]
    assert tables == ["surveys_invitation", "surveys_response", "surveys_freetext"]


# --- when ---


@pytest.mark.parametrize("at", [OPENS.replace(day=1), CLOSES, AFTER])
def test_the_web_takes_answers_from_the_opening_up_to_the_closing_second(at):
    survey_round = make_round()
    with pytest.raises(RoundNotOpenError):
        submit(survey_round, {"safety": "unsafe"}, channel="o", at=at)
    submit(survey_round, {"safety": "unsafe"}, channel="o", at=OPENS)


@pytest.mark.parametrize(("takes", "channel"), [({"takes_open": False}, "o"), ({"takes_codes": False}, "c")])
def test_a_round_takes_only_the_channels_that_were_decided(takes, channel):
    with pytest.raises(RoundNotOpenError, match="inte besvaras på det sättet"):
        submit(make_round(**takes), {"safety": "unsafe"}, channel=channel, at=MIDWAY)


def test_paper_forms_are_entered_for_a_while_after_the_web_has_closed():
    survey_round = make_round(paper_until="2026-04-10")
    code = make_codes(survey_round, 1)[0]
    close_round(survey_round, at=CLOSES)
    in_time, too_late = CLOSES.replace(day=10, hour=23), CLOSES.replace(day=11)
    submit(survey_round, {"safety": "unsafe"}, channel="p", at=in_time)
    submit(survey_round, {"safety": "unsafe"}, channel="c", code=code, on_paper=True, at=in_time)
    assert sorted(Response.objects.values_list("channel", flat=True)) == ["c", "p"]
    with pytest.raises(RoundNotOpenError):
        submit(survey_round, {"safety": "unsafe"}, channel="p", at=too_late)
    with pytest.raises(RoundNotOpenError):
        submit(survey_round, {"safety": "unsafe"}, channel="o", at=in_time)


def test_nothing_is_entered_once_the_round_is_counted():
    survey_round = make_round(paper_until="2026-04-10")
    close_round(survey_round, at=CLOSES)
    with pytest.raises(ValidationError, match="sista dagen för pappersenkäter"):
        count_round(survey_round, at=CLOSES.replace(day=10))
    count_round(survey_round, at=AFTER)
    with pytest.raises(ValidationError, match="räknas när den har stängts"):
        count_round(survey_round, at=AFTER)
    with pytest.raises(RoundNotOpenError):
        submit(survey_round, {"safety": "unsafe"}, channel="p", at=CLOSES.replace(day=9))


# --- the shuffle ---


def test_a_shuffle_keeps_every_answer_and_no_key():
    survey_round = make_round()
    for number, option in enumerate(["very_safe", "safe", "unsafe"] * 4):
        answer(survey_round, texts={"words": f"text {number}"}, safety=option)
    before = list(Response.objects.order_by("pk").values_list("pk", "answers"))
    ballot_box.shuffle(survey_round)
    after = list(Response.objects.order_by("pk").values_list("pk", "answers"))
    assert sorted(answers for _, answers in before) == sorted(answers for _, answers in after)
    assert not {key for key, _ in before} & {key for key, _ in after}
    assert sorted(FreeText.objects.values_list("text", flat=True)) == sorted(f"text {each}" for each in range(12))


def test_the_dice_decide_in_which_order_rows_are_written(monkeypatch):
    survey_round = make_round()
    for number in range(6):
        answer(survey_round, texts={"words": f"text {number}"}, safety="unsafe", grade=str(number + 1))

    def backwards(keys):
        keys[:] = array("q", sorted(keys, reverse=True))

    def written(model, field):
        return list(model.objects.order_by("pk").values_list(field, flat=True))

    before = written(Response, "answers"), written(FreeText, "text")
    monkeypatch.setattr(ballot_box.dice, "shuffle", backwards)
    ballot_box.shuffle(survey_round)
    assert (written(Response, "answers"), written(FreeText, "text")) == (before[0][::-1], before[1][::-1])


def test_the_texts_of_one_answer_are_written_in_no_order_of_the_questions(monkeypatch):
    monkeypatch.setattr(ballot_box.dice, "shuffle", lambda rows: rows.reverse())
    rows = ballot_box._rows_of_text(make_round(), {"first": "a", "second": "b", "third": "c"})
    assert [row.text for row in rows] == ["c", "b", "a"]


def test_a_shuffle_touches_no_other_round():
    survey_round, other = make_round(), make_round()
    answer(other, safety="unsafe")
    before = list(Response.objects.values_list())
    ballot_box.shuffle(survey_round)
    assert list(Response.objects.values_list()) == before


def test_staff_see_how_many_have_answered_as_of_the_last_shuffle_and_no_number_below_ten():
    survey_round = make_round()
    answer(survey_round, times=9, safety="unsafe")
    ballot_box.shuffle(survey_round)
    assert ballot_box.answered_in_words(survey_round) == "färre än tio"
    answer(survey_round, times=3, safety="unsafe")
    assert ballot_box.answered_in_words(survey_round) == "färre än tio"
    ballot_box.shuffle(survey_round)
    assert ballot_box.answered_in_words(survey_round) == "12"


def test_closing_shuffles():
    survey_round = make_round()
    answer(survey_round, times=12, safety="unsafe")
    close_round(survey_round, at=CLOSES)
    assert ballot_box.answered_in_words(survey_round) == "12"


def test_erasing_takes_answers_texts_and_codes_of_that_round_and_leaves_the_counts():
    survey_round, other = make_round(), make_round()
    for each in (survey_round, other):
        make_codes(each, 2)
        answer(each, times=3, texts={"words": "kanariefågel"}, safety="unsafe")
    close_round(survey_round, at=CLOSES)
    count_round(survey_round, at=AFTER)
    counts = list(Tally.objects.order_by("pk").values_list())
    erase_round(survey_round, at=AFTER)
    left = [set(model.objects.values_list("round", flat=True)) for model in (Response, FreeText)]
    assert left == [{other.pk}, {other.pk}]
    assert Invitation.objects.count() == 2
    assert (len(counts) > 0, list(Tally.objects.order_by("pk").values_list())) == (True, counts)


def test_many_alike_of_the_tests_are_as_the_ballot_box_leaves_them() -> None:
    survey_round = make_round()
    answer(survey_round, times=3, channel="c", safety="safe", gender="woman")
    rows = list(survey_round.responses.values_list("place", "channel", "answers"))
    assert rows == [rows[0]] * 3
    assert not Invitation.objects.exists()
