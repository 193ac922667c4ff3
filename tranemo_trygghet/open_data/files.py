"""A table as files: CSV for people's spreadsheets, JSON for programs, and what its columns hold, for machines."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from surveys.result_files import csv_file
from tranemo_trygghet.open_data.tables import NUMBER, YES_NO, Column, Table, whole_address

# Given away entirely. What authorities decide and state is free of copyright anyway (9 § upphovsrättslagen), so a
# licence that asks for a name would ask for more than the law; and the national portal asks for CC0 of every catalogue.
LICENCE = "http://creativecommons.org/publicdomain/zero/1.0/"

CSV, JSON, COLUMNS = "csv", "json", "columns"


def address(table: Table, ending: str) -> str:
    return whole_address(reverse(f"open_data:{ending}", args=[table.name]))


def as_csv(table: Table) -> bytes:
    """Comma in the figures, ja and nej, and no cell that a spreadsheet could take for a formula."""
    return csv_file(table.names(), (row.values() for row in table.rows()))


def as_json(table: Table) -> bytes:
    return _json(
        {
            "namn": table.name,
            "rubrik": str(table.title),
            "om": str(table.about),
            "kalla": settings.SITE_NAME,
            "webbadress": whole_address(reverse("open_data")) + f"#{table.name}",
            "licens": LICENCE,
            "kolumner": {column.name: str(column.meaning) for column in table.columns},
            "rader": table.rows(),
        }
    )


def as_csvw(table: Table) -> bytes:
    """What the CSV file's columns hold, as https://www.w3.org/TR/tabular-metadata/ says it.

    It lies where that looks for it: at the file's address with "-metadata.json" after it.
    """
    return _json(
        {
            "@context": ["http://www.w3.org/ns/csvw", {"@language": "sv"}],
            "url": address(table, CSV),
            "dc:title": str(table.title),
            "dc:description": str(table.about),
            "dc:license": {"@id": LICENCE},
            "dialect": {"encoding": "utf-8", "delimiter": ";", "header": True, "lineTerminators": ["\r\n"]},
            "tableSchema": {"columns": [_csvw_column(column) for column in table.columns]},
        }
    )


def _csvw_column(column: Column) -> dict[str, Any]:
    kinds: dict[str, Any] = {
        NUMBER: {"base": NUMBER, "format": {"decimalChar": ","}},
        YES_NO: {"base": YES_NO, "format": f"{_('ja')}|{_('nej')}"},
    }
    return {
        "name": column.name,
        "titles": column.name,
        "dc:description": str(column.meaning),
        "datatype": kinds.get(column.kind, column.kind),
    }


def _json(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=1).encode()
