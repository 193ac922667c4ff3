"""The start page of the back office: what waits, in words, one click from done."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followups.prefill import begin_report
from followups.tests.make import make_deed, make_indicator, make_meeting, make_report, make_target
from promises.models import Organisation, Promise, Target, User
from promises.months import Month, Period
from promises.policy import Role
from promises.tests.backoffice import logged_in
from promises.tests.make import make_organisation, make_promise, make_user
from surveys.tests.make import make_question, make_round
from tranemo_trygghet.backoffice import ToDo, waiting_for

pytestmark = [pytest.mark.django_db, pytest.mark.alike, pytest.mark.usefixtures("november")]

OCTOBER = Period(Month(2026, 10))


@pytest.fixture
def november(clock) -> None:
    clock.move_to(datetime(2026, 11, 5, 10, 0, tzinfo=ZoneInfo("Europe/Stockholm")))


@pytest.fixture
def partners() -> list[Organisation]:
    return [make_organisation("Polisen"), make_organisation("Tranemo kommun")]


@pytest.fixture
def promise(partners: list[Organisation]) -> Promise:
    return make_promise(partners=partners, starts_on=date(2026, 9, 1), ends_on=date(2027, 8, 31))


@pytest.fixture
def officer(partners: list[Organisation]) -> User:
    return make_user(partners[0])


def texts(user: User) -> list[str]:
    return [each.text.replace("\xa0", " ") for each in waiting_for(user)]


def line(user: User, start: str) -> ToDo:
    return next(each for each in waiting_for(user) if each.text.startswith(start))


def test_the_list_reads_as_a_colleague_wrote_it(promise: Promise, officer: User) -> None:
    make_meeting(date(2026, 10, 28))
    for _turn in range(3):
        make_deed(promise.actions.first(), done_on=date(2026, 10, 12), organisation=officer.organisation)
    assert texts(officer) == [
        "Oktober 2026 är inte klar än. Den ska redovisas senast 14 november 2026. Möte hölls 28 oktober. "
        "3 insatser är loggade.",
        "September 2026 saknas. Den skulle ha redovisats senast 14 oktober 2026.",
        "November 2026 pågår.",
        "3 insatser är loggade men inte redovisade än.",
    ]
    assert [each.is_late for each in waiting_for(officer)] == [False, True, False, False]


def test_a_month_is_begun_then_gone_on_with_then_signed(promise: Promise, officer: User) -> None:
    october = line(officer, "Oktober")
    assert (october.link_text, october.is_post) == ("Skriv rapporten", True)
    assert october.url == f"/admin/followups/followup/borja/{promise.pk}/2026-10/"
    report = begin_report(promise, OCTOBER, officer)
    october = line(officer, "Oktober")
    assert (october.link_text, october.is_post) == ("Fortsätt skriva", False)
    assert october.url == f"/admin/followups/followup/{report.pk}/change/"
    report.delete()
    report = make_report(promise, "2026-10", published=False)
    report.mark_ready(officer)
    assert "Väntar på godkännande från Polisen och Tranemo kommun." in line(officer, "Oktober").text
    october = line(officer, "Oktober")
    assert (october.link_text, october.url) == ("Läs och godkänn", f"/admin/followups/followup/{report.pk}/godkann/")
    assert "Månadsrapport väntar" not in " ".join(texts(officer)), "a month is told once"
    assert line(make_user(officer.organisation, Role.DEPUTY), "Månadsrapport väntar").url == october.url
    report.sign(officer, report.digest())
    assert "Väntar på godkännande från Tranemo kommun." in line(officer, "Oktober").text
    assert line(officer, "Oktober").link_text == "Öppna"


def test_every_text_that_waits_for_a_signature_is_there_for_who_signs(
    promise: Promise, partners: list[Organisation]
) -> None:
    target = Target.objects.create(
        action=promise.actions.first(), number=4, unit="skolbesök", decided_on=date(2026, 11, 1)
    )
    target.mark_ready(make_user(partners[0], Role.EDITOR))
    deputy, editor = make_user(partners[1], Role.DEPUTY), make_user(partners[1], Role.EDITOR)
    stranger = make_user(make_organisation(), Role.SIGNER)
    assert texts(deputy) == ["Mål väntar på ditt godkännande: 4 skolbesök."]
    for other in (editor, stranger):
        assert "Mål väntar" not in " ".join(texts(other))


def test_what_is_done_is_not_waited_for(promise: Promise, officer: User) -> None:
    for month in ("2026-09", "2026-10", "2026-11"):
        make_report(promise, month)
    assert waiting_for(officer) == []


def test_other_organisations_and_people_without_roles_see_nothing(
    promise: Promise, partners: list[Organisation]
) -> None:
    assert waiting_for(make_user(make_organisation())) == []
    assert waiting_for(make_user(None)) == []
    assert waiting_for(make_user(partners[0], is_active=False)) == []
    assert [each for each in texts(make_user(partners[0], Role.READER)) if "saknas" in each] == []


def test_who_only_reads_begins_nothing(promise: Promise) -> None:
    organisation = make_organisation()
    reader, technician = (logged_in(make_user(organisation, role)) for role in (Role.READER, Role.TECHNICAL))
    report, indicator, question = make_report(promise, "2026-10"), make_indicator(), make_question()
    begun = ["followups/followup/add/", "followups/combinedresult/add/", "followups/deed/flera/"]
    begun += ["promises/masking/add/", f"followups/followup/{report.pk}/ratta/"]
    begun += [f"followups/indicator/{indicator.pk}/importera/"]
    for address in begun:
        assert reader.get(f"/admin/{address}").status_code == 403, address
    for address in ("text/", f"surveys/question/{question.pk}/ny-version/", "promises/masking/1/change/"):
        assert reader.post(f"/admin/{address}").status_code == 403, address
    assert technician.get("/admin/promises/translation/saknas/").status_code == 403


def test_the_end_of_a_promise_is_told_in_time(promise: Promise, officer: User, clock) -> None:
    assert not [each for each in texts(officer) if "Förläng det" in each]
    clock.move_to(date(2027, 7, 3))
    title = promise.title
    assert f"Löftet ”{title}” gäller till och med 31 augusti 2027. Förläng det, eller skriv nästa." in texts(officer)


def test_the_list_takes_as_many_queries_for_three_waiting_months_as_for_one(partners: list[Organisation]) -> None:
    counts = []
    for first in (10, 8):
        promise = make_promise(partners=partners, starts_on=date(2026, first, 1), ends_on=date(2026, 12, 31))
        make_target(promise.actions.first())
        user = make_user(partners[0], Role.EDITOR)
        make_deed(promise.actions.first(), done_on=date(2026, 10, 3))
        make_meeting(date(2026, 10, 3))
        with CaptureQueriesContext(connection) as caught:
            waiting_for(user)
        counts.append(len(caught))
        partners = [make_organisation(), make_organisation()]
    assert counts[0] == counts[1]


def test_an_open_survey_is_told_with_the_last_day_that_it_can_be_answered(partners: list[Organisation]) -> None:
    stockholm = ZoneInfo("Europe/Stockholm")
    closes_at = datetime(2026, 12, 1, tzinfo=stockholm)
    make_round(title="Hösten", opens_at=datetime(2026, 11, 2, tzinfo=stockholm), closes_at=closes_at)
    (told,) = (each for each in texts(make_user(partners[0], Role.SURVEYS)) if "Hösten" in each)
    assert told == "Enkäten ”Hösten” är öppen till och med 30 november 2026. Hittills har färre än tio svarat."
