"""What in a free text may point somebody out. Hints for a reader: they miss things, and see what is not there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

WORD = "[A-ZÅÄÖ][a-zåäöé]+"
NOT_IN_A_NUMBER = r"(?<![\d-]){}(?![\d-])"

# The first that fits a stretch of text names it.
KINDS = {
    "personal_number": (_("personnummer"), NOT_IN_A_NUMBER.format(r"(?:19|20)?\d{6}[-+ ]?\d{4}")),
    "email": (_("e-postadress"), r"[\w.+-]+@[\w-]+\.[\w.]+"),
    "telephone": (_("telefonnummer"), NOT_IN_A_NUMBER.format(r"(?:\+46 ?\(?0?\)?|0)\d{1,3}(?:[ -]?\d{2,4}){2,4}")),
    "plate": (_("registreringsskylt"), r"\b[A-HJ-PR-UW-Za-hj-pr-uw-z]{3} ?\d{2}[\dA-HJ-NPR-UW-Za-hj-npr-uw-z]\b"),
    "address": (
        _("adress"),
        r"\b[A-ZÅÄÖ][a-zåäö]*(?:gatan|vägen|gränd|stigen|backen|torget|allén|gård)(?: \d{1,3} ?[A-Ha-h]?\b)?",
    ),
    "name": (_("namn"), rf"\b{WORD}(?: {WORD})+|(?<=[a-zåäö,] ){WORD}"),
}
# These are never quoted, whoever says yes.
NEVER_QUOTED = ("personal_number", "email", "telephone", "plate")
EVERY_KIND = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, (_name, pattern) in KINDS.items()))


@dataclass(frozen=True)
class Stretch:
    """A piece of a text, and what it may be; an empty kind is nothing in particular."""

    text: str
    kind: str = ""

    @property
    def name(self) -> str:
        return str(KINDS[self.kind][0]) if self.kind else ""


def stretches(text: str) -> list[Stretch]:
    """The whole text in pieces, with what may point somebody out named."""
    pieces, done = [], 0
    for match in EVERY_KIND.finditer(text):
        pieces.append(Stretch(text[done : match.start()]))
        pieces.append(Stretch(match.group(), match.lastgroup or ""))
        done = match.end()
    return [piece for piece in [*pieces, Stretch(text[done:])] if piece.text]


def kinds_in(text: str) -> set[str]:
    return {piece.kind for piece in stretches(text)} - {""}
