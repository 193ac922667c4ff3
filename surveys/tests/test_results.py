"""From answers to a published, frozen result."""

import json
from collections import Counter
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from promises.publishing import FrozenError
from promises.tests.make import make_organisation, make_place, make_user
from surveys import released, results
from surveys.columns import count_cells
from surveys.counting import erase_round, leave_out, what_erasing_removes
from surveys.disclosure import disclose
from surveys.models import FreeText, Invitation, Response, SurveyRound, Tally
from surveys.tests.make import (
    CLOSES,
    OPENS,
    answer,
    close_and_count,
    make_codes,
    make_coordinator,
    make_round,
)

pytestmark = pytest.mark.django_db


def counted_round(safe=30, unsafe=20, channel="c", **fields):
    survey_round = make_round(**fields)
    answer(survey_round, times=safe, channel=channel, safety="safe", gender="woman", wishes=["light"])
    answer(survey_round, times=unsafe, channel=channel, safety="very_unsafe", gender="man", grade="3")
    return close_and_count(survey_round)


# --- counting ---


@settings(deadline=None)
@given(st.data())
def test_the_count_is_what_somebody_with_pencil_and_paper_gets(data):
    book = BOOK.get()
    rows = data.draw(st.lists(st.tuples(*(answers_to(question) for question in book.questions)), max_size=40))
    answers = [{question.key: each for question, each in zip(book.questions, row, strict=True) if each} for row in rows]
    by_hand = Counter()
    for each in answers:
        groups = [("", "")] + [(key, each[key]) for key in ("gender",) if key in each]
        for group in groups:
            by_hand[1, "c", *group, "", ""] += 1
            for key, chosen in each.items():
                if group != ("", "") and key == "gender":
                    continue
                by_hand[1, "c", *group, key, ""] += 1
                for option in chosen if isinstance(chosen, list) else [chosen]:
                    by_hand[1, "c", *group, key, option] += 1
    counted = count_cells(book, 1, "c", "".join(book.encode(each) for each in answers))
    assert {cell: count for cell, count in counted.items() if count} == by_hand


def answers_to(question):
    keys = [option.key for option in question.options]
    if not keys:
        return st.none()
    if question.kind == "several":
        return st.lists(st.sampled_from(keys), max_size=question.max_choices, unique=True)
    return st.none() | st.sampled_from(keys)


class Book:
    """One codebook for all examples: making it needs a database, reading it does not."""

    def __init__(self):
        self.book = None

    def get(self):
        self.book = self.book or make_round().book
        return self.book


BOOK = Book()


def test_tallies_are_by_place_and_channel_and_nothing_is_counted_by_background_that_is_sensitive():
    survey_round = make_round(places=2)
    answer(survey_round, times=2, place=1, channel="o", safety="safe", gender="man")
    answer(survey_round, times=3, place=2, channel="c", safety="safe")
    close_and_count(survey_round)
    everybody = Tally.objects.filter(question="", group_question="")
    assert set(everybody.values_list("place", "channel", "count")) == {(1, "o", 2), (2, "c", 3)}


def test_sensitive_questions_are_not_counted_by_background():
    survey_round = make_round(locked=False)
    survey_round.survey.items.get(question__key="grade").question.__class__.objects.filter(key="grade").update(
        is_sensitive=True
    )
    survey_round.lock()
    answer(survey_round, times=2, grade="7", gender="man", safety="safe")
    close_and_count(survey_round)
    assert Tally.objects.filter(question="grade", group_question="").exists()
    assert not Tally.objects.filter(question="grade").exclude(group_question="").exists()


# --- what is published ---


def test_nothing_is_published_before_the_round_is_counted():
    with pytest.raises(ValidationError, match="när omgången är räknad"):
        results.publish_release(make_round(), make_coordinator())


def test_a_result_is_published_by_whoever_answers_for_surveys_and_nobody_else():
    with pytest.raises(PermissionDenied):
        results.publish_release(counted_round(), make_user(make_organisation()))


def test_a_published_result_is_frozen_and_numbered():
    survey_round = counted_round()
    release = results.publish_release(survey_round, make_coordinator(), "Fler känner sig trygga.")
    assert released.latest(survey_round) == release
    assert (release.number, release.content["main_question"]) == (1, "safety")
    release.summary = "Något annat."
    with pytest.raises(FrozenError):
        release.save()


def test_a_second_release_says_why():
    survey_round = counted_round()
    results.publish_release(survey_round, make_coordinator())
    with pytest.raises(ValidationError, match="Skriv varför"):
        results.publish_release(survey_round, make_coordinator())
    second = results.publish_release(survey_round, make_coordinator(), reason="Sammanfattningen var fel.")
    assert (second.number, released.latest(survey_round)) == (2, second)


def test_a_release_that_could_be_subtracted_from_the_one_before_is_refused():
    survey_round = counted_round()
    results.publish_release(survey_round, make_coordinator())
    Tally.objects.filter(round=survey_round, question="", group_question="").update(count=49)
    with pytest.raises(ValidationError, match="röja enskilda svar"):
        results.publish_release(survey_round, make_coordinator(), reason="Ett svar borttaget.")


def test_a_release_that_could_be_subtracted_from_an_older_one_is_refused():
    survey_round = counted_round()
    everybody = Tally.objects.filter(round=survey_round, question="", group_question="")
    results.publish_release(survey_round, make_coordinator())
    everybody.update(count=65)
    results.publish_release(survey_round, make_coordinator(), reason="Femton svar till.")
    everybody.update(count=51)  # far from 65, one from 50
    with pytest.raises(ValidationError, match="röja enskilda svar"):
        results.publish_release(survey_round, make_coordinator(), reason="Fjorton svar bort.")


