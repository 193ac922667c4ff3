"""The promise, its actions, its targets and its extensions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from promises import policy
from promises.admin.base import (
    NewestPromises,
    PolicyAdmin,
    PolicyInline,
    ShownAdmin,
    SigningAdmin,
    promise_in_force_of,
    staff,
    tell_fault,
)
from promises.following import follow_on
from promises.models import (
    Action,
    ActionOrganisation,
    ActionPlace,
    ActionSection,
    Extension,
    Partnership,
    Promise,
    Target,
    Term,
)
from promises.months import today


class PartnershipInline(PolicyInline, admin.TabularInline):
    model = Partnership
    extra = 0


ACTION_EXAMPLES = {
    "number": _("1 står först. Numret står i löftet."),
    "title": _("Till exempel: Trygghetsvandringar"),
    "text": _("Vad ni ska göra, hur ofta och tillsammans med vem. Den här texten skrivs under."),
}


class ActionInline(PolicyInline, admin.StackedInline):
    model = Action
    examples = ACTION_EXAMPLES
    extra = 0
    fields = ["number", "title", "slug", "text", "kind", "previous", "change"]
    prepopulated_fields = {"slug": ["title"]}
    show_change_link = True


@admin.register(Promise)
class PromiseAdmin(SigningAdmin):
    examples = {
        "title": _("Till exempel: Tranemo – medborgarlöften 2026"),
        "lead": _("Löftet i två meningar, så som det skrivs under."),
        "background": _("Varför ni lovar det här: vad invånarna har sagt och vad ni vet."),
        "situation": _("Hur det är idag, utan att peka ut någon."),
        "aim": _("Vad som ska vara annorlunda när löftet är slut."),
        "following": _("Hur invånarna får veta hur det går."),
        "year_end": _("Vad som händer vid årets slut. Till exempel: Vi redovisar vad det blev av varje åtgärd."),
        "validity": _("Till exempel: Löftet gäller till och med den 31 december 2026."),
    }
    list_display = ["title", "starts_on", "ends_on", "state"]
    list_filter = ["state"]
    text_template = "admin/promises/promise_text.html"
    prepopulated_fields = {"slug": ["title"]}
    inlines = [PartnershipInline, ActionInline]
    fieldsets = [
        (None, {"fields": ["title", "slug", "starts_on", "ends_on", "predecessor"]}),
        (
            _("Löftets text"),
            {"fields": ["lead", "background", "situation", "aim", "following", "year_end", "validity", "contact_text"]},
        ),
        (_("Uppföljning"), {"fields": ["followup_months", "report_due_days"]}),
    ]
    change_form_template = "admin/promises/promise/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        return [self.own_url("nasta", "follow", require_POST(self.follow_view)), *super().get_urls()]

    def follow_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Begin the promise that takes over after this one."""
        promise = self.row_or_404(request, object_id)
        try:
            starts_on = parse_date(request.POST.get("starts_on", ""))
        except ValueError:
            starts_on = None
        if starts_on is None:
            messages.error(request, __("Skriv vilken dag nästa löfte börjar gälla."))
            return redirect(self.own_address(promise))
        try:
            draft = follow_on(promise, starts_on, staff(request))
        except ValidationError as fault:
            tell_fault(request, fault)
            return redirect(self.own_address(promise))
        self.log_addition(request, draft, [{"added": {}}])
        messages.success(request, __("Utkastet är kopierat. Ändra det som ska bli annorlunda."))
        return redirect(self.own_address(draft))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        if promise := kwargs.get("obj"):
            context["verdicts"] = last_verdicts(promise)
            context["next_starts_on"] = next_starts_on(promise, request)
        return super().render_change_form(request, context, **kwargs)


def next_starts_on(promise: Promise, request: HttpRequest) -> date | None:
    """The day after the promise, for whoever may begin the next."""
    may = promise.is_published and policy.may_touch(staff(request), "change", promise)
    return promise.last_day + timedelta(days=1) if may else None


def last_verdicts(promise: Promise) -> list[tuple[Action, Any]]:
    """Each action that carries on an earlier one, with what became of that: the last verdict on it."""
    carried = promise.actions.exclude(previous=None).select_related("previous")
    return [(each, newest_verdict(each.previous)) for each in carried]


def newest_verdict(action: Any) -> Any:
    # The verdicts are a room above: they are reached from the row, never imported.
    published = [each for each in action.verdicts.select_related("result") if each.is_published]
    return max(published, key=lambda each: each.result.year, default=None)


class ActionOrganisationInline(PolicyInline, admin.TabularInline):
    model = ActionOrganisation
    extra = 0


class ActionSectionInline(PolicyInline, admin.TabularInline):
    model = ActionSection
    extra = 0


class ActionPlaceInline(PolicyInline, admin.TabularInline):
    """Places are chosen while the promise is in force, so they may be added to a published action."""

    model = ActionPlace
    extra = 0


@admin.register(Action)
class ActionAdmin(PolicyAdmin):
    examples = ACTION_EXAMPLES
    # Places are chosen while the promise is in force.
    stays_open = True
    list_display = ["title", "number", "promise", "kind"]
    list_filter = [("promise", NewestPromises)]
    list_select_related = ["promise"]
    search_fields = ["title", "promise__title"]
    fields = ["promise", "number", "title", "slug", "text", "kind", "previous", "change"]
    inlines = [ActionOrganisationInline, ActionSectionInline, ActionPlaceInline]


@admin.register(Target)
class TargetAdmin(SigningAdmin):
    examples = {
        "number": _("Till exempel: 4. Lämna tomt om målet är en sista dag."),
        "reason": _("Varför just så många. Till exempel: En vandring i varje tätort."),
    }
    list_display = ["__str__", "action", "decided_on", "state"]
    list_filter = ["state"]
    list_select_related = ["action"]
    fields = ["action", "number", "unit", "rhythm", "due_on", "decided_on", "reason"]


@admin.register(Extension)
class ExtensionAdmin(SigningAdmin):
    examples = {"reason": _("Visas för alla. Till exempel: Skolbesöken blir klara först i vår.")}
    list_display = ["promise", "new_last_day", "decided_on", "state"]
    list_filter = ["state"]
    list_select_related = ["promise"]
    fields = ["promise", "new_last_day", "decided_on", "reason"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        begun = promise_in_force_of(staff(request)) | {"decided_on": today()}
        return begun | super().get_changeform_initial_data(request)


@admin.register(Term)
class TermAdmin(ShownAdmin):
    examples = {
        "word": _("Så som det står i texterna. Till exempel: SAMFU"),
        "spelled_out": _("Till exempel: samverkan i ungdomsfrågor"),
        "explanation": _("En mening som den som aldrig har hört ordet förstår."),
    }
    list_display = ["word", "spelled_out", "published_at"]
    search_fields = ["word"]
    prepopulated_fields = {"slug": ["word"]}
