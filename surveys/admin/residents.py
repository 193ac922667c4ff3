"""How many live at the places, in all and by background: looked up by staff, shown beside who answered."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from promises.months import today
from surveys.admin.round_pages import RoundPagesAdmin
from surveys.models import Residents, SurveyRound
from surveys.residents import figures_of

MOST = 10_000_000  # no more than live in the country


class ResidentsForm(forms.Form):
    """A number for each group that answers are told by; those that nobody has counted are left empty."""

    source = forms.CharField(
        label=_("Källa"),
        max_length=200,
        help_text=_("Visas för alla. Till exempel: SCB, folkmängd 31 december 2025."),
        error_messages={"required": _("Skriv varifrån siffrorna kommer.")},
    )
    counted_on = forms.DateField(
        label=_("Siffrorna gäller den"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, survey_round: SurveyRound, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.figures = {f"number_{place}": each for place, each in enumerate(figures_of(survey_round.book))}
        for name, figure in self.figures.items():
            self.fields[name] = forms.IntegerField(label=figure.label, min_value=1, max_value=MOST, required=False)
        stored = Residents.objects.filter(round=survey_round).first()
        if stored is not None:
            self.initial = {"source": stored.source, "counted_on": stored.counted_on}
            self.initial |= {
                name: stored.counts.get(each.breakdown, {}).get(each.group) for name, each in self.figures.items()
            }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.counts():
            self.add_error(None, __("Skriv in minst en siffra."))
        if cleaned.get("counted_on") and cleaned["counted_on"] > today():
            self.add_error("counted_on", __("Dagen har inte varit än."))
        return cleaned

    def counts(self) -> dict[str, dict[str, int]]:
        counts: dict[str, dict[str, int]] = defaultdict(dict)
        for name, figure in self.figures.items():
            if self.cleaned_data.get(name):
                counts[figure.breakdown][figure.group] = self.cleaned_data[name]
        return dict(counts)


class ResidentsAdmin(RoundPagesAdmin):
    def get_urls(self) -> list[URLPattern]:
        return [self.own_url("boende", "residents", self.residents_view), *super().get_urls()]

    def residents_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        survey_round = self.round_to_change(request, object_id)
        form = ResidentsForm(survey_round, request.POST if request.method == "POST" else None)
        if form.is_valid():
            words = {name: form.cleaned_data[name] for name in ("source", "counted_on")} | {"counts": form.counts()}
            return self.carry_out(
                request,
                survey_round,
                lambda: Residents.objects.update_or_create(round=survey_round, defaults=words),
                __("Skrev in hur många som bor där."),
            )
        sentences = [
            __(
                "De som svarade liknar inte alltid dem som bor där. Skriv in hur många som bor på platserna, så att "
                "resultatet kan visa det bredvid. Lämna det tomt som ingen har räknat."
            ),
            __("Siffrorna följer med nästa gång resultatet publiceras. Det som redan är publicerat ändras inte."),
        ]
        context = {"sentences": sentences, "button": __("Spara"), "form": form}
        return self.page(request, survey_round, "confirm.html", __("Vilka som bor där"), **context)
