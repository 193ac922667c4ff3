"""Which answers a copy may hold: never so that two copies beside each other tell of fewer than ten.

Somebody with last night's copy and this one's sees what has come in between. Were that three answers, and three codes
fewer, they would know much of three people. So while a round takes answers, a copy holds its ballot box as it was in
the copy before, until at least ten more have come in. What is in the box then is consistent: whoever answered since
has a code that, after a restore, is unused again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from surveys.ballot_box import SHOWN_FROM
from surveys.models import FreeText, Invitation, InvitationBatch, Response, SurveyRound
from tranemo_trygghet.backup.tables import Line, field_names, read

if TYPE_CHECKING:
    from django.db import models

    from tranemo_trygghet.backup.copies import Copy

BALLOTS = (Response, FreeText, Invitation)
State = SurveyRound.State


@dataclass(frozen=True)
class Ballots:
    """What becomes of each round's ballot box in this copy."""

    using: str
    before: Copy | None
    carried: frozenset[int]  # rounds whose box is as it was in the copy before
    codeless: frozenset[int]  # rounds that are counted: their unused codes open nothing

    @classmethod
    def of(cls, using: str, before: Copy | None) -> Ballots:
        rounds = SurveyRound.objects.using(using)
        held = before.answers_by_round() if before else {}
        taking = rounds.filter(state__in=[State.LOCKED, State.CLOSED])
        carried = {number for number in taking.values_list("pk", flat=True) if is_few(using, number, held)}
        done = rounds.filter(state__in=[State.COUNTED, State.ERASED]).values_list("pk", flat=True)
        return cls(using, before, frozenset(carried), frozenset(done))

    def rows(self, model: type[models.Model]) -> Iterator[Line]:
        """The rows of a table of the ballot box, in the order of their keys."""
        chosen = [*self._now(model), *self._then(model)]
        key = field_names(model).index(model._meta.pk.attname)
        yield from sorted(chosen, key=lambda row: row[key])

    def _now(self, model: type[models.Model]) -> Iterator[Line]:
        round_of = self._rounds_of(model)
        for row in read(model, self.using):
            number = round_of(row)
            if number in self.codeless and model is Invitation:
                continue
            # Codes that were written since the copy before have not been used in it.
            is_new_code = model is Invitation and not self._held_batch(row)
            if number not in self.carried or is_new_code:
                yield row

    def _then(self, model: type[models.Model]) -> Iterator[Line]:
        if self.before is None or not self.carried:
            return
        round_of = self._rounds_of(model)
        for row in self.before.rows(model):
            if round_of(row) in self.carried:
                yield row

    def _held_batch(self, row: Line) -> bool:
        return self.before is not None and row[field_names(Invitation).index("batch_id")] in self.before.batches

    def _rounds_of(self, model: type[models.Model]) -> Callable[[Line], int | None]:
        """A function that tells which round a row is of."""
        if model is not Invitation:
            place = field_names(model).index("round_id")
            return lambda row: row[place]
        # A batch that has been replaced since is not found, and its codes are left behind with it.
        batches = InvitationBatch.objects.using(self.using).values_list("pk", "round_place__round")
        rounds, place = dict(batches), field_names(Invitation).index("batch_id")
        return lambda row: rounds.get(row[place])


def is_few(using: str, number: int, held: dict[int, int]) -> bool:
    """Whether somebody has answered, but fewer than ten since the copy before."""
    answers = Response.objects.using(using).filter(round=number).count()
    return 0 < answers < held.get(number, 0) + SHOWN_FROM


def count_by_round(rows: Iterable[Line]) -> dict[int, int]:
    place = field_names(Response).index("round_id")
    numbers = sorted(row[place] for row in rows)
    return {number: len(list(each)) for number, each in groupby(numbers)}
