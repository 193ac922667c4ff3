"""The languages of the public pages. The address alone says which: no browser is asked, and nothing is remembered.

So every page of every language is the same for everyone, and is kept as the Swedish ones are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import LocalePrefixPattern, NoReverseMatch, ResolverMatch
from django.utils import translation

from promises.addresses import address_of
from promises.telling import telling

# The first part of an address, and the language that it stands for. Swedish has none.
PREFIXES = {"en": "en", "lattlast": "sv-x-lattlast", "uk": "uk", "ar": "ar"}
PREFIX_OF = {code: f"{prefix}/" for prefix, code in PREFIXES.items()}
IN_A_LANGUAGE = re.compile(rf"/({'|'.join(PREFIXES)})(?:/|$)")


def language_of(path: str) -> str:
    """The code of the language that an address is in."""
    prefix = IN_A_LANGUAGE.match(path)
    return PREFIXES[prefix[1]] if prefix else settings.LANGUAGE_CODE


class LanguagePrefix(LocalePrefixPattern):
    """As Django's i18n_patterns, with prefixes of our own and none for Swedish."""

    @property
    def language_prefix(self) -> str:
        return PREFIX_OF.get(translation.get_language() or "", "")


class LanguageMiddleware:
    """Makes everything below it speak the language of the address, the page store and the error pages too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request.path_info)
        with translation.override(language), telling(language):
            return self.get_response(request)


@dataclass(frozen=True)
class Choice:
    """The page that is shown, in one of the languages."""

    code: str
    name: str  # in the language itself
    url: str

    @property
    def tag(self) -> str:
        """As HTML and search engines know it: easy Swedish is Swedish."""
        return html_language(self.code)

    @property
    def direction(self) -> str:
        return "rtl" if translation.get_language_info(self.code)["bidi"] else "ltr"

    @property
    def is_current(self) -> bool:
        return self.code == translation.get_language()

    @property
    def is_easy(self) -> bool:
        return self.code == "sv-x-lattlast"


def html_language(code: str) -> str:
    return code.partition("-x-")[0]


def choices(request: HttpRequest) -> list[Choice]:
    """The page's address in each language; none for an address that has no language, such as the back office's."""
    found = [Choice(code, name, address_in(code, request)) for code, name in settings.LANGUAGES]
    return found if len({each.url for each in found}) > 1 else []


def address_in(code: str, request: HttpRequest) -> str:
    with translation.override(code):
        return own_address(request.resolver_match)


def own_address(match: ResolverMatch | None) -> str:
    """The address as the portal spells it in the language that is spoken now, or nothing."""
    if match is None:
        return ""
    named: dict[str, Any] = match.captured_kwargs  # type: ignore[attr-defined]
    try:
        return address_of(match.view_name, *(() if named else match.args), **named)
    except NoReverseMatch:
        return ""
