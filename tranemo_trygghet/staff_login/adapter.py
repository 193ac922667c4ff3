"""What allauth is told of this portal: Swedish sentences, our limits, addresses in the back office, no sign-up."""

from __future__ import annotations

import base64
import hashlib
import io
from typing import TYPE_CHECKING, Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from promises.clients import client_address
from tranemo_trygghet.staff_login import guessing, known_browsers, links, second_factor
from tranemo_trygghet.staff_login.models import Attempt

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

WRONG = _("E-postadressen eller lösenordet stämmer inte. Försök igen, eller välj Glömt lösenordet?")
WRONG_CODE = _(
    "Koden stämmer inte. Varje kod går att använda en gång: vänta på nästa i appen, eller ta en annan av reservkoderna."
)


class StaffAdapter(DefaultAccountAdapter):
    """The password, and what happens around it."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG,
        "too_many_login_attempts": guessing.WAIT_MINUTES,
        "rate_limited": guessing.WAIT_MINUTES,
        "incorrect_code": WRONG_CODE,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Login leads to a page of the back office or nowhere."""
        return url.startswith("/admin/") and super().is_safe_url(url)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        attempt = guessing.begin(request, credentials["username"], Attempt.Step.PASSWORD)
        user = super().authenticate(request, **credentials)
        if user:
            attempt.delete()
        return user

    def login(self, request: HttpRequest, user: Any) -> None:
        """All that is asked for has been shown: of somebody with a second factor, that too."""
        super().login(request, user)
        if second_factor.is_enrolled(user):
            second_factor.note_shown(request)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        if second_factor.is_shown(request):
            known_browsers.remember(request, response, user.get_username())
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return second_factor.is_enrolled(self.request.user) and not second_factor.is_fresh(self.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        return [{"id": "mfa_reauthenticate", "description": __("Kod"), "url": reverse("mfa_reauthenticate")}]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A notice that cannot be sent must not stop what it tells of."""
        links.deliver(
            template_prefix, email, {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL} | context
        )


class StaffSecondFactorAdapter(DefaultMFAAdapter):
    """The app in the telephone, and the codes on paper."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
        "cannot_generate_recovery_codes": _("Lägg till en telefon innan du gör reservkoder."),
    }

    def get_totp_issuer(self) -> str:
        return settings.SITE_NAME

    def build_totp_svg(self, url: str) -> SafeString:
        """The QR code as SVG that stands in the page itself: no image, no data: address, no inline style."""
        drawn = io.BytesIO()
        drawing = {"border": 4, "light": "#fff", "svgclass": "qr", "lineclass": None}
        segno.make(url, micro=False).save(drawn, kind="svg", xmldecl=False, omitsize=True, **drawing)
        return mark_safe(drawn.getvalue().decode())  # noqa: S308  (segno's own drawing; it holds none of the url's text)

    # The secrets lie encrypted: who gets hold of a copy of the database alone cannot make codes.

    def encrypt(self, text: str) -> str:
        return _safe().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _safe().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as fault:
            raise ImproperlyConfigured(
                "Telefonens nyckel är sparad med en annan SECRET_KEY. Ange den gamla i SECRET_KEY_FALLBACKS."
            ) from fault


def _safe() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(str(each))) for each in keys])


def _key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"tranemo_trygghet.staff_login.adapter" + secret.encode()).digest())
