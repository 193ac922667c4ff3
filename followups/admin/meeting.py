"""Meetings: planned, held, cancelled with a reason."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from followups.models import Meeting
from promises.admin.base import PolicyAdmin


@admin.register(Meeting)
class MeetingAdmin(PolicyAdmin):
    markdown = ("summary",)
    examples = {
        "title": _("Lämna tomt om mötets slag säger tillräckligt. Till exempel: Trygghetsmöte i Limmared"),
        "cancel_reason": _("Visas för alla. Till exempel: Lokalen är stängd."),
    }
    list_display = ["__str__", "kind", "starts_at", "venue", "state", "is_public"]
    list_filter = ["kind", "state", "is_public"]
    list_select_related = ["place"]
    search_fields = ["title", "venue"]
    fieldsets = [
        (None, {"fields": ["kind", "title", "starts_at", "ends_at", "venue", "place", "is_public"]}),
        (_("Hur det gick"), {"fields": ["state", "cancel_reason", "summary"]}),
    ]
