"""What staff write as safe HTML, and dates, times and numbers as Swedish writes them."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils.safestring import SafeString

from promises import prose as markdown
from promises import wording

register = template.Library()


@register.filter
def prose(text: str) -> SafeString:
    return markdown.as_html(text)


@register.filter
def plain(text: str) -> str:
    return markdown.as_words(text)


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
