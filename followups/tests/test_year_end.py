"""The combined result: composed from the year, judged and signed by all partners."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from followups.models import CombinedResult, Reading
from followups.tests.make import make_deed, make_indicator, make_meeting, make_report, make_target
from followups.tests.test_admin_month import logged_in
from followups.year_end import YearOfWork, begin_result
from promises.models import Promise, User
from promises.signing import SigningError
from promises.tests.make import make_organisation, make_promise, make_user, publish

pytestmark = [pytest.mark.django_db, pytest.mark.alike]


@pytest.fixture(autouse=True)
def january_after(clock) -> None:
    clock.move_to(datetime(2027, 1, 20, 10, tzinfo=ZoneInfo("Europe/Stockholm")))


@pytest.fixture
def promise() -> Promise:
    """Two months told, ten not; two deeds of four; a meeting with residents."""
    promise = make_promise(partners=[make_organisation("Polisen"), make_organisation("Kommunen")], actions=2)
    action = promise.actions.get(number=2)
    make_target(action, number=4, unit="skolträffar")
    make_report(promise, "2026-02", text="Vi träffade femmorna.")
    make_report(promise, "2026-03", text="Vi träffade sexorna.")
    make_deed(action, done_on=date(2026, 2, 10))
    make_deed(action, done_on=date(2026, 3, 10))
    make_deed(action, done_on=date(2026, 4, 10), what="Inte redovisad")
    make_meeting(date(2026, 3, 24), kind="residents", is_public=True)
    return promise


@pytest.fixture
def user(promise: Promise) -> User:
    return make_user(promise.signing_partners()[0])


def test_the_draft_begins_with_what_is_published_of_the_year(promise: Promise, user: User) -> None:
    indicator = make_indicator(unit="anmälda stölder")
    indicator.publish()
    for month, value in [(date(2025, 1, 1), 14), (date(2026, 1, 1), 12), (date(2026, 2, 1), 9)]:
        Reading.objects.create(indicator=indicator, first_day=month, value=value)
    result = begin_result(promise, 2026, user)
    assert result.summary.startswith("2 av 12 månader redovisade. Januari, april, maj")
    assert "2 insatser är redovisade. 1 möte hölls med er som bor här." in result.summary
    assert "12 anmälda stölder i januari 2026. Samma månader 2025: 14." in result.summary
    assert begin_result(promise, 2026, user) == result


def test_each_action_s_why_begins_with_its_count_and_its_last_words(promise: Promise) -> None:
    _first, second = YearOfWork(promise, 2026).actions
    assert second.text == "2 av 4 skolträffar. Så skrev vi i mars 2026: Vi träffade sexorna."


@pytest.mark.parametrize("year", [2025, 2027])
def test_a_year_outside_the_promise_has_no_result(promise: Promise, user: User, year: int) -> None:
    with pytest.raises(ValidationError):
        begin_result(promise, year, user)


def test_a_stranger_begins_nothing(promise: Promise) -> None:
    with pytest.raises(PermissionDenied):
        begin_result(promise, 2026, make_user(make_organisation()))


def test_a_promise_over_two_years_has_a_result_a_year(clock) -> None:
    promise = make_promise(actions=1, starts_on=date(2025, 7, 1), ends_on=date(2027, 6, 30))
    user = make_user(promise.signing_partners()[0])
    assert begin_result(promise, 2025, user) != begin_result(promise, 2026, user)
    assert len(YearOfWork(promise, 2025).months) == 6
    assert len(YearOfWork(promise, 2026).months) == 12


def lines(result: CombinedResult, **changes: Any) -> dict[str, Any]:
    """The admin's form, filled in as the page gives it, and judged."""
    actions = YearOfWork(result.promise, result.year).actions
    fields: dict[str, Any] = {"summary": result.summary, "way_forward": "Vi fortsätter."}
    fields |= {"verdicts-TOTAL_FORMS": len(actions), "verdicts-INITIAL_FORMS": 0}
    for number, each in enumerate(actions):
        words = {"action": each.action.pk, "verdict": "partly", "why": each.text, "continues": "Mer."}
        fields |= {f"verdicts-{number}-{name}": value for name, value in words.items()}
    return fields | changes


