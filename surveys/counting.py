"""Closing a round, counting its answers and erasing them."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext

from promises.months import swedish_day
from promises.together import Together
from surveys.ballot_box import clear_what_lies_behind, number_in_words, shuffle, wait_for_ballot_box
from surveys.columns import Cell, count_cells
from surveys.models import Channel, FreeText, Invitation, Response, SurveyRound, Tally
from surveys.progress import Progress, silent
from surveys.themes import forget_unconfirmed

logger = logging.getLogger(__name__)
State = SurveyRound.State

# Bounds the memory: about so many answers are held at a time, less than 100 bytes each. Larger batches are no faster.
BATCH = 200_000
# One more than the largest key of an answer.
KEYS = 1 << 63


def close_round(survey_round: SurveyRound, *, at: datetime | None = None, progress: Progress = silent) -> None:
    """Close the web, and shuffle. Paper forms can still be entered until `paper_until`."""
    with transaction.atomic():
        wait_for_ballot_box(survey_round)
        _move_on(survey_round, State.LOCKED, State.CLOSED, gettext("Bara en låst omgång kan stängas."))
        survey_round.closed_at = at or timezone.now()
        survey_round.save(update_fields=["closed_at", "state"])
    shuffle(survey_round, progress)


def count_round(survey_round: SurveyRound, *, at: datetime | None = None, progress: Progress = silent) -> None:
    """Make the tallies; no answer is taken after that."""
    now = at or timezone.now()
    with transaction.atomic():
        wait_for_ballot_box(survey_round)
        if survey_round.paper_until and swedish_day(now) <= survey_round.paper_until:
            raise ValidationError(gettext("Omgången räknas när den sista dagen för pappersenkäter har gått."))
        _move_on(survey_round, State.CLOSED, State.COUNTED, gettext("Omgången räknas när den har stängts."))
        _store_tallies(survey_round, progress)
        survey_round.counted_at = now
        survey_round.save(update_fields=["counted_at", "state"])
    # Paper forms may have come in since the closing; otherwise all lies as the closing left it.
    if Response.objects.filter(round=survey_round).count() != survey_round.answers_at_shuffle:
        shuffle(survey_round, progress)
    else:
        transaction.on_commit(clear_what_lies_behind)


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


def _store_tallies(survey_round: SurveyRound, progress: Progress) -> None:
    cells: Counter[Cell] = Counter()
    for batch in _batches(survey_round, progress):
        cells.update(batch)
    rows = (Tally(round=survey_round, **_named(cell), count=count) for cell, count in cells.items() if count)
    Tally.objects.bulk_create(rows, batch_size=1000)


def _named(cell: Cell) -> dict[str, int | str]:
    names = ("place", "channel", "group_question", "group_option", "question", "option")
    return dict(zip(names, cell, strict=True))


def _batches(survey_round: SurveyRound, progress: Progress) -> Iterator[dict[Cell, int]]:
    """The tallies of so many answers at a time. Keys are random, so an equal part of them is about as many answers."""
    book, rows = survey_round.book, Response.objects.filter(round=survey_round)
    parts = rows.count() // BATCH + 1
    if parts > 1:
        # It is most of the table, which SQLite reads faster in the order of its keys than by the round's index.
        rows = Response.objects.alias(of_round=F("round_id") + 0).filter(of_round=survey_round.pk)
    kinds = [(place.number, channel) for place in book.places for channel in Channel.values]
    for part in range(parts):
        first, end = part * KEYS // parts, (part + 1) * KEYS // parts
        texts = rows.filter(pk__gte=first, pk__lt=end).aggregate(
            **{
                f"{place}{channel}": Together("answers", filter=Q(place=place, channel=channel))
                for place, channel in kinds
            }
        )
        for place, channel in kinds:
            if text := texts[f"{place}{channel}"]:
                yield count_cells(book, place, channel, text)
        progress(gettext("Räknar"), part + 1, parts)
