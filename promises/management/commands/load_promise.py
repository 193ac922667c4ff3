"""Loads the promise into the portal: its words, partners, contact, terms, map and pages about the portal.

Running it twice changes nothing.
"""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from promises.content import read_features, read_toml, read_translations
from promises.models import (
    Action,
    Contact,
    InformationPage,
    Locality,
    Municipality,
    Organisation,
    Partnership,
    Promise,
    Section,
    Term,
    Translation,
)
from promises.models.translation import OTHER_LANGUAGES
from promises.months import Month, today

TEXTS = ("title", "lead", "background", "situation", "aim", "following", "year_end", "validity", "contact_text")


class Command(BaseCommand):
    help = "Läser in medborgarlöftet som utkast, ord för ord. Parterna godkänner det sedan i administrationen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--starts-on", type=date.fromisoformat, help="första dag, ÅÅÅÅ-MM-DD (annars årets första)")
        parser.add_argument("--ends-on", type=date.fromisoformat, help="sista dag (annars ett år efter den första)")
        parser.add_argument("--slug", default="", help="sista delen av sidans adress (annars startåret)")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        content = read_toml("tranemo.toml")
        starts_on = options["starts_on"] or date(today().year, 1, 1)
        ends_on = options["ends_on"] or Month.of(starts_on).plus(12).first_day + timedelta(days=starts_on.day - 2)
        if ends_on < starts_on:
            raise CommandError("Löftet kan inte sluta innan det börjar.")
        load_partners(content)
        load_map(content["municipality"])
        load_terms(content["terms"])
        load_pages()
        load_translations()
        slug = options["slug"] or str(starts_on.year)
        if Promise.objects.filter(slug=slug).exists():
            self.stdout.write(f"Löftet {slug} finns redan och är orört.")
            return
        promise = load_words(content["promise"], slug=slug, starts_on=starts_on, ends_on=ends_on)
        self.stdout.write(f"Läste in {promise}, {starts_on} – {ends_on}, med {promise.actions.count()} åtgärder.")


def load_partners(content: dict[str, Any]) -> None:
    """The organisations with their sections, and, where an organisation has none yet, its contact."""
    for each in content["organisations"]:
        sections = each.pop("sections", [])
        organisation, _made = Organisation.objects.get_or_create(slug=each["slug"], defaults=each)
        for name in sections:
            Section.objects.get_or_create(organisation=organisation, name=name)
    for each in content["contacts"]:
        organisation = Organisation.objects.get(slug=each.pop("organisation"))
        if not organisation.contacts.exists():
            Contact.objects.create(organisation=organisation, **each)


def load_map(content: dict[str, Any]) -> None:
    border = read_features(content["border"])[0]
    municipality, _made = Municipality.objects.get_or_create(
        name=content["name"],
        defaults={
            "population": content["population"],
            "border": border["geometry"],
            "border_source": border["properties"]["source"],
        },
    )
    for feature in read_features(content["localities"]):
        longitude, latitude = feature["geometry"]["coordinates"]
        Locality.objects.get_or_create(
            municipality=municipality,
            name=feature["properties"]["name"],
            defaults={"latitude": latitude, "longitude": longitude, "source": feature["properties"]["source"]},
        )


def load_terms(terms: list[dict[str, str]]) -> None:
    for each in terms:
        term, made = Term.objects.get_or_create(slug=each["slug"], defaults=each)
        if made:
            term.publish()


def load_pages() -> None:
    for name in InformationPage.Name.values:
        if not InformationPage.objects.filter(name=name).exists():
            InformationPage.as_delivered(name).save()


def load_translations() -> None:
    for language, _name in OTHER_LANGUAGES:
        Translation.objects.keep(language, read_translations(language))


def load_words(content: dict[str, Any], *, slug: str, starts_on: date, ends_on: date) -> Promise:
    """The promise as a draft, with its partners and its actions."""
    words = {name: content[name].strip() for name in TEXTS}
    promise = Promise.objects.create(slug=slug, starts_on=starts_on, ends_on=ends_on, **words)
    for order, organisation in enumerate(Organisation.objects.filter(slug__in=partner_slugs(content)), start=1):
        Partnership.objects.create(promise=promise, organisation=organisation, order=order)
    for number, each in enumerate(content["actions"], start=1):
        action = Action.objects.create(
            promise=promise, number=number, **{name: each[name] for name in ("slug", "title", "kind", "text")}
        )
        action.responsible.set(Organisation.objects.filter(slug__in=each["responsible"]))
        action.sections.set(Section.objects.filter(name__in=each.get("sections", [])))
    return promise


def partner_slugs(content: dict[str, Any]) -> set[str]:
    return {slug for action in content["actions"] for slug in action["responsible"]}
