"""Paper forms, entered from the keyboard, one after the other.

Nothing of an entry is logged: a log entry's time would be the answer's.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.translation import gettext as __
from django.views.decorators.debug import sensitive_post_parameters

from promises.admin.base import staff
from surveys.admin.round_pages import RoundPagesAdmin
from surveys.admin.round_panel import RoundPanel
from surveys.codebook import BookPlace
from surveys.models import SurveyRound
from surveys.paper import PaperEntryForm


class EnteringAdmin(RoundPagesAdmin):
    def get_urls(self) -> list[URLPattern]:
        return [self.own_url("mata-in", "entry", sensitive_post_parameters()(self.entry_view)), *super().get_urls()]

    def entry_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        survey_round = self.round_to_change(request, object_id)
        panel = RoundPanel(survey_round, staff(request))
        if not panel.takes_paper:
            messages.error(request, __("Pappersenkäter kan inte matas in nu."))
            return redirect(self.own_address(survey_round))
        place = chosen_place(request, survey_round)
        form = PaperEntryForm(
            request.POST if request.method == "POST" else None, survey_round=survey_round, place=place
        )
        if form.is_valid() and form.submit():
            messages.success(request, __("Sparat. Nästa."))
            return redirect(request.get_full_path())
        context = {"form": form, "panel": panel, "place": place, "places": survey_round.book.places}
        return self.page(request, survey_round, "entry.html", __("Mata in pappersenkäter"), **context)


def chosen_place(request: HttpRequest, survey_round: SurveyRound) -> BookPlace | None:
    """The place of the pile that is being entered; it stays from one form to the next."""
    slug = request.GET.get("plats")
    return next((place for place in survey_round.book.places if place.slug == slug), None)
