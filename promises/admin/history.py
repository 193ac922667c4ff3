"""Who did what, and when: a log that is read and never written, of what the reader may see."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from promises import policy
from promises.admin.base import PolicyAdmin
from promises.wording import capitalised


@admin.register(LogEntry)
class LogAdmin(PolicyAdmin):
    """The policy lets nobody add, change or delete; no page here could."""

    list_display = ["action_time", "who", "kind", "row", "deed"]
    list_display_links = None
    list_select_related = ["user", "content_type"]
    date_hierarchy = "action_time"
    readonly_fields = ["action_time", "who", "kind", "object_repr", "deed"]
    fields = ["action_time", "who", "kind", "object_repr", "deed"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[LogEntry]:
        kinds = ContentType.objects.all()
        seen = [each.pk for each in kinds if policy.may(request.user, "view", f"{each.app_label}.{each.model}")]
        return super().get_queryset(request).filter(content_type__in=seen)

    @admin.display(description=_("vem"))
    def who(self, entry: LogEntry) -> str:
        return entry.user.get_full_name() or entry.user.get_username()

    @admin.display(description=_("vad"))
    def kind(self, entry: LogEntry) -> str:
        model: Any = entry.content_type.model_class() if entry.content_type else None
        return capitalised(str(model._meta.verbose_name)) if model else ""

    @admin.display(description=_("vilken"))
    def row(self, entry: LogEntry) -> str:
        if entry.is_deletion() or not entry.object_id:
            return entry.object_repr
        address = entry.get_admin_url()
        return format_html('<a href="{}">{}</a>', address, entry.object_repr) if address else entry.object_repr

    @admin.display(description=_("vad som gjordes"))
    def deed(self, entry: LogEntry) -> str:
        return entry.get_change_message() if not entry.is_deletion() else str(_("Togs bort."))
