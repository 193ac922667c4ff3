"""The promise's words and the municipality's map, as they are loaded into an empty portal."""

from __future__ import annotations

import json
import tomllib
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


def read_features(name: str) -> list[dict[str, Any]]:
    """The features of a GeoJSON file."""
    return json.loads((HERE / name).read_text(encoding="utf-8"))["features"]
