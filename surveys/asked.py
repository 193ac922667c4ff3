"""Questions that residents have been asked, and where the answers are told."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext

from promises.addresses import address_of
from surveys.models import Question, SurveyRound


def asked_questions() -> QuerySet[Any]:
    """With `asked_in`, the newest round that asks it, and `told_in`, the newest whose result is published."""
    asking = SurveyRound.objects.filter(survey__items__question=OuterRef("pk"))
    asked, told = asking.published().newest_first().values("slug")[:1], asking.newest_told().values("slug")[:1]
    return (
        Question.objects.published().annotate(asked_in=Subquery(asked), told_in=Subquery(told)).exclude(asked_in=None)
    )


def address_of_question(question: Any) -> str:
    """Of the result, where there is one, else of the round; for `asked_questions`."""
    return (
        address_of("surveys:result", question.told_in)
        if question.told_in
        else address_of("surveys:answer", question.asked_in)
    )


def in_no_place(question: Question) -> str:
    return question.text.replace("{plats}", gettext("platsen"))
