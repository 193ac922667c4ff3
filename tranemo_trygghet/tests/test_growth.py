"""However much there ever was, a page, a list or a command reads no more than it shows, and leads to all the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.db.models.sql import compiler
from django.test import Client
from django.urls import reverse

from followups import news as feed
from followups import views as months_pages
from followups.models import Deed, FollowUp
from followups.tests.test_admin_month import logged_in
from promises.admin import lists
from promises.admin.base import PolicyAdmin
from promises.models import Action, Partnership, Promise
from promises.months import Month, Period
from promises.policy import Role
from promises.signing import State
from promises.tests.make import make_user
from surveys import views as survey_pages
from surveys.models import SurveyRound
from tranemo_trygghet.pages import embedding, information, places
from tranemo_trygghet.pages import promises as promise_pages
from tranemo_trygghet.tests.make import TENTH_OF_MAY, Portal, make_portal
from tranemo_trygghet.tests.test_page_store_addresses import swedish_addresses

pytestmark = [pytest.mark.django_db, pytest.mark.alike]

# Past what any list shows on a page, as they are made shorter here, and then three times as many.
SOME, MANY = 12, 36
# More than a year ago: what is told of later may still be news to somebody.
TOLD_AT = datetime(2025, 1, 14, tzinfo=UTC)
DEEDS = 8  # of each promise, all at one place
# What tells of everything by its nature: the files of the open data, and what search engines are told.
OF_EVERYTHING = re.compile(r"/oppna-data/.+\.(csv|json|rdf)|/sitemap\.xml|/sok/")
COMMANDS = ("send_mail", "send_reminders")
LISTS = ("/loften/", "/uppfoljningar/", "/uppfoljningar/2025-03/", "/enkater/")
# For three times the history as many steps, but for trees that are a little deeper and a glance at promises' days.
GROWS, A_FEW = 1.2, 10


@pytest.fixture
def portal(clock, monkeypatch) -> Portal:
    clock.move_to(TENTH_OF_MAY)
    monkeypatch.setattr(months_pages, "IN_FULL", 2)
    monkeypatch.setattr(months_pages, "AS_LINES", 3)
    monkeypatch.setattr(promise_pages, "SO_MANY", 3)
    monkeypatch.setattr(survey_pages, "SO_MANY_LINES", 3)
    monkeypatch.setattr(information, "SO_MANY", 3)
    monkeypatch.setattr(embedding, "SO_MANY_PROMISES", 3)
    monkeypatch.setattr(feed, "ENOUGH_DEEDS", 5)
    monkeypatch.setattr(places, "COUNTED_TO", 20)
    monkeypatch.setattr(lists, "MOST_ROWS", 20)
    monkeypatch.setattr(lists, "MOST_PROMISES", 3)
    monkeypatch.setattr(PolicyAdmin, "list_per_page", 4)
    return make_portal()


def add_promises(portal: Portal, numbers: range) -> None:
    """Promises that are over, by turns lately and long ago, with every month told, their deeds and a round."""
    for number in numbers:
        year = 2025 if number % 2 else 2010 + number % 7
        promise = Promise.objects.create(
            title=f"Löfte {number}",
            slug=f"over-{number}",
            lead="Vi lovar.",
            starts_on=date(year, 1, 1),
            ends_on=date(year, 12, 31),
        )
        partners = portal.promise.signing_partners()
        Partnership.objects.bulk_create(Partnership(promise=promise, organisation=each) for each in partners)
        action = Action.objects.create(promise=promise, number=1, slug="en", title="En åtgärd", text="Vi gör den.")
        told_at = {"state": State.PUBLISHED, "published_at": TOLD_AT}
        periods = [Period(Month(year, month)) for month in range(1, 13)]
        FollowUp.objects.bulk_create(
            FollowUp(promise=promise, first_day=each.first_day, end_day=each.end_day, summary="Vi gick.")
            for each in periods
        )
        user = portal.promise.sign_offs.all()[0].signed_by
        Deed.objects.bulk_create(
            Deed(
                action=action,
                organisation=partners[0],
                logged_by=user,
                what="Fotpatrull",
                place=portal.place,
                done_on=each.first_day,
                logged_at=datetime(year, 12, 31, tzinfo=UTC),
            )
            for each in periods[:DEEDS]
        )
        # Past the signatures: what is asked here is who reads them.
        Promise._base_manager.filter(pk=promise.pk).update(**told_at)
        FollowUp._base_manager.filter(promise=promise).update(**told_at)
        if number < SOME:
            add_round(portal.survey_round, promise, min(year, 2024))


def add_round(like: SurveyRound, promise: Promise, year: int) -> None:
    opens_at = datetime(year, 5, 1, tzinfo=UTC)
    survey_round = SurveyRound.objects.create(
        survey=like.survey,
        promise=promise,
        title=f"Enkät {promise.slug}",
        slug=f"enkat-{promise.slug}",
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=14),
        main_question=like.main_question,
        disposal_decision="Dnr 1",
    )
    told = {"state": SurveyRound.State.COUNTED, "codebook": like.codebook, "closed_at": survey_round.closes_at}
    SurveyRound._base_manager.filter(pk=survey_round.pk).update(**told)


# --- What is read -------------------------------------------------------------------------------------


@contextmanager
def rows_read(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Counts the rows that Django takes from the database."""
    read, whole = [0], compiler.cursor_iter

    def counted(*args: Any) -> Iterator[Any]:
        for rows in whole(*args):
            read[0] += len(rows)
            yield rows

    with monkeypatch.context() as patch:
        patch.setattr(compiler, "cursor_iter", counted)
        yield read


