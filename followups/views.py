"""The public pages about what came of it: the months and the meetings."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from followups.linked_data import events
from followups.models import Meeting
from followups.reading import MonthSection, months_of, sections_of
from followups.report_text import as_text
from promises.addresses import beside, page_and_next
from promises.joining import joined
from promises.models import Promise
from promises.months import Month, today
from promises.wording import capitalised, newest_day, span_of_days

# Long enough for every report of an ended promise to be written, or to be seen as missing.
STAYS_IN_FULL = timedelta(days=365)
# Of those and of the ones before them, so many stand on a page: a municipality has one or two, and one line a year.
IN_FULL, AS_LINES = 5, 100


def months(request: HttpRequest, number: int = 1) -> HttpResponse:
    """The months of promises that hold or held lately, the missing ones among the others; the way to earlier ones.

    So many a page: however many promises there ever were, a page reads no more of them than it shows.
    """
    turn = today() - STAYS_IN_FULL
    lasting, ended = Promise.objects.lasting_to(turn), Promise.objects.ended_before(turn)
    pages_in_full = max(ceil(lasting.count() / IN_FULL), 1)
    promises = months_of(joined(lasting.on_page(number, IN_FULL), "partnerships__organisation", "results"))
    lines = list(ended[page_and_next(number - pages_in_full + 1, AS_LINES)]) if number >= pages_in_full else []
    if number > 1 and not promises and not lines:
        raise Http404
    has_older = number < pages_in_full or len(lines) > AS_LINES
    earlier = [(each, span_of_days(each.starts_on, each.last_day)) for each in lines[:AS_LINES]]
    days = [*(day for each in promises for day in each.changed), *(each.published_at for each, _days in earlier)]
    context = {
        "promises": promises,
        "earlier": earlier,
        "number": number,
        "pager": beside("followups:list", "followups:older", number, has_older=has_older),
        "updated_on": newest_day(*days),
    }
    return render(request, "followups/months.html", context)


def month(request: HttpRequest, month: str, number: int = 1) -> HttpResponse:
    """One month of every promise that has it: the report, or an honest page about why there is none."""
    found = sections_or_404(month, page_and_next(number, IN_FULL))
    sections = found[:IN_FULL]
    context = {
        "title": title_of(sections),
        "sections": sections,
        "are_several": number > 1 or len(found) > 1,
        "number": number,
        "pager": beside("followups:month", "followups:month_more", number, month, has_older=len(found) > IN_FULL),
        "has_report": any(each.report for each in sections),
        "updated_on": newest_day(*(day for section in sections for day in section.changed)),
    }
    return render(request, "followups/month.html", context)


def month_to_copy(request: HttpRequest, month: str) -> HttpResponse:
    """A told month as plain text in a box, for whoever must paste it."""
    sections = sections_or_404(month)
    text = text_or_404(sections)
    context = {"title": title_of(sections), "text": text, "lines": text.count("\n") + 2, "month": month}
    return render(request, "followups/month_to_copy.html", context)


def month_as_text(request: HttpRequest, month: str) -> HttpResponse:
    """The same, as a file."""
    text = text_or_404(sections_or_404(month))
    return HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8")


def text_or_404(sections: list[MonthSection]) -> str:
    """Of a month that nobody has told about there is nothing to paste."""
    text = as_text(sections)
    if not text:
        raise Http404
    return text


def sections_or_404(month: str, some: slice = slice(None)) -> list[MonthSection]:
    """What there is to read of a month that is named in an address: all, or some of it."""
    try:
        sections = sections_of(Month.parse(month), some)
    except ValueError as fault:
        raise Http404 from fault
    if not sections:
        raise Http404
    return sections


def title_of(sections: list[MonthSection]) -> str:
    return capitalised(sections[0].entry.status.label)


def meetings(request: HttpRequest) -> HttpResponse:
    """When residents can meet the partners, and what came up when they did."""
    published = list(Meeting.objects.published().select_related("place").order_by("starts_at"))
    coming = [meeting for meeting in published if not meeting.has_begun]
    context = {
        "coming": coming,
        "events": events(coming),
        "past": [meeting for meeting in reversed(published) if meeting.has_begun],
        "updated_on": newest_day(*(meeting.changed_at for meeting in published)),
    }
    return render(request, "followups/meetings.html", context)
