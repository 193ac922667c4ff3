"""Open data: the page that describes the tables, and the files."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tranemo_trygghet.headers import for_everybody
from tranemo_trygghet.open_data import GROUPS, TABLES, catalogue, files
from tranemo_trygghet.open_data.tables import Table

FILES: dict[str, tuple[Callable[[Table], bytes], str]] = {
    files.CSV: (files.as_csv, "text/csv; charset=utf-8"),
    files.JSON: (files.as_json, "application/json; charset=utf-8"),
    files.COLUMNS: (files.as_csvw, "application/csvm+json; charset=utf-8"),
}


def page(request: HttpRequest) -> HttpResponse:
    return render(request, "site/open_data.html", {"groups": GROUPS, "licence": files.LICENCE})


@for_everybody
def file(request: HttpRequest, table: str, ending: str) -> HttpResponse:
    if table not in TABLES:
        raise Http404
    make, content_type = FILES[ending]
    response = HttpResponse(make(TABLES[table]), content_type=content_type)
    if ending == files.CSV:
        response["Content-Disposition"] = f'attachment; filename="{table}.csv"'
        response["Link"] = f'<{files.address(TABLES[table], files.COLUMNS)}>; rel="describedby"'
    return response


@for_everybody
def rdf(request: HttpRequest) -> HttpResponse:
    return HttpResponse(catalogue.as_rdf(), content_type="application/rdf+xml; charset=utf-8")
