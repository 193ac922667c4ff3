"""Where the back office has a round, and what it says of what was done."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.models import LogEntry
from django.urls import reverse

from surveys.models import SurveyRound


def address(survey_round: SurveyRound, name: str = "change", *args: Any) -> str:
    return reverse(f"admin:surveys_surveyround_{name}", args=[survey_round.pk, *args])


def log() -> str:
    """What the back office's log says of all that was done."""
    return " ".join(LogEntry.objects.values_list("change_message", flat=True))
