"""What was added to a promise after it was signed, in one question: decisions that moved its last day, corrections."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, CharField, DateField, QuerySet, Value

from promises.joining import keep_parts
from promises.models import Correction, Extension, ExtensionSignOff, Organisation, Promise


@dataclass(frozen=True)
class Additions:
    """Published, the oldest first; of who stands behind them the name and nothing else."""

    extensions: list[Extension]  # with their signatures
    corrections: list[Correction]


def added_to(promise: Promise) -> Additions:
    rows = _signatures(promise).union(_corrections(promise), all=True)
    in_order = sorted(rows, key=lambda row: (row[4], row[1]))
    return Additions(
        extensions=_extensions(promise, (row[1:] for row in in_order if row[0] == "extension")),
        corrections=[
            Correction(pk=key, text=text, organisation=Organisation(name=by), made_at=made_at)
            for kind, key, text, by, made_at, *_decision in in_order
            if kind == "correction"
        ],
    )


def _signatures(promise: Promise) -> QuerySet[Any, tuple[Any, ...]]:
    """The published extensions, once for each partner that signed."""
    signed = ("sign_offs__organisation__name", "sign_offs__signed_at")
    decision = ("new_last_day", "decided_on", "sign_offs__signed_by_name", "sign_offs__as_deputy")
    extensions = promise.extensions.published().order_by()
    return extensions.values_list(Value("extension"), "pk", "reason", *signed, *decision)


def _corrections(promise: Promise) -> QuerySet[Any, tuple[Any, ...]]:
    day, name, as_deputy = Value(None, DateField()), Value("", CharField()), Value(False, BooleanField())
    rows = Correction.objects.of(promise).order_by()
    text = ("text", "organisation__name", "made_at")
    return rows.values_list(Value("correction"), "pk", *text, day, day, name, as_deputy)


def _extensions(promise: Promise, rows: Iterable[tuple[Any, ...]]) -> list[Extension]:
    extensions: dict[int, Extension] = {}
    signatures: dict[int, list[ExtensionSignOff]] = {}
    for key, reason, by, signed_at, new_last_day, decided_on, name, as_deputy in rows:
        decided = {"reason": reason, "new_last_day": new_last_day, "decided_on": decided_on}
        extensions[key] = Extension(pk=key, promise=promise, **decided)
        signed = {"signed_at": signed_at, "signed_by_name": name, "as_deputy": as_deputy}
        signatures.setdefault(key, []).append(ExtensionSignOff(organisation=Organisation(name=by), **signed))
    for key, extension in extensions.items():
        keep_parts(extension, "sign_offs", signatures[key])
    return sorted(extensions.values(), key=lambda each: (each.decided_on, each.pk))
