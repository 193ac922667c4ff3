"""The combined result at the year's end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from followups.indicators import indicator_years
from followups.models import CombinedResult, CombinedResultSignOff, Verdict
from followups.year_end import YearOfWork
from promises.models import Correction, Promise
from promises.wording import newest_day
from tranemo_trygghet.pages.answers import Feeling, feeling

# In which there can be a result, as the database says.
YEARS = range(2000, 3000)


@dataclass(frozen=True)
class ResultSection:
    """One promise's year: what the partners signed, and the months and surveys that it rests on."""

    result: CombinedResult
    work: YearOfWork

    @property
    def feelings(self) -> list[Feeling]:
        """What the year's surveys answered, as their own published results say it."""
        return [each for each in map(feeling, self.work.releases) if each]


def year(request: HttpRequest, year: int) -> HttpResponse:
    """What became of each action that year, a section a promise."""
    context = context_of(year)
    return render(request, "followups/year.html", context) if context else not_told(request, year)


def not_told(request: HttpRequest, year: int) -> HttpResponse:
    """Whoever comes before the result does reads what was promised of it. It is not found all the same."""
    promises = list(Promise.objects.in_force_in(year)) if year in YEARS else []
    if not promises:
        raise Http404
    return render(request, "followups/year_not_told.html", {"year": year, "promises": promises}, status=404)


def context_or_404(year: int) -> dict[str, Any]:
    context = context_of(year)
    if context is None:
        raise Http404
    return context


def context_of(year: int) -> dict[str, Any] | None:
    """All that is told of a year, for its page and for its file; None before anything is."""
    results = list(
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
        return None
    return {
        "year": year,
        "sections": [ResultSection(each, YearOfWork(each.promise, year)) for each in results],
        "indicators": indicator_years(year),
        "updated_on": newest_day(
            *(each.published_at for each in results),
            *(correction.made_at for each in results for correction in each.corrections.all()),
        ),
    }
