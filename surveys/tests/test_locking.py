"""Where a round asks does not change once it is locked, whoever writes and by whatever way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from promises.publishing import FrozenError
from promises.tests.make import make_place
from surveys.models import RoundPlace, SurveyRound
from surveys.tests.make import make_round

pytestmark = pytest.mark.django_db

Change = Callable[[SurveyRound], object]


def save(survey_round: SurveyRound) -> None:
    row = survey_round.round_places.get()
    row.number = 2
    row.save()


def move_in_from_a_draft(survey_round: SurveyRound) -> None:
    row = make_round(locked=False).round_places.get()
    row.round, row.number = survey_round, 2
    row.save()


def move_out_to_a_draft(survey_round: SurveyRound) -> None:
    row = survey_round.round_places.get()
    row.round, row.number = make_round(locked=False), 2
    row.save()


def bulk_update(survey_round: SurveyRound) -> None:
    row = survey_round.round_places.get()
    row.invited = 7
    RoundPlace.objects.bulk_update([row], ["invited"])


CHANGES: dict[str, Change] = {
    "saved": save,
    "moved in": move_in_from_a_draft,
    "moved out": move_out_to_a_draft,
    "deleted": lambda survey_round: survey_round.round_places.get().delete(),
    "updated by the many": lambda survey_round: survey_round.round_places.update(place=make_place()),
    "updated one by one in a heap": bulk_update,
    "deleted by the many": lambda survey_round: survey_round.round_places.all().delete(),
    "created by the many": lambda survey_round: RoundPlace.objects.bulk_create(
        [RoundPlace(round=survey_round, place=make_place(), number=2)]
    ),
    "added through the places": lambda survey_round: survey_round.places.add(
        make_place(), through_defaults={"number": 2}
    ),
    "cleared through the places": lambda survey_round: survey_round.places.clear(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_locked_rounds_places_stay_as_they_were(change: Change) -> None:
    survey_round = make_round()
    before = list(RoundPlace.objects.filter(round=survey_round).values())
    with pytest.raises(FrozenError), transaction.atomic():
        change(survey_round)
    assert list(RoundPlace.objects.filter(round=survey_round).values()) == before


def test_a_drafts_places_may_be_changed_and_taken_away() -> None:
    survey_round = make_round(locked=False)
    save(survey_round)
    assert survey_round.round_places.update(invited=9) == 1
    bulk_update(survey_round)
    assert survey_round.round_places.get().invited == 7
    survey_round.round_places.get().delete()
    assert not survey_round.round_places.exists()
