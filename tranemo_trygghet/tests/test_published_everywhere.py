"""Every `.published()` that a public page asks is needed: without that one, a draft shows on some page.

Mutants without a copy of the code: the queryset looks where it is called from, and at one place at a time it lets all
through. So the list is never out of date, and each is tried on the pages alone that ask there.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from linecache import getline
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils.text import slugify

from followups.models import Reading
from followups.tests.make import make_deed, make_indicator, make_meeting, make_report
from promises.models import Place, Term
from promises.tests.make import make_place, make_promise
from subscriptions.tests.make import make_open_meeting
from surveys.tests.make import make_question, make_round, make_survey
from tranemo_trygghet.tests.make import SECRET, TENTH_OF_MAY, Portal, make_portal, plant_secrets
from tranemo_trygghet.tests.test_page_store_addresses import ROWS, addresses
from tranemo_trygghet.tests.test_pages import words_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.alike]

Line = tuple[str, int, int]  # the file, the line, and where in it: some lines ask twice


def place_asking() -> Line:
    """Where in our own code the queryset is asked, past Django's managers."""
    frame: Any = sys._getframe(2)
    while "/django/" in frame.f_code.co_filename or frame.f_code.co_name == "published":
        frame = frame.f_back
    path = Path(frame.f_code.co_filename)
    file = path.relative_to(settings.BASE_DIR).as_posix() if path.is_relative_to(settings.BASE_DIR) else str(path)
    return file, frame.f_lineno, frame.f_lasti


# What these keep back is kept back by another one too, or is in no draft of the tests' portal. Whoever plants a draft
# that shows takes its line away here. No line may be added.
NOT_SEEN_ALONE = {
    "followups/news.py: done_here = place.deeds",
    "followups/reading.py: deeds = list(Deed.objects",
    "followups/reading.py: terms = list(Term.objects",
    "followups/year_end.py: rounds = self.promise.rounds",
    'promises/who_and_where.py: visible = {"place__in": Place.objects',
    "surveys/models/rounds.py: return self",
    "surveys/views.py: survey_round = get_object_or_404(SurveyRound.objects",
    "surveys/views.py: ROUND_AT_ADDRESS = Often(lambda slug: SurveyRound.objects",
    "tranemo_trygghet/open_data/of_followups.py: late = set(Deed.objects",
    "tranemo_trygghet/pages/answers.py: by_round = ResultRelease.objects",
    "tranemo_trygghet/pages/answers.py: return ResultRelease.objects",
    "tranemo_trygghet/pages/places.py: done = Deed.objects",
    'tranemo_trygghet/pages/promises.py: extensions = Prefetch("extensions", Extension.objects',
}


class Guards:
    """Which places ask, while which page is made; and the one that lets everything through."""

    def __init__(self) -> None:
        self.address = ""
        self.asked: dict[Line, set[str]] = defaultdict(set)
        self.open: Line | None = None

    def instead_of(self, published: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def asked(queryset: Any) -> Any:
            place = place_asking()
            self.asked[place].add(self.address)
            return queryset.all() if place == self.open else published(queryset)

        return asked

    @contextmanager
    def without(self, place: Line) -> Iterator[None]:
        self.open = place
        yield
        self.open = None


@pytest.fixture
def guards(monkeypatch) -> Guards:
    guards = Guards()
    kinds = {base for model in apps.get_models() for base in type(model._default_manager.all()).__mro__}
    for kind in kinds:
        if "published" in vars(kind):
            monkeypatch.setattr(kind, "published", guards.instead_of(vars(kind)["published"]))
    return guards


def seen(client: Client, address: str) -> tuple[int, str] | str:
    """What somebody gets there; a fault is noticed too."""
    try:
        page = client.get(address)
    except Exception as fault:
        return repr(fault)
    return page.status_code, words_in(page.content)


def guesses() -> list[str]:
    """The addresses that the drafts would have."""
    words = [SECRET, Place.objects.get(name=SECRET).slug, "2026", "2026-01", "2026-03", "2026-04", "parken"]
    found = []
    for name in ROWS:
        for word in words:
            with suppress(NoReverseMatch):
                found.append(reverse(name, args=[word]))
    return [*found, *(f"/sok/?q={word}" for word in (SECRET, "stölder", "lamporna")), "/healthz"]


def plant_drafts_nearby(portal: Portal) -> None:
    """Drafts that nothing else keeps out of sight than the one place that asks."""
    year = {"starts_on": date(2027, 1, 1), "ends_on": date(2027, 12, 31)}
    make_promise(published=False, predecessor=portal.promise, slug="2027", title=SECRET, **year)
    make_promise(published=False, slug="2024", title=SECRET, starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31))
    for word in ("enligt", "hänt"):
        Term.objects.create(word=word, slug=slugify(word), explanation=SECRET)
    make_meeting(date(2026, 4, 21), title=SECRET, place=portal.place)
    make_deed(portal.promise.actions.get(number=4), what=SECRET, place=make_place("Hamnen"), done_on=date(2026, 4, 9))
    past = {"opens_at": datetime(2026, 1, 1, tzinfo=UTC), "closes_at": datetime(2026, 2, 1, tzinfo=UTC)}
    make_round(survey=portal.survey_round.survey, places=[portal.place], locked=False, slug="2026-03", **past)
    taken_down = make_place("Parken")
    promise = make_promise(places=[taken_down], slug="parken")
    make_deed(promise.actions.first(), place=taken_down, done_on=date(2026, 1, 9))
    make_report(promise, "2026-01")
    make_open_meeting(date(2026, 4, 22), place=taken_down)
    taken_down.unpublish()
    plant_what_is_searched_for(portal)


def plant_what_is_searched_for(portal: Portal) -> None:
    thefts = make_indicator(name="Stölder")
    thefts.publish()
    Reading.objects.create(indicator=thefts, first_day=date(2027, 1, 1), value=3)
    added = make_question("added", text=SECRET)
    portal.survey_round.survey.items.create(question=added, order=9)
    survey, places = make_survey([make_question("lamps", text="Lyser lamporna?")]), [portal.place]
    make_round(survey=survey, places=places)
    later = {"opens_at": datetime(2026, 6, 1, tzinfo=UTC), "closes_at": datetime(2026, 7, 1, tzinfo=UTC)}
    make_round(survey=survey, places=places, locked=False, slug=f"{SECRET}-2", **later)


def test_without_any_one_of_them_some_page_is_another(guards: Guards, client: Client, clock) -> None:
    clock.move_to(TENTH_OF_MAY)
    portal = make_portal()
    plant_secrets(portal)
    plant_drafts_nearby(portal)
    guards.asked.clear()
    as_it_should = {}
    for guards.address in dict.fromkeys([*addresses(portal), *guesses()]):
        first, again = seen(client, guards.address), seen(client, guards.address)
        if first == again:
            as_it_should[guards.address] = first
    unmissed, tried = [], 0
    for (file, line, at), pages in guards.asked.items():
        if "/tests/" not in file:
            tried += 1
            with guards.without((file, line, at)):
                kept = [page for page in as_it_should if page in pages]
                if all(seen(client, page) == as_it_should[page] for page in kept):
                    asks = getline(str(settings.BASE_DIR / file), line).strip().partition(".published()")[0]
                    unmissed.append(f"{file}: {asks}")
    assert tried > 60
    assert set(unmissed) <= NOT_SEEN_ALONE