def test_the_whole_way_in_the_back_office_to_the_public_page(promise: Promise, user: User) -> None:
    client = logged_in(user)
    assert "Det sammanlagda resultatet för 2026 är inte publicerat" in client.get("/admin/").content.decode()
    page = client.get(reverse("admin:followups_combinedresult_add")).content.decode()
    begin = reverse("admin:followups_combinedresult_begin", args=[promise.pk, 2026])
    assert f'action="{begin}"' in page
    address = client.post(begin).url
    page = client.get(address).content.decode()
    assert "2 av 4 skolträffar. Så skrev vi i mars 2026: Vi träffade sexorna." in page
    result = CombinedResult.objects.get()
    assert client.post(address, lines(result, _ready="")).status_code == 302
    result.refresh_from_db()
    assert result.is_ready
    assert client.get("/resultat/2026/").status_code == 404
    result.sign(user, result.digest())
    not_told = client.get("/resultat/2026/")
    assert not_told.status_code == 404
    assert "Resultatet för 2026 finns inte än" in not_told.content.decode()
    result.sign(make_user(promise.signing_partners()[1]), result.digest())
    public = client.get("/resultat/2026/").content.decode()
    assert "Delvis genomförd" in public
    assert "2 gjorda. Målet var: 4 skolträffar." in public
    assert "Vi fortsätter." in public
    assert "2 av 12 månader redovisade." in public
    assert "Inte redovisad" not in public
    assert "Det sammanlagda resultatet" not in client.get("/admin/").content.decode()


@pytest.mark.parametrize(
    ("year", "is_promised"), [(0, False), (2025, False), (2026, True), (2027, False), (99999, False)]
)
def test_whoever_comes_before_the_result_reads_what_was_promised_of_it(client, year, is_promised) -> None:
    promise = make_promise(year_end="Vid årets slut redovisas ett resultat.")
    make_promise(slug="utkast", published=False, starts_on=date(2020, 1, 1), ends_on=date(2030, 12, 31))
    page = client.get(f"/resultat/{year}/")
    assert page.status_code == 404
    words = page.content.decode()
    assert ("Det kommer på den här sidan när året är slut" in words) is is_promised
    assert ("Vid årets slut redovisas ett resultat." in words) is is_promised
    assert (f'href="{promise.get_absolute_url()}#aret"' in words) is is_promised
    assert "utkast" not in words


def test_the_pages_of_a_promise_lead_to_its_years_once_they_are_published(client) -> None:
    promise = make_promise(starts_on=date(2026, 2, 1), ends_on=date(2027, 1, 31))
    other = make_promise(starts_on=date(2025, 1, 1), ends_on=date(2026, 12, 31), slug="annat")
    user = make_user(promise.signing_partners()[0])
    pages = ("/", "/uppfoljningar/", promise.get_absolute_url())
    result = begin_result(promise, 2026, user)
    way = '<a class="onward" href="/resultat/2026/">Sammanlagt resultat 2026</a>'
    assert [page for page in pages if way in client.get(page).content.decode()] == []
    result.way_forward = "Mer."
    result.save()
    for action in promise.actions.all():
        result.verdicts.create(action=action, verdict="done", why="Gjort.", continues="Mer.")
    publish(result)
    assert {page: client.get(page).content.decode().count(way) for page in pages} == dict.fromkeys(pages, 1)
    assert way not in client.get(other.get_absolute_url()).content.decode()


@pytest.mark.parametrize("field", ["verdict", "why", "continues"])
def test_a_verdict_says_why_and_how_it_continues(promise: Promise, user: User, field: str) -> None:
    result = begin_result(promise, 2026, user)
    address = reverse("admin:followups_combinedresult_change", args=[result.pk])
    response = logged_in(user).post(address, lines(result, **{f"verdicts-0-{field}": ""}))
    assert response.status_code == 200
    assert not result.verdicts.exists()


def test_an_action_without_a_verdict_stops_the_signing(promise: Promise, user: User) -> None:
    result = begin_result(promise, 2026, user)
    result.way_forward = "Mer."
    result.save()
    with pytest.raises(SigningError, match="Åtgärd 1 saknar omdöme"):
        result.mark_ready(user)


def test_the_page_shows_each_number_with_the_year_before_and_its_source(promise: Promise, user: User, client) -> None:
    indicator = make_indicator(name="Anmälda stölder", unit="anmälda stölder", caution="Var försiktig.")
    for month in range(1, 13):
        for year, value in ((2025, 10), (2026, month)):
            Reading.objects.create(indicator=indicator, first_day=date(year, month, 1), value=value)
    result = begin_result(promise, 2026, user)
    result.way_forward = "Mer."
    result.save()
    for action in promise.actions.all():
        result.verdicts.create(action=action, verdict="done", why="Gjort.", continues="Mer.")
    publish(result)
    assert "Siffror" not in client.get("/resultat/2026/").content.decode()
    indicator.publish()
    page = client.get("/resultat/2026/").content.decode()
    assert "78 anmälda stölder i januari–december 2026. Samma månader 2025: 120." in page
    assert "Antal anmälda brott är inte antal brott." in page
    assert "Källa: påhittad" in page
    assert "Var försiktig." in page
    chart = page.split("year-chart__drawing")[1].split("</svg>")[0]
    assert chart.count("<circle") == 12
