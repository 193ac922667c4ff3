"""Published results, which nobody changes, and the surveys from before the portal."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from promises.admin.base import PolicyAdmin, PolicyInline, ShownAdmin
from surveys.models import EarlierShare, EarlierSurvey, ResultRelease


@admin.register(ResultRelease)
class ResultReleaseAdmin(PolicyAdmin):
    """Made by publishing a round's result; here they are only read."""

    list_display = ["round", "number", "published_at", "decided_by_name"]
    list_select_related = ["round"]
    fields = ["round", "number", "summary", "reason", "decided_by_name", "published_at", "public_page"]
    readonly_fields = ["public_page"]

    def get_queryset(self, request: HttpRequest):  # type: ignore[no-untyped-def]
        return super().get_queryset(request).defer("content")

    @admin.display(description=_("på webbplatsen"))
    def public_page(self, release: ResultRelease) -> SafeString:
        address = reverse("surveys:result", args=[release.round.slug])
        return format_html('<a href="{}">{}</a>', address, __("Se resultatet"))


class EarlierShareInline(PolicyInline, admin.TabularInline):
    model = EarlierShare
    fields = ["order", "label", "percent", "in_words"]

    def get_extra(self, request: HttpRequest, obj: EarlierSurvey | None = None, **kwargs: object) -> int:
        return 1 if obj else 4


@admin.register(EarlierSurvey)
class EarlierSurveyAdmin(ShownAdmin):
    list_display = ["title", "year", "answers", "published_at"]
    fields = ["year", "title", "answers", "source", "note"]
    examples = {
        "year": _("Till exempel: 2021"),
        "title": _("Till exempel: Trygghetsmätning bland elever"),
        "answers": _("Hur många som svarade, enligt källan."),
        "note": _("Vad siffrorna inte säger. Till exempel: Bara boende i tätorterna fick frågan."),
    }
    inlines = [EarlierShareInline]