@contextmanager
def steps_taken() -> Iterator[list[int]]:
    """Counts, by the hundred, what SQLite does to find them: the same on every machine, however busy it is."""
    taken = [0]

    def step() -> int:
        taken[0] += 1
        return 0

    if connection.vendor != "sqlite":
        yield taken
        return
    connection.ensure_connection()
    connection.connection.set_progress_handler(step, 100)
    try:
        yield taken
    finally:
        connection.connection.set_progress_handler(None, 0)


def everything(portal: Portal) -> dict[str, Callable[[], Any]]:
    """The commands, every public page, the back office's start, its lists and the forms that offer promises."""
    public = Client()
    staff = logged_in(make_user(portal.promise.signing_partners()[0], *Role.values))
    asked: dict[str, Callable[[], Any]] = {}
    for command in COMMANDS:
        asked[command] = lambda command=command: call_command(command, stdout=StringIO())
    for address in swedish_addresses(portal):
        if not OF_EVERYTHING.fullmatch(address):
            asked[address] = lambda address=address: public.get(address)
    for model in admin.site._registry:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        asked[address] = lambda address=address: staff.get(address)
    for name in (
        "admin:index",
        "admin:followups_followup_add",
        "admin:followups_deed_add",
        "admin:followups_deed_many",
    ):
        asked[name] = lambda name=name: staff.get(reverse(name))
    return asked


def test_no_page_list_or_command_reads_more_of_a_longer_history(portal: Portal, monkeypatch) -> None:
    asked = everything(portal)
    add_promises(portal, range(SOME))
    with_some = {name: work_of(ask, monkeypatch) for name, ask in asked.items()}
    add_promises(portal, range(SOME, MANY))
    with_many = {name: work_of(ask, monkeypatch) for name, ask in asked.items()}
    assert {
        name: (with_some[name], with_many[name]) for name in asked if with_many[name].rows > with_some[name].rows
    } == {}
    slower = [name for name in asked if with_many[name].steps > GROWS * with_some[name].steps + A_FEW]
    assert {name: (with_some[name], with_many[name]) for name in slower} == {}


@dataclass(frozen=True)
class Work:
    rows: int
    steps: int


