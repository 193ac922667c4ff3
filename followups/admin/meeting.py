"""Meetings: planned, held, cancelled with a reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.forms.utils import from_current_timezone
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from followups.models import Meeting
from promises.admin.base import PolicyAdmin
from promises.months import swedish_day


class MeetingForm(forms.ModelForm):
    """A meeting ends on the day on which it begins: the day is asked for once."""

    ends_at = forms.TimeField(
        label=_("Slutar"),
        required=False,
        help_text=_("Samma dag. Till exempel: 20.00"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.ends_at:
            self.initial["ends_at"] = timezone.localtime(self.instance.ends_at).time()

    def clean_ends_at(self) -> datetime | None:
        hour, starts_at = self.cleaned_data["ends_at"], self.cleaned_data.get("starts_at")
        if hour is None or starts_at is None:
            return None
        return from_current_timezone(datetime.combine(swedish_day(starts_at), hour))


@admin.register(Meeting)
class MeetingAdmin(PolicyAdmin):
    form = MeetingForm
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
