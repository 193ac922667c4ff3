"""The one thing that changes in a round that is being asked: a misspelt word, with a reason that everybody can read."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from promises import policy
from promises.models import User
from promises.months import today
from surveys.codebook import BookQuestion, Texts
from surveys.models import SpellingCorrection, SurveyRound


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
        book = stored.book
        mended = tuple(
            _mended(question, before, after) if question.key == question_key else question
            for question in book.questions
        )
        if mended == book.questions or not stored.is_published:
            raise ValidationError(gettext("Texten som ska rättas finns inte i frågan."))
        stored.codebook = replace(book, questions=mended).to_json()
        stored.save(update_fields=["codebook"])
        correction.save()
    survey_round.refresh_from_db()
    return correction


def _mended(question: BookQuestion, before: str, after: str) -> BookQuestion:
    """The question with the text that is exactly `before` replaced, wherever it stands."""

    def mend(texts: Texts) -> Texts:
        language = settings.LANGUAGE_CODE
        return texts | {language: after} if texts[language] == before else texts

    options = tuple(replace(option, texts=mend(option.texts)) for option in question.options)
    return replace(question, texts=mend(question.texts), help_texts=mend(question.help_texts), options=options)
