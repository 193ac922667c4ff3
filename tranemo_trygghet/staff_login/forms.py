"""What staff type in to come in."""

from __future__ import annotations

import re
from typing import Any

from allauth.account.forms import LoginForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.conf import settings
from django.contrib.auth.forms import SetPasswordForm
from django.utils.translation import gettext_lazy as _

from tranemo_trygghet.staff_login import guessing, links, people, second_factor
from tranemo_trygghet.staff_login.adapter import StaffSecondFactorAdapter
from tranemo_trygghet.staff_login.models import Attempt

# Two may be mistakes with the clock. The third wrong code after a right password is told to the password's owner.
ODD = 3


class PasswordForm(LoginForm):
    """The first step: who one is, and the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, password.label = _("E-post eller användarnamn"), _("Lösenord")
        login.max_length = 254
        login.widget.attrs = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        password.widget.attrs = {"autocomplete": "current-password"}
        password.help_text = ""

    def clean_login(self) -> str:
        """The username of whoever has the address that was typed."""
        return people.username_of(super().clean_login())


def use_code_field(form: forms.Form, label: Any, help_text: Any) -> None:
    field = form.fields["code"]
    field.label, field.help_text = label, help_text
    field.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


def digits(typed: str) -> str:
    """A code as the app and the paper show it, with or without spaces."""
    return re.sub(r"[\s-]", "", typed)


class CodeMixin(BaseAuthenticateForm):
    """A code from the app or from the paper: limited, and good for one time in all web processes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use_code_field(self, _("Kod"), _("Sex siffror från appen, eller en av dina reservkoder på åtta siffror."))

    def clean_code(self) -> str:
        attempt = guessing.begin(context.request, self.user.get_username(), Attempt.Step.CODE)
        self.cleaned_data["code"] = digits(self.cleaned_data["code"])
        code = super().clean_code()
        is_app = self.authenticator.type == Authenticator.Type.TOTP
        if is_app and not second_factor.spend(self.authenticator, code):
            raise StaffSecondFactorAdapter().validation_error("incorrect_code")
        attempt.delete()
        return code

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        super()._emit_authentication_failed(authenticator)
        if guessing.wrong_codes(self.user.get_username()) == ODD and self.user.email:
            told = {"user": self.user, "site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
            links.deliver("account/email/wrong_codes", self.user.email, told)


class CodeForm(CodeMixin, AuthenticateForm):
    """The second step of login."""


class CodeAgainForm(CodeMixin, ReauthenticateForm):
    """A code once more, before what somebody else at an open computer must not do."""


class AddPhoneForm(ActivateTOTPForm):
    """The first code that a new telephone shows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use_code_field(self, _("Kod"), _("De sex siffrorna som appen visar nu."))

    def clean_code(self) -> str:
        self.cleaned_data["code"] = digits(self.cleaned_data["code"])
        return super().clean_code()


class ChosenPasswordForm(SetPasswordForm):
    """A password that somebody chooses, in our words; the rules are Django's validators, told when one is broken."""

    error_messages = {"password_mismatch": _("Lösenorden är inte likadana. Skriv samma lösenord i båda fälten.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first, again = self.fields["new_password1"], self.fields["new_password2"]
        first.help_text = _("Minst tolv tecken. En mening är lätt att minnas.")
        again.label, again.help_text = _("Skriv lösenordet en gång till"), ""


class ForgottenForm(forms.Form):
    """Where to send a link to choose a new password."""

    email = forms.EmailField(label=_("Din e-postadress"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
