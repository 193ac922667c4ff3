"""The way back from a page."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tranemo_trygghet.languages import PREFIX_OF

register = template.Library()


@register.simple_tag
def language_prefix() -> str:
    """What addresses in the language of the page begin with, for those who may not ask the router: error pages."""
    return PREFIX_OF.get(get_language() or "", "")


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*labels_and_addresses: Any) -> dict[str, Any]:
    """{% breadcrumbs _("Månader") months_url "Oktober 2026" %}: labels and addresses by turns, last the page itself."""
    steps = [_("Start"), reverse("home"), *labels_and_addresses, ""]
    pairs = zip(steps[::2], steps[1::2], strict=True)
    return {"crumbs": [{"label": str(label), "url": url} for label, url in pairs]}
