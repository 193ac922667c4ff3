"""The example's promise: the real words, signed, with made-up places and targets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO

from django.core.management import call_command

from promises.models import Action, ActionPlace, Locality, Place, PlaceReason, Promise, Target
from promises.months import Month
from promises.signing import SignedDocument
from tranemo_trygghet.example.clock import as_of
from tranemo_trygghet.example.staff import Staff

SLUG = "exempel"
MONTHS_BEHIND = 9  # how long before today the example's promise began


@dataclass(frozen=True)
class ExamplePlace:
    slug: str
    name: str
    locality: str
    north: float
    east: float
    is_hotspot: bool
    description: str
    reasons: tuple[tuple[str, str], ...]


PLACES = (
    ExamplePlace(
        "resecentrum",
        "Resecentrum",
        "Limmared",
        0.002,
        0.004,
        True,
        "Stationen och busshållplatserna, där många byter på väg till och från skola och jobb.",
        (
            ("meeting", "Flera berättade att de undviker vänthallen efter mörkrets inbrott."),
            ("reports", "Anmälda stölder och skadegörelse hade ökat jämfört med året före."),
        ),
    ),
    ExamplePlace(
        "centrumtorget",
        "Centrumtorget",
        "Tranemo",
        -0.002,
        0.003,
        True,
        "Torget med butikerna och parkeringen bakom dem.",
        (
            ("situation", "Lägesbilden visade öppen droghandel på parkeringen på kvällarna."),
            ("meeting", "Näringsidkare och boende tog upp stök sent på kvällarna."),
        ),
    ),
    ExamplePlace(
        "skolgarden",
        "Skolgården",
        "Dalstorp",
        0.001,
        -0.003,
        False,
        "Skolans gård, som är samlingsplats efter skoltid och på helger.",
        (("samfu", "Skolan och fritidsgården såg oro bland yngre tonåringar efter skoltid."),),
    ),
)


def prepare(today: date) -> None:
    """The promise as a draft, begun nine months ago, with its partners, terms and map."""
    starts_on = Month.of(today).plus(-MONTHS_BEHIND).first_day
    call_command("load_promise", starts_on=starts_on, slug=SLUG, stdout=StringIO())


def make_promise(staff: Staff) -> Promise:
    """The promise signed by both partners a few days before it began, with its places and targets."""
    promise = Promise.objects.get(slug=SLUG)
    starts_on = promise.starts_on
    decided_on = starts_on - timedelta(days=12)
    sign(promise, staff, decided_on)
    for place in (choose_place(each, decided_on - timedelta(days=30)) for each in PLACES):
        for action in promise.actions.filter(kind__in=["survey", "hotspot"]):
            if place.is_hotspot or action.kind == "survey":
                ActionPlace.objects.create(action=action, place=place, chosen_on=starts_on)
    decide_targets(promise, staff, decided_on)
    return promise


def choose_place(example: ExamplePlace, day: date) -> Place:
    locality = Locality.objects.get(name=example.locality)
    place = Place.objects.create(
        slug=example.slug,
        name=example.name,
        locality=locality,
        latitude=locality.latitude + example.north,
        longitude=locality.longitude + example.east,
        is_hotspot=example.is_hotspot,
        description=example.description,
    )
    for source, text in example.reasons:
        PlaceReason.objects.create(place=place, source=source, noted_on=day, text=text)
    with as_of(day):
        place.publish()
    return place


def decide_targets(promise: Promise, staff: Staff, day: date) -> None:
    actions = {action.kind: action for action in promise.actions.all()}
    reason = "Ett antal som invånarna kan räkna efter."
    decide(
        actions["survey"], staff, day, number=3, unit="trygghetsundersökningar", due_on=promise.ends_on, reason=reason
    )
    decide(actions["school"], staff, day, number=3, unit="skolträffar", rhythm=3, reason=reason)
    decide(actions["hotspot"], staff, day, number=4, unit="fotpatruller", rhythm=1, reason=reason)


def decide(action: Action, staff: Staff, day: date, **fields: object) -> None:
    sign(Target.objects.create(action=action, decided_on=day, **fields), staff, day)


def sign(document: SignedDocument, staff: Staff, day: date, *, signers: int = 2) -> None:
    """The municipality writes and sends; the police sign at ten, and the municipality, which publishes, at two."""
    with as_of(day, 9):
        document.mark_ready(staff.municipality)
    for user, hour in [(staff.police, 10), (staff.municipality, 14)][:signers]:
        with as_of(day, hour):
            document.sign(user, document.digest())
