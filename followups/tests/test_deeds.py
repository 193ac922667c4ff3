"""Deeds: logged afterwards, by the organisation that did them, and taken back in public."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from followups.models import Deed, Meeting
from followups.tests.make import make_deed, make_meeting, make_report
from followups.tests.test_admin_month import logged_in, messages_of
from promises.models import Action, ActionKind, Organisation, Promise, User
from promises.policy import Role
from promises.tests.make import make_organisation, make_place, make_promise, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.alike, pytest.mark.usefixtures("clock")]

ADD = "/admin/followups/deed/add/"
MANY = "/admin/followups/deed/flera/"
TODAY = date(2026, 3, 16)
SWEDEN = ZoneInfo("Europe/Stockholm")


@pytest.fixture
def partners() -> list[Organisation]:
    return [make_organisation("Polisen"), make_organisation("Tranemo kommun")]


@pytest.fixture
def promise(partners: list[Organisation]) -> Promise:
    return make_promise(partners=partners)


@pytest.fixture
def patrol(promise: Promise) -> Action:
    return promise.actions.get(kind=ActionKind.HOTSPOT)


@pytest.fixture
def officer(partners: list[Organisation]) -> User:
    return make_user(partners[0])


def five_fields(action: Action, **changes: Any) -> dict[str, Any]:
    return {"what": "Fotpatrull", "done_on": "2026-03-14", "place": "", "action": action.pk, "quantity": 1} | changes


def address(deed: Deed, name: str = "change") -> str:
    return reverse(f"admin:followups_deed_{name}", args=[deed.pk])


# --- Logging ------------------------------------------------------------------------------------------


def test_five_fields_log_a_deed_for_the_own_organisation(patrol: Action, officer: User) -> None:
    place = make_place()
    response = logged_in(officer).post(ADD, five_fields(patrol, place=place.pk, quantity=2))
    assert response.status_code == 302
    deed = Deed.objects.get()
    assert (deed.organisation, deed.logged_by, deed.place, deed.quantity) == (officer.organisation, officer, place, 2)
    assert deed.done_on == date(2026, 3, 14)


def test_a_forged_organisation_is_not_heard(patrol: Action, officer: User, partners: list[Organisation]) -> None:
    forged = five_fields(patrol, organisation=partners[1].pk, organisation_id=partners[1].pk, logged_by=1)
    logged_in(officer).post(ADD, forged)
    assert Deed.objects.get().organisation == partners[0]


def test_a_deed_is_never_planned(patrol: Action, officer: User) -> None:
    response = logged_in(officer).post(ADD, five_fields(patrol, done_on="2026-03-17"))
    assert "Insatser loggas när de är gjorda, aldrig i förväg." in response.content.decode()
    with pytest.raises(ValidationError, match="aldrig i förväg"):
        make_deed(patrol, done_on=date(2026, 3, 17))
    assert not Deed.objects.exists()
    assert logged_in(officer).post(ADD, five_fields(patrol, done_on="2026-03-16")).status_code == 302


@pytest.mark.differs
def test_a_deed_lies_within_the_promise(patrol: Action, officer: User) -> None:
    response = logged_in(officer).post(ADD, five_fields(patrol, done_on="2025-12-31"))
    assert "Löftet gällde inte den dagen." in response.content.decode()


def test_a_stranger_logs_nothing(patrol: Action) -> None:
    stranger = make_user(make_organisation())
    assert logged_in(stranger).post(ADD, five_fields(patrol)).status_code == 200
    with pytest.raises(ValidationError, match="inte part"):
        Deed.objects.log(stranger, action=patrol, what="Fotpatrull", done_on=TODAY)
    reader = make_user(patrol.promise.signing_partners()[0], Role.READER)
    assert logged_in(reader).post(ADD, five_fields(patrol)).status_code == 403
    with pytest.raises(PermissionDenied):
        Deed.objects.log(reader, action=patrol, what="Fotpatrull", done_on=TODAY)
    assert not Deed.objects.exists()


def test_audiences_are_ticked(patrol: Action, officer: User) -> None:
    logged_in(officer).post(ADD, five_fields(patrol, audiences=["pupils", "teachers"], participants=40))
    assert Deed.objects.get().audience_names == ["elever", "pedagoger"]


def test_many_are_logged_at_once_and_empty_lines_left_out(patrol: Action, officer: User) -> None:
    lines: dict[str, Any] = {"form-TOTAL_FORMS": 6, "form-INITIAL_FORMS": 0}
    for index in range(6):
        what = f"Insats {index}" if index < 2 else ""
        lines |= {f"form-{index}-{name}": value for name, value in five_fields(patrol, what=what).items()}
    response = logged_in(officer).post(MANY, lines, follow=True)
    assert "2 insatser är loggade." in messages_of(response)
    assert {each.organisation for each in Deed.objects.all()} == {officer.organisation}
    assert Deed.objects.count() == 2


@pytest.mark.differs
def test_nobody_logs_many_for_another_organisation(patrol: Action, officer: User, rf: Any) -> None:
    request, deed = rf.post(MANY), Deed(action=patrol, organisation=make_organisation())
    request.user = officer
    form = SimpleNamespace(instance=deed, save=lambda: deed)
    with pytest.raises(PermissionDenied):
        admin.site._registry[Deed]._log_all(request, [form])


def test_a_fault_in_one_line_logs_none_and_keeps_the_words(patrol: Action, officer: User) -> None:
    lines: dict[str, Any] = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 0}
    for index, day in enumerate(["2026-03-14", "2026-04-01"]):
        lines |= {f"form-{index}-{name}": value for name, value in five_fields(patrol, done_on=day).items()}
    response = logged_in(officer).post(MANY, lines)
    assert "aldrig i förväg" in response.content.decode()
    assert "Fotpatrull" in response.content.decode()
    assert not Deed.objects.exists()


# --- Changing -----------------------------------------------------------------------------------------


def test_one_organisation_cannot_touch_the_deeds_of_the_other(patrol: Action, partners: list[Organisation]) -> None:
    deed = make_deed(patrol)
    client = logged_in(make_user(partners[1]))
    assert client.get(address(deed)).status_code == 200
    assert client.post(address(deed), five_fields(patrol, what="Annat")).status_code == 403
    assert client.post(address(deed, "delete"), {"post": "yes"}).status_code == 403
    assert client.post(address(deed, "take_back"), {"reason": "Nej."}).status_code == 403
    assert Deed.objects.get().what == deed.what


def test_an_unreported_deed_may_be_changed_and_deleted_by_its_own(patrol: Action, officer: User) -> None:
    deed = make_deed(patrol)
    client = logged_in(officer)
    client.post(address(deed), five_fields(patrol, what="Fotpatrull i parken"))
    assert Deed.objects.get().what == "Fotpatrull i parken"
    client.post(address(deed, "delete"), {"post": "yes"})
    assert not Deed.objects.exists()


def test_a_reported_deed_stands_and_is_taken_back_with_a_reason(patrol: Action, officer: User) -> None:
    deed = make_deed(patrol)
    make_report(patrol.promise, "2026-03")
    client = logged_in(officer)
    assert client.post(address(deed), five_fields(patrol, what="Annat")).status_code == 403
    assert client.post(address(deed, "delete"), {"post": "yes"}).status_code == 403
    assert "Detta fält måste fyllas i" in client.post(address(deed, "take_back"), {"reason": " "}).content.decode()
    client.post(address(deed, "take_back"), {"reason": "Loggad två gånger."})
    deed.refresh_from_db()
    assert (deed.is_taken_back, deed.taken_back_reason) == (True, "Loggad två gånger.")
    assert Deed.objects.standing().count() == 0
    assert Deed.objects.tampered() == []
    assert "bara en gång" in messages_of(client.post(address(deed, "take_back"), {"reason": "Igen."}, follow=True))


def test_an_unreported_deed_is_not_taken_back_but_changed(patrol: Action, officer: User) -> None:
    deed = make_deed(patrol)
    response = logged_in(officer).post(address(deed, "take_back"), {"reason": "Fel."}, follow=True)
    assert "Bara en redovisad insats kan återtas" in messages_of(response)


def test_a_deed_logged_into_a_reported_month_says_that_it_shows_at_once(patrol: Action, officer: User, clock) -> None:
    make_report(patrol.promise, "2026-03")
    clock.shift(60)
    response = logged_in(officer).post(ADD, five_fields(patrol), follow=True)
    assert "Månaden är redan redovisad." in messages_of(response)
    assert Deed.objects.get().is_late_addition


def test_the_list_of_deeds_takes_as_many_queries_for_three_as_for_one(patrol: Action, officer: User) -> None:
    client, counts = logged_in(officer), []
    client.get("/admin/followups/deed/")
    for _turn in range(3):
        make_deed(patrol, place=make_place(), organisation=patrol.promise.signing_partners()[0])
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/admin/followups/deed/?redovisad=nej").status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[2] < 12


# --- Meetings -----------------------------------------------------------------------------------------


def meeting_fields(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "tsk",
        "title": "",
        "starts_at_0": "2026-03-10",
        "starts_at_1": "18:30",
        "venue": "Folkets hus",
        "place": "",
        "state": "planned",
        "cancel_reason": "",
        "summary": "",
    } | changes


def test_a_meeting_is_planned_and_held(officer: User) -> None:
    client = logged_in(officer)
    client.post("/admin/followups/meeting/add/", meeting_fields())
    meeting = Meeting.objects.get()
    assert (meeting.day, meeting.is_held) == (date(2026, 3, 10), False)
    change = reverse("admin:followups_meeting_change", args=[meeting.pk])
    client.post(change, meeting_fields(state="held", summary="Belysningen vid parken."))
    meeting.refresh_from_db()
    assert meeting.is_held


def test_a_meetings_day_is_asked_for_once(officer: User) -> None:
    client = logged_in(officer)
    client.post("/admin/followups/meeting/add/", meeting_fields(ends_at="20:00"))
    meeting = Meeting.objects.get()
    assert meeting.ends_at == datetime(2026, 3, 10, 20, 0, tzinfo=SWEDEN)
    change = reverse("admin:followups_meeting_change", args=[meeting.pk])
    assert 'type="time" name="ends_at" value="20:00"' in " ".join(client.get(change).content.decode().split())
    client.post(change, meeting_fields(starts_at_0="2026-03-12", ends_at="20:00"))
    meeting.refresh_from_db()
    assert meeting.ends_at == datetime(2026, 3, 12, 20, 0, tzinfo=SWEDEN), "the end moves with the day"
    page = client.post(change, meeting_fields(ends_at="18:00")).content.decode()
    assert "Mötet kan inte sluta innan det börjar." in page


def test_a_meeting_is_cancelled_with_a_reason_and_not_held_beforehand(officer: User) -> None:
    client = logged_in(officer)
    response = client.post("/admin/followups/meeting/add/", meeting_fields(state="cancelled"))
    assert "Skriv varför mötet är inställt." in response.content.decode()
    response = client.post("/admin/followups/meeting/add/", meeting_fields(starts_at_0="2026-03-20", state="held"))
    assert "Mötet har inte börjat än" in response.content.decode()
    assert not Meeting.objects.exists()


def test_the_verbs_of_a_meeting_say_the_same() -> None:
    meeting = make_meeting(date(2026, 3, 20), state=Meeting.State.PLANNED)
    with pytest.raises(ValidationError, match="inte börjat"):
        meeting.hold()
    with pytest.raises(ValidationError, match="varför mötet är inställt"):
        meeting.cancel("")
    meeting.cancel("Sjukdom.")
    assert Meeting.objects.get().is_cancelled


# --- What an address may ask --------------------------------------------------------------------------


@pytest.mark.differs
@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("/admin/followups/deed/", "logged_by__password__startswith=p"),
        ("/admin/followups/deed/", "logged_by__email__startswith=a"),
        ("/admin/followups/deed/", "what__startswith=F"),
        ("/admin/followups/followup/", "summary__startswith=H"),
        ("/admin/followups/followup/", "sign_offs__signed_by__email__startswith=a"),
    ],
)
def test_an_address_cannot_spell_out_what_no_filter_names(address: str, asked: str, officer: User) -> None:
    assert logged_in(officer).get(f"{address}?{asked}").status_code == 400


def test_nobody_comes_in_without_logging_in(patrol: Action) -> None:
    deed = make_deed(patrol)
    for each in (ADD, MANY, address(deed), address(deed, "take_back")):
        assert Client().get(each).status_code == 302, each
