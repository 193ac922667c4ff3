"""Test data without dice: numbered names, fixed days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import count, product
from typing import Any, TypeVar

from promises.models import (
    Action,
    ActionKind,
    ActionOrganisation,
    ActionPlace,
    Contact,
    Locality,
    Municipality,
    Organisation,
    Partnership,
    Place,
    Promise,
    RoleGrant,
    User,
)
from promises.policy import Role
from promises.signing import SignedDocument

Document = TypeVar("Document", bound=SignedDocument)
_numbers = count(1)
SQUARE = [[13.0, 57.3], [13.7, 57.3], [13.7, 57.7], [13.0, 57.7], [13.0, 57.3]]
BORDER = {"type": "MultiPolygon", "coordinates": [[SQUARE]]}
KINDS = [ActionKind.SURVEY, ActionKind.SCHOOL, ActionKind.SITUATION, ActionKind.HOTSPOT, ActionKind.MEETING]


def make_organisation(name: str = "", **fields: Any) -> Organisation:
    number = next(_numbers)
    name = name or f"Organisation {number}"
    return Organisation.objects.create(
        **{"name": name, "slug": f"organisation-{number}", "short_name": name.lower()} | fields
    )


def make_user(organisation: Organisation | None, *roles: str, **fields: Any) -> User:
    """A member of staff; without roles named, one who writes and signs."""
    number = next(_numbers)
    names = {"username": f"medarbetare-{number}", "first_name": "Kim", "last_name": f"Efternamn {number}"}
    user = User.objects.create_user(**names | {"organisation": organisation, "is_staff": True} | fields)
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in roles or (Role.EDITOR, Role.SIGNER))
    return user


def make_locality(name: str = "", **fields: Any) -> Locality:
    municipality, _made = Municipality.objects.get_or_create(
        name="Testkommun", defaults={"border": BORDER, "border_source": "påhittad"}
    )
    name = name or f"Ort {next(_numbers)}"
    return Locality.objects.create(
        **{"municipality": municipality, "name": name, "latitude": 57.5, "longitude": 13.35, "source": "påhittad"}
        | fields
    )


def make_place(name: str = "", *, published: bool = True, **fields: Any) -> Place:
    number = next(_numbers)
    fields.setdefault("locality", Locality.objects.first() or make_locality())
    place = Place.objects.create(
        **{"name": name or f"Plats {number}", "slug": f"plats-{number}", "latitude": 57.5, "longitude": 13.35} | fields
    )
    if published:
        place.publish()
    return place


def make_promise(
    *,
    partners: Sequence[Organisation] = (),
    actions: int = 5,
    places: Iterable[Place] = (),
    published: bool = True,
    **fields: Any,
) -> Promise:
    """A promise for the whole of 2026, with two partners unless they are given."""
    number = next(_numbers)
    promise = Promise.objects.create(
        **{
            "title": f"Löfte {number}",
            "slug": f"lofte-{number}",
            "lead": f"Ingress {number}",
            "starts_on": date(2026, 1, 1),
            "ends_on": date(2026, 12, 31),
        }
        | fields
    )
    for order, partner in enumerate(partners or (make_organisation(), make_organisation()), start=1):
        Partnership.objects.create(promise=promise, organisation=partner, order=order)
    make_actions(promise, actions, places)
    return publish(promise) if published else promise


def make_actions(promise: Promise, number: int, places: Iterable[Place]) -> None:
    """Those of a new draft, which need not ask at every row whether it is frozen."""
    made = Action._base_manager.bulk_create(Action(**words_of_action(promise, each)) for each in range(1, number + 1))
    pairs = product(made, promise.signing_partners())
    ActionOrganisation._base_manager.bulk_create(
        ActionOrganisation(action=action, organisation=partner) for action, partner in pairs
    )
    for action, place in product(made, places):
        ActionPlace.objects.create(action=action, place=place, chosen_on=promise.starts_on)


def words_of_action(promise: Promise, number: int) -> dict[str, Any]:
    return {
        "promise": promise,
        "number": number,
        "slug": f"atgard-{number}",
        "title": f"Åtgärd nummer {number}",
        "text": f"Det här ska vi göra som nummer {number}.",
        "kind": KINDS[(number - 1) % len(KINDS)],
    }


def make_action(promise: Promise, *, places: Iterable[Place] = (), **fields: Any) -> Action:
    number = fields.get("number", promise.actions.count() + 1)
    action = Action.objects.create(**words_of_action(promise, number) | fields)
    partners = promise.signing_partners()
    ActionOrganisation.objects.bulk_create(ActionOrganisation(action=action, organisation=each) for each in partners)
    for place in places:
        ActionPlace.objects.create(action=action, place=place, chosen_on=promise.starts_on)
    return action


def make_contact(organisation: Organisation, **fields: Any) -> Contact:
    number = next(_numbers)
    return Contact.objects.create(
        **{"organisation": organisation, "name": f"Kontakt {number}", "telephone": "0725-00 00 00"} | fields
    )


def publish(document: Document) -> Document:
    """Take a document the whole way: ready, and signed by somebody of every partner."""
    return sign_all(ready(document))


def ready(document: Document) -> Document:
    document.mark_ready(make_user(document.signing_partners()[0]))
    return document


def sign_all(document: Document) -> Document:
    digest = document.digest()
    for partner in document.awaited_partners():
        document.sign(make_user(partner), digest)
    return document
