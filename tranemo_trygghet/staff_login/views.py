"""The pages of login. Everything that is not said here is allauth's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.stagekit import get_pending_stage
from allauth.account.utils import get_next_redirect_url, passthrough_next_redirect_url, perform_login
from allauth.account.views import LoginView
from allauth.mfa.base.views import AuthenticateView, IndexView, ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.generic.base import ContextMixin

from promises.models import Contact, User
from promises.months import today
from tranemo_trygghet.staff_login import guessing, known_browsers, links, people, second_factor
from tranemo_trygghet.staff_login.forms import (
    AddPhoneForm,
    ChosenPasswordForm,
    CodeAgainForm,
    CodeForm,
    ForgottenForm,
    PasswordForm,
)
from tranemo_trygghet.staff_login.models import Attempt


def frame(request: HttpRequest, title: Any) -> dict[str, Any]:
    """What the back office's frame asks for round every page."""
    return {
        "title": title,
        "site_header": settings.SITE_NAME,
        "site_title": settings.SITE_NAME,
        "has_permission": request.user.is_authenticated and second_factor.is_shown(request),
        "next_url": get_next_redirect_url(request),
    }


class StaffPage(ContextMixin, View):
    """A page of allauth's in the frame of the back office."""

    title: Any = ""

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | frame(self.request, self.title)


class LogIn(StaffPage, LoginView):
    title = _("Logga in")
    form_class = PasswordForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Who is in already but has no second factor is led to get one, and nowhere else."""
        if request.user.is_authenticated and not second_factor.is_shown(request):
            return redirect(passthrough_next_redirect_url(request, reverse("mfa_activate_totp"), "next"))
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self) -> type[PasswordForm]:
        return PasswordForm


log_in = cast(Callable[..., HttpResponse], LogIn.as_view())


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Also for who has come half the way in."""
    logout(request)
    messages.info(request, __("Du är utloggad."))
    return redirect("account_login")


class ShowCode(StaffPage, AuthenticateView):
    title = _("Skriv koden")

    def get_form_class(self) -> type[CodeForm]:
        return CodeForm

    def form_valid(self, form: CodeForm) -> HttpResponse:
        response = super().form_valid(form)
        if form.authenticator.type == Authenticator.Type.RECOVERY_CODES:
            # Read anew: the form's own row does not know that the code has just been used.
            left = len(Authenticator.objects.get(pk=form.authenticator.pk).wrap().get_unused_codes())
            told = ngettext("Du har %s reservkod kvar.", "Du har %s reservkoder kvar.", left) % left
            more = __("Har du en ny telefon? Gå till Din inloggning och byt telefon.")
            messages.warning(self.request, f"{told} {more}")
        return response


class ShowCodeAgain(StaffPage, ReauthenticateView):
    title = _("Skriv en kod till")

    def get_form_class(self) -> type[CodeAgainForm]:
        return CodeAgainForm

    def form_valid(self, form: CodeAgainForm) -> HttpResponse:
        second_factor.note_shown(self.request)
        return super().form_valid(form)


class Overview(StaffPage, IndexView):
    title = _("Din inloggning")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        paper = context["authenticators"].get(Authenticator.Type.RECOVERY_CODES)
        return context | {
            "phone": context["authenticators"].get(Authenticator.Type.TOTP),
            "codes_left": len(paper.get_unused_codes()) if paper else 0,
        }


