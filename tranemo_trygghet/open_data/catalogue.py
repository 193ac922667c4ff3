"""The tables as a data catalogue that the national data portal can harvest: DCAT-AP-SE 3, as RDF/XML.

The profile is https://docs.dataportal.se/dcat/3.0.1/sv/ (Digg, 25 November 2024). How it is harvested stands in
https://docs.dataportal.se/dcat/docs/harvesting/: RDF/XML alone, whole addresses, and no blank node for a catalogue, a
dataset, a distribution, a publisher or a contact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from promises.models import Contact, Promise
from promises.months import today
from promises.wording import listed
from tranemo_trygghet.open_data import TABLES
from tranemo_trygghet.open_data.files import COLUMNS, CSV, JSON, LICENCE, address
from tranemo_trygghet.open_data.tables import Table, whole_address

NAMES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

EU = "http://publications.europa.eu/resource/authority"
SWEDISH = f"{EU}/language/SWE"
PUBLIC = f"{EU}/access-right/PUBLIC"
AS_IT_HAPPENS = f"{EU}/frequency/UPDATE_CONT"
THEMES = f"{EU}/data-theme"
# Justice and public safety; government and the public sector.
ABOUT = (f"{THEMES}/JUST", f"{THEMES}/GOVE")
LOCAL_AUTHORITY = "http://purl.org/adms/publishertype/LocalAuthority"
MEDIA_TYPES = {CSV: "text/csv", JSON: "application/json"}


@dataclass(frozen=True)
class Link:
    """Another thing, by its address."""

    to: str


@dataclass(frozen=True)
class Words:
    """Words in Swedish."""

    text: str


Says = tuple[str, Link | Words | str]


@dataclass(frozen=True)
class Thing:
    """Something that is described: its kind, its own address, and what is said of it."""

    kind: str
    address: str
    says: Sequence[Says]


def as_rdf() -> bytes:
    for prefix, name in NAMES.items():
        ElementTree.register_namespace(prefix, name)
    root = ElementTree.Element(full("rdf:RDF"))
    for thing in things():
        element = ElementTree.SubElement(root, full(thing.kind), {full("rdf:about"): thing.address})
        for name, value in thing.says:
            say(element, name, value)
    ElementTree.indent(root, " ")
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def full(name: str) -> str:
    """ "dcat:Catalog" as ElementTree wants it."""
    prefix, _colon, local = name.partition(":")
    return f"{{{NAMES[prefix]}}}{local}"


def say(element: ElementTree.Element, name: str, value: Link | Words | str) -> None:
    if isinstance(value, Link):
        ElementTree.SubElement(element, full(name), {full("rdf:resource"): value.to})
    elif isinstance(value, Words):
        ElementTree.SubElement(element, full(name), {LANGUAGE: "sv"}).text = value.text
    else:
        ElementTree.SubElement(element, full(name)).text = value


def page(part: str = "") -> str:
    return whole_address(reverse("open_data")) + (f"#{part}" if part else "")


def things() -> Iterator[Thing]:
    contact = contact_with_mail()
    yield catalogue()
    yield publisher()
    for table in TABLES.values():
        yield dataset(table, contact)
        for ending in MEDIA_TYPES:
            yield distribution(table, ending)
    if contact:
        yield contact_point(contact)


def catalogue() -> Thing:
    about = _(
        "Vad som har lovats för tryggheten, vad som har gjorts, vad invånarna har svarat, vad som är sent och saknas."
    )
    return Thing(
        "dcat:Catalog",
        page("katalog"),
        [
            ("dcterms:title", Words(_("Öppna data från %s") % settings.SITE_NAME)),
            ("dcterms:description", Words(about)),
            ("dcterms:publisher", Link(page("utgivare"))),
            ("dcterms:license", Link(LICENCE)),
            ("dcterms:language", Link(SWEDISH)),
            ("foaf:homepage", Link(page())),
            ("dcat:themeTaxonomy", Link(THEMES)),
            *(("dcat:dataset", Link(page(name))) for name in TABLES),
        ],
    )


def publisher() -> Thing:
    """Those who have given the latest promise, together: that is who answers for what stands here."""
    promise = Promise.objects.published().newest_first().first()
    partners = listed(promise.signing_partners()) if promise else ""
    return Thing(
        "foaf:Agent",
        page("utgivare"),
        [
            ("foaf:name", Words(partners or settings.SITE_NAME)),
            ("dcterms:type", Link(LOCAL_AUTHORITY)),
            ("foaf:homepage", Link(whole_address(reverse("home")))),
        ],
    )


def dataset(table: Table, contact: Contact | None) -> Thing:
    return Thing(
        "dcat:Dataset",
        page(table.name),
        [
            ("dcterms:title", Words(str(table.title))),
            ("dcterms:description", Words(str(table.about))),
            ("dcterms:publisher", Link(page("utgivare"))),
            *([("dcat:contactPoint", Link(page("kontakt")))] if contact else []),
            *(("dcat:keyword", Words(word)) for word in (_("medborgarlöfte"), _("trygghet"))),
            *(("dcat:theme", Link(theme)) for theme in ABOUT),
            ("dcterms:accessRights", Link(PUBLIC)),
            ("dcterms:accrualPeriodicity", Link(AS_IT_HAPPENS)),
            ("dcterms:language", Link(SWEDISH)),
            ("dcat:landingPage", Link(page(table.name))),
            *(("dcat:distribution", Link(page(f"{table.name}-{ending}"))) for ending in MEDIA_TYPES),
        ],
    )


def distribution(table: Table, ending: str) -> Thing:
    described: list[Says] = [("dcterms:conformsTo", Link(address(table, COLUMNS)))] if ending == CSV else []
    return Thing(
        "dcat:Distribution",
        page(f"{table.name}-{ending}"),
        [
            ("dcterms:title", Words(f"{table.title} ({ending.upper()})")),
            ("dcat:accessURL", Link(page(table.name))),
            ("dcat:downloadURL", Link(address(table, ending))),
            ("dcterms:format", MEDIA_TYPES[ending]),
            ("dcterms:license", Link(LICENCE)),
            *described,
        ],
    )


def contact_with_mail() -> Contact | None:
    """The profile asks for no contact, but of one that is given for a mail address."""
    contacts = Contact.objects.current_on(today()).exclude(email="").select_related("organisation")
    return contacts.first()


def contact_point(contact: Contact) -> Thing:
    mail = Link(f"mailto:{contact.email}")
    return Thing(
        "vcard:Organization", page("kontakt"), [("vcard:fn", contact.organisation.name), ("vcard:hasEmail", mail)]
    )
