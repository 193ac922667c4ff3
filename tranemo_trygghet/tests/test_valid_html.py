"""Every public page of the example year is HTML as the W3C's checker (vnu) reads it, where java and npm are at hand."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client

from tranemo_trygghet.tests.make import load_example
from tranemo_trygghet.tests.test_pages import crawl

pytestmark = [pytest.mark.django_db, pytest.mark.browser, pytest.mark.product]

ERRORS = ("400", "403", "404", "410", "429", "500", "503")


@pytest.fixture(scope="session")
def checker() -> Path:
    found = subprocess.run([settings.BASE_DIR / "scripts" / "vnu"], capture_output=True, text=True)
    if found.returncode:
        pytest.skip(found.stderr.strip())
    return settings.BASE_DIR / found.stdout.strip()


def faults(checker: Path, folder: Path) -> list[str]:
    command = ["java", "-Xss4m", "-jar", checker, "--errors-only", "--format", "json", *sorted(folder.glob("*.html"))]
    said = json.loads(subprocess.run(command, capture_output=True, text=True).stderr)
    return [f"{Path(each['url']).name}: {each['message']}" for each in said["messages"]]


def test_every_page_is_valid_html(checker: Path, client: Client, settings, tmp_path: Path) -> None:
    settings.DEBUG = True
    load_example()
    settings.DEBUG = False
    pages = crawl(client)
    for address, page in pages.items():
        if page.headers["Content-Type"].startswith("text/html"):
            name = address.strip("/").replace("/", "_").replace("?", "-") or "start"
            (tmp_path / f"{name}.html").write_bytes(page.content)
    for number in ERRORS:
        (tmp_path / f"{number}.html").write_text(render_to_string(f"{number}.html"))
    assert len(list(tmp_path.glob("*.html"))) > 35
    assert faults(checker, tmp_path) == []


def test_the_checker_finds_a_fault(checker: Path, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<!doctype html><html lang=sv><title>T</title><p id=a>Hej<p id=a>Hej")
    assert len(faults(checker, tmp_path)) == 1
