"""The stylesheet is one file to the reader and many to the writer."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import RequestFactory
from whitenoise.middleware import WhiteNoiseMiddleware

from tranemo_trygghet.stylesheet import STYLESHEET, StylesheetFinder, build, parts, stylesheet

COMPONENTS = Path(settings.BASE_DIR) / "templates" / "components"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "css"
    (folder / "components").mkdir(parents=True)
    for name in ("tokens", "base", "layout", "print", "components/b", "components/a"):
        (folder / f"{name}.css").write_text(f"/* why */\n.{Path(name).name} {{\n  color: red;\n}}\n", encoding="utf-8")
    return folder


def test_tokens_come_first_then_the_components_by_name_and_print_last(sources: Path) -> None:
    assert [part.stem for part in parts(sources)] == ["tokens", "base", "layout", "a", "b", "print"]


def test_comments_and_indentation_stay_at_home(sources: Path) -> None:
    assert stylesheet(sources).startswith(".tokens {\ncolor: red;\n}\n.base {")


def test_a_changed_component_shows_at_the_next_request_and_an_unchanged_one_is_not_written_again(
    sources: Path, tmp_path: Path
) -> None:
    path = build(sources, tmp_path / "built")
    written = path.stat().st_ino
    assert build(sources, tmp_path / "built").stat().st_ino == written
    (sources / "components" / "a.css").write_text(".new { color: blue; }", encoding="utf-8")
    assert ".new" in build(sources, tmp_path / "built").read_text(encoding="utf-8")


def test_collectstatic_and_the_finders_find_the_one_stylesheet() -> None:
    assert finders.find(STYLESHEET) is not None
    assert [path for path, _ in StylesheetFinder().list([])] == [STYLESHEET]
    assert list(StylesheetFinder().list(["css/*"])) == []
    assert not StylesheetFinder().find("css/other.css")


@pytest.mark.django_db  # closing an answer looks at the connection that an earlier test may have left open
def test_whitenoise_serves_it_in_development_without_collectstatic(settings: Any, rf: RequestFactory) -> None:
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    nobody = WhiteNoiseMiddleware(lambda request: HttpResponse(status=404))
    answer = nobody(rf.get("/static/css/site.css"))
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/css")
    answer.close()


def test_the_real_stylesheet_is_small_and_loads_nothing_from_elsewhere() -> None:
    text = stylesheet()
    assert len(gzip.compress(text.encode())) < 8_000
    assert "@import" not in text
    assert not re.search(r"url\(\s*[\"']?(?:https?:|//|data:)", text)


def test_every_component_style_belongs_to_a_partial_of_the_same_name() -> None:
    """Some styles are of classes that pages write themselves: named here, so that none is forgotten in silence."""
    classes_alone = {"button", "facts", "more", "result", "survey_form"}
    styles = {part.stem for part in parts() if part.parent.name == "components"}
    assert styles - {path.stem for path in COMPONENTS.glob("*.html")} == classes_alone


def test_no_partial_carries_a_style_attribute_or_a_script() -> None:
    for path in COMPONENTS.glob("*.html"):
        assert not re.search(r"\sstyle=|<script|<style|\son\w+=", path.read_text(encoding="utf-8")), path.name
