"""For a timer, every few minutes: closes the rounds whose time is out, and shuffles where ten answers have come in."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from surveys.ballot_box import clear_what_lies_behind, has_enough_to_shuffle, shuffle
from surveys.counting import close_round
from surveys.models import SurveyRound
from surveys.progress import ProgressBar


class Command(BaseCommand):
    help = "Stänger enkätomgångar vars tid är ute och blandar svaren där minst tio har kommit in. För en timer."

    def handle(self, *args: Any, **options: Any) -> None:
        # Closing shuffles too, however few the answers are.
        progress = ProgressBar(self.stdout)
        for survey_round in SurveyRound.objects.ended_at(timezone.now()):
            # Another run, or somebody's button, may have been quicker: the others are still to be closed and shuffled.
            with suppress(ValidationError):
                close_round(survey_round, progress=progress)
        for survey_round in SurveyRound.objects.with_answers_left():
            if has_enough_to_shuffle(survey_round):
                shuffle(survey_round, progress)
        # Always: an earlier clearing may have met somebody who was copying the database.
        transaction.on_commit(clear_what_lies_behind)
