"""The ballot box: an answer goes in, a code is used up, and nothing afterwards can join the two.

Every row of a database carries traces of its transaction. On PostgreSQL `xmin` is the number of the transaction that
wrote a row and `xmax` that of the one that deleted it; rowid and ctid tell their order. So the answer's transaction
writes nothing that stays but the answer, and the shuffle writes all answers anew and clears what lies behind.
"""

from __future__ import annotations

import logging
import random
from array import array
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext

from promises.months import swedish_day
from promises.remains import clear_remains
from surveys.codebook import Codebook
from surveys.codes import code_hash
from surveys.models import Channel, FreeText, Invitation, Response, SurveyRound
from surveys.models.answers import random_key
from surveys.progress import Progress, silent
from surveys.turns import in_turn

logger = logging.getLogger(__name__)

# The first of the two numbers of PostgreSQL's advisory locks; the second is the round.
BALLOT_BOX_LOCK = 7_391_204
SHOWN_FROM = 10
# Rows: the bar moves, and no list grows long.
REWRITTEN_AT_A_TIME = 10_000
State = SurveyRound.State
# As SQL, since on the evening when everybody answers Django's own making of it would be half of what an answer costs.
WHETHER_OPEN = """SELECT state = %s AND opens_at <= %s AND closes_at > %s, takes_codes, takes_open
    FROM surveys_surveyround WHERE id = %s"""
# The place's number, and none if the code is of another round.
DELETE_CODE = """DELETE FROM surveys_invitation WHERE code_hash = %s RETURNING
    (SELECT place.number FROM surveys_invitationbatch batch
        JOIN surveys_roundplace place ON place.id = batch.round_place_id
        WHERE batch.id = batch_id AND place.round_id = %s)"""
INSERT_ANSWER = "INSERT INTO surveys_response (id, round_id, place, channel, answers) VALUES (%s, %s, %s, %s, %s)"
# Not the module's own generator: its state could be computed from the order that it made.
dice = random.SystemRandom()


class BallotError(ValidationError):
    """The answer was not taken; nothing has been stored."""


class RefusedCodeError(BallotError):
    """Used, mistyped, of another round or made up: the portal does not say which, and for used codes does not know."""


class RoundNotOpenError(BallotError):
    """The round does not take this answer now."""


# --- an answer ---


def submit(
    survey_round: SurveyRound,
    answers: Mapping[str, Any],
    free_texts: Mapping[str, str] | None = None,
    *,
    channel: str,
    place: int | None = None,
    code: str = "",
    on_paper: bool = False,
    at: datetime | None = None,
) -> None:
    """Put one answer in the ballot box, and use up its code. All of it is stored, or nothing.

    `on_paper` is for forms that staff enter, also after the web has closed.
    Raises RefusedCodeError or RoundNotOpenError.
    """
    book = survey_round.book
    kept = book.without_hidden({**answers, **(free_texts or {})})
    texts = {key: kept.pop(key) for key in free_texts or {} if key in kept}
    row = book.encode(kept)
    with in_turn(), transaction.atomic():
        wait_for_ballot_box(survey_round, shared=True)
        _require_open(survey_round, channel, on_paper or channel == Channel.PAPER, at or timezone.now())
        number = _use_up(survey_round, code) if channel == Channel.CODE else _place_number(book, place)
        # Only the DELETE above and the INSERTs below. Anything else that was written here, a used-flag or a limiter's
        # row, would carry this transaction's number and so be joined to the answer for as long as it stays.
        _put_in(survey_round, number, channel, row)
        FreeText.objects.bulk_create(_rows_of_text(survey_round, texts))


def _use_up(survey_round: SurveyRound, code: str) -> int:
    """Delete the code and return its place's number.

    DELETE, not UPDATE: a used-flag's row would stay, and its xmin is the answer's. The row count decides who was
    first: of many who use a code at the same moment, one deletes it.
    """
    with connection.cursor() as cursor:
        cursor.execute(DELETE_CODE, [code_hash(survey_round, code), survey_round.pk])
        numbers = [number for (number,) in cursor.fetchall() if number is not None]
    if not numbers:
        raise RefusedCodeError(gettext("Koden går inte att använda."))
    return int(numbers[0])


