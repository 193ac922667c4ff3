"""The cells of a table. A result has a thousand of them, and a template takes thirty times as long for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def head_cells(headers: Sequence[str]) -> SafeString:
    """The column heads: all but the first stand over numbers."""
    first, *over_numbers = map(escape, headers)
    numbers = (f'<th scope="col" class="number">{text}</th>' for text in over_numbers)
    return _joined([f'<th scope="col">{first}</th>', *numbers])


@register.filter
def body_rows(rows: Iterable[Sequence[str]]) -> SafeString:
    """The rows: each begins with its head."""
    return _joined(_row(*row) for row in rows)


def _row(head: str, *numbers: str) -> str:
    cells = "".join(f'<td class="number">{escape(text)}</td>' for text in numbers)
    return f'<tr><th scope="row">{escape(head)}</th>{cells}</tr>\n'


def _joined(parts: Iterable[str]) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308  (every text is escaped above)
