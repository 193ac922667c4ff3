"""What staff write as safe HTML, and dates, times and numbers as Swedish writes them."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from promises import prose as markdown
from promises import telling, wording

register = template.Library()


@register.filter
def told(text: object) -> SafeString:
    """Content, in the page's language or marked as Swedish."""
    return telling.tell(str(text or "")).inline()


@register.filter
def told_name(name: object) -> SafeString:
    """The same for a name that stands by itself."""
    return telling.tell(str(name or "")).alone()


@register.filter
def told_paragraphs(text: str) -> SafeString:
    """The same for words that are set as they stand, in paragraphs."""
    return telling.paragraphs(telling.tell(text))


@register.filter
def prose(text: str) -> SafeString:
    """Staff's Markdown, in the page's language or marked as Swedish."""
    shown = telling.tell(text)
    return shown.block(markdown.as_html(shown.text))


@register.filter
def plain(text: str) -> str:
    """The words alone, without marks: for a title, an attribute or a description."""
    return markdown.as_words(telling.in_words(text))


@register.filter
def excerpt(text: str, words: int = 30) -> SafeString:
    """The first words of staff's Markdown."""
    shown = telling.tell(text)
    return shown.inline(escape(Truncator(markdown.as_words(shown.text)).words(words)))


@register.filter
def in_words(text: object) -> str:
    """Content for a title, an attribute or the middle of a sentence, where nothing can be marked."""
    return telling.in_words(str(text or ""))


@register.filter
def full_day(day: date | None) -> str:
    return wording.full_day(day) if day else ""


@register.filter
def short_day(day: date | None) -> str:
    return wording.short_day(day) if day else ""


@register.filter
def clock(moment: datetime | None, end: datetime | None = None) -> str:
    return wording.clock(moment, end) if moment else ""


@register.filter
def swedish_number(value: float | None) -> str:
    return "" if value is None else wording.number(value)


@register.filter
def percent(value: float | None) -> str:
    return "" if value is None else wording.percent(value)


@register.filter
def capitalised(words: object) -> str:
    return wording.capitalised(str(words))


register.filter("listed", wording.listed)
register.filter("told_names", telling.names)
