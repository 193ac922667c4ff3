"""What a page needs when it is printed: the way back to it."""

from functools import lru_cache

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from surveys.letters import qr_code

register = template.Library()


@register.inclusion_tag("components/on_paper.html")
def on_paper(address: str) -> dict[str, str | SafeString]:
    """The page's address in letters and as a QR code, at the end of the printed page."""
    return {"address": address, "qr_code": drawn(address, _("QR-kod till sidan på webben"))}


@lru_cache(maxsize=256)
def drawn(address: str, title: str) -> SafeString:
    """The code of a public page, kept: drawing it takes longer than the rest of a short page. A letter's never is."""
    return qr_code(address, title)
