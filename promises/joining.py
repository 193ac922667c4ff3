"""Rows together with their few parts, in one question to the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import FilteredRelation, Model, QuerySet

Row = TypeVar("Row", bound=Model)


def joined(rows: QuerySet[Row], *paths: str) -> list[Row]:
    """The rows, each with parts as `prefetch_related` would have fetched them, but by a join.

    `paths` are `select_related` paths that begin with a reverse relation: "sign_offs__organisation". For parts that
    are few to a row: a promise's partners, a report's signatures. Two of them multiply each other.
    """
    if not paths:
        return list(rows)
    names = list(dict.fromkeys(path.split("__")[0] for path in paths))
    found: dict[object, Row] = {}
    parts: dict[tuple[object, str], dict[object, Model]] = {}
    for row in _read(rows, names, paths):
        found.setdefault(row.pk, row)
        for name in names:
            part = getattr(row, _alias(name), None)
            if part is not None:
                parts.setdefault((row.pk, name), {}).setdefault(part.pk, part)
    for row in found.values():
        for name in names:
            keep_parts(row, name, list(parts.get((row.pk, name), {}).values()))
    return list(found.values())


def _read(rows: QuerySet[Row], names: list[str], paths: tuple[str, ...]) -> QuerySet[Row]:
    order = list(rows.query.order_by or rows.model._meta.ordering or ())
    for name in names:
        relation: Any = rows.model._meta.get_field(name)
        own = [each for each in relation.related_model._meta.ordering if each != relation.field.name]
        # The key last: two who signed at the same moment stand in the same order each time.
        order += [_in_alias(name, each) for each in [*own, "pk"]]
    return (
        rows.annotate(**{_alias(name): FilteredRelation(name) for name in names})
        .select_related(*(_in_alias(path.split("__")[0], path.partition("__")[2]) for path in paths))
        .order_by(*order)
    )


def _alias(name: str) -> str:
    return f"each_{name}"


def _in_alias(name: str, field: str) -> str:
    minus, field = ("-", field[1:]) if field.startswith("-") else ("", field)
    return f"{minus}{_alias(name)}__{field}" if field else _alias(name)


def keep_parts(row: Model, name: str, parts: Sequence[Model]) -> None:
    """Let `row.<name>.all()` be these, as if they had been prefetched."""
    manager = getattr(row, name)
    for part in parts:
        setattr(part, manager.field.name, row)
    rows = manager.get_queryset()
    rows._result_cache, rows._prefetch_done = list(parts), True
    if not hasattr(row, "_prefetched_objects_cache"):
        row._prefetched_objects_cache = {}  # type: ignore[attr-defined]
    row._prefetched_objects_cache[name] = rows  # type: ignore[attr-defined]
