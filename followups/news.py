"""What the public has been told: reports, results, the year's end and meetings, each as one entry of a feed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from followups.models import CombinedResult, CombinedResultSignOff, Deed, FollowUp, Meeting
from followups.models.meeting import MeetingQuerySet
from followups.reading import reports
from promises.models import Correction, Place, Promise
from promises.months import start_of
from promises.prose import as_html
from promises.wording import capitalised, clock, full_day, listed
from surveys.models import ResultRelease, SurveyRound
from surveys.models.rounds import RoundQuerySet

NEWEST = 24
# The deeds of a place among which its newest reports are looked for: some years of them.
ENOUGH_DEEDS = 500


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
    rounds, meetings = SurveyRound.objects.all(), Meeting.objects.all()
    return newest([*of_reports(), *of_rounds(rounds), *of_years(years()), *of_meetings(meetings)])


def news_of_reports() -> list[News]:
    return newest(of_reports())


def news_of_promise(promise: Promise) -> list[News]:
    told, ended = reports().filter(promise=promise), years().filter(promise=promise)
    return newest([*map(of_report, told[:NEWEST]), *of_rounds(promise.rounds.all()), *of_years(ended)])


def news_of_place(place: Place) -> list[News]:
    """What was done and answered there, and the meetings about it."""
    return newest([*of_deeds(place), *of_rounds(place.rounds.all()), *of_meetings(place.meetings.all())])


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
        body=with_corrections(report.no_meeting_reason or report.summary, report.corrections.all()),
        path=report.get_absolute_url(),
        author=listed(each.organisation for each in report.sign_offs.all()),
        published_at=published_at,
        updated_at=max([published_at, *(each.made_at for each in report.corrections.all())]),
    )


def of_rounds(rounds: RoundQuerySet) -> Iterator[News]:
    """The result that holds of each round: a corrected one is the same entry, made new."""
    told = ResultRelease.objects.defer("content")
    for survey_round in rounds.newest_told().prefetch_related(Prefetch("releases", told))[:NEWEST]:
        releases: list[ResultRelease] = sorted(survey_round.releases.all(), key=lambda each: each.number)
        yield News(
            name=f"enkat-{survey_round.pk}",
            title=_("Resultat: %s") % survey_round.title,
            body=of_release(releases[-1]),
            path=reverse("surveys:result", args=[survey_round.slug]),
            author="",
            published_at=releases[0].published_at,
            updated_at=releases[-1].published_at,
        )


def of_release(release: ResultRelease) -> SafeString:
    summary = as_html(release.summary)
    if release.number == 1:
        return summary
    return format_html("<p>{}</p>{}", _("Resultatet är rättat. Skälet: %s") % release.reason, summary)


def with_corrections(text: str, corrections: Iterable[Correction]) -> SafeString:
    """What was told and, since the entry is new by them, what has been corrected since."""
    rows = ((_("Rättelse"), full_day(each.made_at), as_html(each.text)) for each in corrections)
    return as_html(text) + format_html_join("", "<p><strong>{} {}</strong></p>{}", rows)


def years() -> QuerySet[CombinedResult]:
    signed = Prefetch("sign_offs", CombinedResultSignOff.objects.select_related("organisation"))
    corrections = Prefetch("corrections", Correction.objects.all())
    results = CombinedResult.objects.published().order_by("-published_at", "pk")
    return results.select_related("promise").prefetch_related(signed, corrections)


def of_years(results: QuerySet[CombinedResult]) -> Iterator[News]:
    for result in results[:NEWEST]:
        published_at = cast("datetime", result.published_at)
        yield News(
            name=f"ar-{result.pk}",
            title=_("%(year)s: så blev det – %(promise)s") % {"year": result.year, "promise": result.promise},
            body=with_corrections(result.summary, result.corrections.all()),
            path=result.get_absolute_url(),
            author=listed(each.organisation for each in result.sign_offs.all()),
            published_at=published_at,
            updated_at=max([published_at, *(each.made_at for each in result.corrections.all())]),
        )


def of_meetings(meetings: MeetingQuerySet) -> Iterator[News]:
    return map(of_meeting, meetings.published().select_related("place").order_by("-changed_at", "pk")[:NEWEST])


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
    done_here = place.deeds.published().select_related("action", "organisation")
    told = reports_of(done_here.newest_first()[:ENOUGH_DEEDS])
    if not told:
        return
    # Once more, since the oldest of these reports may tell of more than was looked at to find it.
    first_day, promises = min(each.first_day for each in told), {each.promise for each in told}
    deeds = list(done_here.done_for(promises).filter(done_on__gte=first_day).order_by("done_on", "pk"))
    for report in told:
        yield of_deeds_in(report, place, [each for each in deeds if is_told_in(report, each)])


def reports_of(deeds: Iterable[Deed]) -> list[FollowUp]:
    """The newest reports that tell of some of the deeds."""
    days: defaultdict[int, list[date]] = defaultdict(list)
    for each in deeds:
        days[each.action.promise_id].append(each.done_on)
    since = min((day for own in days.values() for day in own), default=None)
    told = reports().filter(promise__in=days, end_day__gt=since) if since else ()
    return [each for each in told if any(day in each.period for day in days[each.promise_id])][:NEWEST]


def is_told_in(report: FollowUp, deed: Deed) -> bool:
    return deed.action.promise_id == report.promise_id and deed.done_on in report.period


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
