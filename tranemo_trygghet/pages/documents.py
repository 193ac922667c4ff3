"""The month's report and the year's combined result as PDF files: for the council's papers, and for the archive."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from followups.views import sections_or_404, title_of
from surveys.letters import qr_code
from tranemo_trygghet import pdf
from tranemo_trygghet.pages import results

View = Callable[..., HttpResponse]


def document(view: View) -> View:
    """A view that makes a file, only where files can be made.

    A query says nothing to it. The page store keeps no address with a query, and a file costs too much to be made for
    everybody who adds one.
    """

    @wraps(view)
    def made(request: HttpRequest, **named: Any) -> HttpResponse:
        if not pdf.is_possible():
            raise Http404
        if request.META.get("QUERY_STRING"):
            return redirect(request.path)
        return view(request, **named)

    return made


@document
def month(request: HttpRequest, month: str) -> HttpResponse:
    """A month as it was told. A month that nobody has told about has a page and no file."""
    sections = [each for each in sections_or_404(month) if each.report]
    if not sections:
        raise Http404
    context = {"title": title_of(sections), "sections": sections}
    return as_file(request, "pdf/month.html", context, reverse("followups:month", args=[month]), f"manad-{month}")


@document
def year(request: HttpRequest, year: int) -> HttpResponse:
    """A year's combined result."""
    context = {"title": _("Sammanlagt resultat %(year)s") % {"year": year}, **results.context_or_404(year)}
    return as_file(request, "pdf/year.html", context, reverse("results:year", args=[year]), f"resultat-{year}")


def as_file(request: HttpRequest, template: str, context: dict[str, Any], path: str, name: str) -> HttpResponse:
    """The file, shown in the browser, saved under a name that says what it is, and led back to the page at `path`."""
    address = settings.SITE_URL + path
    words = {**context, "address": address, "qr_code": qr_code(address, _("QR-kod till sidan på webben"))}
    file = pdf.pdf_of(render_to_string(template, words, request))
    headers = {
        "Content-Disposition": f'inline; filename="{name}.pdf"',
        "Content-Language": "sv",
        "Link": f'<{address}>; rel="canonical"',
    }
    return HttpResponse(file, content_type="application/pdf", headers=headers)
