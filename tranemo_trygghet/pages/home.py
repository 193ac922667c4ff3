"""The front page: what was promised, how it goes, what is missing, and what you can do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from followups.models import Meeting, Standing
from followups.reading import PromiseMonths, months_on_record
from followups.record import Record
from followups.standing import ActionStanding, standings_on_record
from promises.joining import joined
from promises.models import Contact, Promise
from promises.months import today
from promises.telling import names
from promises.wording import newest_day
from surveys.models import ResultRelease, SurveyRound
from tranemo_trygghet.pages.answers import feeling, newest_release


@dataclass(frozen=True)
class CountedStanding:
    """So many of a promise's actions that stand alike."""

    code: Standing
    number: int
    of_all: int

    @property
    def label(self) -> str:
        """ "Pågår: 4 av 5"."""
        count = _("%(count)s av %(target)s") % {"count": self.number, "target": self.of_all}
        return f"{self.code.label}: {count}"


@dataclass(frozen=True)
class PromiseToday:
    """A promise in force as it stands today."""

    months: PromiseMonths
    actions: Sequence[ActionStanding]
    changed: Sequence[date | None]  # when what is shown of it was

    @property
    def promise(self) -> Promise:
        return self.months.promise

    @property
    def partners(self) -> str:
        """ "Polisen och kommunen"."""
        return names(each.organisation.short_name for each in self.promise.partnerships.all())

    @property
    def late(self) -> list[ActionStanding]:
        return [each for each in self.actions if each.late_note]

    @property
    def counted(self) -> list[CountedStanding]:
        """How many of the actions stand so, in the order of the standings."""
        codes = Counter(each.code for each in self.actions)
        return [CountedStanding(code, codes[code], len(self.actions)) for code in Standing if codes[code]]


@dataclass(frozen=True)
class Gap:
    """Why no promise is in force: the last one ended, the next one has not begun, or there never was one."""

    ended: Promise | None
    coming: Promise | None


def home(request: HttpRequest) -> HttpResponse:
    in_force = as_of_today(Promise.objects.in_force_on(today()).in_brief())
    release, now = newest_release(), right_now()
    context = {
        "in_force": in_force,
        "gap": None if in_force else gap(),
        "feeling": feeling(release),
        "updated_on": last_change(in_force, release, **now),
        **now,
    }
    return render(request, "site/home.html", context)


def as_of_today(promises: QuerySet[Promise]) -> list[PromiseToday]:
    """The promises with all that is told of how they go, each kind read once for them all."""
    record = Record(joined(promises, "partnerships__organisation", "results"), places_of_rounds=False)
    found = []
    for each in record.promises:
        months = months_on_record(record, each)
        changed = [*months.changed, *record.changed(each)]
        found.append(PromiseToday(months, standings_on_record(record, each), changed))
    return found


def gap() -> Gap:
    day = today()
    return Gap(ended=Promise.objects.ended_before(day).first(), coming=Promise.objects.starting_after(day).first())


def last_change(
    in_force: Sequence[PromiseToday],
    release: ResultRelease | None,
    open_rounds: Iterable[SurveyRound],
    meeting: Meeting | None,
    contacts: Iterable[Contact],
) -> str:
    """The day that the newest of what is on the page was published, began or was decided."""
    return newest_day(
        *(day for each in in_force for day in each.changed),
        *(day for each in open_rounds for day in each.changed),
        release.published_at if release else None,
        meeting.changed_at if meeting else None,
        *(day for each in contacts for day in each.changed),
    )


def right_now() -> dict[str, Any]:
    """What a resident can do today."""
    return {
        "open_rounds": joined(SurveyRound.objects.open_at(timezone.now()).told("codebook"), "round_places__place"),
        "meeting": Meeting.objects.published().coming().first(),
        "contacts": Contact.objects.current_on(today()).select_related("organisation"),
    }
