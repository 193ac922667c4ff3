"""Content in the page's language: its translation where there is one that fits, else the Swedish, marked as such."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.utils.html import escape, format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi

from promises.models.translation import Translation, digest_of_words
from promises.wording import capitalised, listed

# Keep a left-to-right word from turning the sentence around it.
ISOLATE, END_OF_ISOLATE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
TELEPHONE = re.compile(r"(?<![^\s(])(?:[+0]\d[\d -]*\d|114 14)(?!\w)")


class Telling:
    """One page told in another language: its translations in one question, and whether a person has reviewed them."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.has_unreviewed = False

    @cached_property
    def texts(self) -> dict[str, tuple[str, bool]]:
        return Translation.objects.told_in(self.language)

    def of(self, swedish: str) -> str | None:
        found = self.texts.get(digest_of_words(swedish))
        if found is None:
            return None
        text, is_reviewed = found
        self.has_unreviewed |= not is_reviewed
        return text


# The page that is being made; none where the page is Swedish, or there is no page: feeds, mail, the back office.
CURRENT: ContextVar[Telling | None] = ContextVar("telling", default=None)


@contextmanager
def telling(language: str) -> Iterator[Telling | None]:
    current = Telling(language) if language != settings.LANGUAGE_CODE else None
    token = CURRENT.set(current)
    try:
        yield current
    finally:
        CURRENT.reset(token)


@dataclass(frozen=True)
class Told:
    """A text as it is shown, and whether it is the Swedish on a page of another language."""

    text: str
    is_foreign: bool = False

    def alone(self) -> SafeString:
        """A name that stands by itself: a language may begin it with a small letter in a sentence."""
        return self.inline(escape(capitalised(self.text)))

    def inline(self, html: str | None = None) -> SafeString:
        return self._marked("span", escape(self.text) if html is None else html)

    def block(self, html: str) -> SafeString:
        return self._marked("div", html)

    def _marked(self, tag: str, html: str) -> SafeString:
        safe = mark_safe(html)  # noqa: S308  (escaped or cleaned by whoever made it)
        return format_html(f'<{tag} lang="sv" dir="ltr">{{}}</{tag}>', safe) if self.is_foreign else safe


def tell(swedish: str) -> Told:
    """The text in the page's language."""
    current = CURRENT.get()
    if current is None or not (swedish or "").strip():
        return Told(swedish or "")
    translated = current.of(str(swedish))
    if translated is None:
        return Told(str(swedish), is_foreign=speaks_another_language())
    return Told(in_order(translated))


def in_words(swedish: str) -> str:
    """The same as plain words, to stand within a sentence, an attribute or a title."""
    told = tell(swedish)
    return isolated(told.text) if told.is_foreign else told.text


def names(swedish: Iterable[object]) -> str:
    """ "the police and Tranemo Municipality": names in the middle of a sentence."""
    return listed(in_words(str(each)) for each in swedish)


def isolated(words: str) -> str:
    return f"{ISOLATE}{words}{END_OF_ISOLATE}" if get_language_bidi() else words


def in_order(text: str) -> str:
    """With telephone numbers isolated: their parts would change places in a text that is read from right to left."""
    return TELEPHONE.sub(lambda number: isolated(number[0]), text)


def paragraphs(told: Told) -> SafeString:
    return told.block(linebreaks(told.text, autoescape=True))


def speaks_another_language() -> bool:
    """Whether the page is in another language than Swedish; easy Swedish is Swedish too."""
    return (get_language() or "").partition("-")[0] != settings.LANGUAGE_CODE
