"""Who answers for each action, and where it is done: three kinds of links in one question to the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, QuerySet, Value

from promises.models import (
    Action,
    ActionOrganisation,
    ActionPlace,
    ActionSection,
    Organisation,
    Place,
    Section,
)

KINDS: dict[str, type[Any]] = {"organisation": Organisation, "section": Section, "place": Place}


@dataclass(frozen=True)
class WhoAndWhere:
    """Each with its key, name and address name, and nothing else."""

    organisations: list[Organisation] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    def add(self, kind: str, **fields: Any) -> None:
        getattr(self, f"{kind}s").append(KINDS[kind](**fields))


def who_and_where(actions: Iterable[Action]) -> dict[int, WhoAndWhere]:
    """By the action's key; places that the public may see."""
    found = {action.pk: WhoAndWhere() for action in actions}
    visible = {"place__in": Place.objects.published()}
    links = _links(ActionOrganisation, "organisation", found).union(
        _links(ActionSection, "section", found), _links(ActionPlace, "place", found, **visible)
    )
    for action, kind, key, name, slug in sorted(links, key=lambda link: link[3]):
        found[action].add(kind, pk=key, name=name, **({"slug": slug} if slug else {}))
    return found


def _links(model: type[Any], kind: str, actions: Iterable[int], **visible: Any) -> QuerySet[Any, tuple[Any, ...]]:
    rows = model.objects.filter(action__in=list(actions), **visible).order_by()
    slug = Value("") if kind == "section" else F(f"{kind}__slug")
    return rows.values_list("action_id", Value(kind), f"{kind}_id", f"{kind}__name", slug)