def work_of(ask: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> Work:
    ask()  # what is read once a process or a run is read now
    with rows_read(monkeypatch) as rows, steps_taken() as steps:
        ask()
    return Work(rows[0], steps[0])


# --- What is reached ----------------------------------------------------------------------------------


def links_from(client: Client, address: str) -> set[str]:
    found = re.findall(r'href="(/[^"#?]*)', client.get(address).content.decode())
    return {each for each in found if not each.startswith(("/static/", "/en/", "/uk/", "/ar/", "/lattlast/"))}


def test_every_promise_report_and_round_is_reached_by_following_links_from_the_lists(portal: Portal, client) -> None:
    add_promises(portal, range(SOME))
    for first, follows in [
        ("/loften/", "/loften/"),
        ("/uppfoljningar/", "/uppfoljningar/"),
        ("/enkater/", "/enkater/"),
        ("/uppfoljningar/2025-03/", "/uppfoljningar/2025-03/"),
    ]:
        reached = reached_from(client, first, follows)
        wanted = {
            "/loften/": Promise.objects.published(),
            "/uppfoljningar/": Promise.objects.published(),
            "/enkater/": SurveyRound.objects.published(),
            "/uppfoljningar/2025-03/": Promise.objects.published().filter(starts_on__year=2025),
        }[first]
        addresses = {row.get_absolute_url() for row in wanted}
        assert {each for each in addresses if each not in reached and f"{each}resultat/" not in reached} == set(), first
    for promise in Promise.objects.published():
        months = {report.get_absolute_url() for report in promise.followups.published()}
        assert months <= links_from(client, promise.get_absolute_url())


def reached_from(client: Client, first: str, follows: str) -> set[str]:
    """The addresses that a list leads to, on its first page and those after it."""
    page, reached, pages = first, set(), 0
    while page:
        links = links_from(client, page)
        reached |= links
        pages += 1
        page = next((each for each in links if each == f"{follows}sida/{pages + 1}/"), "")
    assert pages > 2, first
    assert client.get(f"{follows}sida/{pages + 1}/").status_code == 404
    return reached


def test_lists_that_have_room_for_everything_have_one_page(client: Client, clock) -> None:
    clock.move_to(TENTH_OF_MAY)
    make_portal()
    for address in ("/loften/", "/uppfoljningar/", "/uppfoljningar/2026-01/", "/enkater/"):
        page = client.get(address).content.decode()
        assert "/sida/" not in page, address
        assert "Fler sidor" not in page, address
        for number in ("0", "1", "2", "02", "10000", "99999999999999999999"):
            assert client.get(f"{address}sida/{number}/").status_code == 404, (address, number)


def test_a_later_page_is_kept_and_the_same_for_everyone(portal: Portal, start_process, settings, tmp_path) -> None:
    add_promises(portal, range(SOME))
    one = start_process()
    settings.PAGE_STORE_DIR = tmp_path / "elsewhere"
    other = start_process()
    tried = [f"{prefix}{each}sida/2/" for each in LISTS for prefix in ("", "/en")]
    for address in tried:
        first, second = one.get(address), other.get(address)
        assert first.status_code == second.status_code == 200, address
        assert (first.content, dict(first.headers)) == (second.content, dict(second.headers)), address
    assert len(one.app.store.memory) == len(tried)


def test_a_late_month_is_told_on_whichever_page_its_promise_stands(portal: Portal, client) -> None:
    add_promises(portal, range(SOME))
    late = Promise.objects.get(slug="over-1")
    FollowUp._base_manager.filter(promise=late, first_day=date(2025, 4, 1)).delete()
    pages = [client.get("/uppfoljningar/").content.decode()]
    while (following := f"/uppfoljningar/sida/{len(pages) + 1}/") in pages[-1]:
        pages.append(client.get(following).content.decode())
    (page,) = [each for each in pages if late.get_absolute_url() in each and "April 2025 saknas" in each]
    assert "11 av 12 månader redovisade. April saknas." in page


def test_a_place_says_how_many_older_deeds_there_are_up_to_a_number(portal: Portal, client, monkeypatch) -> None:
    monkeypatch.setattr(places, "COUNTED_TO", 30)
    add_promises(portal, range(4))
    address = portal.place.get_absolute_url()
    # Eight of each promise, and one of the portal's own; twenty are shown.
    assert "13 äldre insatser står i" in client.get(address).content.decode()
    add_promises(portal, range(4, 8))
    assert "Fler än 30 äldre insatser står i" in client.get(address).content.decode()


# --- In the back office -------------------------------------------------------------------------------


@pytest.fixture
def staff(portal: Portal) -> Any:
    add_promises(portal, range(SOME))
    return logged_in(make_user(portal.promise.signing_partners()[0], *Role.values))


def test_a_list_that_is_too_long_to_count_says_so_and_finds_the_rest(staff) -> None:
    address = reverse("admin:followups_deed_changelist")
    assert "Fler än 20 insatser." in staff.get(address).content.decode()
    page = staff.get(address, {"ar": "2012"}).content.decode()
    assert "Fler än" not in page
    assert f"{Deed.objects.filter(done_on__year=2012).count()} insatser" in page
    for nonsense in ("1066", "i år", "-1", "9" * 30):
        assert "Fler än 20 insatser." in staff.get(address, {"ar": nonsense}).content.decode()
    reports = staff.get(reverse("admin:followups_followup_changelist"), {"q": "Löfte 11"}).content.decode()
    assert "12 månadsrapporter" in reports


def test_only_the_newest_promises_are_offered_but_a_deed_keeps_its_own(staff) -> None:
    old = Promise.objects.published().order_by("starts_on", "pk").first()
    FollowUp._base_manager.filter(promise=old, first_day=old.starts_on).delete()
    deed = Deed.objects.filter(action__promise=old, done_on=old.starts_on).get()
    new = staff.get(reverse("admin:followups_deed_add")).content.decode()
    changed = staff.get(reverse("admin:followups_deed_change", args=[deed.pk])).content.decode()
    assert f'<option value="{deed.action_id}"' not in new
    assert f'<option value="{deed.action_id}" selected' in changed
    filtered = staff.get(reverse("admin:promises_action_changelist"), {"promise__id__exact": old.pk}).content.decode()
    assert "1 åtgärd" in filtered


def test_a_gap_of_long_ago_waits_for_staff_like_any_other(staff, monkeypatch) -> None:
    monkeypatch.setattr(lists, "MOST_PROMISES", 20)
    old = Promise.objects.published().order_by("starts_on", "pk").first()
    FollowUp._base_manager.filter(promise=old, first_day=old.starts_on).delete()
    page = staff.get(reverse("admin:index")).content.decode()
    month = f"Januari {old.starts_on.year} saknas."
    assert month in page
    assert "1 insats är loggad men inte redovisad än." in page
