"""The municipality's map and the chosen places."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from promises.admin.base import PolicyAdmin, PolicyInline, ShownAdmin
from promises.models import Locality, Municipality, Place, PlaceReason


@admin.register(Municipality)
class MunicipalityAdmin(PolicyAdmin):
    examples = {
        "name": _("Till exempel: Tranemo"),
        "population": _("Visas på sidan om webbplatsen. Till exempel: 11 800"),
        "border_source": _("Till exempel: SCB, digitala gränser 2025"),
    }
    list_display = ["name", "population", "border_source"]


@admin.register(Locality)
class LocalityAdmin(PolicyAdmin):
    examples = {"name": _("Till exempel: Limmared")}
    list_display = ["name", "municipality", "source"]
    list_select_related = ["municipality"]
    search_fields = ["name"]


class PlaceReasonInline(PolicyInline, admin.StackedInline):
    model = PlaceReason
    extra = 0


@admin.register(Place)
class PlaceAdmin(ShownAdmin):
    list_display = ["name", "locality", "is_hotspot", "published_at"]
    list_filter = ["is_hotspot"]
    list_select_related = ["locality"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [PlaceReasonInline]
