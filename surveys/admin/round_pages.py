"""What the pages about one round share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from promises import policy
from promises.admin.base import PolicyAdmin, staff, tell_fault
from surveys.models import SurveyRound


class RoundPagesAdmin(PolicyAdmin):
    """Each verb has a page that says what it does, and a POST that does it and is logged, without content."""

    def round_to_change(self, request: HttpRequest, object_id: str) -> SurveyRound:
        """The round, if the user may move it on; a locked one is no longer written in, but it has verbs."""
        survey_round = self.row_or_404(request, object_id)
        policy.require(staff(request), "change", survey_round)
        return survey_round

    def page(
        self, request: HttpRequest, survey_round: SurveyRound, template: str, title: str, **context: Any
    ) -> HttpResponse:
        every_page = self.page_context(request, title, survey_round)
        return TemplateResponse(request, f"admin/surveys/surveyround/{template}", {**every_page, **context})

    def carry_out(
        self, request: HttpRequest, survey_round: SurveyRound, verb: Callable[[], Any], done: str, told: str = ""
    ) -> HttpResponse:
        """Do it and log that it was done; what the round refuses is told in its own words.

        Not in one transaction: the shuffle clears the tables when its own has ended.
        """
        try:
            verb()
        except ValidationError as fault:
            tell_fault(request, fault)
        else:
            self.log_change(request, survey_round, done)
            messages.success(request, told or done)
        return redirect(self.own_address(survey_round))
