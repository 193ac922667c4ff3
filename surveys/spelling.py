"""The one thing that changes in a round that is being asked: a misspelt word, with a reason that everybody can read.

The rules below do not understand language. They stop what is plainly more than spelling; whoever corrects answers for
the rest, with a name inside the house and a reason outside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from promises import policy
from promises.models import User
from promises.months import today
from surveys.codebook import BookQuestion, Codebook, Kind, Texts
from surveys.models import AnswerOption, Question, SpellingCorrection, SurveyRound

MOST_LETTERS = 4
NEGATIONS = frozenset({"aldrig", "ej", "icke", "inga", "ingen", "inget", "ingenting", "inte", "utan"})


def texts_of(question: BookQuestion) -> Iterator[str]:
    """Every text of the question that residents read, in every language. The numbers from 1 to 10 are no words."""
    options = question.options if question.kind != Kind.NUMBER else ()
    for texts in (question.texts, question.help_texts, *(option.texts for option in options)):
        yield from filter(None, texts.values())


def correct_spelling(
    survey_round: SurveyRound, question_key: str, before: str, after: str, *, reason: str, user: User
) -> SpellingCorrection:
    """Mend the spelling of a question, its help or one of its options, in this round's codebook."""
    policy.require(user, "change", survey_round)
    with transaction.atomic():
        stored = SurveyRound.objects.select_for_update().get(pk=survey_round.pk)
        correction = SpellingCorrection(
            round=stored,
            question_key=question_key,
            before=before,
            after=after,
            reason=reason,
            made_by=user,
            made_on=today(),
        )
        correction.full_clean()
        if stored.releases.exists():
            raise ValidationError(gettext("Resultatet är publicerat. Stavningen rättas i frågan till nästa omgång."))
        book = stored.book
        mended = tuple(
            _mended(question, before, after) if question.key == question_key else question
            for question in book.questions
        )
        if mended == book.questions or not stored.is_published:
            raise ValidationError(gettext("Texten som ska rättas finns inte i frågan."))
        _require_spelling(book, question_key, before, after)
        stored.codebook = replace(book, questions=mended).to_json()
        stored.save(update_fields=["codebook"])
        correction.save()
        _mend_the_bank(book, question_key, before, after)
    survey_round.refresh_from_db()
    return correction


def _mended(question: BookQuestion, before: str, after: str) -> BookQuestion:
    """The question with the text that is exactly `before` replaced, wherever it stands."""

    def mend(texts: Texts) -> Texts:
        return {language: after if text == before else text for language, text in texts.items()}

    options = tuple(replace(option, texts=mend(option.texts)) for option in question.options)
    return replace(question, texts=mend(question.texts), help_texts=mend(question.help_texts), options=options)


def _mend_the_bank(book: Codebook, question_key: str, before: str, after: str) -> None:
    """So that the next round asks the same question, well spelt. Past what freezes it: its words stay, only letters go.

    Other rounds that have asked it keep the letters that they asked with.
    """
    question = Question.objects.get(key=question_key, version=book.question(question_key).version)
    for field in ("text", "help_text"):
        Question._base_manager.filter(pk=question.pk, **{field: before}).update(**{field: after})
    AnswerOption._base_manager.filter(scale=question.scale_id, text=before).update(text=after)


# --- Is it spelling? ----------------------------------------------------------------------------------


def _require_spelling(book: Codebook, question_key: str, before: str, after: str) -> None:
    if after in texts_of(book.question(question_key)) or not is_spelling(before, after):
        raise ValidationError(
            gettext("Det här ändrar mer än stavningen. Gör en ny version av frågan till nästa omgång i stället.")
        )


def is_spelling(before: str, after: str) -> bool:
    """Whether a few letters differ, and among them no number, no negation, no {plats} and no o- that turns a word."""
    few = 0 < letters_between(before, after) <= MOST_LETTERS
    return few and _fixed_words(before) == _fixed_words(after) and not _turns_a_word_round(before, after)


def _fixed_words(text: str) -> list[str]:
    words = re.findall(r"\{.*?\}|\d+|\w+", text.lower())
    return [word for word in words if word in NEGATIONS or word[0] in "{0123456789"]


def _turns_a_word_round(before: str, after: str) -> bool:
    """trygg and otrygg differ by one letter and mean the opposite."""
    old, new = (set(re.findall(r"\w+", text.lower())) for text in (before, after))
    pairs = [(one, other) for one in old - new for other in new - old]
    return any(prefix + other == one or prefix + one == other for prefix in ("o", "in") for one, other in pairs)


def letters_between(one: str, other: str) -> int:
    """How many letters must be added, taken away or changed to make one text the other (Levenshtein)."""
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, start=1):
        corner, row[0] = row[0], number
        for column, its in enumerate(other, start=1):
            corner, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, corner + (letter != its))
    return row[-1]
