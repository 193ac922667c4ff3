"""Words of the trade, explained once, where they first stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from promises.models import Term


def first_uses(texts: Mapping[str, str], terms: Iterable[Term]) -> dict[str, list[Term]]:
    """For each text, in their order, the terms that it is the first to use."""
    left = list(terms)
    found: dict[str, list[Term]] = {}
    for key, text in texts.items():
        found[key] = [term for term in left if is_used(term, text)]
        left = [term for term in left if term not in found[key]]
    return found


def is_used(term: Term, text: str) -> bool:
    """Whether the text uses the word or what it stands for; "HotSpotsmetoden" uses "HotSpots"."""
    names = [re.escape(name) for name in (term.word, term.spelled_out) if name]
    return re.search(rf"\b({'|'.join(names)})", text, re.IGNORECASE) is not None
