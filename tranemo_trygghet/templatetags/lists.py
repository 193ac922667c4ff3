"""What Django shows in the back office, told in words: a cell by its column's name, as on a phone, and yes and no."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from promises.wording import capitalised

register = template.Library()
NOTHING = re.compile(r">-?</td>$")
YES_OR_NO = re.compile(r'<img [^>]*alt="(True|False|None)">')


@register.filter
def named(cells: Iterable[str], headers: Iterable[dict[str, Any]]) -> Iterator[SafeString]:
    """The cells of a row as Django made them, named where there is something in them."""
    for cell, header in zip(cells, headers, strict=False):
        told, name = in_words(cell), escape(capitalised(str(header["text"])))
        is_named = not NOTHING.search(told)
        yield mark_safe(told.replace("<td", f'<td data-column="{name}"', 1) if is_named else told)  # noqa: S308  (Django's own cell, and an escaped name)


@register.filter
def in_words(shown: str) -> SafeString:
    """With a word for Django's picture, which is called True or False in every language."""
    return mark_safe(YES_OR_NO.sub(word_for, shown))  # noqa: S308  (what Django has made safe, and a word)


def word_for(picture: re.Match[str]) -> str:
    return {"True": _("Ja"), "False": _("Nej")}.get(picture[1], "-")
