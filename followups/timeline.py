"""The year in the order that it happened: deeds, meetings and surveys under their months."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from followups.calendar import PeriodStatus
from followups.models import Deed, Meeting
from promises.months import swedish_day
from promises.telling import isolated, tell
from promises.wording import brief_day, capitalised
from surveys.models import SurveyRound

SHOWN_IN_A_MONTH = 5


@dataclass(frozen=True)
class Happening:
    """One line of the timeline."""

    done_on: date
    kind: str
    kind_label: str
    text: str
    url: str = ""

    @property
    def day(self) -> str:
        return brief_day(self.done_on)


@dataclass(frozen=True)
class Gathered:
    """What there was no room for, in one line."""

    text: str
    url: str
    day: str = ""
    kind: str = "more"
    kind_label: str = ""


@dataclass(frozen=True)
class TimelineMonth:
    """A period with what happened in it."""

    status_of_period: PeriodStatus
    events: Sequence[Happening | Gathered]

    @property
    def label(self) -> str:
        return capitalised(self.status_of_period.label)

    @property
    def url(self) -> str:
        return self.status_of_period.url

    @property
    def status(self) -> str:
        return self.status_of_period.status

    @property
    def status_label(self) -> str:
        is_running = self.status_of_period.is_current and not self.url
        return _("pågår nu") if is_running else self.status_of_period.status_label


def timeline(
    ribbon: Iterable[PeriodStatus], deeds: Iterable[Deed], meetings: Iterable[Meeting], rounds: Iterable[SurveyRound]
) -> list[TimelineMonth]:
    """The periods that have begun, newest first, each with its happenings in order."""
    happenings = sorted(
        [*map(of_deed, deeds), *map(of_meeting, meetings), *map(of_round, rounds)], key=lambda each: each.done_on
    )
    return [
        TimelineMonth(period, shortened([each for each in happenings if each.done_on in period.period], period.url))
        for period in reversed(list(ribbon))
        if period.url or period.is_current
    ]


def shortened(happenings: list[Happening], url: str) -> Sequence[Happening | Gathered]:
    """All of them, or the first few and how many more there are; surveys and meetings are always told."""
    if len(happenings) <= SHOWN_IN_A_MONTH:
        return happenings
    deeds = [each for each in happenings if each.kind == "deed"]
    room = max(SHOWN_IN_A_MONTH - 1 - (len(happenings) - len(deeds)), 1)
    hidden = deeds[room:]
    if len(hidden) < 2:
        return happenings
    words = ngettext("och %(count)s insats till", "och %(count)s insatser till", len(hidden)) % {"count": len(hidden)}
    return [each for each in happenings if each not in hidden] + [Gathered(words, url)]


def of_deed(deed: Deed) -> Happening:
    where = _(", ") + isolated(str(deed.public_place)) if deed.public_place else ""
    return Happening(deed.done_on, "deed", _("Insats"), format_html("{}{}", tell(deed.what).inline(), where))


def of_meeting(meeting: Meeting) -> Happening:
    return Happening(meeting.day, "meeting", _("Möte"), meeting.heading, meeting.get_absolute_url())


def of_round(survey_round: SurveyRound) -> Happening:
    opened = swedish_day(survey_round.opens_at)
    return Happening(opened, "survey", _("Enkät"), tell(survey_round.title).inline(), survey_round.get_absolute_url())
