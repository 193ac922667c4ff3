"""Where the back office has a round."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from surveys.models import SurveyRound


def address(survey_round: SurveyRound, name: str = "change", *args: Any) -> str:
    return reverse(f"admin:surveys_surveyround_{name}", args=[survey_round.pk, *args])
