"""Whatever breaks in the middle of what somebody does, nothing of it is stored.

Every deed that writes more than once is done with a database that breaks at its first write, then at its second, and
so on until it is done whole; after each break the tables are as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from followups.indicator_import import import_readings
from followups.prefill import begin_report
from followups.tests.make import make_indicator, make_report
from promises import masking
from promises.following import follow_on
from promises.models import Promise
from promises.months import Month, Period
from promises.tests.make import make_organisation, make_promise, make_user, ready
from subscriptions.models import Kind, Subscription
from subscriptions.news import announce
from subscriptions.tests.make import make_published_report, make_subscription
from surveys.ballot_box import shuffle, submit
from surveys.codes import issue_batch, replace_batch
from surveys.counting import close_round, count_round, erase_round
from surveys.models import Channel, FreeText, InvitationBatch, Response
from surveys.questionnaire import add_questions
from surveys.results import publish_release
from surveys.spelling import correct_spelling
from surveys.tests.make import (
    AFTER,
    CLOSES,
    MIDWAY,
    answer,
    close_and_count,
    make_codes,
    make_coordinator,
    make_question,
    make_round,
    make_survey,
)
from surveys.themes import write_themes

pytestmark = [pytest.mark.django_db]

Deed = Callable[[], object]
OURS = ["promises", "surveys", "followups", "subscriptions"]


class BrokenError(Exception):
    """The database is gone."""


@contextmanager
def breaking_at(number: int) -> Iterator[None]:
    """The database takes so many writes less one."""
    left = number

    def execute(do: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        if sql.lstrip("( ").startswith(("INSERT", "UPDATE", "DELETE")):
            left -= 1
            if left == 0:
                raise BrokenError
        return do(sql, params, many, context)

    with connection.execute_wrapper(execute):
        yield


def tables() -> dict[str, list[tuple[Any, ...]]]:
    """Every row; of answers and texts not their keys, which a shuffle changes one table after the other."""
    found = {}
    for model in apps.get_models():
        if model._meta.app_label in OURS:
            names = [field.attname for field in model._meta.concrete_fields]
            kept = names[1:] if model in (Response, FreeText) else names
            found[model._meta.label] = sorted(model._base_manager.values_list(*kept), key=repr)
    return found


# --- What somebody does, ready to be done -------------------------------------------------------------


def half_signed() -> Promise:
    promise = ready(make_promise(published=False))
    promise.sign(make_user(promise.signing_partners()[0]), promise.digest())
    return promise


def the_last_signature() -> Deed:
    promise = half_signed()
    (last,) = promise.awaited_partners()
    user = make_user(last)
    return lambda: Promise.objects.get(pk=promise.pk).sign(user, promise.digest())


def taking_back() -> Deed:
    promise = half_signed()
    user = make_user(promise.signing_partners()[0])
    return lambda: Promise.objects.get(pk=promise.pk).back_to_draft(user)


def an_edit_of_what_is_half_signed() -> Deed:
    promise = half_signed()

    def edit() -> None:
        same = Promise.objects.get(pk=promise.pk)
        same.lead = "Något annat."
        same.save()

    return edit


def the_promise_that_follows() -> Deed:
    promise = make_promise(starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31), actions=2)
    user = make_user(promise.signing_partners()[0])
    return lambda: follow_on(promise, date(2026, 1, 1), user)


def a_months_report() -> Deed:
    promise = make_promise(starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    period = Period(Month.parse("2026-02"), promise.followup_months)
    user = make_user(promise.signing_partners()[0])
    return lambda: begin_report(promise, period, user)


def masked() -> list[masking.Masking]:
    report = make_report(text="Nils var där.")
    keys = [hit.key for hit in masking.find("Nils")]
    return masking.propose(make_user(report.signing_partners()[0]), "Nils", "ett namn", keys)


def asking_for_a_masking() -> Deed:
    report = make_report(text="Nils var där.")
    user, keys = make_user(report.signing_partners()[0]), [hit.key for hit in masking.find("Nils")]
    return lambda: masking.propose(user, "Nils", "ett namn", keys)


def the_second_yes_to_a_masking() -> Deed:
    first, *_others = masked()
    other = make_user(first.row.followup.signing_partners()[1])
    return lambda: type(first).objects.get(pk=first.pk).confirm(other)


def the_second_yes_to_a_case() -> Deed:
    first, *_others = masked()
    other = make_user(first.row.followup.signing_partners()[1])
    return lambda: masking.confirm(type(first).objects.get(pk=first.pk), other)


def figures_from_a_file() -> Deed:
    indicator, user = make_indicator(), make_user(make_organisation())
    return lambda: import_readings(indicator, "månad;antal\n2025-01;3\n2025-02;4\n", user)


def an_answer_with_a_code() -> Deed:
    survey_round = make_round()
    (code,) = make_codes(survey_round, 1)
    given = {"channel": Channel.CODE, "place": 1, "code": code, "at": MIDWAY}
    return lambda: submit(survey_round, {"safety": "safe"}, {"words": "Mer ljus."}, **given)


def a_shuffle() -> Deed:
    survey_round = make_round()
    answer(survey_round, times=12, safety="safe")
    return lambda: shuffle(type(survey_round).objects.get(pk=survey_round.pk))


def counting() -> Deed:
    survey_round = make_round()
    answer(survey_round, times=12, safety="safe")
    close_round(survey_round, at=CLOSES)
    return lambda: count_round(type(survey_round).objects.get(pk=survey_round.pk), at=AFTER)


def erasing() -> Deed:
    survey_round = make_round()
    make_codes(survey_round, 3)
    answer(survey_round, times=12, safety="safe", texts={"words": "Mer ljus."})
    close_and_count(survey_round)
    return lambda: erase_round(type(survey_round).objects.get(pk=survey_round.pk))


def a_result() -> Deed:
    survey_round = make_round()
    answer(survey_round, times=12, safety="safe")
    close_and_count(survey_round)
    user = make_coordinator()
    return lambda: publish_release(survey_round, user)


def a_spelling() -> Deed:
    survey_round = make_round(survey=make_survey([make_question("light", text="Är det ljsut?")]))
    user = make_coordinator()
    return lambda: correct_spelling(
        survey_round, "light", "Är det ljsut?", "Är det ljust?", reason="Felstavat.", user=user
    )


def locking() -> Deed:
    survey_round = make_round(locked=False)
    return lambda: type(survey_round).objects.get(pk=survey_round.pk).lock()


def codes() -> Deed:
    place, user = make_round().round_places.get(), make_coordinator()
    return lambda: issue_batch(place, 3, user)


def codes_in_place_of_others() -> Deed:
    make_codes(make_round(), 3)
    user = make_coordinator()
    return lambda: replace_batch(InvitationBatch.objects.get(), user)


def themes() -> Deed:
    survey_round = make_round()
    for number in range(12):
        answer(survey_round, safety="safe", texts={"words": f"Mer ljus {number}."})
    close_and_count(survey_round)
    write_themes(survey_round, "words", {"Ljus": 5})
    return lambda: write_themes(survey_round, "words", {"Mörker": 4, "Buskar": 3})


def questions_in_a_questionnaire() -> Deed:
    survey = make_survey()
    new = [make_question("new_one"), make_question("new_two")]
    return lambda: add_questions(survey, new)


def news() -> Deed:
    make_subscription()
    make_subscription()
    report = make_published_report()
    return lambda: announce(Kind.REPORT, report)


def asking_for_mail() -> Deed:
    return lambda: Subscription.objects.ask("nils@exempel.se", [])


def a_choice_anew() -> Deed:
    make_subscription("nils@exempel.se")
    again = make_subscription("nils@exempel.se", confirmed=False)
    return lambda: Subscription.objects.get(pk=again.pk).confirm()


DEEDS = [
    the_last_signature,
    taking_back,
    an_edit_of_what_is_half_signed,
    the_promise_that_follows,
    a_months_report,
    asking_for_a_masking,
    the_second_yes_to_a_masking,
    the_second_yes_to_a_case,
    figures_from_a_file,
    an_answer_with_a_code,
    a_shuffle,
    counting,
    erasing,
    a_result,
    a_spelling,
    locking,
    codes,
    codes_in_place_of_others,
    themes,
    questions_in_a_questionnaire,
    news,
    asking_for_mail,
    a_choice_anew,
]


@pytest.mark.parametrize("make", DEEDS, ids=lambda make: make.__name__)
def test_whatever_breaks_in_the_middle_nothing_is_stored(clock, make: Callable[[], Deed]) -> None:
    do = make()
    before = tables()
    for number in range(1, 200):
        with breaking_at(number):
            try:
                do()
                break
            except BrokenError:
                assert tables() == before, f"something stood after the break at write {number}"
    assert number > 2, "what writes once needs no test"
    assert tables() != before
