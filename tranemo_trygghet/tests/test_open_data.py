"""The open data: the same numbers as the pages, described for people and machines, and free for every page to read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rdflib import Graph, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, Namespace
from rdflib.term import BNode, Literal

from followups.tests.make import make_deed, make_indicator, make_meeting, make_report
from promises.models import Contact
from promises.tests.make import make_contact
from surveys import result_files
from surveys.models import EarlierSurvey
from tranemo_trygghet.open_data import GROUPS, TABLES
from tranemo_trygghet.open_data.files import LICENCE
from tranemo_trygghet.open_data.tables import DAY, MOMENT, NUMBER, TEXT, WHOLE, YES_NO
from tranemo_trygghet.tests.make import TENTH_OF_MAY, Portal, make_portal

pytestmark = pytest.mark.django_db

VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@pytest.fixture
def portal(clock) -> Portal:
    """Something in every table but the extensions, the comparisons and the themes."""
    clock.move_to(TENTH_OF_MAY)
    portal = make_portal()
    indicator = make_indicator()
    indicator.publish()
    indicator.readings.create(first_day=date(2026, 1, 1), value=1234)
    survey = EarlierSurvey.objects.create(year=2019, title="Förr", answers=272, source="rapport")
    survey.publish()
    survey.shares.create(label="trygga", percent="80.5")
    return portal


def rows_of(client: Client, name: str) -> list[dict[str, Any]]:
    return json.loads(client.get(f"/oppna-data/{name}.json").content)["rader"]


def csv_of(client: Client, name: str) -> list[dict[str, str]]:
    content = client.get(f"/oppna-data/{name}.csv").content
    assert content.startswith(BYTE_ORDER_MARK)
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def in_csv(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nej"
    return "" if value is None else value if isinstance(value, str) else str(value).replace(".", ",")


# --- Files and their descriptions ---------------------------------------------------------------------


def fits(value: Any, kind: str) -> bool:
    if value is None:
        return True
    if kind in (DAY, MOMENT):
        moment = datetime.fromisoformat(value)
        return len(value) == 10 if kind == DAY else moment.utcoffset() is not None
    kinds = {TEXT: str, WHOLE: int, NUMBER: int | float, YES_NO: bool}
    return isinstance(value, kinds[kind]) and (kind == YES_NO or not isinstance(value, bool))


def test_every_table_is_the_same_as_csv_and_json_and_says_what_each_column_holds(client: Client, portal) -> None:
    page = client.get("/oppna-data/").content.decode()
    empty = set()
    for name, table in TABLES.items():
        data = json.loads(client.get(f"/oppna-data/{name}.json").content)
        rows = data["rader"]
        assert csv_of(client, name) == [{key: in_csv(value) for key, value in row.items()} for row in rows], name
        assert data["licens"] == LICENCE
        assert all(data["kolumner"].values()), name
        assert all(f"<dt>{column}</dt><dd>{meaning}</dd>" in page for column, meaning in data["kolumner"].items()), name
        for row in rows:
            assert list(row) == list(data["kolumner"]), name
            for column in table.columns:
                assert fits(row[column.name], column.kind), f"{name}.{column.name}: {row[column.name]!r}"
        empty |= set() if rows else {name}
    assert empty == {"forlangningar", "enkatforandringar", "enkatteman"}


@pytest.mark.alike
def test_each_description_for_machines_fits_its_file(client: Client, portal) -> None:
    for name in TABLES:
        described = json.loads(client.get(f"/oppna-data/{name}.csv-metadata.json").content)
        assert described["@context"][0] == "http://www.w3.org/ns/csvw"
        assert described["url"].endswith(f"/oppna-data/{name}.csv")
        header = client.get(f"/oppna-data/{name}.csv").content.decode("utf-8-sig").split("\r\n")[0]
        columns = described["tableSchema"]["columns"]
        assert [column["titles"] for column in columns] == header.split(described["dialect"]["delimiter"])
        assert all(column["dc:description"] and column["datatype"] for column in columns)


@pytest.mark.alike
def test_a_spreadsheet_finds_no_formula(client: Client, portal) -> None:
    make_deed(portal.promise.actions.get(number=4), what='=HYPERLINK("http://ond.example")', done_on=date(2026, 1, 10))
    make_meeting(date(2026, 6, 1), kind="residents", state="planned", is_public=True, title="@SUMMA(1;2)")
    cells = [cell for name in TABLES for row in csv_of(client, name) for cell in row.values()]
    assert '\'=HYPERLINK("http://ond.example")' in cells
    assert "'@SUMMA(1;2)" in cells
    assert [cell for cell in cells if cell.startswith(result_files.BEGINS_A_FORMULA)] == []


@pytest.mark.alike
def test_any_page_may_read_a_file_and_none_may_read_the_rest(client: Client, portal) -> None:
    for address in ("loften.csv", "loften.json", "loften.csv-metadata.json", "dcat.rdf"):
        headers = client.get(f"/oppna-data/{address}").headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in headers
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert headers["Cache-Control"].startswith("public, max-age=")
    assert 'rel="describedby"' in client.get("/oppna-data/loften.csv").headers["Link"]
    for address in ("/oppna-data/", "/", "/moten.ics"):
        assert "Access-Control-Allow-Origin" not in client.get(address).headers


def test_a_table_that_is_not_there_is_not_found(client: Client) -> None:
    for address in ("hemligheter.csv", "loften.xls", "hemligheter.json", "hemligheter.csv-metadata.json"):
        assert client.get(f"/oppna-data/{address}").status_code == 404


# --- What the tables say ------------------------------------------------------------------------------


def test_the_files_of_an_empty_portal_have_their_headings(client: Client) -> None:
    for name, table in TABLES.items():
        content = client.get(f"/oppna-data/{name}.csv").content.decode("utf-8-sig")
        assert content == ";".join(table.names()) + "\r\n"


def test_months_that_are_missing_stand_among_the_others(client: Client, portal) -> None:
    months = {row["manad"]: row for row in rows_of(client, "manader") if row["lofte"] == "2026"}
    words = [months[f"2026-0{number}"]["lage"] for number in range(1, 7)]
    assert words == ["reported", "no_meeting", "missing", "awaited", "coming", "coming"]
    assert months["2026-03"]["vantar_pa"] == "Redovisning från Polisen | Redovisning från Kommunen"
    assert months["2026-01"]["godkand_av"] == "Polisen | Kommunen"
    assert months["2026-02"]["varfor_inget_mote"] == "Alla var sjuka."


def test_a_deed_that_was_added_later_or_taken_back_says_so(client: Client, portal, clock) -> None:
    action = portal.promise.actions.get(number=4)
    clock.shift(timedelta(hours=1))
    late = make_deed(action, what="Ny lampa", done_on=date(2026, 1, 20))
    late.take_back("Fel dag.")
    deeds = {row["vad"]: row for row in rows_of(client, "insatser")}
    assert (deeds["Fotpatrull"]["plats"], deeds["Fotpatrull"]["atertagen"]) == (portal.place.slug, None)
    assert deeds["Ny lampa"]["tillagd_efter_rapporten"] is True
    assert (deeds["Ny lampa"]["atertagen"], deeds["Ny lampa"]["varfor_atertagen"]) == ("2026-05-10", "Fel dag.")


@pytest.mark.alike
def test_the_survey_numbers_are_those_of_the_results_own_file(client: Client, portal) -> None:
    told = portal.promise.rounds.exclude(pk=portal.survey_round.pk).get()
    own = json.loads(client.get(f"{told.get_absolute_url()}resultat/data.json").content)
    assert rows_of(client, "enkatresultat") == own["rader"]
    assert [column.name for column in TABLES["enkatresultat"].columns] == list(own["kolumner"])
    assert {row["omgang"] for row in rows_of(client, "enkatresultat")} == {told.slug}
    assert {row["omgang"] for row in rows_of(client, "enkater")} == {told.slug, portal.survey_round.slug}


@pytest.mark.alike
def test_nobody_s_name_or_number_is_in_a_file(client: Client, portal) -> None:
    contact = Contact.objects.get()
    names = {each.signed_by_name for each in portal.january.sign_offs.all()} | {contact.name, contact.telephone}
    for name in TABLES:
        words = client.get(f"/oppna-data/{name}.json").content.decode()
        assert [each for each in names if each and each in words] == [], name


def test_a_longer_table_asks_no_more_of_the_database(client: Client, portal) -> None:
    before = {name: queries_for(client, name) for name in TABLES}
    for month in ("2026-03", "2026-04"):
        make_report(portal.promise, month)
    for day in (3, 4, 5):
        make_deed(portal.promise.actions.get(number=4), done_on=date(2026, 3, day), place=portal.place)
        make_meeting(date(2026, 7, day), kind="residents", state="planned", is_public=True, place=portal.place)
    more = {name: queries_for(client, name) for name in TABLES}
    assert {name: (before[name], count) for name, count in more.items() if count > before[name]} == {}


def queries_for(client: Client, name: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/oppna-data/{name}.json")
    return len(queries)


# --- The catalogue ------------------------------------------------------------------------------------

MANY = range(1, 1000)
ONCE = range(1, 2)
# What DCAT-AP-SE 3.0.1 makes obligatory ("obligatorisk", with its cardinality) of each class that the catalogue uses:
# https://docs.dataportal.se/dcat/3.0.1/sv/#dcat_Catalog, #dcat_Dataset, #dcat_Distribution, #foaf_Agent, and the
# contact point. Of a contact point nothing but its use is voluntary.
OBLIGATORY = {
    DCAT.Catalog: {
        DCTERMS.title: MANY,
        DCTERMS.description: MANY,
        DCTERMS.publisher: ONCE,
        DCTERMS.license: ONCE,
        DCAT.dataset: MANY,
    },
    DCAT.Dataset: {DCTERMS.title: MANY, DCTERMS.description: MANY, DCTERMS.publisher: ONCE},
    DCAT.Distribution: {DCAT.accessURL: ONCE, DCTERMS.format: ONCE},
    FOAF.Agent: {FOAF.name: MANY, DCTERMS.type: ONCE},
    VCARD.Organization: {VCARD.fn: MANY, VCARD.hasEmail: MANY},
}
# The kind that each of these must lead to.
LEADS_TO = {
    DCTERMS.publisher: FOAF.Agent,
    DCAT.dataset: DCAT.Dataset,
    DCAT.distribution: DCAT.Distribution,
    DCAT.contactPoint: VCARD.Organization,
}
IN_A_LANGUAGE = {DCTERMS.title, DCTERMS.description, FOAF.name}
AT_MOST_ONCE = {DCTERMS.publisher, DCTERMS.license, DCTERMS.accessRights, DCTERMS.accrualPeriodicity, FOAF.homepage}
# The profile's own lists of values.
PUBLISHER_TYPES = "http://purl.org/adms/publishertype/"
MEDIA_TYPES = {"text/csv", "application/json"}


def catalogue(client: Client) -> Graph:
    response = client.get("/oppna-data/dcat.rdf")
    assert response.headers["Content-Type"].startswith("application/rdf+xml")
    return Graph().parse(data=response.content, format="xml")


def breaches(graph: Graph) -> Iterator[str]:
    """What DCAT-AP-SE would object to, a sentence each."""
    for kind, properties in OBLIGATORY.items():
        for thing in graph.subjects(RDF.type, kind):
            for name, times in properties.items():
                if len(list(graph.objects(thing, name))) not in times:
                    yield f"{thing} has {name} too few or too many times"
            for name in AT_MOST_ONCE:
                if len(list(graph.objects(thing, name))) > 1:
                    yield f"{thing} has {name} more than once"
    for thing, name, value in graph:
        if isinstance(thing, BNode) or isinstance(value, BNode):
            yield f"a blank node: {thing} {name}"
        if isinstance(value, URIRef) and "://" not in value and not value.startswith("mailto:"):
            yield f"not a whole address: {value}"
        if name in LEADS_TO and (value, RDF.type, LEADS_TO[name]) not in graph:
            yield f"{name} leads to nothing: {value}"
        if name in IN_A_LANGUAGE and not (isinstance(value, Literal) and value.language == "sv" and value.strip()):
            yield f"not words in Swedish: {thing} {name}"


@pytest.mark.alike
def test_the_catalogue_has_all_that_dcat_ap_se_makes_obligatory(client: Client, portal) -> None:
    make_contact(portal.promise.signing_partners()[1], email="trygg@kommun.example")
    graph = catalogue(client)
    assert list(breaches(graph)) == []
    (whole,) = graph.subjects(RDF.type, DCAT.Catalog)
    # In Sweden the catalogue itself is to be CC0.
    assert graph.value(whole, DCTERMS.license) == URIRef("http://creativecommons.org/publicdomain/zero/1.0/")
    assert len(list(graph.objects(whole, DCAT.dataset))) == len(TABLES)
    for kind in OBLIGATORY:
        assert list(graph.subjects(RDF.type, kind)), kind
    (agent,) = graph.subjects(RDF.type, FOAF.Agent)
    assert str(graph.value(agent, DCTERMS.type)).startswith(PUBLISHER_TYPES)
    assert str(graph.value(agent, FOAF.name)) == "Polisen och Kommunen"
    (mail,) = set(graph.objects(None, VCARD.hasEmail))
    assert str(mail) == "mailto:trygg@kommun.example"


@pytest.mark.alike
def test_every_file_in_the_catalogue_is_there(client: Client, portal, settings) -> None:
    graph = catalogue(client)
    files = list(graph.subject_objects(DCAT.downloadURL))
    assert len(files) == 2 * len(TABLES)
    page = client.get("/oppna-data/").content.decode()
    for distribution, address in files:
        response = client.head(str(address).removeprefix(settings.SITE_URL))
        media_type = str(graph.value(distribution, DCTERMS.format))
        assert media_type in MEDIA_TYPES
        assert response.status_code == 200
        assert response.headers["Content-Type"].startswith(media_type)
        landing = str(graph.value(distribution, DCAT.accessURL))
        assert f'id="{landing.partition("#")[2]}"' in page


def test_without_a_promise_and_a_mail_address_the_catalogue_still_holds(client: Client) -> None:
    graph = catalogue(client)
    assert list(breaches(graph)) == []
    assert list(graph.subjects(DCAT.contactPoint)) == []


@pytest.mark.alike
def test_the_check_of_the_catalogue_finds_what_is_missing(client: Client, portal) -> None:
    make_contact(portal.promise.signing_partners()[1], email="trygg@kommun.example")
    whole = catalogue(client)
    for kind, properties in OBLIGATORY.items():
        thing = next(whole.subjects(RDF.type, kind))
        for name in properties:
            graph = Graph() + whole
            graph.remove((thing, name, None))
            assert list(breaches(graph)), f"{kind} without {name}"


def test_no_two_tables_share_a_name_and_each_stands_in_one_group() -> None:
    names = [table.name for group in GROUPS for table in group.tables]
    assert len(set(names)) == len(names) == len(TABLES)
    for table in TABLES.values():
        assert len(set(table.names())) == len(table.columns), table.name
