"""Accounts in the back office, with what lies above the room of promises: invitations by mail and lost telephones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import allauth.account.admin  # registers what is taken away below
import allauth.mfa.admin  # noqa: F401
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.forms import UserChangeForm
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from promises import policy
from promises.admin.base import staff
from promises.admin.people import UserAdmin
from promises.models import RoleGrant, User
from promises.policy import Role
from tranemo_trygghet.staff_login import links, people

if TYPE_CHECKING:
    Base = forms.ModelForm[User]
else:
    Base = forms.ModelForm

# They hold nothing that staff should see: addresses lie with the account, secrets of the second factor nowhere.
for _model in (EmailAddress, Authenticator, User):
    admin.site.unregister(_model)


class EmailForm(Base):
    """An account has an address, and nobody else has the same."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "email" in self.fields:
            self.fields["email"].required = True
            self.fields["email"].help_text = _("Dit skickas inbjudan. Adressen används också för att logga in.")

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if people.has_account(email, but=self.instance if self.instance.pk else None):
            raise forms.ValidationError(_("Det finns redan ett konto med den adressen."))
        return email


# What each role may do, for who chooses among them; the handbook says more.
DUTIES = {
    Role.EDITOR: _("skriver rapporter, loggar insatser och möten"),
    Role.SIGNER: _("läser och godkänner för organisationen"),
    Role.DEPUTY: _("godkänner när godkännaren är borta"),
    Role.SURVEYS: _("bygger, öppnar, räknar och publicerar enkäter"),
    Role.ACCOUNTS: _("ger kollegor konton och roller"),
    Role.READER: _("ser allt utom konton, men ändrar inget"),
    Role.TECHNICAL: _("ser till inställningarna, ser inga svar"),
}


class InvitationForm(EmailForm):
    """A colleague who is to have an account. They choose their password themselves."""

    roles = forms.MultipleChoiceField(
        label=_("Roller"),
        choices=[(role, format_lazy("{}: {}", role.label, duty)) for role, duty in DUTIES.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Vad kollegan får göra. Det går att ändra sedan."),
    )

    class Meta:
        model = User
        fields = ["first_name", "last_name", "title", "email"]

    def save(self, commit: bool = True) -> User:
        user = super().save(commit=False)
        user.username = user.email
        user.set_unusable_password()
        if commit:
            user.save()
        return user


class AccountForm(EmailForm, UserChangeForm):
    """An account as it stands. Nobody shuts themselves out."""

    class Meta(UserChangeForm.Meta):
        help_texts = {
            "username": _("Det som kollegan loggar in med, i stället för e-postadressen om hen vill."),
            "is_active": _("Ta bort bocken när kollegan slutar. Namnet står kvar på det som hen har godkänt."),
        }

    # Set by StaffAdmin.get_form: who is logged in.
    keeper: User

    def clean_is_active(self) -> bool:
        is_active = self.cleaned_data["is_active"]
        if not is_active and self.instance.pk == self.keeper.pk:
            raise forms.ValidationError(_("Du kan inte stänga ditt eget konto. Be en kollega."))
        return is_active


@admin.register(User)
class StaffAdmin(UserAdmin):
    """Colleagues are invited by mail; who has lost the telephone or the password gets a new link the same way."""

    form = AccountForm
    add_form = InvitationForm
    add_form_template = "admin/staff_login/invite.html"
    change_form_template = "admin/staff_login/account.html"
    fieldsets = [
        (_("Personen"), {"fields": ["first_name", "last_name", "title", "email", "organisation"]}),
        (_("Kontot"), {"fields": ["username", "is_active", "way_in"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["first_name", "last_name", "title", "email", "roles"]}),
    ]
    readonly_fields = ["way_in"]

    def get_urls(self) -> list[URLPattern]:
        """Without Django's page where one person sets another's password: whoever knows both can sign as both."""
        stock = [each for each in super().get_urls() if getattr(each, "name", "") != "auth_user_password_change"]
        return [self.own_url("ny-lank", "renew", require_POST(self.renew_view)), *stock]

    def get_form(self, request: HttpRequest, obj: User | None = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        form.keeper = staff(request)
        return form

    @admin.display(description=_("inloggning"))
    def way_in(self, user: User) -> str:
        if not user.has_usable_password():
            return __("Har fått en länk men inte valt lösenord än.")
        phone = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
        if phone is None:
            return __("Har valt lösenord men inte lagt till någon telefon.")
        return __("Lösenord och telefon, sedan %s.") % date_format(phone.created_at, "j F Y")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            # When the account is safely there, and not before.
            transaction.on_commit(lambda: tell_sent(request, obj, links.INVITATION.send(obj)))
        elif "email" in form.changed_data and form.initial["email"]:
            transaction.on_commit(lambda: links.tell_moved(form.initial["email"], obj))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for role in [] if change else form.cleaned_data["roles"]:
            grant = RoleGrant(user=form.instance, role=role)
            policy.require(staff(request), "add", grant)
            grant.save()

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        user = kwargs.get("obj")
        context["may_renew"] = user is not None and self.may_renew(request, user)
        return super().render_change_form(request, context, **kwargs)

    def may_renew(self, request: HttpRequest, user: User) -> bool:
        return user.is_active and user != request.user and policy.may_touch(request.user, "change", user)

    def renew_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        user = self.row_or_404(request, object_id)
        if not self.may_renew(request, user):
            raise PermissionDenied
        is_sent = links.renew(user)
        self.log_change(request, user, __("Nollställde lösenord och telefon och skickade en ny länk."))
        tell_sent(request, user, is_sent)
        return redirect(self.own_address(user))


def tell_sent(request: HttpRequest, user: User, is_sent: bool) -> None:
    if is_sent:
        messages.success(request, __("En länk är skickad till %s. Den gäller i sju dagar.") % user.email)
    else:
        messages.error(request, __("Brevet gick inte att skicka. Försök om en stund med ”Skicka en ny länk”."))
