"""What the public has been told: reports, results, the year's end and meetings, each as one entry of a feed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from followups.models import CombinedResult, CombinedResultSignOff, Deed, FollowUp, Meeting
from followups.reading import reports
from promises.models import Correction, Place, Promise
from promises.months import start_of
from promises.prose import as_html
from promises.wording import capitalised, clock, full_day, listed
from surveys.models import ResultRelease, SurveyRound

NEWEST = 24


@dataclass(frozen=True)
class News:
    """One thing that was told, with a name that stays whatever becomes of its words and its address."""

    name: str
    title: str
    body: str  # safe HTML
    path: str
    author: str
    published_at: datetime | None
    updated_at: datetime


def all_news() -> list[News]:
    rounds = SurveyRound.objects.with_result().prefetch_related("releases")
    meetings = Meeting.objects.published().select_related("place")
    return newest([*of_reports(), *of_rounds(rounds), *of_years(years()), *map(of_meeting, meetings)])


def news_of_reports() -> list[News]:
    return newest(of_reports())


def news_of_promise(promise: Promise) -> list[News]:
    told = [report for report in reports() if report.promise_id == promise.pk]
    ended = [result for result in years() if result.promise_id == promise.pk]
    rounds = promise.rounds.with_result().prefetch_related("releases")
    return newest([*map(of_report, told), *of_rounds(rounds), *of_years(ended)])


def news_of_place(place: Place) -> list[News]:
    """What was done and answered there, and the meetings about it."""
    rounds = place.rounds.with_result().prefetch_related("releases")
    meetings = place.meetings.published()
    return newest([*of_deeds(place), *of_rounds(rounds), *map(of_meeting, meetings)])


def newest(news: Iterable[News]) -> list[News]:
    return sorted(news, key=lambda each: (each.updated_at, each.name), reverse=True)[:NEWEST]


def of_reports() -> Iterator[News]:
    yield from map(of_report, reports()[:NEWEST])


def of_report(report: FollowUp) -> News:
    words = _("%(month)s: inget möte") if report.is_no_meeting else "%(month)s"
    published_at = cast("datetime", report.published_at)
    return News(
        name=f"rapport-{report.pk}",
        title=f"{capitalised(words % {'month': report.period})} – {report.promise}",
        body=as_html(report.no_meeting_reason or report.summary),
        path=report.get_absolute_url(),
        author=listed(each.organisation for each in report.sign_offs.all()),
        published_at=published_at,
        updated_at=max([published_at, *(each.made_at for each in report.corrections.all())]),
    )


def of_rounds(rounds: Iterable[SurveyRound]) -> Iterator[News]:
    """The result that holds of each round: a corrected one is the same entry, made new."""
    for survey_round in rounds:
        releases: list[ResultRelease] = sorted(survey_round.releases.all(), key=lambda each: each.number)
        yield News(
            name=f"enkat-{survey_round.pk}",
            title=_("Resultat: %s") % survey_round.title,
            body=as_html(releases[-1].summary),
            path=reverse("surveys:result", args=[survey_round.slug]),
            author="",
            published_at=releases[0].published_at,
            updated_at=releases[-1].published_at,
        )


def years() -> Iterable[CombinedResult]:
    signed = Prefetch("sign_offs", CombinedResultSignOff.objects.select_related("organisation"))
    corrections = Prefetch("corrections", Correction.objects.all())
    return CombinedResult.objects.published().select_related("promise").prefetch_related(signed, corrections)


def of_years(results: Iterable[CombinedResult]) -> Iterator[News]:
    for result in results:
        published_at = cast("datetime", result.published_at)
        yield News(
            name=f"ar-{result.pk}",
            title=_("%(year)s: så blev det – %(promise)s") % {"year": result.year, "promise": result.promise},
            body=as_html(result.summary),
            path=result.get_absolute_url(),
            author=listed(each.organisation for each in result.sign_offs.all()),
            published_at=published_at,
            updated_at=max([published_at, *(each.made_at for each in result.corrections.all())]),
        )


def of_meeting(meeting: Meeting) -> News:
    words = _("Inställt: %(meeting)s %(day)s") if meeting.is_cancelled else "%(meeting)s %(day)s"
    when = capitalised(f"{full_day(meeting.starts_at)} {clock(meeting.starts_at, meeting.ends_at)}")
    lines = [when, meeting.venue, meeting.cancel_reason]
    return News(
        name=f"mote-{meeting.pk}",
        title=words % {"meeting": meeting, "day": full_day(meeting.starts_at)},
        body=format_html_join("", "<p>{}</p>", ([line] for line in lines if line)),
        path=meeting.get_absolute_url(),
        author="",
        published_at=None,
        updated_at=meeting.changed_at,
    )


def of_deeds(place: Place) -> Iterator[News]:
    """What each report tells was done at the place; what was added to it later makes the entry new."""
    deeds = list(place.deeds.published().select_related("action", "organisation").order_by("done_on", "pk"))
    for report in reports() if deeds else []:
        here = [each for each in deeds if each.action.promise_id == report.promise_id and each.done_on in report.period]
        if here:
            yield of_deeds_in(report, place, here)


def of_deeds_in(report: FollowUp, place: Place, deeds: list[Deed]) -> News:
    published_at = cast("datetime", report.published_at)
    month = capitalised(str(report.period))
    taken_back = (start_of(each.taken_back_on) for each in deeds if each.taken_back_on)
    return News(
        name=f"rapport-{report.pk}-plats-{place.pk}",
        title=_("%(month)s: det här gjordes vid %(place)s") % {"month": month, "place": place},
        body=format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ([in_words(each)] for each in deeds))),
        path=report.get_absolute_url(),
        author=listed(each.organisation for each in report.sign_offs.all()),
        published_at=published_at,
        updated_at=max([published_at, *(each.logged_at for each in deeds), *taken_back]),
    )


def in_words(deed: Deed) -> str:
    """ "Fotpatrull, 9 januari 2026, Polisen"."""
    words = f"{deed.what}, {full_day(deed.done_on)}, {deed.organisation}"
    if deed.taken_back_on:
        back = {"day": full_day(deed.taken_back_on), "reason": deed.taken_back_reason}
        return f"{words}. {_('Återtagen %(day)s: %(reason)s') % back}"
    return words
