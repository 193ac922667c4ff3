"""The portal's addresses by their names. A page leads to the same ones again and again: the router is asked once."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, reverse
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
