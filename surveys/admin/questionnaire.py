"""Building a questionnaire from the bank: choose, order, say when a question is asked, see it and try it."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from promises import policy
from promises.admin.base import PolicyInline, staff
from surveys.admin.ordering import OrderedFormSet, PositionForm
from surveys.admin.trying import TriedRound, TryingAdmin
from surveys.models import Question, Survey, SurveyQuestion
from surveys.questionnaire import add_questions, ask_only_if, bank, deciding_options, out_of_order, shelf

CONDITION = "_condition"


# --- The form -----------------------------------------------------------------------------------------


class SurveyForm(forms.ModelForm):
    """The questionnaire's own words, and the ticks of the bank."""

    chosen = forms.ModelMultipleChoiceField(
        label=_("Frågor ur banken"),
        queryset=Question.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Survey
        fields = ["title", "introduction"]
        widgets = {"introduction": forms.Textarea(attrs={"rows": 3})}

    def shelves(self) -> list[tuple[Any, list[Any]]]:
        """The checkboxes of the questions that are not asked yet, under the headings of the bank."""
        asked = set(self.instance.questions.values_list("key", flat=True)) if self.instance.pk else set()
        ticked = set(self["chosen"].value() or [])
        offered = [question for question in bank() if question.key not in asked]
        return [
            (heading, [{"question": each, "is_ticked": str(each.pk) in ticked} for each in group])
            for heading, group in groupby(offered, key=shelf)
        ]


class ItemForm(PositionForm):
    class Meta:
        model = SurveyQuestion
        fields = ["is_required"]


class ItemFormSet(OrderedFormSet):
    def clean(self) -> None:
        super().clean()
        sentences = out_of_order([form.instance for form in self.forms_in_order()])
        if sentences:
            raise ValidationError(sentences)


class ItemInline(PolicyInline, admin.StackedInline):
    model = SurveyQuestion
    form = ItemForm
    formset = ItemFormSet
    template = "admin/surveys/survey/items.html"
    fields = ["position", "is_required"]

    def has_add_permission(self, request: HttpRequest, obj: Any) -> bool:
        return False  # questions come from the bank

    def get_queryset(self, request: HttpRequest) -> QuerySet[SurveyQuestion]:
        rows = super().get_queryset(request).select_related("question__scale", "show_if__question")
        return rows.prefetch_related("show_if_options").order_by("order")


class ConditionForm(forms.Form):
    """When a question is asked: always, or after some answers to one earlier question."""

    def __init__(self, item: SurveyQuestion, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.deciding = deciding_options(item)
        now = {option.pk for option in item.show_if_options.all()}
        for earlier, options in self.deciding:
            several = earlier.question.kind == Question.Kind.SEVERAL
            choices = [(option.pk, option.text) for option in options]
            self.fields[f"item_{earlier.pk}"] = forms.TypedMultipleChoiceField(
                label=str(earlier),
                choices=choices,
                coerce=int,
                required=False,
                help_text=__("Välj ett av svaren.") if several else "",
                initial=[pk for pk, _text in choices if pk in now and earlier.pk == item.show_if_id],
                widget=forms.CheckboxSelectMultiple,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        decided = [(earlier, options) for earlier, options in self.deciding if cleaned.get(f"item_{earlier.pk}")]
        if len(decided) > 1:
            raise ValidationError(__("Välj svar på en enda fråga."))
        self.earlier, self.options = None, []
        for earlier, options in decided:
            self.earlier = earlier
            self.options = [option for option in options if option.pk in cleaned[f"item_{earlier.pk}"]]
            if earlier.question.kind == Question.Kind.SEVERAL and len(self.options) > 1:
                raise ValidationError(__("Villkoret kan bara gälla ett av flera möjliga svar."))
        return cleaned


# --- The admin ----------------------------------------------------------------------------------------


@admin.register(Survey)
class SurveyAdmin(TryingAdmin):
    form = SurveyForm
    change_form_template = "admin/surveys/survey/change_form.html"
    list_display = ["title", "question_count", "round_count"]
    search_fields = ["title"]
    fields = ["title", "introduction"]
    examples = {"title": _("Till exempel: Trygg på platsen")}
    inlines = [ItemInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Survey]:
        counts = {"asks": Count("items", distinct=True), "asked": Count("rounds", distinct=True)}
        return super().get_queryset(request).annotate(**counts)

    @admin.display(description=_("frågor"))
    def question_count(self, survey: Any) -> int:
        return survey.asks

    @admin.display(description=_("omgångar"))
    def round_count(self, survey: Any) -> int:
        return survey.asked

    def get_urls(self) -> list[URLPattern]:
        condition = self.admin_site.admin_view(self.condition_view)
        own = path("<int:survey_id>/villkor/<int:item_id>/", condition, name="surveys_survey_condition")
        return [own, *super().get_urls()]

    def tried(self, row: Survey) -> TriedRound:
        return TriedRound.of_survey(row)

    # --- saving ---

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        if isinstance(formset, ItemFormSet):
            formset.arrange()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        chosen = list(form.cleaned_data["chosen"])
        if chosen:
            policy.require(staff(request), "add", SurveyQuestion(survey=form.instance))
            add_questions(form.instance, chosen)
            text = ngettext("%s fråga är tillagd.", "%s frågor är tillagda.", len(chosen)) % len(chosen)
            messages.success(request, text)

    def response_add(self, request: HttpRequest, obj: Survey, post_url_continue: str | None = None) -> HttpResponse:
        messages.success(request, __("Enkäten är sparad."))
        return redirect(self.own_address(obj))

    def response_change(self, request: HttpRequest, obj: Survey) -> HttpResponse:
        item_id = request.POST.get(CONDITION, "")
        if item_id.isdecimal():
            return redirect("admin:surveys_survey_condition", obj.pk, item_id)
        messages.success(request, __("Sparat."))
        return redirect(f"{self.own_address(obj)}#fragor")

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        survey, form = kwargs.get("obj"), context["adminform"].form
        may_build = self.has_change_permission(request, survey)
        context["shelves"] = form.shelves() if may_build else []
        context["locked_rounds"] = survey.rounds.published() if survey else []
        if survey and policy.may(request.user, "add", "surveys.surveyround"):
            context["plan_url"] = f"{reverse('admin:surveys_surveyround_add')}?survey={survey.pk}"
        return super().render_change_form(request, context, **kwargs)

    # --- conditions ---

    def condition_view(self, request: HttpRequest, survey_id: int, item_id: int) -> HttpResponse:
        survey = self.row_or_404(request, str(survey_id))
        item = get_object_or_404(survey.items.select_related("question", "survey"), pk=item_id)
        if not policy.may_touch(staff(request), "change", item):
            raise PermissionDenied
        form = ConditionForm(item, request.POST if request.method == "POST" else None)
        if form.is_valid():
            ask_only_if(item, form.earlier, form.options)
            self.log_change(request, survey, __("Ändrade ett villkor."))
            messages.success(request, __("Villkoret är sparat."))
            return redirect(f"{self.own_address(survey)}#fraga-{item.pk}")
        context = self.page_context(request, __("När frågan ställs"), survey) | {"form": form, "item": item}
        return TemplateResponse(request, "admin/surveys/survey/condition.html", context)
