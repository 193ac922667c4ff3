"""For a round with so many answers that a page in the back office would not wait for them to be counted."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from surveys.ballot_box import number_in_words
from surveys.counting import close_round, count_round
from surveys.models import SurveyRound
from surveys.progress import ProgressBar


class Command(BaseCommand):
    help = "Stänger en enkätomgång vars tid är ute, blandar svaren och räknar dem. Visar hur långt den har kommit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="adressnamn", help="omgångens adressnamn, som i /enkater/adressnamn/")

    def handle(self, *args: Any, **options: Any) -> None:
        survey_round = SurveyRound.objects.filter(slug=options["slug"]).first()
        if survey_round is None:
            raise CommandError(f"Det finns ingen omgång med adressnamnet {options['slug']}.")
        progress = ProgressBar(self.stdout)
        try:
            if survey_round.has_ended and survey_round.state == SurveyRound.State.LOCKED:
                close_round(survey_round, progress=progress)
            count_round(survey_round, progress=progress)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        answers = number_in_words(survey_round.answers_at_shuffle)
        self.stdout.write(f"{survey_round} är räknad. Antal svar: {answers}.")