class NewPhone(StaffPage, ActivateTOTPView):
    """A telephone is one's own when it has shown a code."""

    def get_form_class(self) -> type[AddPhoneForm]:
        return AddPhoneForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        return context | {"secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))}

    def get_success_url(self) -> str:
        return passthrough_next_redirect_url(self.request, reverse("mfa_view_recovery_codes"), "next")

    def form_valid(self, form: AddPhoneForm) -> HttpResponse:
        response = super().form_valid(form)
        second_factor.note_shown(self.request)
        phone = Authenticator.objects.get(user_id=self.request.user.pk, type=Authenticator.Type.TOTP)
        second_factor.spend(phone, form.cleaned_data["code"])
        known_browsers.remember(self.request, response, self.request.user.get_username())
        return response


class AddPhone(NewPhone):
    """Asked of everybody at the first login, before anything else."""

    title = _("Lägg till din telefon")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect("account_login")
        return super().dispatch(request, *args, **kwargs)


class ChangePhone(NewPhone):
    """The old telephone works until the new one has shown a code: who is interrupted is not shut out."""

    title = _("Byt telefon")

    @method_decorator([never_cache, login_required, reauthentication_required(app="allauth.mfa")])
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not second_factor.is_enrolled(request.user):
            return redirect("mfa_activate_totp")
        # Past allauth's own, which has the old one taken away first.
        return super(ActivateTOTPView, self).dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"replaces": True}

    @transaction.atomic
    def form_valid(self, form: AddPhoneForm) -> HttpResponse:
        user, post = cast(User, self.request.user), get_adapter(self.request)
        second_factor.take_away(user)
        transaction.on_commit(lambda: post.send_notification_mail("mfa/email/totp_deactivated", user))
        return super().form_valid(form)


class RecoveryCodes(StaffPage, ViewRecoveryCodesView):
    title = _("Dina reservkoder")


class NewRecoveryCodes(StaffPage, GenerateRecoveryCodesView):
    title = _("Nya reservkoder")


# --- Help, and links by mail --------------------------------------------------------------------------


@never_cache
def help_page(request: HttpRequest) -> HttpResponse:
    """Whom to call. Colleagues are named only to who has shown a password."""
    user = shown_so_far(request)
    keepers = people.keepers_for(user) if user else []
    contacts = Contact.objects.current_on(today()).select_related("organisation")
    is_asked_for_code = user is not None and not request.user.is_authenticated
    context = {"keepers": keepers, "contacts": contacts, "known": user is not None, "asked_for_code": is_asked_for_code}
    return render(request, "account/help.html", frame(request, _("Kommer du inte in?")) | context)


def shown_so_far(request: HttpRequest) -> User | None:
    """Who has come in, or has shown the right password and is asked for the code."""
    if request.user.is_authenticated:
        return request.user
    stage = get_pending_stage(request)
    return stage.login.user if stage else None


@never_cache
def forgotten(request: HttpRequest) -> HttpResponse:
    """The same answer to everybody, whether there is such an account or not."""
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    context = frame(request, _("Glömt lösenordet?")) | {"form": form}
    if form.is_valid():
        email = form.cleaned_data["email"]
        try:
            guessing.begin(request, email, Attempt.Step.MAIL)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            send_link(email)
            return render(request, "account/forgotten_sent.html", context)
    return render(request, "account/forgotten.html", context)


def send_link(email: str) -> None:
    """To who is invited but has not come yet, the invitation again: the first one may have gone astray."""
    user = people.account_of(email)
    # Both are asked of everybody.
    if guessing.mails_enough(email) or user is None:
        return
    link = links.FORGOTTEN if user.has_usable_password() else links.INVITATION
    link.send_unseen(user)


@never_cache
@sensitive_post_parameters()
def choose_password(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """Where the links lead. Looking does not use one up: mail programs look at links by themselves."""
    link = links.KINDS[kind]
    user = link.reader(token)
    if user is None:
        return render(request, "account/link_gone.html", frame(request, _("Länken gäller inte längre")), status=410)
    form = ChosenPasswordForm(user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        chosen = links.choose(link, token, form.cleaned_data["new_password1"])
        if chosen is None:
            return redirect(request.path)
        logout(request)
        return perform_login(request, chosen)
    title = _("Välkommen") if kind == "invitation" else _("Välj ett nytt lösenord")
    context = {"form": form, "invited": user, "is_invitation": kind == "invitation"}
    return render(request, "account/choose_password.html", frame(request, title) | context)
