"""A round, from plan to erasure: planned in a form, and after that moved on by verbs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Max, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from promises.admin.base import PolicyInline, promise_in_force_of, staff
from surveys.admin.answering import AnsweringAdmin
from surveys.admin.entry import EnteringAdmin
from surveys.admin.free_text import FreeTextAdmin
from surveys.admin.life import LivingAdmin
from surveys.admin.printing import PrintingAdmin
from surveys.admin.publishing import PublishingAdmin
from surveys.admin.residents import ResidentsAdmin
from surveys.admin.round_panel import RoundPanel, standing
from surveys.admin.spelling import SpellingAdmin
from surveys.admin.trying import TriedRound, TryingAdmin
from surveys.ballot_box import answered_in_words
from surveys.models import Question, RoundPlace, SurveyRound
from surveys.questionnaire import bank

State = SurveyRound.State


# --- The form -----------------------------------------------------------------------------------------


class RoundForm(forms.ModelForm):
    class Meta:
        model = SurveyRound
        fields = [
            *(
                "survey",
                "promise",
                "title",
                "slug",
                "opens_at",
                "closes_at",
                "paper_until",
                "takes_codes",
                "takes_open",
            ),
            *("main_question", "baseline", "disposal_decision"),
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A round that may only be read has none of its fields.
        if "main_question" in self.fields:
            self.fields["main_question"].queryset = self._main_questions()  # type: ignore[attr-defined]
        if "baseline" in self.fields:
            earlier = SurveyRound.objects.published().exclude(pk=self.instance.pk).defer("codebook")
            self.fields["baseline"].queryset = earlier.newest_first()  # type: ignore[attr-defined]

    def _main_questions(self) -> QuerySet[Question]:
        """Those of the questionnaire; before there is one, those of the bank."""
        if self.instance.pk:
            asked = Question.objects.filter(items__survey=self.instance.survey_id)
        else:
            asked = Question.objects.filter(pk__in=[each.pk for each in bank()])
        return asked.filter(scale__isnull=False, is_background=False).order_by(
            "items__order" if self.instance.pk else "pk"
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        survey, main = cleaned.get("survey"), cleaned.get("main_question")
        if survey and main and not survey.questions.filter(pk=main.pk).exists():
            self.add_error(
                "main_question", __("Frågan finns inte i enkäten. Välj en av enkätens frågor, eller ingen än.")
            )
        return cleaned


class RoundPlaceFormSet(BaseInlineFormSet):
    """The places of a round, numbered in the order in which they were chosen."""

    def save_new(self, form: Any, commit: bool = True) -> Any:
        last = self.instance.round_places.aggregate(last=Max("number"))["last"] or 0
        form.instance.number = last + 1
        return super().save_new(form, commit)


class RoundPlaceInline(PolicyInline, admin.TabularInline):
    model = RoundPlace
    formset = RoundPlaceFormSet
    fields = ["place", "invited"]

    def get_extra(self, request: HttpRequest, obj: SurveyRound | None = None, **kwargs: Any) -> int:
        return 1 if obj else 3

    def get_queryset(self, request: HttpRequest) -> QuerySet[RoundPlace]:
        return super().get_queryset(request).select_related("place", "round")

    def _is_frozen(self, parent: Any) -> bool:
        return parent is not None and parent.is_published


# --- The admin ----------------------------------------------------------------------------------------


@admin.register(SurveyRound)
class RoundAdmin(
    LivingAdmin,
    PublishingAdmin,
    ResidentsAdmin,
    AnsweringAdmin,
    FreeTextAdmin,
    PrintingAdmin,
    EnteringAdmin,
    SpellingAdmin,
    TryingAdmin,
):
    form = RoundForm
    change_form_template = "admin/surveys/surveyround/change_form.html"
    list_display = ["title", "standing", "answered", "place_list", "opens_at", "closes_at"]
    list_filter = ["state"]
    search_fields = ["title"]
    examples = {"title": _("Invånarna ser den. Till exempel: Trygg på platsen, hösten 2026")}
    prepopulated_fields = {"slug": ["title"]}
    inlines = [RoundPlaceInline]
    fieldsets = [
        (None, {"fields": ["survey", "promise", "title", "slug"]}),
        (
            _("När och hur"),
            {
                "fields": ["opens_at", "closes_at", "paper_until", "takes_codes", "takes_open"],
                "description": _("Svensk tid. Stänger enkäten kl. 00.00 är dagen före den sista dagen att svara."),
            },
        ),
        (_("Vad den ska visa"), {"fields": ["main_question", "baseline"]}),
        (_("Gallring"), {"fields": ["disposal_decision"]}),
    ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return promise_in_force_of(staff(request)) | super().get_changeform_initial_data(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SurveyRound]:
        return super().get_queryset(request).with_places_and_results()  # type: ignore[attr-defined]

    @admin.display(description=_("läge"), ordering="state")
    def standing(self, survey_round: SurveyRound) -> str:
        return standing(survey_round)

    @admin.display(description=_("platser"))
    def place_list(self, survey_round: SurveyRound) -> str:
        return survey_round.place_names

    @admin.display(description=_("har svarat"))
    def answered(self, survey_round: SurveyRound) -> str:
        return answered_in_words(survey_round) if survey_round.state in (State.LOCKED, State.CLOSED) else ""

    def tried(self, row: SurveyRound) -> TriedRound:
        return TriedRound.of_round(row)

    def response_add(
        self, request: HttpRequest, obj: SurveyRound, post_url_continue: str | None = None
    ) -> HttpResponse:
        messages.success(request, __("Omgången är sparad. Här står vad som saknas innan den kan låsas."))
        return redirect(self.own_address(obj))

    def response_change(self, request: HttpRequest, obj: SurveyRound) -> HttpResponse:
        messages.success(request, __("Sparat."))
        return redirect(self.own_address(obj))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        if obj := kwargs.get("obj"):
            # As stored: a form that did not validate has already put its words into `obj`.
            context["panel"] = RoundPanel(SurveyRound.objects.with_places_and_results().get(pk=obj.pk), staff(request))
        return super().render_change_form(request, context, **kwargs)