def test_the_order_of_widening_is_secret_and_the_same_for_every_release_of_a_round(settings, monkeypatch):
    secrets = []
    monkeypatch.setattr(results, "disclose", lambda counts, secret: secrets.append(secret) or disclose(counts, secret))
    one, other = counted_round(), counted_round()
    for survey_round in (one, one, other):
        results.build_release(survey_round)
    settings.CODE_PEPPER = "another installation's"
    results.build_release(one)
    first, again, of_another_round, elsewhere = secrets
    assert first == again
    assert len({first, of_another_round, elsewhere}) == 3


def test_a_figure_from_one_to_ten_is_also_shown_in_three_sums():
    survey_round = make_round()
    for figure in range(1, 11):
        answer(survey_round, times=6, channel="c", safety="safe", grade=str(figure))
    content = results.build_release(close_and_count(survey_round))
    (snapshot,) = released.snapshots(content)
    whole = snapshot.question("grade").whole
    assert [(key, whole.share(key).low) for key in released.FIGURES] == [("1–3", 30), ("4–7", 40), ("8–10", 30)]


def test_the_two_ways_of_answering_are_never_added_up():
    survey_round = make_round()
    answer(survey_round, times=12, channel="c", safety="safe")
    answer(survey_round, times=15, channel="o", safety="unsafe")
    answer(survey_round, times=3, channel="p", safety="unsafe")
    content = results.build_release(close_and_count(survey_round))
    assert [(each["population"], each["n"]) for each in content["populations"]] == [("code", 12), ("open", 18)]


def test_a_channel_that_was_left_out_is_in_no_number_and_the_reason_is_shown():
    survey_round = make_round()
    answer(survey_round, times=12, channel="c", safety="safe")
    answer(survey_round, times=15, channel="o", safety="unsafe")
    close_and_count(survey_round)
    leave_out(survey_round, "o", "Länken spreds utanför kommunen.")
    content = results.build_release(survey_round)
    assert [each["population"] for each in content["populations"]] == ["code"]
    assert content["left_out"]["reason"] == "Länken spreds utanför kommunen."


def test_fewer_than_ten_answers_show_nothing():
    content = results.build_release(counted_round(safe=5, unsafe=4))
    assert [each["n"] for each in content["populations"]] == [None]


def test_other_and_refuses_are_one_group():
    content = results.build_release(counted_round())
    who = content["populations"][0]["who_answered"][0]
    assert [group["label"] for group in who["groups"]] == ["Kvinna", "Man", "Annat eller Vill inte svara"]


def test_no_free_text_reaches_the_result():
    survey_round = make_round()
    answer(survey_round, times=12, channel="c", safety="safe", texts={"words": "kanariefågel"})
    content = results.build_release(close_and_count(survey_round))
    assert "kanariefågel" not in json.dumps(content, ensure_ascii=False)


# --- comparison ---


def two_rounds(before, after, places=None, **changes):
    place = [make_place()]
    first = counted_round(*before, places=place)
    results.publish_release(first, make_coordinator())
    later = {"opens_at": OPENS + timedelta(0), "baseline": first, "places": places or place} | changes
    return results.build_release(counted_round(*after, **later))["comparison"]


def test_the_main_question_is_compared_with_the_baseline():
    comparison = two_rounds((40, 60), (70, 30))
    (everybody,) = comparison["groups"]
    assert (everybody["before"]["low"], everybody["after"]["low"]) == (40, 70)
    assert everybody["verdict"] == "larger_than_chance"


def test_a_small_change_may_be_chance():
    comparison = two_rounds((50, 50), (55, 45))
    assert comparison["groups"][0]["verdict"] == "may_be_chance"


def test_other_places_are_not_compared():
    comparison = two_rounds((40, 60), (70, 30), places=[make_place()])
    assert comparison["reason"] == "Omgångarna gäller inte samma platser."
    assert "groups" not in comparison


def test_self_selected_answers_are_not_compared():
    comparison = two_rounds((40, 60), (70, 30), channel="o")
    assert comparison["reason"].startswith("För få har svarat med kod")


# --- erasing ---


def test_erasing_shows_what_goes_removes_it_and_keeps_the_tallies(caplog):
    survey_round = make_round()
    make_codes(survey_round, 5)
    answer(survey_round, times=12, safety="safe", texts={"words": "kanariefågel"})
    close_and_count(survey_round)
    before = results.build_release(survey_round)
    erasure = what_erasing_removes(survey_round)
    assert (erasure.answers, erasure.free_texts) == (12, 12)
    with caplog.at_level("INFO"):
        erase_round(survey_round, at=CLOSES)
    assert not any(model.objects.exists() for model in (Response, FreeText, Invitation))
    assert results.build_release(SurveyRound.objects.get()) == before
    assert "Dnr 2026-1: answers, 12;" in caplog.text
    assert "kanariefågel" not in caplog.text


def test_the_log_of_an_erasure_tells_no_number_below_ten(caplog):
    survey_round = make_round()
    make_codes(survey_round, 6)
    answer(survey_round, times=9, safety="safe")
    answer(survey_round, safety="safe", texts={"words": "ljusare"})
    close_and_count(survey_round)
    with caplog.at_level("INFO"):
        erase_round(survey_round, at=CLOSES)
    assert "Dnr 2026-1: answers, 10; free texts, färre än tio; the unused codes." in caplog.text


def test_only_a_counted_round_is_erased():
    with pytest.raises(ValidationError):
        erase_round(make_round())
