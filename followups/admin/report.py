"""The month's report: last month's words and this month's deeds beside what is new."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from followups.calendar import COMING, calendar_on_record
from followups.models import ActionUpdate, FollowUp
from followups.month import MonthOfWork, work_of
from followups.prefill import begin_report, words_before
from followups.preview import section_before_publishing
from followups.record import Record
from promises.admin.base import NewestPromises, PolicyInline, SigningAdmin, promises_of, staff, tell_fault
from promises.models import Promise
from promises.months import Month, Period
from promises.wording import capitalised


class UpdateForm(forms.ModelForm):
    """One action's line. Words, or another standing, are news, whatever the tick says."""

    class Meta:
        model = ActionUpdate
        fields = ["reported", "is_unchanged", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        said = self.before.reported if self.before else None
        if (cleaned.get("text") or "").strip() or cleaned.get("reported") != said:
            cleaned["is_unchanged"] = False
        return cleaned

    @property
    def before(self) -> ActionUpdate | None:
        """The action's last published line."""
        return words_before(self.instance.followup).get(self.instance.action_id)


class UpdateInline(PolicyInline, admin.StackedInline):
    model = ActionUpdate
    form = UpdateForm
    markdown = ("text",)
    template = "admin/followups/followup/updates.html"
    fields = ["reported", "is_unchanged", "text"]
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any) -> bool:
        return False  # begin_report makes a line for every action

    def get_queryset(self, request: HttpRequest) -> QuerySet[ActionUpdate]:
        return super().get_queryset(request).select_related("action", "followup").order_by("action__number")


@admin.register(FollowUp)
class FollowUpAdmin(SigningAdmin):
    change_form_template = "admin/followups/followup/change_form.html"
    markdown = ("summary", "no_meeting_reason")
    text_template = "admin/followups/followup/text.html"
    list_display = ["month", "promise", "kind", "state", "published_at"]
    list_filter = ["state", ("promise", NewestPromises)]
    list_select_related = ["promise"]
    search_fields = ["promise__title"]
    fieldsets = [
        (None, {"fields": ["summary"]}),
        (_("Hölls inget möte?"), {"fields": ["kind", "no_meeting_reason"], "classes": ["collapse"]}),
    ]
    inlines = [UpdateInline]

    @admin.display(description=_("månad"), ordering="first_day")
    def month(self, report: FollowUp) -> str:
        return capitalised(str(report))

    def get_urls(self) -> list[URLPattern]:
        begin = self.admin_site.admin_view(require_POST(self.begin_view))
        return [
            path("borja/<int:promise_id>/<str:month>/", begin, name="followups_followup_begin"),
            *super().get_urls(),
        ]

    # --- beginning ---

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """A month is chosen, not written: every period of the newest promises that the user's organisation is in."""
        if request.method == "POST" or not self.has_add_permission(request):
            raise PermissionDenied
        record = Record(list(promises_of(staff(request))))
        months = [(promise, self._months_to_choose(record, promise)) for promise in record.promises]
        context = {**self.page_context(request, __("Välj månad")), "months": months}
        return TemplateResponse(request, "admin/followups/followup/choose.html", context)

    def _months_to_choose(self, record: Record, promise: Promise) -> list[dict[str, Any]]:
        statuses = reversed(calendar_on_record(record, promise))
        begun = [each for each in statuses if each.status != COMING or each.is_current]
        return [{"status": each, "report": record.reports.get((promise.pk, each.period.first_day))} for each in begun]

    def begin_view(self, request: HttpRequest, promise_id: int, month: str) -> HttpResponse:
        promise = get_object_or_404(Promise, pk=promise_id)
        try:
            period = Period(Month.parse(month), promise.followup_months)
        except ValueError as fault:
            raise Http404 from fault
        try:
            report = begin_report(promise, period, staff(request))
        except ValidationError as fault:
            tell_fault(request, fault)
            return redirect("admin:index")
        self.log_change(request, report, __("Började skriva rapporten."))
        return redirect(self.own_address(report))

    # --- writing ---

    def get_queryset(self, request: HttpRequest) -> QuerySet[FollowUp]:
        return super().get_queryset(request).select_related("promise")

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        month = work_of(self.model._base_manager.select_related("promise").get(pk=kwargs["obj"].pk))
        context |= {"month": month, "title": capitalised(str(month.report)), "subtitle": month.report.promise.title}
        for formset in context["inline_admin_formsets"]:
            attach(formset.formset.forms, month)
        return super().render_change_form(request, context, **kwargs)

    # --- reading ---

    def text_context(self, document: FollowUp) -> dict[str, Any]:
        return {"month": work_of(document)}

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The month as residents will see it, at an address of the back office alone."""
        report = self.row_or_404(request, object_id)
        context = {"report": report, "section": section_before_publishing(report), "title": capitalised(str(report))}
        return TemplateResponse(request, "admin/followups/followup/preview.html", context)


def attach(forms: Iterable[Any], month: MonthOfWork) -> None:
    """Give each action's form what is told beside it."""
    for form in forms:
        form.line = month.line_of(form.instance.action_id)
