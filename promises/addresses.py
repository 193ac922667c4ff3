"""The portal's addresses by their names. A page leads to the same ones again and again: the router is asked once."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, register_converter, reverse
from django.urls.converters import IntConverter
from django.utils.translation import get_language


def address_of(name: str, /, *args: str | int, **named: str | int) -> str:
    """As Django's `reverse`, in the language that is spoken."""
    return _asked(name, args, tuple(named.items()), get_language(), get_script_prefix(), settings.ROOT_URLCONF)


@lru_cache(maxsize=4096)
def _asked(
    name: str,
    args: tuple[str | int, ...],
    named: tuple[tuple[str, str | int], ...],
    _language: str | None,
    _prefix: str,
    urls: str,
) -> str:
    return reverse(name, urls, args or None, dict(named) or None)


class LaterPage(IntConverter):
    """The number of a long list's page after the first one, which stands at the list's own address."""

    regex = "[2-9]|[1-9][0-9]{1,3}"


register_converter(LaterPage, "later_page")
LATER_PAGE = "sida/<later_page:number>/"


def page_and_next(number: int, length: int) -> slice:
    """The rows of the numbered page of so many each, and one more: it tells whether there is a page after it."""
    return slice((number - 1) * length, number * length + 1)


def beside(first: str, later: str, number: int, *args: str, has_older: bool) -> dict[str, str]:
    """Where the pages before and after the numbered one of a long list stand; nothing where there is none."""
    newer = address_of(later, *args, number - 1) if number > 2 else address_of(first, *args) if number == 2 else ""
    return {"newer": newer, "older": address_of(later, *args, number + 1) if has_older else ""}
