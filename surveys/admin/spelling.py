"""Mending a spelling in a locked round: the texts to choose from, one to mend, and the log of what was mended."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from promises.admin.base import staff
from surveys.admin.round_pages import RoundPagesAdmin
from surveys.models import SurveyRound
from surveys.spelling import correct_spelling, texts_of


class SpellingForm(forms.Form):
    question = forms.CharField(widget=forms.HiddenInput)
    before = forms.CharField(widget=forms.HiddenInput, strip=False)
    after = forms.CharField(
        label=_("Ska stå"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Ändra bara bokstäver."),
    )
    reason = forms.CharField(label=_("Varför?"), max_length=200, help_text=_("Visas för alla bredvid resultatet."))


class SpellingAdmin(RoundPagesAdmin):
    def get_urls(self) -> list[URLPattern]:
        return [self.own_url("stavning", "spelling", self.spelling_view), *super().get_urls()]

    def spelling_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        survey_round = self.round_to_change(request, object_id)
        form = SpellingForm(request.POST) if request.method == "POST" else chosen_text(request)
        if form is not None and form.is_valid():
            return self._correct(request, survey_round, **form.cleaned_data)
        context = {
            "form": form,
            "questions": [(question, list(texts_of(question))) for question in survey_round.book.questions],
            "corrections": survey_round.spelling_corrections.select_related("made_by"),
        }
        return self.page(request, survey_round, "spelling.html", __("Rätta stavning"), **context)

    def _correct(self, request: HttpRequest, survey_round: SurveyRound, **words: Any) -> HttpResponse:
        def correct() -> None:
            correct_spelling(
                survey_round,
                words["question"],
                words["before"],
                words["after"],
                reason=words["reason"],
                user=staff(request),
            )

        return self.carry_out(request, survey_round, correct, __("Rättade stavningen i en fråga."))


def chosen_text(request: HttpRequest) -> SpellingForm | None:
    """The form for the text that was chosen in the list, or none yet."""
    question, before = request.GET.get("fraga"), request.GET.get("text")
    if not (question and before):
        return None
    return SpellingForm(initial={"question": question, "before": before, "after": before})
