"""The public meetings, and when surveys open and close, as one calendar to subscribe to.

One and not two: whoever follows wants to know when there is something to do, and one address is asked for once.
Meetings are in UTC: every calendar then shows the right hour, summer and winter. Surveys are whole days.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from followups.feeds import host
from followups.models import Meeting
from promises.months import swedish_day
from surveys.models import SurveyRound

USUAL_LENGTH = timedelta(hours=1, minutes=30)
ONE_DAY = timedelta(days=1)
# What is longer ago stands on the portal's pages, and in no calendar for ever.
STAYS = timedelta(days=365)


def calendar(request: HttpRequest) -> HttpResponse:
    made = Calendar()
    made.add("prodid", f"-//{settings.SITE_NAME}//sv")
    made.add("version", "2.0")
    made.add("x-wr-calname", _("%(site)s: möten och enkäter") % {"site": settings.SITE_NAME})
    made.add("x-wr-timezone", settings.TIME_ZONE)
    made.add("refresh-interval", timedelta(hours=12), parameters={"value": "DURATION"})
    for each in events():
        made.add_component(each)
    return HttpResponse(made.to_ical(), content_type="text/calendar; charset=utf-8")


def events() -> Iterator[Event]:
    turn = timezone.now() - STAYS
    for meeting in Meeting.objects.published().starting_from(turn).order_by("starts_at", "pk"):
        yield meeting_event(meeting)
    for survey_round in SurveyRound.objects.published().closing_from(turn).order_by("opens_at", "pk").told():
        if survey_round.was_asked:
            yield opening(survey_round)
            yield last_day(survey_round)


def meeting_event(meeting: Meeting) -> Event:
    """A cancelled one stays, marked, so that it is cancelled in the reader's calendar too."""
    about = _("Öppet för alla. Du behöver inte anmäla dig.")
    if meeting.is_cancelled:
        about = _("Mötet är inställt: %(reason)s") % {"reason": meeting.cancel_reason}
    made = begun(f"mote-{meeting.pk}", str(meeting), about, meeting.get_absolute_url(), meeting.changed_at)
    made.add("dtstart", meeting.starts_at)
    made.add("dtend", meeting.ends_at or meeting.starts_at + USUAL_LENGTH)
    made.add("sequence", meeting.sequence)
    made.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    if meeting.venue:
        made.add("location", meeting.venue)
    return made


def opening(survey_round: SurveyRound) -> Event:
    title = _("Enkäten öppnar: %s") % survey_round.title
    day = swedish_day(survey_round.opens_at)
    return whole_day(f"enkat-{survey_round.pk}-oppnar", title, day, survey_round, survey_round.opens_at)


def last_day(survey_round: SurveyRound) -> Event:
    """The last day on which it can be answered; a round that staff close early ends that day."""
    title = _("Sista dagen att svara: %s") % survey_round.title
    closed_at = survey_round.closed_at
    closed_early = closed_at is not None and closed_at < survey_round.closes_at
    stamp = closed_at if closed_at and closed_early else survey_round.opens_at
    name = f"enkat-{survey_round.pk}-stanger"
    return whole_day(name, title, survey_round.last_day, survey_round, stamp, sequence=int(closed_early))


def whole_day(name: str, title: str, day: date, survey_round: SurveyRound, stamp: datetime, sequence: int = 0) -> Event:
    made = begun(name, title, _("Svara på enkäten:"), survey_round.get_absolute_url(), stamp)
    made.add("dtstart", day)
    made.add("dtend", day + ONE_DAY)
    made.add("sequence", sequence)
    # Nobody is busy all day because a survey is open.
    made.add("transp", "TRANSPARENT")
    return made


def begun(name: str, title: str, about: str, path: str, stamp: datetime) -> Event:
    made = Event()
    address = settings.SITE_URL + path
    made.add("uid", f"{name}@{host()}")
    made.add("dtstamp", stamp)
    made.add("last-modified", stamp)
    made.add("summary", title)
    # Twice: the calendars of Google and Outlook show no URL.
    made.add("description", f"{about}\n{address}")
    made.add("url", address)
    return made
