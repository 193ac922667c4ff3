"""The back office's lists, where on a phone a row is some lines: every cell carries its column's name."""

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
        told, name = YES_OR_NO.sub(in_words, cell), escape(capitalised(str(header["text"])))
        if not NOTHING.search(told):
            told = told.replace("<td", f'<td data-column="{name}"', 1)
        yield mark_safe(told)  # noqa: S308  (Django's own cell, and an escaped name)


def in_words(picture: re.Match[str]) -> str:
    """For Django's picture, which is called True or False in every language."""
    return {"True": _("Ja"), "False": _("Nej")}.get(picture[1], "-")