def _put_in(survey_round: SurveyRound, place: int, channel: str, answers: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(INSERT_ANSWER, [random_key(), survey_round.pk, place, channel, answers])


def _place_number(book: Codebook, place: int | None) -> int:
    numbers = [each.number for each in book.places]
    chosen = numbers[0] if place is None and len(numbers) == 1 else place
    if chosen not in numbers:
        raise ValueError(f"{place!r} is no place of this round")
    return chosen


def _rows_of_text(survey_round: SurveyRound, texts: Mapping[str, str]) -> list[FreeText]:
    rows = [FreeText(round=survey_round, question_key=key, text=text) for key, text in texts.items() if text]
    dice.shuffle(rows)
    return rows


def _require_open(survey_round: SurveyRound, channel: str, on_paper: bool, now: datetime) -> None:
    """Ask the database, under the lock: somebody may have closed the round since it was read."""
    moment = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(WHETHER_OPEN, [State.LOCKED, moment, moment, survey_round.pk])
        is_open, takes_codes, takes_open = cursor.fetchone()
    if not {Channel.CODE: takes_codes, Channel.OPEN: takes_open, Channel.PAPER: True}[Channel(channel)]:
        raise RoundNotOpenError(gettext("Enkäten kan inte besvaras på det sättet."))
    if on_paper:
        _require_paper_is_entered(SurveyRound.objects.get(pk=survey_round.pk), now)
    elif not is_open:
        raise RoundNotOpenError(gettext("Enkäten är inte öppen."))


def _require_paper_is_entered(stored: SurveyRound, now: datetime) -> None:
    may_enter = stored.state in (State.LOCKED, State.CLOSED) and stored.opens_at <= now
    if not may_enter or swedish_day(now) > (stored.paper_until or swedish_day(stored.closes_at)):
        raise RoundNotOpenError(gettext("Pappersenkäter kan inte längre matas in."))


# --- the lock ---


def wait_for_ballot_box(survey_round: SurveyRound, *, shared: bool = False) -> None:
    """Take the round's lock until the transaction ends. Answers share it; shuffling, closing and counting are alone.

    An advisory lock leaves no trace on any row. SQLite needs none: it has one writer at a time, and every
    transaction here begins as a writer.
    """
    if connection.vendor != "postgresql":
        return
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s::int, %s::int)", [BALLOT_BOX_LOCK, survey_round.pk])


# --- the shuffle ---


def shuffle(survey_round: SurveyRound, progress: Progress = silent) -> None:
    """Write all answers and free texts anew in random order, apart from each other, and clear what lies behind."""
    answers = _rewrite(survey_round, Response, ["place", "channel", "answers"], progress)
    _rewrite(survey_round, FreeText, ["question_key", "text"], silent)
    SurveyRound.objects.filter(pk=survey_round.pk).update(answers_at_shuffle=answers)
    survey_round.answers_at_shuffle = answers
    transaction.on_commit(clear_what_lies_behind)


def _rewrite(survey_round: SurveyRound, model: type[models.Model], fields: list[str], progress: Progress) -> int:
    """Replace the round's rows by the same rows with new keys, in random order; return how many.

    The rows never leave the database, and only their keys are held: sixteen bytes each. The new keys rise, so that a
    table that lies in the order of its keys is written from one end to the other and not here and there.
    """
    table, copied = model._meta.db_table, ", ".join(["round_id", *fields])
    with transaction.atomic(), connection.cursor() as cursor:
        wait_for_ballot_box(survey_round)
        mine = model._default_manager.filter(round=survey_round)
        old = array("q", mine.values_list("pk", flat=True).iterator())
        new = array("q", sorted(random_key() for _ in old))
        dice.shuffle(old)
        for part in _parts(len(old)):
            _copy(cursor, table, copied, new[part], old[part])
            progress(gettext("Blandar"), min(part.stop, len(old)), len(old))
        old = array("q", sorted(old))
        for part in _parts(len(old)):
            _delete(cursor, table, old[part])
    return len(old)


def _copy(cursor: Any, table: str, copied: str, new: array[int], old: array[int]) -> None:
    """Write the rows with the old keys once more with the new ones, in the order of those."""
    if connection.vendor == "postgresql":  # where a statement for each row takes three times as long
        pairs = "unnest(%s::bigint[], %s::bigint[]) AS pair (new_key, old_key)"
        write = f"SELECT new_key, {copied} FROM {pairs} JOIN {table} ON id = old_key ORDER BY new_key"  # noqa: S608
        cursor.execute(f"INSERT INTO {table} (id, {copied}) {write}", [list(new), list(old)])
    else:
        write = f"INSERT INTO {table} (id, {copied}) SELECT %s, {copied} FROM {table} WHERE id = %s"  # noqa: S608
        cursor.executemany(write, list(zip(new, old, strict=True)))


def _delete(cursor: Any, table: str, keys: array[int]) -> None:
    if connection.vendor == "postgresql":
        cursor.execute(f"DELETE FROM {table} WHERE id = ANY(%s)", [list(keys)])  # noqa: S608
    else:
        cursor.executemany(f"DELETE FROM {table} WHERE id = %s", [(key,) for key in keys])  # noqa: S608


def _parts(number: int) -> Iterator[slice]:
    return (slice(first, first + REWRITTEN_AT_A_TIME) for first in range(0, number, REWRITTEN_AT_A_TIME))


def clear_what_lies_behind() -> None:
    """Remove the remains of deleted rows from the database's own files. What is in use now is left to the next time."""
    if not clear_remains(Response, FreeText, Invitation):
        logger.warning("The ballot box could not be cleared: the database was in use. The timer tries again.")


# --- how many ---


def answered_in_words(survey_round: SurveyRound) -> str:
    """How many had answered at the last shuffle. Live numbers would tell who just did."""
    return number_in_words(survey_round.answers_at_shuffle)


def number_in_words(number: int) -> str:
    """A number of answers as anybody may know it, staff and logs too."""
    return str(number) if number >= SHOWN_FROM else gettext("färre än tio")


def has_enough_to_shuffle(survey_round: SurveyRound) -> bool:
    """Whether ten or more answers have come in since the last shuffle."""
    return Response.objects.filter(round=survey_round).count() - survey_round.answers_at_shuffle >= SHOWN_FROM
