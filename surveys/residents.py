"""Who answered beside who lives there: figures that staff look up, as Statistics Sweden gives them, before publishing.

They are frozen in the release. Only groups whose number of answers is shown are compared, and each share is one of
those groups together: nothing is said of a group that is not shown, nor can be computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from surveys.codebook import Codebook
from surveys.models import Residents, SurveyRound
from surveys.released import PLACES, Content
from surveys.reporting import reported_together
from surveys.shown import ShownBreakdown, percent


@dataclass(frozen=True)
class Figure:
    """A group that staff may know the size of: those who live at a place, or are of an age."""

    breakdown: str
    group: str
    label: str


def figures_of(book: Codebook) -> list[Figure]:
    """The groups that answers are told by, in the order in which they are told."""
    places = [Figure(PLACES, place.slug, place.name) for place in book.places]
    found = places if len(places) > 1 else []
    for background in book.background():
        together = reported_together(background)
        groups = dict(together.get(option.key, (option.key, option.text)) for option in background.options)
        asked = book.text_of(background)
        found += [Figure(background.key, group, f"{asked} {label}") for group, label in groups.items()]
    return found


def residents_json(survey_round: SurveyRound) -> Content | None:
    """The figures as they are published, or nothing where staff have given none."""
    residents = Residents.objects.filter(round=survey_round).first()
    if residents is None:
        return None
    return {"counts": residents.counts, "source": residents.source, "counted_on": residents.counted_on.isoformat()}


def living_there(content: Content, breakdown: str, group: str) -> int | None:
    """How many live there in a group; nothing where it is not known."""
    residents = content.get("residents") or {"counts": {}}
    known: dict[str, Any] = residents["counts"].get(breakdown, {})
    return known.get(group)


def beside(content: Content, shown: ShownBreakdown) -> dict[str, tuple[int, int]]:
    """For each group that can be compared: its whole per cent of those who answered, and of those who live there."""
    sizes = {
        group.key: (group.n, living)
        for group in shown.shown_groups()
        if group.n and (living := living_there(content, shown.key, group.key))
    }
    if len(sizes) < 2:
        return {}
    answered, living_in_all = (sum(column) for column in zip(*sizes.values(), strict=True))
    return {key: (percent(n, answered), percent(living, living_in_all)) for key, (n, living) in sizes.items()}


def source_in_words(content: Content) -> str:
    residents = content.get("residents")
    if not residents:
        return ""
    return gettext("Andelarna är av de grupper som jämförs. Bor där: %(source)s.") % {"source": residents["source"]}
