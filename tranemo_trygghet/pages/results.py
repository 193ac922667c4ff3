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
from promises.models import Correction
from promises.wording import newest_day
from tranemo_trygghet.pages.answers import Feeling, feeling


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
    return render(request, "followups/year.html", context_or_404(year))


def context_or_404(year: int) -> dict[str, Any]:
    """All that is told of a year, for its page and for its file."""
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
        raise Http404
    return {
        "year": year,
        "sections": [ResultSection(each, YearOfWork(each.promise, year)) for each in results],
        "indicators": indicator_years(year),
        "updated_on": newest_day(
            *(each.published_at for each in results),
            *(correction.made_at for each in results for correction in each.corrections.all()),
        ),
    }
