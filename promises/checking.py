"""What a reviewer would ask of a promise before it is signed: who, what, how many, where, by when, how measured.

The answers are remarks, never a hindrance: the partners may have their reasons.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from promises.wording import listed

if TYPE_CHECKING:
    from promises.models import Action, Promise

# Fewer words than this say what kind of thing will be done, not what.
FEW_WORDS = 5


def remarks(promise: Promise) -> list[str]:
    """One Swedish sentence a question that some action leaves open."""
    actions = list(promise.actions.prefetch_related("responsible", "places", "targets"))
    return [
        f"{question} {sentence % numbers_of(open_in)}"
        for question, sentence, is_open in questions()
        if (open_in := [each for each in actions if is_open(each)])
    ]


def questions() -> list[tuple[str, str, Callable[[Action], bool]]]:
    return [
        (_("Vem?"), _("Ingen är ansvarig för åtgärd %s."), lambda action: not action.responsible.all()),
        (_("Vad?"), _("Beskriv vad ni ska göra i åtgärd %s."), lambda action: len(action.text.split()) < FEW_WORDS),
        (_("Hur många?"), _("Åtgärd %s har inget antal som mål."), lambda action: not any_target(action, "number")),
        (_("Var?"), _("Ingen plats är vald för åtgärd %s."), lambda action: not action.places.all()),
        (_("Till när?"), _("Åtgärd %s har varken sista dag eller rytm."), lambda action: not has_a_time(action)),
        (
            _("Hur mäts det?"),
            _("Åtgärd %s har inget mål, så vad som räknas som hållet kommer inte att gå att säga."),
            lambda action: not action.targets.all(),
        ),
    ]


def any_target(action: Action, field: str) -> bool:
    """Whether a target, decided or in draft, says so."""
    return any(getattr(target, field) for target in action.targets.all())


def has_a_time(action: Action) -> bool:
    return any_target(action, "rhythm") or any_target(action, "due_on")


def numbers_of(actions: Sequence[Action]) -> str:
    return listed(each.number for each in actions)
