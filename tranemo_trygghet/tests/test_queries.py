"""What a page asks of the database when it is made: little, and as much for one row as for three."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from followups.models import FollowUp, Meeting
from followups.tests.make import make_deed, make_indicator, make_meeting, make_report, make_target
from promises.models import ActionPlace, Correction, Extension, PlaceReason
from promises.tests.make import make_contact, make_locality, make_place, make_promise, publish, ready
from surveys.models import Channel
from surveys.results import publish_release
from surveys.tests.make import answer, close_and_count, make_coordinator, make_round, make_survey
from tranemo_trygghet.tests.make import SWEDEN, TENTH_OF_MAY, Portal, make_portal, make_result, make_term
from tranemo_trygghet.tests.test_page_store_addresses import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.alike]

MOST = 12
SEARCHES = ["/sok/?q=a", "/en/sok/?q=a", "/uk/sok/?q=t", "/lattlast/sok/?q=trygg"]


def test_no_public_page_asks_more_than_twelve_questions_or_more_for_more_rows(clock, client: Client) -> None:
    clock.move_to(TENTH_OF_MAY)
    portal = make_portal()
    tried = addresses(portal) + SEARCHES
    one_more_of_everything(portal, 1)
    questions(client, tried)  # what is asked for but once a process is known after this
    with_one = questions(client, tried)
    one_more_of_everything(portal, 2)
    one_more_of_everything(portal, 3)
    with_three = questions(client, tried)
    assert {address: (with_one[address], number) for address, number in with_three.items() if number > MOST} == {}
    grown = {address: (with_one[address], number) for address, number in with_three.items()}
    assert {address: pair for address, pair in grown.items() if pair[1] > pair[0]} == {}


def questions(client: Client, tried: list[str]) -> dict[str, int]:
    found = {}
    for address in tried:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200, address
        found[address] = len(asked)
    return found


def one_more_of_everything(portal: Portal, number: int) -> None:
    """A row more in every list: what is shown, and what is signed, taken back, late or still to come."""
    promise, partners = portal.promise, portal.promise.signing_partners()
    place = make_place(locality=make_locality())
    PlaceReason.objects.create(place=portal.place, source="samfu", noted_on=date(2026, 1, number))
    PlaceReason.objects.create(place=place, source="samfu", noted_on=date(2026, 1, number))
    for action in promise.actions.all():
        ActionPlace.objects.create(action=action, place=place)
        for here in (portal.place, place):
            make_deed(action, place=here, done_on=date(2026, 1, 9 + number))
        make_target(action, number=number, unit="gånger", decided_on=date(2026, 1, 1 + number))
    meeting = {"kind": Meeting.Kind.RESIDENTS, "is_public": True, "place": portal.place}
    make_meeting(date(2026, 1, 20 + number), **meeting)
    make_meeting(date(2026, 7, number), state=Meeting.State.PLANNED, **meeting)
    make_term(f"Ord {number}")
    make_contact(partners[0])
    indicator = make_indicator()
    indicator.publish()
    for month in (1, 2, 3):
        indicator.readings.create(first_day=date(2026, month, 1), value=number)
    Correction.objects.create(
        document=promise, text="Ett ord.", organisation=partners[0], made_by=promise.sign_offs.first().signed_by
    )
    ended = make_promise(
        partners=partners, starts_on=date(2024, number, 1), ends_on=date(2024, 12, 31), slug=f"2024-{number}"
    )
    a_promise_before_and_its_follower(ended, number)
    publish(
        Extension.objects.create(
            promise=promise, new_last_day=date(2027, 1, number), decided_on=date(2026, 2, 1), reason="Mer tid."
        )
    )
    half_signed_report(portal, number)
    more_rounds(portal, place, number)


def a_promise_before_and_its_follower(ended, number: int) -> None:
    make_result(ended)
    make_promise(
        partners=ended.signing_partners(),
        starts_on=date(2025, number, 1),
        ends_on=date(2025, 12, 31),
        slug=f"2025-{number}",
        predecessor=ended,
    )


def half_signed_report(portal: Portal, number: int) -> None:
    """March awaits signatures, of the promise at first and then of others that are in force beside it."""
    promise = portal.promise
    if number > 1:
        promise = make_promise(partners=promise.signing_partners(), starts_on=date(2026, 1, 1), slug=f"2026-{number}")
        make_report(promise, "2026-01")
        make_report(promise, "2026-02", kind=FollowUp.Kind.NO_MEETING, no_meeting_reason="Alla var sjuka.")
    report = ready(make_report(promise, "2026-03", published=False))
    first = promise.signing_partners()[0]
    signer = promise.sign_offs.get(organisation=first).signed_by
    report.sign(signer, report.digest())


def more_rounds(portal: Portal, place, number: int) -> None:
    told = make_round(places=[portal.place, place], promise=portal.promise, survey=portal.survey_round.survey)
    answer(told, times=12, channel=Channel.CODE, safety="safe")
    close_and_count(told)
    publish_release(told, make_coordinator())
    opens_at = datetime(2026, 5, number, tzinfo=SWEDEN)
    for begins in (opens_at, opens_at + timedelta(days=30)):
        times = {"opens_at": begins, "closes_at": begins + timedelta(days=20)}
        make_round(survey=make_survey(), places=[portal.place, place], promise=portal.promise, **times)
