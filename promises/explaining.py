"""Words of the trade, explained once, where they first stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from promises.models import Term


@dataclass(frozen=True)
class Use:
    """A term as a text has it: by its word, or by what the word stands for."""

    term: Term
    name: str


def first_uses(texts: Mapping[str, str], terms: Iterable[Term]) -> dict[str, list[Use]]:
    """For each text, in their order, the terms that it is the first to use."""
    left = list(terms)
    found: dict[str, list[Use]] = {}
    for key, text in texts.items():
        found[key] = [Use(term, name) for term in left if (name := name_in(text, term))]
        left = [term for term in left if term not in [use.term for use in found[key]]]
    return found


def name_in(text: str, term: Term) -> str:
    """The word or what it stands for, whichever the text has, or nothing; "HotSpotsmetoden" has "HotSpots"."""
    return next((name for name in (term.word, term.spelled_out) if name and has_word(text, name)), "")


def has_word(text: str, name: str) -> bool:
    """Whether a word of the text begins with the name; "estetisk" does not begin with the abbreviation EST."""
    return bool(re.search(rf"\b{re.escape(name)}", text, 0 if name.isupper() else re.IGNORECASE))
