"""The PDF files of a month and of a year: tagged, in Swedish, the same bytes for the same words, nothing fetched."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from django.test import Client
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from promises.models import Promise
from tranemo_trygghet import pdf
from tranemo_trygghet.tests.make import TENTH_OF_MAY, Portal, make_portal

pytestmark = [pytest.mark.django_db, pytest.mark.alike]

JANUARY, YEAR = "/uppfoljningar/2026-01/pdf/", "/resultat/2025/pdf/"


@pytest.fixture
def portal(clock, settings) -> Portal:
    clock.move_to(TENTH_OF_MAY)
    settings.SITE_URL = "https://tryggare.example"
    return make_portal()


def elements(node: DictionaryObject) -> Iterator[DictionaryObject]:
    """The structure that a screen reader goes by, from the top."""
    yield node
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, ArrayObject) else [kids]:
        kid = kid.get_object()
        if isinstance(kid, DictionaryObject) and "/S" in kid:
            yield from elements(kid)


def read_aloud(content: bytes) -> list[tuple[str, str]]:
    """Each heading, paragraph and cell as poppler reads it: its tag and its words."""
    command = ["pdfinfo", "-struct-text", "-"]
    text = subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()
    told: list[list[str]] = []
    for line in text.splitlines():
        words = re.fullmatch(r'\s*"(.*)"', line)
        tag = re.fullmatch(r"\s*(H\d|P|TH|TD|Caption|LBody) .*", line)
        if tag:
            told.append([tag[1], ""])
        elif words and told:
            told[-1][1] = f"{told[-1][1]} {words[1]}"
    return [(tag, " ".join(words.split())) for tag, words in told if words]


@pytest.mark.parametrize(
    ("address", "title", "name"),
    [
        (JANUARY, "Januari 2026 – Tryggare Tranemo", "manad-2026-01.pdf"),
        (YEAR, "Sammanlagt resultat 2025 – Tryggare Tranemo", "resultat-2025.pdf"),
    ],
)
def test_the_file_is_tagged_titled_and_swedish_as_pdf_ua_asks(
    portal: Portal, client: Client, address: str, title: str, name: str
) -> None:
    response = client.get(address)
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == f'inline; filename="{name}"'
    assert response.headers["Content-Language"] == "sv"
    page = f"https://tryggare.example{address.removesuffix('pdf/')}"
    assert response.headers["Link"] == f'<{page}>; rel="canonical"'

    file = PdfReader(BytesIO(response.content), strict=True)
    root = file.trailer["/Root"]
    assert root["/Lang"] == "sv"
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert file.metadata.title == title
    meta = root["/Metadata"].get_data().decode()
    assert 'pdfuaid:part="1"' in meta
    assert f"{title}</rdf:li>" in meta

    structure = list(elements(root["/StructTreeRoot"]["/K"][0].get_object()))
    tags = [each["/S"] for each in structure]
    assert tags.count("/H1") == 1
    assert {"/H2", "/P", "/L", "/Link", "/Figure"} <= set(tags)
    levels = [int(tag[2]) for tag in tags if re.fullmatch(r"/H\d", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    assert all(each.get("/Alt") for each in structure if each["/S"] == "/Figure")
    for each in file.pages:
        assert each["/MediaBox"][2:] == pytest.approx([595.28, 841.89], abs=0.01)
        assert all(link.get_object().get("/Contents") for link in each.get("/Annots", []))
        assert all(font_is_embedded(font.get_object()) for font in each["/Resources"]["/Font"].values())
    assert page in file.pages[-1].extract_text()


def font_is_embedded(font: DictionaryObject) -> bool:
    descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
    return bool({"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor))


def test_a_month_is_read_aloud_in_the_order_of_its_page(portal: Portal, client: Client) -> None:
    told = read_aloud(client.get(JANUARY).content)
    words = [words for _tag, words in told]
    order = [
        "Januari 2026",
        "Till er som bor här",
        portal.january.summary,
        "Polisen",
        "Kommunen",
        "Rättelser",
        "Det var två lampor.",
        "Åtgärd för åtgärd",
        "Fotpatrull",
        "Samma text finns på webben, med det som har hänt sedan dess: https://tryggare.example/uppfoljningar/2026-01/",
    ]
    found = [words.index(each) for each in order]
    assert found == sorted(found)
    assert ("H1", "Januari 2026") in told
    assert ("H2", "Åtgärd för åtgärd") in told


def test_a_year_tells_each_verdict_with_why_and_how_it_goes_on(portal: Portal, client: Client) -> None:
    words = [words for _tag, words in read_aloud(client.get(YEAR).content)]
    order = ["Så gick det 2025", "Det gick bra.", "Så går arbetet vidare", "Genomförd", "Allt är gjort.", "Månaderna"]
    found = [words.index(each) for each in order]
    assert found == sorted(found)
    actions = Promise.objects.get(results__year=2025).actions.count()
    assert words.count("Allt är gjort.") == words.count("Så fortsätter det") == actions


def test_a_month_without_a_meeting_has_its_file_and_a_month_without_a_word_has_none(
    portal: Portal, client: Client
) -> None:
    assert "Alla var sjuka." in str(read_aloud(client.get("/uppfoljningar/2026-02/pdf/").content))
    for address in ("/uppfoljningar/2026-03/pdf/", "/uppfoljningar/2026-04/pdf/", "/uppfoljningar/2031-01/pdf/"):
        assert client.get(address).status_code == 404, address
    for address in ("/uppfoljningar/igår/pdf/", "/resultat/2026/pdf/", "/resultat/99999/pdf/"):
        assert client.get(address).status_code == 404, address


def test_the_pages_lead_to_their_files(portal: Portal, client: Client) -> None:
    assert f'href="{JANUARY}"' in client.get("/uppfoljningar/2026-01/").content.decode()
    assert f'href="{YEAR}"' in client.get("/resultat/2025/").content.decode()
    assert "PDF" not in client.get("/uppfoljningar/2026-03/").content.decode()


def test_where_files_cannot_be_made_nothing_is_said_of_them(portal: Portal, client: Client, monkeypatch) -> None:
    monkeypatch.setattr(pdf, "is_possible", lambda: False)
    for address in (JANUARY, YEAR):
        assert client.get(address).status_code == 404
        assert "PDF" not in client.get(address.removesuffix("pdf/")).content.decode()


def test_without_weasyprint_or_a_library_of_the_system_files_cannot_be_made(monkeypatch) -> None:
    assert pdf.is_possible.__wrapped__()
    monkeypatch.setattr(pdf, "LIBRARIES", (*pdf.LIBRARIES, "libfinns-inte.so.0"))
    assert not pdf.is_possible.__wrapped__()
    monkeypatch.undo()
    monkeypatch.setattr(pdf, "find_spec", lambda name: None)
    assert not pdf.is_possible.__wrapped__()


def test_a_query_makes_no_file(portal: Portal, client: Client) -> None:
    response = client.get(f"{JANUARY}?a=1")
    assert (response.status_code, response.headers["Location"]) == (302, JANUARY)


def test_the_same_words_are_the_same_bytes_in_another_process_at_another_time() -> None:
    words = '<html lang="sv"><title>En</title><h1>Hej</h1><p>Ett <a href="/om/">två</a>.</p>'
    code = f"import sys; from tranemo_trygghet.pdf import pdf_of; sys.stdout.buffer.write(pdf_of({words!r}))"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "DJANGO_SETTINGS_MODULE": "tranemo_trygghet.settings"}
    root = Path(__file__).parents[2]
    other = subprocess.run([sys.executable, "-c", code], env=environment, cwd=root, capture_output=True, check=True)
    assert other.stdout == pdf.pdf_of(words)
    assert pdf.pdf_of(words.replace("Hej", "Hopp")) != other.stdout


def test_nothing_is_fetched_whatever_address_a_text_holds(caplog, monkeypatch) -> None:
    monkeypatch.setattr("socket.socket.connect", lambda *given: pytest.fail("it asked the network"))
    secret = Path(__file__).as_uri()
    images = f'<img src="http://127.0.0.1:9/x.png" alt="x"><img src="{secret}" alt="x">'
    head = f'<title>En</title><link rel="attachment" href="{secret}">'
    file = PdfReader(BytesIO(pdf.pdf_of(f'<html lang="sv">{head}<p>Hej</p>{images}')))
    assert caplog.text.count("is no font of the portal") == 3
    assert not file.attachments
