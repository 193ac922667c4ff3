"""Run inside the portal: fills it with so many years of promises, reports, deeds and rounds, and times what is made."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from io import StringIO
from itertools import islice
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402  (needs the apps)
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from followups.models import Deed, FollowUp  # noqa: E402
from promises.models import Action, Partnership, Place, Promise, User  # noqa: E402
from promises.months import Month, Period, start_of  # noqa: E402
from promises.signing import State  # noqa: E402
from surveys.models import RoundPlace, SurveyRound  # noqa: E402
from tranemo_trygghet.staff_login import second_factor  # noqa: E402

ACTIONS, MONTHS, DEEDS, ROUNDS = 5, 12, 500, 20  # of each promise
FIRST_YEAR = 2016


def main(promises: int) -> None:
    settings.DEBUG, settings.PAGE_STORE, settings.ALLOWED_HOSTS = False, False, ["*"]
    # No file is asked for here; without a folder WhiteNoise would warn.
    settings.STATIC_ROOT = settings.BASE_DIR / "static"
    # Whoever is logged in here has shown a second factor.
    second_factor.is_excused = lambda user: True
    for number in range(promises):
        add(number, with_rounds=number < 10)
    print(json.dumps(times()))


def add(number: int, *, with_rounds: bool) -> None:
    """A promise of a past year, reported each month, with its deeds."""
    year = FIRST_YEAR + number % 10
    example = Promise.objects.published().newest_first()[0]
    promise = Promise(
        title=f"Löfte {number}",
        slug=f"vaxt-{number}",
        lead=example.lead,
        starts_on=date(year, 1, 1),
        ends_on=date(year, 12, 31),
    )
    promise.save()
    partners = example.signing_partners()
    Partnership.objects.bulk_create(Partnership(promise=promise, organisation=each) for each in partners)
    actions = [
        Action(promise=promise, number=each, slug=f"atgard-{each}", title=f"Åtgärd {each}", text="Det här gör vi.")
        for each in range(1, ACTIONS + 1)
    ]
    Action.objects.bulk_create(actions)
    FollowUp.objects.bulk_create(report(promise, Period(Month(year, month), 1)) for month in range(1, MONTHS + 1))
    # Past the signatures: what is measured is reading.
    Promise._base_manager.filter(pk=promise.pk).update(state=State.PUBLISHED, published_at=start_of(promise.starts_on))
    for each in promise.followups.all():
        told_at = start_of(each.end_day) + timedelta(days=14)
        FollowUp._base_manager.filter(pk=each.pk).update(state=State.PUBLISHED, published_at=told_at)
    user, places = User.objects.filter(organisation=partners[0])[0], list(Place.objects.all())
    deeds = (deed(actions[each % ACTIONS], places[each % len(places)], user, year, each) for each in range(DEEDS))
    while batch := list(islice(deeds, 1000)):
        Deed.objects.bulk_create(batch)
    if with_rounds:
        add_rounds(promise, places[number % len(places)], year)


def report(promise: Promise, period: Period) -> FollowUp:
    words = "Vi har gått fotpatruller och träffat unga på fritidsgården. " * 4
    return FollowUp(promise=promise, first_day=period.first_day, end_day=period.end_day, summary=words)


def deed(action: Action, place: Place, user: User, year: int, number: int) -> Deed:
    day = date(year, 1, 1) + timedelta(days=number * 360 // DEEDS)
    told = {"what": "Fotpatrull", "done_on": day, "place": place, "logged_at": start_of(day)}
    return Deed(action=action, organisation=user.organisation, logged_by=user, **told)


def add_rounds(promise: Promise, place: Place, year: int) -> None:
    example = SurveyRound.objects.with_result().newest_first()[0]
    for number in range(ROUNDS):
        opens_at = example.opens_at.replace(year=year, month=number % 12 + 1, day=number % 28 + 1)
        survey_round = SurveyRound(
            survey=example.survey,
            promise=promise,
            title=f"Omgång {number}",
            slug=f"{promise.slug}-{number}",
            opens_at=opens_at,
            closes_at=opens_at + timedelta(days=14),
            main_question=example.main_question,
            disposal_decision="Dnr 1",
        )
        survey_round.save()
        RoundPlace.objects.create(round=survey_round, place=place, number=1)
        moved = {"state": SurveyRound.State.COUNTED, "codebook": example.codebook, "closed_at": survey_round.closes_at}
        SurveyRound._base_manager.filter(pk=survey_round.pk).update(**moved)


def times() -> dict[str, float]:
    """Milliseconds of processor time for each page, list and command."""
    public, staff = Client(), Client()
    place, month = Place.objects.published()[0], FollowUp.objects.published().newest_first()[0]
    asked: dict[str, Callable[[], Any]] = {
        "förstasidan": lambda: public.get("/"),
        "löftet": lambda: public.get(Promise.objects.published().newest_first()[0].get_absolute_url()),
        "en plats": lambda: public.get(place.get_absolute_url()),
        "en månad": lambda: public.get(month.get_absolute_url()),
        "alla månader": lambda: public.get("/uppfoljningar/"),
        "alla löften": lambda: public.get("/loften/"),
        "alla enkäter": lambda: public.get("/enkater/"),
    }
    staff.force_login(User.objects.get(username="polis"))
    for label, name in (("insatser", "followups/deed"), ("rapporter", "followups/followup")):
        asked[f"kontorets lista över {label}"] = partial(staff.get, f"/admin/{name}/")
    asked["kontorets startsida"] = lambda: staff.get("/admin/")
    for command in ("send_mail", "send_reminders"):
        asked[f"manage.py {command}"] = partial(call_command, command, stdout=StringIO())
    return dict(timed(asked))


def timed(asked: dict[str, Callable[[], Any]]) -> Iterator[tuple[str, float]]:
    for name, ask in asked.items():
        ask()
        begun = time.process_time()
        for _ in range(3):
            ask()
        yield name, round(1000 * (time.process_time() - begun) / 3, 1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
