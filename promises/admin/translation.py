"""Translations: what waits, the Swedish beside, and a person's word that they say the same."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.text import Truncator
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from promises import policy, translating
from promises.admin.base import PolicyAdmin, YesOrNotYet, staff
from promises.models import Translation
from promises.models.translation import OTHER_LANGUAGES


class TranslationForm(forms.ModelForm):
    language = forms.ChoiceField(label=_("Språk"), choices=OTHER_LANGUAGES)
    is_reviewed = forms.BooleanField(
        label=_("Jag har jämfört med svenskan: den säger samma sak"),
        required=False,
        help_text=_("Då försvinner raden på webbplatsen om att ingen har granskat översättningen."),
    )

    class Meta:
        model = Translation
        fields = ["language", "source", "text"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        language, source = cleaned.get("language"), cleaned.get("source")
        if not self.instance.pk and language and source and Translation.objects.of(language, source).exists():
            raise ValidationError(_("Texten är redan översatt till det språket: någon annan hann före."))
        return cleaned


class InLanguage(admin.SimpleListFilter):
    title = _("språk")
    parameter_name = "sprak"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return OTHER_LANGUAGES

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(language=self.value()) if self.value() in dict(OTHER_LANGUAGES) else queryset


class Reviewed(YesOrNotYet):
    title = _("granskad")
    parameter_name = "granskad"

    def done(self, rows: models.QuerySet[Translation]) -> models.QuerySet[Translation]:
        return rows.exclude(reviewed_at=None)

    def not_yet(self, rows: models.QuerySet[Translation]) -> models.QuerySet[Translation]:
        return rows.filter(reviewed_at=None)


@admin.register(Translation)
class TranslationAdmin(PolicyAdmin):
    form = TranslationForm
    change_list_template = "admin/promises/translation/change_list.html"
    list_display = ["swedish", "language_shown", "translated", "reviewed_by"]
    list_filter = [InLanguage, Reviewed]
    list_select_related = ["reviewed_by"]
    search_fields = ["source", "text"]
    fields = ["language", "source", "text", "is_reviewed"]
    examples = {
        "text": _("Samma sak som svenskan, lika kort och lika enkelt."),
    }
    formfield_overrides = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 8})}}

    @admin.display(description=_("svenska"))
    def swedish(self, translation: Translation) -> str:
        return str(translation)

    @admin.display(description=_("språk"), ordering="language")
    def language_shown(self, translation: Translation) -> str:
        return translation.language_name

    @admin.display(description=_("översättning"))
    def translated(self, translation: Translation) -> str:
        return Truncator(translation.text).words(12)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.waiting_view)
        return [path("saknas/", view, name="promises_translation_waiting"), *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return ["language_shown", "source"] if obj else []

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        may_write = self.has_change_permission(request, obj)
        fields = ["language_shown" if obj else "language", "source", "text"]
        return [*fields, "is_reviewed"] if may_write else fields

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if obj and "is_reviewed" in form.base_fields:
            form.base_fields["is_reviewed"].initial = obj.is_reviewed
            form.base_fields.pop("language", None)
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        language = request.GET.get("sprak", "")
        return {"language": language, "source": translating.source_of(language, request.GET.get("text", ""))}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        policy.require(staff(request), "change" if change else "add", obj)
        if not change or "text" in form.changed_data:
            obj.rewrite(obj.text)
        if not form.cleaned_data.get("is_reviewed"):
            if obj.is_reviewed:
                obj.rewrite(obj.text)
        elif not obj.is_reviewed:
            obj.review(staff(request))

    def waiting_view(self, request: HttpRequest) -> HttpResponse:
        """Every Swedish text that has no translation in a language."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.GET.get("sprak", "")
        language = asked if asked in dict(OTHER_LANGUAGES) else OTHER_LANGUAGES[0][0]
        context = {
            **self.page_context(request, __("Texter som saknar översättning")),
            "languages": OTHER_LANGUAGES,
            "language": language,
            "waiting": list(translating.waiting(language)),
            "may_add": self.has_add_permission(request),
        }
        return TemplateResponse(request, "admin/promises/translation/waiting.html", context)
