"""Which actions answer what a published result found: chosen by staff, shown on the place's page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from promises.models import Action, Promise
from surveys.admin.round_pages import RoundPagesAdmin
from surveys.findings import askable
from surveys.models import Answering, SurveyRound
from surveys.released import latest


class AnsweringForm(forms.Form):
    """One finding, and all the actions that answer it; none takes the tie away."""

    finding = forms.ChoiceField(label=_("Vad ni sa"))
    actions = forms.ModelMultipleChoiceField(
        label=_("Åtgärder som svarar på det"),
        queryset=Action.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, survey_round: SurveyRound, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        release = latest(survey_round)
        self.found = {
            f"{row.place_id}:{question['key']}": (row.place, question)
            for row in (survey_round.round_places.select_related("place") if release else ())
            for question in askable(row.place, release.content if release else {})
        }
        names = [(key, f"{place}: {question['text']}") for key, (place, question) in self.found.items()]
        self.fields["finding"].choices = names  # type: ignore[attr-defined]
        places = {place.pk for place, _question in self.found.values()}
        actions = Action.objects.filter(promise__in=Promise.objects.published(), places__in=places).distinct()
        self.fields["actions"].queryset = actions.select_related("promise")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        place, _question = self.found.get(cleaned.get("finding", ""), (None, None))
        elsewhere = [each for each in cleaned.get("actions", ()) if place and place not in each.places.all()]
        if elsewhere:
            raise ValidationError(__("”%s” gäller inte den platsen.") % elsewhere[0].title)
        return cleaned

    def save(self, survey_round: SurveyRound) -> None:
        place, question = self.found[self.cleaned_data["finding"]]
        key = {"round": survey_round, "place": place, "question_key": question["key"]}
        with transaction.atomic():
            Answering.objects.filter(**key).delete()
            for action in self.cleaned_data["actions"]:
                Answering.objects.create(action=action, **key)


class AnsweringAdmin(RoundPagesAdmin):
    def get_urls(self) -> list[URLPattern]:
        return [self.own_url("svarar", "answering", self.answering_view), *super().get_urls()]

    def answering_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        survey_round = self.round_to_change(request, object_id)
        form = AnsweringForm(survey_round, request.POST if request.method == "POST" else None)
        if form.is_valid():
            done = __("Valde åtgärder som svarar på resultatet.")
            return self.carry_out(request, survey_round, lambda: form.save(survey_round), done)
        ties = Answering.objects.filter(round=survey_round).select_related("place", "action")
        sentences = [
            __("På platsens sida står vad ni sa, åtgärden som svarar på det, och hur det gick vid nästa mätning."),
            *(f"{each.place}: ”{each.action.title}”." for each in ties),
        ]
        context = {"sentences": sentences, "button": __("Spara"), "form": form}
        return self.page(request, survey_round, "confirm.html", __("Åtgärder som svarar på resultatet"), **context)
