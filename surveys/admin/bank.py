"""The question bank: questions and the scales that they are answered with. What has been asked stands."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from promises import policy
from promises.admin.base import PolicyAdmin, PolicyInline, staff
from surveys.admin.ordering import OrderedFormSet, PositionForm
from surveys.keys import key_from
from surveys.models import AnswerOption, Question, Scale


class OptionForm(PositionForm):
    class Meta:
        model = AnswerOption
        fields = ["text", "counts_as", "is_exclusive", "reported_with"]


class OptionFormSet(OrderedFormSet):
    def save_new(self, form: Any, commit: bool = True) -> Any:
        if not form.instance.key:
            taken = {each.instance.key for each in self.forms}
            form.instance.key = key_from(form.cleaned_data["text"], taken)
        return super().save_new(form, commit)


class OptionInline(PolicyInline, admin.TabularInline):
    model = AnswerOption
    form = OptionForm
    formset = OptionFormSet
    fields = ["position", "text", "counts_as", "is_exclusive", "reported_with"]

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 2 if obj else 6

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        may_change = self.has_change_permission(request, obj)
        return self.fields if may_change else ["text", "counts_as", "is_exclusive", "reported_with"]


class KeyedAdmin(PolicyAdmin):
    """Rows with a stable key, which the portal makes of their first words."""

    exclude = ["key"]

    def key_words(self, row: Any) -> str:
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.key = key_from(self.key_words(obj), set(self.model._default_manager.values_list("key", flat=True)))
        super().save_model(request, obj, form, change)


@admin.register(Scale)
class ScaleAdmin(KeyedAdmin):
    list_display = ["name", "asked_on"]
    search_fields = ["name"]
    inlines = [OptionInline]

    class Media:
        css = {"all": ["css/admin-surveys.css"]}

    def key_words(self, row: Scale) -> str:
        return row.name

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        if isinstance(formset, OrderedFormSet):
            formset.arrange()


@admin.register(Question)
class QuestionAdmin(KeyedAdmin):
    change_form_template = "admin/surveys/question/change_form.html"
    list_display = ["text", "kind", "mark", "is_background", "version", "asked_on"]
    list_filter = ["kind", "mark", "is_background"]
    search_fields = ["text"]
    fieldsets = [
        (None, {"fields": ["text", "help_text", "kind", "scale", "max_choices"]}),
        (_("Siffra 1–10"), {"fields": ["low_label", "high_label"]}),
        (_("Så redovisas den"), {"fields": ["is_background", "is_sensitive"]}),
        (_("Varifrån den kommer"), {"fields": ["mark", "source", "note"]}),
    ]

    examples = {
        "help_text": _("Står under frågan. Till exempel: Tänk på de senaste tre månaderna."),
        "max_choices": _("Bara för frågor med flera svar. Till exempel: 3"),
        "low_label": _("Vad 1 betyder. Till exempel: inte alls trygg"),
        "high_label": _("Vad 10 betyder. Till exempel: helt trygg"),
        "note": _("När frågan passar, för kollegor. Visas inte för invånarna."),
    }

    def key_words(self, row: Question) -> str:
        return row.text

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in ("text", "help_text", "source", "note"):
            field.widget = forms.Textarea(attrs={"rows": 2})
        return field

    def get_urls(self) -> list[URLPattern]:
        return [self.own_url("ny-version", "new_version", require_POST(self.new_version_view)), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        context["can_renew"] = bool(kwargs.get("obj")) and self.has_add_permission(request)
        return super().render_change_form(request, context, **kwargs)

    def new_version_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A copy that may be reworded. It is another question: its answers are not compared with the old one's."""
        question = self.row_or_404(request, object_id)
        with transaction.atomic():
            copy = new_version(question)
            policy.require(staff(request), "add", copy)
            copy.save()
            self.log_addition(request, copy, [{"added": {}}])
        messages.success(request, __("Ny version %s. Den jämförs inte med den gamla.") % copy.version)
        return redirect(self.own_address(copy))


def new_version(question: Question) -> Question:
    last = Question.objects.filter(key=question.key).aggregate(last=Max("version"))["last"]
    copied = {field.name: getattr(question, field.name) for field in Question._meta.fields if not field.primary_key}
    return Question(**copied | {"version": last + 1, "asked_on": None})
