"""The combined result at the year's end: a verdict for each action, with why and how it continues."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from followups.models import CombinedResult, Verdict
from followups.year_end import ActionYear, YearOfWork, begin_result, years_to_tell
from promises.admin.base import PolicyInline, SigningAdmin, promises_of, staff, tell_fault
from promises.models import Action, Promise


class VerdictInline(PolicyInline, admin.StackedInline):
    model = Verdict
    markdown = ("why", "continues")
    template = "admin/followups/combinedresult/verdicts.html"
    fields = ["action", "verdict", "why", "continues"]
    can_delete = False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "action":
            kwargs["queryset"] = Action.objects.published().select_related("promise")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_formset(self, request: HttpRequest, obj: CombinedResult | None = None, **kwargs: Any) -> Any:
        """A line for every action without a verdict: its action chosen, and its "why" begun with the year's facts."""
        left = left_to_judge(obj)
        formset = super().get_formset(request, obj, **kwargs | {"extra": len(left), "max_num": 99})

        class Prefilled(formset):  # type: ignore[misc, valid-type]
            def __init__(self, *args: Any, **kw: Any) -> None:
                begun = [{"action": each.action.pk, "why": each.text} for each in left]
                super().__init__(*args, **{"initial": begun} | kw)

        return Prefilled


def left_to_judge(result: CombinedResult | None) -> list[ActionYear]:
    if result is None or result.is_published:
        return []
    judged = set(result.verdicts.values_list("action_id", flat=True))
    return [each for each in YearOfWork(result.promise, result.year).actions if each.action.pk not in judged]


@admin.register(CombinedResult)
class CombinedResultAdmin(SigningAdmin):
    text_template = "admin/followups/combinedresult/text.html"
    markdown = ("summary", "way_forward")
    examples = {
        "summary": _("Hur gick det? Säg det viktigaste först, även det som inte blev av."),
        "way_forward": _("Vad ni gör nu. Till exempel: Vi fortsätter med vandringarna och avslutar skolbesöken."),
    }
    list_display = ["year", "promise", "state", "published_at"]
    list_filter = ["state"]
    list_select_related = ["promise"]
    fields = ["summary", "way_forward"]
    inlines = [VerdictInline]

    def get_urls(self) -> list[URLPattern]:
        begin = self.admin_site.admin_view(require_POST(self.begin_view))
        return [
            path("borja/<int:promise_id>/<int:year>/", begin, name="followups_combinedresult_begin"),
            *super().get_urls(),
        ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """A year is chosen, not written: every year of the newest promises that the user's organisation is in."""
        if request.method == "POST" or not self.has_add_permission(request):
            raise PermissionDenied
        promises = promises_of(staff(request)).prefetch_related("results")
        years = [(promise, self._years_to_choose(promise)) for promise in promises]
        context = {**self.page_context(request, __("Välj år")), "years": years}
        return TemplateResponse(request, "admin/followups/combinedresult/choose.html", context)

    def _years_to_choose(self, promise: Promise) -> list[tuple[int, CombinedResult | None]]:
        results = {each.year: each for each in promise.results.all()}
        return [(year, results.get(year)) for year in reversed(years_to_tell(promise))]

    def begin_view(self, request: HttpRequest, promise_id: int, year: int) -> HttpResponse:
        promise = get_object_or_404(Promise, pk=promise_id)
        try:
            result = begin_result(promise, year, staff(request))
        except ValidationError as fault:
            tell_fault(request, fault)
            return redirect("admin:index")
        self.log_change(request, result, __("Började skriva det sammanlagda resultatet."))
        return redirect(self.own_address(result))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        if result := kwargs.get("obj"):
            actions = {each.pk: each for each in result.promise.actions.all()}
            for formset in context["inline_admin_formsets"]:
                for form in formset.formset.forms:
                    form.judged = actions.get(form.instance.action_id or form.initial.get("action"))
        return super().render_change_form(request, context, **kwargs)

    def text_context(self, document: CombinedResult) -> dict[str, Any]:
        return {"verdicts": document.verdicts.select_related("action").order_by("action__number")}
