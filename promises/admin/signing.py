"""The back office of a text that every partner signs: write, send, read and approve, correct."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from promises import policy
from promises.admin.guarded import PolicyAdmin, staff, tell_fault
from promises.models import Correction
from promises.signing import SignedDocument, SigningError
from promises.wording import full_day, listed

if TYPE_CHECKING:
    from promises.models import Organisation, User


@dataclass(frozen=True)
class SigningPanel:
    """Where a text stands on its way to the public, and what this member of staff can do about it, or why not."""

    document: Any
    user: User

    @cached_property
    def digest(self) -> str:
        return self.document.digest()

    @cached_property
    def partners(self) -> list[Organisation]:
        return list(self.document.signing_partners())

    @cached_property
    def signatures(self) -> list[Any]:
        return self.document.valid_sign_offs()

    @cached_property
    def awaited(self) -> list[Organisation]:
        signed = {each.organisation_id for each in self.signatures}
        return [] if self.document.is_published else [each for each in self.partners if each.pk not in signed]

    @cached_property
    def can_write(self) -> bool:
        return not self.document.is_published and policy.may_touch(self.user, "change", self.document)

    @property
    def can_send(self) -> bool:
        return self.can_write and self.document.is_draft

    @property
    def can_take_back(self) -> bool:
        return self.can_write and self.document.is_ready

    @cached_property
    def missing(self) -> list[str]:
        """What must be written before the text can be sent."""
        return self.document.missing_before_ready() if self.can_send else []

    @cached_property
    def remarks(self) -> list[str]:
        """What a reviewer would ask, while the text can still be changed."""
        return [] if self.document.is_published else self.document.remarks()

    @property
    def can_correct(self) -> bool:
        correction = Correction(document=self.document, organisation_id=self.user.organisation_id)
        return self.document.is_published and policy.may_touch(self.user, "add", correction)

    @property
    def can_mask(self) -> bool:
        return self.document.is_published and policy.may(self.user, "add", "promises.masking")

    @property
    def can_sign(self) -> bool:
        return self.document.is_ready and not self.cannot_sign_because

    @cached_property
    def cannot_sign_because(self) -> str:
        """One Swedish sentence, or nothing if the user can sign."""
        if not policy.may_touch(self.user, "sign", self.document):
            return _("Du har inte rollen godkännare. Den som har den godkänner för din organisation.")
        if self.user.organisation_id not in {each.pk for each in self.partners}:
            return _("Din organisation är inte part i löftet och kan inte godkänna.")
        if self.document.is_draft:
            return _("Texten kan godkännas när den är skickad för godkännande.")
        if self.user.organisation_id not in {each.pk for each in self.awaited}:
            return _("%s har redan godkänt den här texten.") % self.user.organisation
        return ""

    @property
    def sentence(self) -> str:
        """Where the text stands."""
        if self.document.is_published:
            day = full_day(self.document.published_at)
            return _("Sedan %s. Texten står fast. Blev något fel skriver du en rättelse.") % day
        if self.document.is_ready:
            return _("Väntar på %s.") % listed(self.awaited)
        return _("Syns inte för någon utanför organisationerna.")

    @property
    def warning(self) -> str:
        """What an edit would undo."""
        if not self.signatures or not self.can_write:
            return ""
        names = listed(each.organisation for each in self.signatures)
        return _("%s har godkänt den här texten. Ändrar du något gäller godkännandet inte längre.") % names

    @property
    def corrections(self) -> list[Correction]:
        return list(self.document.corrections.all()) if hasattr(self.document, "corrections") else []


class SignedForm(forms.ModelForm):
    """Refuses to write over what somebody else saved in the meantime; the words typed here stay on the page."""

    def clean(self) -> dict[str, Any] | None:
        seen = self.data.get("seen_digest")
        if seen and self.instance.pk and type(self.instance)._base_manager.get(pk=self.instance.pk).digest() != seen:
            raise ValidationError(
                _(
                    "Någon annan har sparat texten medan du skrev. Det du skrev står kvar nedan. Jämför med det "
                    "sparade i en ny flik. Spara sedan igen om ditt ska gälla."
                )
            )
        return super().clean()


class CorrectionForm(forms.Form):
    text = forms.CharField(
        label=_("Rättelse"),
        widget=forms.Textarea(attrs={"rows": 4, "data-markdown": ""}),
        help_text=_("Skriv vad som blev fel och vad som är rätt. Den visas med dagens datum bredvid texten."),
    )


class SigningAdmin(PolicyAdmin):
    """The back office of a SignedDocument. `text_template` shows, as `document`, exactly the words that are signed."""

    form = SignedForm
    change_form_template = "admin/signing/change_form.html"
    text_template = "admin/signing/text.html"

    def get_urls(self) -> list[URLPattern]:
        return [
            self.own_url("godkann", "sign", self.sign_view),
            self.own_url("ta-tillbaka", "draft", require_POST(self.draft_view)),
            self.own_url("ratta", "correct", self.correct_view),
            self.own_url("forhandsgranska", "preview", self.preview_view),
            *super().get_urls(),
        ]

    def text_context(self, document: Any) -> dict[str, Any]:
        """What `text_template` needs besides the document."""
        return {"rows": list(written_fields(document))}

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        if obj := kwargs.get("obj"):
            # As stored: a form that did not validate has already put its words into `obj`.
            stored = self.model._base_manager.get(pk=obj.pk)
            context["signing"] = SigningPanel(stored, staff(request))
        return super().render_change_form(request, context, **kwargs)

    # --- saving ---

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            signed = self.model._base_manager.get(pk=obj.pk).valid_sign_offs()
            request.signed_before = [each.organisation for each in signed]  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        stored = self.model._base_manager.get(pk=obj.pk)
        still = {each.organisation_id for each in stored.valid_sign_offs()}
        withdrawn = [each for each in getattr(request, "signed_before", []) if each.pk not in still]
        if withdrawn:
            names = listed(withdrawn)
            messages.warning(request, _("Texten ändrades, så godkännandet från %s gäller inte längre.") % names)
        if "_ready" in request.POST:
            return self._send(request, stored)
        return super().response_change(request, obj)

    def _send(self, request: HttpRequest, document: Any) -> HttpResponse:
        try:
            document.mark_ready(staff(request))
        except SigningError as fault:
            tell_fault(request, fault)
            return redirect(self.own_address(document))
        self.log_change(request, document, _("Skickade för godkännande."))
        panel = SigningPanel(document, staff(request))
        if panel.can_sign:
            messages.success(request, _("Skickad för godkännande. Läs texten och godkänn den."))
            return redirect(self.own_address(document, "sign"))
        messages.success(request, _("Skickad för godkännande. Väntar på %s.") % listed(panel.awaited))
        return redirect(self.own_address(document))

    # --- pages ---

    def sign_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        document = self.row_or_404(request, object_id)
        if request.method == "POST":
            return self._sign(request, document)
        panel = SigningPanel(document, staff(request))
        # The digest before the text: if somebody saves in between, the text is the newer and the digest is refused.
        digest = panel.digest
        context = {
            **self.page_context(request, _("Läs och godkänn"), document),
            "subtitle": str(document),
            "panel": panel,
            "digest": digest,
            **self._text(document),
        }
        return TemplateResponse(request, "admin/signing/sign.html", context)

    def _sign(self, request: HttpRequest, document: SignedDocument) -> HttpResponse:
        user = staff(request)
        try:
            with transaction.atomic():
                document.sign(user, request.POST.get("digest", ""))
                self.log_change(request, document, _("Godkände för %s.") % user.organisation)
        except SigningError as fault:
            tell_fault(request, fault)
            return redirect(self.own_address(document, "sign"))
        if document.is_published:
            messages.success(request, _("Godkänd av alla parter. Nu är den publicerad."))
        else:
            names = listed(document.awaited_partners())
            messages.success(request, _("Godkänd för %s. Väntar på %s.") % (user.organisation, names))
        return redirect(self.own_address(document))

    def draft_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        document = self.row_or_404(request, object_id)
        try:
            document.back_to_draft(staff(request))
        except SigningError as fault:
            tell_fault(request, fault)
        else:
            self.log_change(request, document, _("Tog tillbaka till utkast."))
            messages.success(request, _("Texten är ett utkast igen. Godkännanden som fanns gäller inte längre."))
        return redirect(self.own_address(document))

    def correct_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        document = self.row_or_404(request, object_id)
        if not document.is_published:
            messages.error(request, _("Texten är inte publicerad än. Ändra i den i stället."))
            return redirect(self.own_address(document))
        correction = Correction(document=document, organisation=staff(request).organisation, made_by=staff(request))
        policy.require(staff(request), "add", correction)
        form = CorrectionForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            correction.text = form.cleaned_data["text"]
            correction.save()
            self.log_change(request, document, _("Skrev en rättelse."))
            messages.success(request, _("Rättelsen visas nu bredvid texten."))
            return redirect(self.own_address(document))
        context = self.page_context(request, _("Rätta"), document) | {"form": form, **self._text(document)}
        return TemplateResponse(request, "admin/signing/correct.html", context)

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        document = self.row_or_404(request, object_id)
        context = self.page_context(request, _("Förhandsgranskning"), document) | self._text(document)
        return TemplateResponse(request, "admin/signing/preview.html", context)

    def _text(self, document: Any) -> dict[str, Any]:
        return {"document": document, "text_template": self.text_template, **self.text_context(document)}


def written_fields(document: Any) -> list[tuple[str, Any]]:
    """Every field that is signed and has something in it, with its Swedish name."""
    fields = [each for each in document._meta.fields if each.editable and not each.primary_key]
    shown = [(each, getattr(document, f"get_{each.name}_display", None)) for each in fields]
    rows = [(str(each.verbose_name), show() if show else getattr(document, each.name)) for each, show in shown]
    rows = [(name, full_day(value) if isinstance(value, date) else value) for name, value in rows]
    return [(name, value) for name, value in rows if value not in (None, "")]
