"""From a questionnaire to the codebook that it has if it is asked now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings

from promises.models import Translation
from promises.models.translation import OTHER_LANGUAGES, digest_of_words
from surveys.codebook import BookOption, BookPlace, BookQuestion, Codebook, Condition, CountsAs, Kind, Texts

if TYPE_CHECKING:
    from typing import TypeAlias

    from surveys.models import Question, Survey, SurveyQuestion, SurveyRound


Reviewed: TypeAlias = "dict[tuple[str, str], str]"  # (digest of the Swedish, language): text


def compile_codebook(survey_round: SurveyRound) -> Codebook:
    """The codebook that the round has if it is locked now."""
    places = survey_round.round_places.select_related("place").order_by("number")
    return Codebook(
        questions=compile_questions(survey_round.survey),
        places=tuple(BookPlace(each.number, each.place.slug, each.place.name) for each in places),
        main_question=survey_round.main_question.key if survey_round.main_question else "",
    )


def compile_questions(survey: Survey) -> tuple[BookQuestion, ...]:
    """The questionnaire as it would be asked now, whether or not a round is planned."""
    items = (
        survey.items.select_related("question__scale", "show_if__question")
        .prefetch_related("question__scale__options", "show_if_options")
        .order_by("order")
    )
    reviewed = Translation.objects.reviewed()
    questions: list[BookQuestion] = []
    for item in items:
        questions.append(_compile_question(item, reviewed, position=sum(each.width for each in questions)))
    return tuple(questions)


def _compile_question(item: SurveyQuestion, reviewed: Reviewed, position: int) -> BookQuestion:
    question = item.question
    condition = None
    if item.show_if is not None:
        options = sorted(item.show_if_options.all(), key=lambda option: option.order)
        condition = Condition(item.show_if.question.key, tuple(option.key for option in options))
    return BookQuestion(
        key=question.key,
        version=question.version,
        kind=question.kind,
        texts=_texts(question.text, reviewed),
        help_texts=_texts(question.help_text, reviewed),
        options=tuple(_compile_options(question, reviewed)),
        position=position,
        is_required=item.is_required,
        is_background=question.is_background,
        is_sensitive=question.is_sensitive,
        max_choices=question.max_choices,
        low_label=question.low_label,
        high_label=question.high_label,
        mark=question.mark,
        source=question.source,
        condition=condition,
    )


def _compile_options(question: Question, reviewed: Reviewed) -> Iterable[BookOption]:
    if question.kind == Kind.NUMBER:
        ends = {1: question.low_label, 10: question.high_label}
        for number in range(1, 11):
            end = ends.get(number)
            texts = {language: f"{number} – {text}" for language, text in _texts(end, reviewed).items()} if end else {}
            yield BookOption(str(number), texts or {settings.LANGUAGE_CODE: str(number)}, CountsAs.LEFT_OUT)
    for option in question.options():
        yield BookOption(
            option.key, _texts(option.text, reviewed), option.counts_as, option.is_exclusive, option.reported_with
        )


def _texts(swedish: str, reviewed: Reviewed) -> Texts:
    """The words in Swedish, and in every language in which a person has seen to it that they say the same."""
    texts = {settings.LANGUAGE_CODE: swedish}
    digest = digest_of_words(swedish)
    for language, _name in OTHER_LANGUAGES if swedish else ():
        if translated := reviewed.get((digest, language)):
            texts[language] = translated
    return texts
