"""Masking in the back office: one person finds and proposes, another confirms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from promises import history, masking, policy
from promises.admin.base import PolicyAdmin, staff, tell_fault
from promises.models import Masking
from promises.wording import capitalised
from promises.words import texts_in


class MaskingForm(forms.Form):
    words = forms.CharField(
        label=_("Orden som ska bort"), max_length=300, strip=True, help_text=_("Precis som de står i texten.")
    )
    reason = forms.CharField(
        label=_("Skäl"), max_length=100, help_text=_("Visas för alla. Till exempel: personuppgift")
    )

    def clean_words(self) -> str:
        self.hits = masking.find(self.cleaned_data["words"])
        if not self.hits:
            raise ValidationError(_("Orden finns inte i någon text. Kontrollera stavningen."))
        return self.cleaned_data["words"]


@admin.register(Masking)
class MaskingAdmin(PolicyAdmin):
    list_display = ["reason", "kind", "proposed_by", "proposed_at", "confirmed_by", "confirmed_at"]
    list_select_related = ["content_type", "proposed_by", "confirmed_by"]

    def get_urls(self) -> list[URLPattern]:
        return [
            self.own_url("bekrafta", "confirm", require_POST(self.confirm_view)),
            self.own_url("dra-tillbaka", "withdraw", require_POST(self.withdraw_view)),
            *super().get_urls(),
        ]

    @admin.display(description=_("del av"))
    def kind(self, row: Masking) -> str:
        return capitalised(row.content_type.name)

    # --- proposing ---

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The words are posted, never put in an address that ends up in a log."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = MaskingForm(request.POST if request.method == "POST" else None)
        found = form.is_valid()
        if found and "propose" in request.POST:
            try:
                proposed = masking.propose(
                    staff(request), form.cleaned_data["words"], form.cleaned_data["reason"], request.POST.getlist("row")
                )
            except ValidationError as fault:
                tell_fault(request, fault)
            else:
                self.log_addition(request, proposed[0], __("Föreslog en maskning."))
                messages.success(request, __("Föreslagen. En annan person bekräftar den innan orden försvinner."))
                return redirect(self.own_address(proposed[0]))
        hits = [(each, each.around(form.cleaned_data["words"])) for each in form.hits] if found else []
        context = {
            **self.page_context(request, __("Ta bort personuppgifter")),
            "form": form,
            "hits": hits,
        }
        return TemplateResponse(request, "admin/promises/masking/propose.html", context)

    # --- confirming ---

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method != "GET":
            raise PermissionDenied
        row = self.row_or_404(request, object_id)
        case = [] if row.confirmed_at else masking.case_of(row)
        may = policy.may_touch(staff(request), "add", row)
        context = self.page_context(request, __("Maskning"), row) | {
            "masking": row,
            "case": [(masking.name_of(each.row), standing_text(each)) for each in case if each.row],
            "can_confirm": may and row.proposed_by_id != staff(request).pk,
            "can_withdraw": may,
        }
        return TemplateResponse(request, "admin/promises/masking/confirm.html", context)

    def confirm_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.row_or_404(request, object_id)
        try:
            count = masking.confirm(row, staff(request))
        except ValidationError as fault:
            tell_fault(request, fault)
            return redirect(self.own_address(row))
        self.log_change(request, row, __("Bekräftade maskningen."))
        for each in masking.proposed_with(row):
            self.log_change(request, each.row, __("Tog bort ord som inte får vara offentliga: %s.") % row.reason)
        told = ngettext("Orden är borttagna ur %s text.", "Orden är borttagna ur %s texter.", count)
        messages.success(request, told % count)
        return redirect("admin:promises_masking_changelist")

    def withdraw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.row_or_404(request, object_id)
        try:
            masking.withdraw(row, staff(request))
        except ValidationError as fault:
            tell_fault(request, fault)
            return redirect(self.own_address(row))
        history.note(staff(request), Masking, __("Drog tillbaka ett förslag till maskning."))
        messages.success(request, __("Förslaget är borttaget. Ingen text är ändrad."))
        return redirect("admin:promises_masking_changelist")


def standing_text(each: Masking) -> str:
    """The text in which the words still stand; nothing if they are gone."""
    value = getattr(each.row, each.field, "") if each.row else ""
    return "\n\n".join(text for text in texts_in(value) if each.words in text)
