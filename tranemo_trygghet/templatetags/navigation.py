"""What stands around a page, and the way back from it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from promises.telling import CURRENT
from tranemo_trygghet.languages import PREFIX_OF

register = template.Library()


@register.simple_tag
def language_prefix() -> str:
    """What addresses in the language of the page begin with, for those who may not ask the router: error pages."""
    return PREFIX_OF.get(get_language() or "", "")


@register.simple_tag
def alike(partial: str, **words: str) -> SafeString:
    """A partial that stands alike on every page of a language: made for the first of them."""
    # The engine's own template: another one when its file has been edited.
    return _alike(get_template(partial).template, get_language(), tuple(words.items()))  # type: ignore[attr-defined]


@lru_cache(maxsize=64)
def _alike(partial: template.Template, _language: str | None, words: tuple[tuple[str, str], ...]) -> SafeString:
    return partial.render(template.Context(dict(words)))


@register.tag
def told_page(parser: template.base.Parser, token: template.base.Token) -> ToldPage:
    """What stands within is made first, so that the page can say above it what kind of translation it is."""
    nodes = parser.parse(("endtold_page",))
    parser.delete_first_token()
    return ToldPage(nodes)


class ToldPage(template.Node):
    """The page's content, and above it a note if a machine has translated any of it and nobody has reviewed that."""

    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        content = self.nodelist.render(context)
        current = CURRENT.get()
        if current is None or not current.has_unreviewed:
            return content
        swedish_url = next((each.url for each in context.get("languages") or [] if each.tag == "sv"), "/")
        note = render_to_string("components/translation_note.html", {"swedish_url": swedish_url})
        return format_html("{}{}", mark_safe(note), content)  # noqa: S308  (made by our own template)


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*labels_and_addresses: Any) -> dict[str, Any]:
    """{% breadcrumbs _("Månader") months_url "Oktober 2026" %}: labels and addresses by turns, last the page itself."""
    steps = [_("Start"), reverse("home"), *labels_and_addresses, ""]
    pairs = zip(steps[::2], steps[1::2], strict=True)
    return {"crumbs": [{"label": str(label), "url": url} for label, url in pairs]}
