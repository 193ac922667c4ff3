"""The promise's words and the municipality's map, as they are loaded into an empty portal."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def read_toml(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def read_page(name: str) -> tuple[date, str]:
    """The text of a page of information, and the day in its first line on which it was written."""
    first_line, _newline, text = (HERE / "pages" / f"{name}.md").read_text(encoding="utf-8").partition("\n")
    return date.fromisoformat(first_line.strip("<!- >")), text.strip()


def read_translations(language: str) -> Iterator[tuple[str, str]]:
    """The promise's Swedish words, and what a machine has made of them in the language; reviewed by nobody."""
    swedish, translated = read_toml("tranemo.toml"), read_toml(f"translations/{language}.toml")
    for name, text in translated["promise"].items():
        yield swedish["promise"][name], text
    for kind, rows in (("actions", swedish["promise"]["actions"]), ("terms", swedish["terms"])):
        by_slug = {each["slug"]: each for each in rows}
        for slug, texts in translated[kind].items():
            yield from ((by_slug[slug][name], text) for name, text in texts.items())
    yield from translated.get("words", {}).items()
    for path in sorted((HERE / "translations" / language).glob("*.md")):
        yield read_page(path.stem)[1], path.read_text(encoding="utf-8").strip()


def read_features(name: str) -> list[dict[str, Any]]:
    """The features of a GeoJSON file."""
    return json.loads((HERE / name).read_text(encoding="utf-8"))["features"]
