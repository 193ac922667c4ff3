"""Building a questionnaire: questions from the bank, in order, each asked of everybody or only after some answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Any

from django.db import models, transaction
from django.db.models import F, Max
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from surveys.models import AnswerOption, Question, Survey, SurveyQuestion

# How the bank is laid out for whoever chooses from it; what staff have written themselves stands under OWN.
SHELVES = [
    (
        _("Trygghet"),
        ("alone_late", "place_light", "place_dark", "refrains_alone", "evenings_outdoors", "avoids_area"),
    ),
    (
        _("Problem på platsen"),
        (
            *("problem_where_i_live", "problem_vandalism", "problem_litter", "problem_intoxicated"),
            *("problem_drug_trade", "problem_gangs", "problem_driving"),
        ),
    ),
    (_("Oro"), ("worried_burglary", "worried_assault", "chose_other_way")),
    (_("Utsatthet"), ("been_victim",)),
    (_("Förtroende, och vad som behövs"), ("confidence_police", "do_they_care", "noticed", "what_helps")),
]
BACKGROUND, OWN = _("Bakgrund"), _("Egna frågor")
PLACES_ON_SHELVES = {key: number for number, key in enumerate(key for _name, keys in SHELVES for key in keys)}


# --- The bank -----------------------------------------------------------------------------------------


def bank() -> list[Question]:
    """The newest version of every question, as they stand on the shelves, with what they are answered with."""
    newest = {
        question.key: question for question in Question.objects.select_related("scale").order_by("key", "version")
    }
    return sorted(newest.values(), key=_place_in_bank)


def _place_in_bank(question: Question) -> tuple[bool, int, str]:
    return question.is_background, PLACES_ON_SHELVES.get(question.key, len(PLACES_ON_SHELVES)), question.key


def shelf(question: Question) -> Any:
    """The heading that the question stands under in the bank."""
    if question.is_background:
        return BACKGROUND
    return next((name for name, keys in SHELVES if question.key in keys), OWN)


# --- The questionnaire --------------------------------------------------------------------------------


def add_questions(survey: Survey, chosen: Iterable[Question]) -> None:
    """Put questions last, but before the background questions that a questionnaire ends with."""
    with transaction.atomic():
        items = list(survey.items.select_related("question").order_by("order"))
        new = [_new_item(survey, question) for question in sorted(chosen, key=_place_in_bank)]
        at_the_end = list(takewhile(lambda item: item.question.is_background, reversed(items)))[::-1]
        main = [item for item in items if item not in at_the_end]
        background = [item for item in new if item.question.is_background]
        ordered = [*main, *(item for item in new if item not in background), *at_the_end, *background]
        put_in_order(survey.items.all(), ordered)


def _new_item(survey: Survey, question: Question) -> SurveyQuestion:
    last = survey.items.aggregate(last=Max("order"))["last"] or 0
    return SurveyQuestion.objects.create(survey=survey, question=question, order=last + 1)


def put_in_order(rows: models.QuerySet[Any], ordered: Sequence[models.Model]) -> None:
    """Number the rows from 1 in this order; in two steps, since no two may have the same number on the way."""
    with transaction.atomic():
        rows.update(order=F("order") + 10_000)
        for number, row in enumerate(ordered, start=1):
            rows.filter(pk=row.pk).update(order=number)


def out_of_order(ordered: Sequence[SurveyQuestion]) -> list[str]:
    """Swedish sentences about questions that would come before the one that decides whether they are asked."""
    place = {item.pk: number for number, item in enumerate(ordered)}
    return [
        gettext("Frågan ”%(text)s” visas bara efter vissa svar på ”%(earlier)s”, och måste komma efter den.")
        % {"text": item.question, "earlier": item.show_if.question}
        for item in ordered
        if item.show_if is not None and place.get(item.show_if.pk, -1) > place[item.pk]
    ]


# --- Conditions ---------------------------------------------------------------------------------------


def deciding_options(item: SurveyQuestion) -> list[tuple[SurveyQuestion, list[AnswerOption]]]:
    """The earlier questions that may decide whether this one is asked, with the answers that may.

    A background question neither has a condition nor is one, and an answer that is left out of the shares would tell
    how many gave it: the same rules stop the locking of a round.
    """
    if item.question.is_background:
        return []
    earlier = item.survey.items.filter(order__lt=item.order, question__is_background=False).exclude(
        question__scale=None
    )
    earlier = earlier.select_related("question__scale").prefetch_related("question__scale__options").order_by("order")
    return [(each, [option for option in each.question.options() if _may_decide(each, option)]) for each in earlier]


def _may_decide(item: SurveyQuestion, option: AnswerOption) -> bool:
    return item.question.kind == Question.Kind.SEVERAL or option.counts_as != AnswerOption.CountsAs.LEFT_OUT


def ask_only_if(item: SurveyQuestion, earlier: SurveyQuestion | None, options: Iterable[AnswerOption]) -> None:
    """Ask the question only of those who gave one of these answers to an earlier one; None: of everybody."""
    with transaction.atomic():
        item.show_if = earlier
        item.save()
        item.show_if_options.set(options if earlier else [])
