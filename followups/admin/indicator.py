"""Indicators and their monthly readings."""

from __future__ import annotations

from django.contrib import admin

from followups.models import Indicator, Reading
from promises.admin.base import PolicyInline, ShownAdmin


class ReadingInline(PolicyInline, admin.TabularInline):
    model = Reading
    extra = 1


@admin.register(Indicator)
class IndicatorAdmin(ShownAdmin):
    list_display = ["name", "unit", "source", "published_at"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [ReadingInline]
