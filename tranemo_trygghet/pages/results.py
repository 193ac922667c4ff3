"""The combined result at the year's end."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from followups.models import CombinedResult, CombinedResultSignOff, Verdict
from promises.models import Correction


def year(request: HttpRequest, year: int) -> HttpResponse:
    """What became of each action that year, a section a promise."""
    results = (
        CombinedResult.objects.published()
        .of_year(year)
        .select_related("promise")
        .prefetch_related(
            Prefetch("sign_offs", CombinedResultSignOff.objects.select_related("organisation")),
            Prefetch("corrections", Correction.objects.select_related("organisation")),
            Prefetch("verdicts", Verdict.objects.select_related("action__promise").order_by("action__number")),
        )
    )
    if not results:
        raise Http404
    return render(request, "followups/year.html", {"year": year, "results": results})
