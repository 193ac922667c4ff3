"""Questions that residents have been asked, and where the answers are told."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext

from promises.addresses import address_of
from promises.together import said_beneath
from surveys.models import AnswerOption, Question, SurveyRound


def asked_questions() -> QuerySet[Any]:
    """With the newest round that asks it, the newest whose result is published, and what may be answered."""
    asking = SurveyRound.objects.filter(survey__items__question=OuterRef("pk"))
    asked, told = asking.published().newest_first().values("slug")[:1], asking.newest_told().values("slug")[:1]
    answers = said_beneath(AnswerOption.objects.all(), "scale__questions")
    questions = Question.objects.published().annotate(asked_in=Subquery(asked), told_in=Subquery(told), answers=answers)
    return questions.exclude(asked_in=None)


def address_of_question(question: Any) -> str:
    """Of its answers in the result, where there is one, else of the round; for `asked_questions`."""
    return (
        f"{address_of('surveys:result', question.told_in)}#fraga-{question.key}"
        if question.told_in
        else address_of("surveys:answer", question.asked_in)
    )


def in_no_place(question: Question) -> str:
    return question.text.replace("{plats}", gettext("platsen"))
