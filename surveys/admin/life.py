"""A round's verbs: lock, close, count, leave a channel out, erase."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from promises.admin.base import staff
from promises.wording import full_day
from surveys import counting
from surveys.admin.round_pages import RoundPagesAdmin
from surveys.admin.round_panel import RoundPanel
from surveys.ballot_box import number_in_words
from surveys.models import Channel, SurveyRound


class LeaveOutForm(forms.Form):
    channel = forms.ChoiceField(
        label=_("Kanal"), choices=[("", _("Ingen: ta med alla")), *Channel.choices], required=False
    )
    reason = forms.CharField(
        label=_("Varför?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Visas för alla bredvid resultatet. Skriv inget om enskilda svar."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("channel") and not cleaned.get("reason"):
            self.add_error("reason", __("Skriv varför kanalen utelämnas."))
        return cleaned


class EraseForm(forms.Form):
    """The second confirmation: the number of the decision, typed."""

    decision = forms.CharField(label=_("Skriv gallringsbeslutets nummer"), max_length=60)

    def __init__(self, survey_round: SurveyRound, data: Any = None) -> None:
        super().__init__(data)
        self.expected = survey_round.disposal_decision

    def clean_decision(self) -> str:
        if self.cleaned_data["decision"].strip() != self.expected.strip():
            raise forms.ValidationError(__("Det är inte numret som står i omgången. Inget är gallrat."))
        return self.expected


class LivingAdmin(RoundPagesAdmin):
    def get_urls(self) -> list[URLPattern]:
        return [
            self.own_url("las", "lock", self.lock_view),
            self.own_url("stang", "close", self.close_view),
            self.own_url("rakna", "count", self.count_view),
            self.own_url("utelamna", "leave_out", self.leave_out_view),
            self.own_url("gallra", "erase", self.erase_view),
            *super().get_urls(),
        ]

    # --- lock ---

    def lock_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What will be frozen, or what is missing before it can be."""
        survey_round = self.round_to_change(request, object_id)
        if request.method == "POST":
            done = __("Låste omgången.")
            told = __("Omgången är låst och visas på webbplatsen. Den öppnar och stänger av sig själv.")
            return self.carry_out(request, survey_round, survey_round.lock, done, told)
        panel = RoundPanel(survey_round, staff(request))
        return self.page(request, survey_round, "lock.html", __("Lås omgången"), panel=panel, book=survey_round.book)

    # --- close and count ---

    def close_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        survey_round = self.round_to_change(request, object_id)
        if request.method == "POST":
            done, told = __("Stängde omgången."), __("Omgången är stängd och svaren är blandade.")
            return self.carry_out(request, survey_round, partial(counting.close_round, survey_round), done, told)
        panel = RoundPanel(survey_round, staff(request))
        sentences = [
            __("Webben slutar ta emot svar, och svaren blandas. Det går inte att ångra."),
            panel.paper,
        ]
        if survey_round.is_open:
            sentences.insert(
                0, __("Enkäten är öppen till och med %s. Nu stängs den i förtid.") % full_day(survey_round.last_day)
            )
        return self._confirm(request, survey_round, __("Stäng"), sentences)

    def count_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        survey_round = self.round_to_change(request, object_id)
        if request.method == "POST":
            done, told = __("Räknade svaren."), __("Svaren är räknade. Granska resultatet innan du publicerar det.")
            return self.carry_out(request, survey_round, partial(counting.count_round, survey_round), done, told)
        panel = RoundPanel(survey_round, staff(request))
        sentences = [
            __("Svaren räknas. Efter det tar omgången inte emot några svar, inte heller på papper."),
            panel.may_be_counted_from,
        ]
        return self._confirm(request, survey_round, __("Räkna"), sentences)

    def _confirm(
        self, request: HttpRequest, survey_round: SurveyRound, label: str, sentences: list[str]
    ) -> HttpResponse:
        context = {"sentences": [each for each in sentences if each], "button": label}
        return self.page(request, survey_round, "confirm.html", label, **context)

    # --- leave out ---

    def leave_out_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        survey_round = self.round_to_change(request, object_id)
        given = {"channel": survey_round.left_out, "reason": survey_round.left_out_reason}
        form = LeaveOutForm(request.POST if request.method == "POST" else None, initial=given)
        if form.is_valid():
            channel, reason = form.cleaned_data["channel"], form.cleaned_data["reason"]
            done = __("Utelämnade en kanal.") if channel else __("Tog med alla kanaler.")
            return self.carry_out(
                request, survey_round, lambda: counting.leave_out(survey_round, channel, reason), done
            )
        sentences = [
            __(
                "En kanal kan ha förstörts, till exempel av en robot eller av någon som svarar om och om igen. Då kan "
                "den lämnas utanför resultatet. Svaren finns kvar tills de gallras, men räknas inte med."
            ),
        ]
        context = {"sentences": sentences, "button": __("Spara"), "form": form}
        return self.page(request, survey_round, "confirm.html", __("Utelämna en kanal"), **context)

    # --- erase ---

    def erase_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """First what will go; then, once more, the decision's number; only then is it gone."""
        survey_round = self.round_to_change(request, object_id)
        is_second_step = request.method == "POST"
        form = EraseForm(survey_round, request.POST if "decision" in request.POST else None)
        if is_second_step and form.is_valid():
            done = __("Gallrade svaren enligt beslut %s.") % survey_round.disposal_decision
            return self.carry_out(request, survey_round, partial(counting.erase_round, survey_round), done)
        erasure = counting.what_erasing_removes(survey_round)
        context = {
            "erasure": erasure,
            "answers": number_in_words(erasure.answers),
            "free_texts": number_in_words(erasure.free_texts),
            "form": form if is_second_step else None,
            "is_published_result": bool(survey_round.result_url),
        }
        return self.page(request, survey_round, "erase.html", __("Gallra"), **context)
