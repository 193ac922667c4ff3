"""The log of reminders: who was reminded of what, and when. Nobody changes it."""

from __future__ import annotations

from django.contrib import admin

from followups.models import Reminder
from promises.admin.base import PolicyAdmin
from promises.months import Month


@admin.register(Reminder)
class ReminderAdmin(PolicyAdmin):
    list_display = ["month", "promise", "user", "errand", "occasion", "sent_at"]
    list_filter = ["errand", "occasion"]
    list_select_related = ["promise", "user"]
    date_hierarchy = "first_day"
    fields = ["promise", "first_day", "errand", "occasion", "user", "taken_at", "sent_at"]

    @admin.display(description="månad", ordering="first_day")
    def month(self, reminder: Reminder) -> str:
        return str(Month.of(reminder.first_day))
