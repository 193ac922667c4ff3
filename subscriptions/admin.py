"""The back office of the mails: what was sent to how many, and an address erased on request. None is ever shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from promises import history, policy
from promises.admin.base import PolicyAdmin, staff
from subscriptions.forms import AddressField
from subscriptions.models import Announcement, Subscription


class EraseForm(forms.Form):
    address = AddressField(label=_("E-postadress"))


@admin.register(Announcement)
class AnnouncementAdmin(PolicyAdmin):
    """What mail was made about, and how much of it still waits or was refused for good."""

    list_display = ["made_at", "kind", "document_id", "recipients", "waiting", "given_up"]
    list_display_links = None
    list_filter = ["kind"]
    change_list_template = "admin/subscriptions/announcements.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Announcement]:
        return Announcement.objects.with_counts()

    @admin.display(description=_("väntar"))
    def waiting(self, row: Any) -> int:
        return row.waiting

    @admin.display(description=_("nekade för gott"))
    def given_up(self, row: Any) -> int:
        return row.given_up

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        view = sensitive_post_parameters()(require_POST(self.erase_view))
        erase = path("radera/", self.admin_site.admin_view(view), name="subscriptions_announcement_erase")
        return [erase, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {
            "confirmed": Subscription.objects.confirmed().count(),
            "unconfirmed": Subscription.objects.unconfirmed().count(),
            "erase_form": EraseForm(label_suffix="") if self._may_erase(request) else None,
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def erase_view(self, request: HttpRequest) -> HttpResponse:
        """Somebody has called and wants to be forgotten. By POST: an address in a link would end up in a log."""
        if not self._may_erase(request):
            raise PermissionDenied
        form = EraseForm(request.POST)
        if not form.is_valid():
            messages.error(request, str(form.errors["address"][0]))
        elif Subscription.objects.of(form.cleaned_data["address"]).erase():
            history.note(staff(request), Announcement, __("Raderade en adress på begäran."))
            messages.success(request, __("Adressen är raderad och får inga fler mejl."))
        else:
            messages.warning(request, __("Adressen fanns inte. Kontrollera hur den stavas."))
        return redirect("admin:subscriptions_announcement_changelist")

    def _may_erase(self, request: HttpRequest) -> bool:
        return policy.may(request.user, "delete", Subscription._meta.label_lower)
