"""The promise, its actions, its targets and its extensions."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from promises.admin.base import PolicyAdmin, PolicyInline, ShownAdmin, SigningAdmin
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


class PartnershipInline(PolicyInline, admin.TabularInline):
    model = Partnership
    extra = 0


class ActionInline(PolicyInline, admin.StackedInline):
    model = Action
    extra = 0
    fields = ["number", "title", "slug", "text", "kind", "previous", "change"]
    prepopulated_fields = {"slug": ["title"]}
    show_change_link = True


@admin.register(Promise)
class PromiseAdmin(SigningAdmin):
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
    list_display = ["title", "number", "promise", "kind"]
    list_filter = ["promise"]
    list_select_related = ["promise"]
    search_fields = ["title"]
    fields = ["promise", "number", "title", "slug", "text", "kind", "previous", "change"]
    inlines = [ActionOrganisationInline, ActionSectionInline, ActionPlaceInline]


@admin.register(Target)
class TargetAdmin(SigningAdmin):
    list_display = ["__str__", "action", "decided_on", "state"]
    list_filter = ["state"]
    list_select_related = ["action"]
    fields = ["action", "number", "unit", "rhythm", "due_on", "decided_on", "reason"]


@admin.register(Extension)
class ExtensionAdmin(SigningAdmin):
    list_display = ["promise", "new_last_day", "decided_on", "state"]
    list_filter = ["state"]
    list_select_related = ["promise"]
    fields = ["promise", "new_last_day", "decided_on", "reason"]


@admin.register(Term)
class TermAdmin(ShownAdmin):
    list_display = ["word", "spelled_out", "published_at"]
    search_fields = ["word"]
    prepopulated_fields = {"slug": ["word"]}
