"""Indicators and their monthly readings, written one at a time or read from a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from followups.indicator_import import MOST_BYTES, import_readings, text_of
from followups.models import Indicator, Reading
from promises import policy
from promises.admin.base import PolicyInline, ShownAdmin, staff


class ImportForm(forms.Form):
    """A file, or rows pasted from a spreadsheet."""

    file = forms.FileField(label=_("Fil"), required=False, widget=forms.FileInput(attrs={"accept": ".csv,.txt"}))
    rows = forms.CharField(
        label=_("Eller klistra in raderna"), required=False, widget=forms.Textarea(attrs={"rows": 8})
    )
    replace = forms.BooleanField(label=_("Ersätt värden som redan finns"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if file and file.size > MOST_BYTES:
            raise ValidationError(_("Filen är för stor. Den ska ha en rad för varje månad."))
        cleaned["text"] = text_of(file.read()) if file else cleaned.get("rows", "")
        if not cleaned["text"].strip() and not self.errors:
            raise ValidationError(_("Välj en fil, eller klistra in raderna."))
        return cleaned


class ReadingInline(PolicyInline, admin.TabularInline):
    model = Reading
    extra = 1


@admin.register(Indicator)
class IndicatorAdmin(ShownAdmin):
    change_form_template = "admin/followups/indicator/change_form.html"
    list_display = ["name", "unit", "source", "published_at"]
    search_fields = ["name"]
    examples = {
        "name": _("Till exempel: Anmälda stölder"),
        "definition": _("Vad som räknas och vad som inte gör det, i en mening."),
    }
    prepopulated_fields = {"slug": ["name"]}
    inlines = [ReadingInline]

    def get_urls(self) -> list[URLPattern]:
        return [self.own_url("importera", "import", self.import_view), *super().get_urls()]

    def import_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        indicator = self.row_or_404(request, object_id)
        policy.require(staff(request), "change", indicator)
        form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
        if form.is_valid():
            try:
                self._import(request, indicator, form.cleaned_data)
            except ValidationError as fault:
                form.add_error(None, fault)
            else:
                return redirect(self.own_address(indicator))
        context = self.page_context(request, __("Läs in mätvärden"), indicator) | {"form": form}
        return TemplateResponse(request, "admin/followups/indicator/import.html", context)

    def _import(self, request: HttpRequest, indicator: Indicator, words: dict[str, Any]) -> None:
        done = import_readings(indicator, words["text"], staff(request), replace=words["replace"])
        sentence = __("%(added)s nya värden, %(replaced)s ersatta.") % {"added": done.added, "replaced": done.replaced}
        self.log_change(request, indicator, sentence)
        messages.success(request, sentence)
