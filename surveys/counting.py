"""Closing a round, counting its answers and erasing them."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from promises.months import swedish_day
from surveys.ballot_box import clear_what_lies_behind, number_in_words, shuffle, wait_for_ballot_box
from surveys.codebook import CHOSEN, UNANSWERED, BookQuestion, Codebook, Kind
from surveys.models import Channel, FreeText, Invitation, Response, SurveyRound, Tally
from surveys.themes import forget_unconfirmed

logger = logging.getLogger(__name__)
State = SurveyRound.State

# Bounds the memory: so many answers are held at a time, about 100 bytes each.
BATCH = 20_000

# (place, channel, group question, group option, question, option)
Cell = tuple[int, str, str, str, str, str]


def close_round(survey_round: SurveyRound, *, at: datetime | None = None) -> None:
    """Close the web, and shuffle. Paper forms can still be entered until `paper_until`."""
    with transaction.atomic():
        wait_for_ballot_box(survey_round)
        _move_on(survey_round, State.LOCKED, State.CLOSED, gettext("Bara en låst omgång kan stängas."))
        survey_round.closed_at = at or timezone.now()
        survey_round.save(update_fields=["closed_at", "state"])
    shuffle(survey_round)


def count_round(survey_round: SurveyRound, *, at: datetime | None = None) -> None:
    """Make the tallies; no answer is taken after that."""
    now = at or timezone.now()
    with transaction.atomic():
        wait_for_ballot_box(survey_round)
        if survey_round.paper_until and swedish_day(now) <= survey_round.paper_until:
            raise ValidationError(gettext("Omgången räknas när den sista dagen för pappersenkäter har gått."))
        _move_on(survey_round, State.CLOSED, State.COUNTED, gettext("Omgången räknas när den har stängts."))
        _store_tallies(survey_round)
        survey_round.counted_at = now
        survey_round.save(update_fields=["counted_at", "state"])
    # Paper forms may have come in since the closing.
    shuffle(survey_round)


def leave_out(survey_round: SurveyRound, channel: str, reason: str) -> None:
    """Keep a channel that was flooded or misused out of the result, with a reason that is shown beside it.

    An empty channel takes all of them in again.
    """
    if survey_round.releases.exists():
        raise ValidationError(gettext("Resultatet är redan publicerat."))
    if channel and not reason.strip():
        raise ValidationError(gettext("Skriv varför kanalen utelämnas."))
    survey_round.left_out, survey_round.left_out_reason = channel, reason if channel else ""
    survey_round.save(update_fields=["left_out", "left_out_reason"])


@dataclass(frozen=True)
class Erasure:
    """What erasing a round removes for ever, and by which decision."""

    answers: int
    free_texts: int
    disposal_decision: str


def what_erasing_removes(survey_round: SurveyRound) -> Erasure:
    return Erasure(
        answers=Response.objects.filter(round=survey_round).count(),
        free_texts=FreeText.objects.filter(round=survey_round).count(),
        disposal_decision=survey_round.disposal_decision,
    )


def erase_round(survey_round: SurveyRound, *, at: datetime | None = None) -> None:
    """Erase answers, free texts and unused codes by the disposal decision; the tallies stay."""
    with transaction.atomic():
        wait_for_ballot_box(survey_round)
        _move_on(survey_round, State.COUNTED, State.ERASED, gettext("Bara en räknad omgång kan gallras."))
        erasure = what_erasing_removes(survey_round)
        Response.objects.filter(round=survey_round).delete()
        FreeText.objects.filter(round=survey_round).delete()
        forget_unconfirmed(survey_round)
        Invitation.objects.filter(batch__round_place__round=survey_round).delete()
        survey_round.erased_at = at or timezone.now()
        survey_round.answers_at_shuffle = 0
        survey_round.save(update_fields=["erased_at", "answers_at_shuffle", "state"])
    # Not how many codes were left: everybody knows how many were made, and the rest have answered.
    logger.info(
        "Round %s erased by decision %s: answers, %s; free texts, %s; the unused codes.",
        survey_round.slug,
        erasure.disposal_decision,
        number_in_words(erasure.answers),
        number_in_words(erasure.free_texts),
    )
    transaction.on_commit(clear_what_lies_behind)


def _move_on(survey_round: SurveyRound, before: str, after: str, refusal: str) -> None:
    """Set the next state, unless the stored round has already moved on."""
    survey_round.refresh_from_db()
    if survey_round.state != before:
        raise ValidationError(refusal)
    survey_round.state = after


# --- tallies ---


def _store_tallies(survey_round: SurveyRound) -> None:
    book = survey_round.book
    cells: Counter[Cell] = Counter()
    for place in book.places:
        for channel in Channel.values:
            for batch in _batches(survey_round, place.number, channel):
                cells.update(count_cells(book, place.number, channel, batch))
    rows = (Tally(round=survey_round, **_named(cell), count=count) for cell, count in cells.items() if count)
    Tally.objects.bulk_create(rows, batch_size=1000)


def _named(cell: Cell) -> dict[str, int | str]:
    names = ("place", "channel", "group_question", "group_option", "question", "option")
    return dict(zip(names, cell, strict=True))


def _batches(survey_round: SurveyRound, place: int, channel: str) -> Iterator[list[str]]:
    rows = Response.objects.filter(round=survey_round, place=place, channel=channel)
    answers = rows.values_list("answers", flat=True).iterator(chunk_size=BATCH)
    while batch := list(islice(answers, BATCH)):
        yield batch


def count_cells(book: Codebook, place: int, channel: str, answers: list[str]) -> dict[Cell, int]:
    """The tallies of some answers of one place and channel: for everybody, and for each background answer by itself."""
    cells = {(place, channel, "", "", "", ""): len(answers)}
    for (question, option), count in _count(book.questions, book.width, answers).items():
        cells[place, channel, "", "", question, option] = count
    # A sensitive question is never counted by background, so that no one can ask for it.
    grouped_questions = [each for each in book.questions if not each.is_background and not each.is_sensitive]
    for background in book.background():
        for option, members in _groups(background, answers).items():
            group = (place, channel, background.key, option)
            cells[(*group, "", "")] = len(members)
            for (question, chosen), count in _count(grouped_questions, book.width, members).items():
                cells[(*group, question, chosen)] = count
    return cells


def _groups(background: BookQuestion, answers: list[str]) -> dict[str, list[str]]:
    """The answers of those who gave each background answer."""
    by_symbol: dict[str, list[str]] = defaultdict(list)
    for answer in answers:
        by_symbol[answer[background.position]].append(answer)
    return {option.key: by_symbol[background.symbol(option.key)] for option in background.options}


def _count(
    questions: tuple[BookQuestion, ...] | list[BookQuestion], width: int, answers: list[str]
) -> dict[tuple[str, str], int]:
    """How many answered each question, and how many chose each option.

    All answers in one long text: every width-th character from a question's position on is that question's column,
    and `str.count` reads it at the speed of the machine.
    """
    text = "".join(answers)
    counts: dict[tuple[str, str], int] = {}
    for question in questions:
        if question.kind == Kind.TEXT:
            continue
        first = text[question.position :: width]
        counts[question.key, ""] = len(first) - first.count(UNANSWERED)
        for index, option in enumerate(question.options):
            if question.kind == Kind.SEVERAL:
                counts[question.key, option.key] = text[question.position + index :: width].count(CHOSEN)
            else:
                counts[question.key, option.key] = first.count(question.symbol(option.key))
    return counts
