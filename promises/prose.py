"""What staff write, in Markdown, as HTML that can do no harm."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

# Raw HTML is off here and cleaned away below: two locks, since this is the one place where words become markup.
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "h3", "h4", "hr"}
TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}
LINKS = {"http", "https", "mailto", "tel"}
HEADINGS = {"h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4"}  # a page has one h1, and its own h2


def as_html(text: str) -> SafeString:
    tokens = MARKDOWN.parse(text or "")
    for token in tokens:
        token.tag = HEADINGS.get(token.tag, token.tag)
    html = MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})
    clean = nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes=LINKS)
    return mark_safe(clean)  # noqa: S308  (cleaned on the line above)


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    heading: str
    html: SafeString


def in_sections(text: str) -> tuple[str, list[Section]]:
    """The words before the first heading, and the rest by its headings ("## …")."""
    lead, *parts = re.split(r"^##[ \t]+(\S.*)$", text.replace("\r\n", "\n"), flags=re.MULTILINE)
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return as_words(lead), [Section(as_words(heading), as_html(body)) for heading, body in pairs]


def as_words(text: str) -> str:
    """The words alone, on one line: for an excerpt or a description."""
    apart = re.sub("</(?!strong|em|a)", " </", as_html(text))  # two paragraphs do not run together
    return " ".join(unescape(nh3.clean(apart, tags=set())).split())
