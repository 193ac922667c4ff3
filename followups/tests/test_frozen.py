"""What is published stands, whichever way somebody tries to change it; what gets past the code is found."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import partial
from io import StringIO
from threading import Barrier, BrokenBarrierError, Event, Thread, get_ident
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from followups.models import ActionUpdate, Deed, FollowUp
from followups.prefill import begin_report
from followups.tests.make import make_deed, make_report, make_target
from followups.tests.test_admin_month import address, form_of, logged_in
from promises.models import Correction, Promise, Section
from promises.months import Month, Period
from promises.publishing import FrozenError
from promises.signing import SigningError
from promises.tests.make import make_promise, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def report() -> FollowUp:
    promise = make_promise(actions=2)
    make_deed(promise.actions.first())
    return make_report(promise, "2026-03")


def ways_to_change(report: FollowUp) -> dict[str, Callable[[], Any]]:
    update, deed = report.updates.first(), Deed.objects.get()
    update.text = deed.what = report.summary = "Annat"
    other = make_promise(actions=1)
    draft = make_report(other, "2026-03", published=False)
    moved = ActionUpdate.objects.get(pk=report.updates.last().pk)
    moved.followup = draft
    again = FollowUp(promise=report.promise, first_day=report.first_day, end_day=report.end_day, summary="Annat")
    new = ActionUpdate(followup=report, action=other.actions.get())
    return {
        "save": report.save,
        "delete": report.delete,
        "update": lambda: FollowUp.objects.filter(pk=report.pk).update(summary="Annat"),
        "state": lambda: FollowUp.objects.filter(pk=report.pk).update(state="draft"),
        "bulk update": lambda: FollowUp.objects.bulk_update([report], ["summary"]),
        "bulk delete": lambda: FollowUp.objects.filter(pk=report.pk).delete(),
        "line saved": update.save,
        "line deleted": update.delete,
        "lines updated": lambda: report.updates.update(text="Annat"),
        "standing of the day updated": lambda: report.updates.update(count_then=9),
        "lines bulk updated": lambda: ActionUpdate.objects.bulk_update([update], ["text"]),
        "lines deleted": lambda: report.updates.all().delete(),
        "line added": new.save,
        "lines added": lambda: ActionUpdate.objects.bulk_create([new]),
        "report written over by another of the same month": lambda: FollowUp.objects.bulk_create(
            [again], update_conflicts=True, update_fields=["summary"], unique_fields=["promise", "first_day"]
        ),
        "line moved away": moved.save,
        "back to draft": lambda: report.back_to_draft(make_user(report.signing_partners()[0])),
        "deed saved": deed.save,
        "deed deleted": deed.delete,
        "deeds updated": lambda: Deed.objects.filter(pk=deed.pk).update(quantity=9),
        "deeds bulk updated": lambda: Deed.objects.bulk_update([deed], ["what"]),
        "deeds deleted": lambda: Deed.objects.all().delete(),
        "deed moved to another month": lambda: move(deed, date(2026, 2, 1)),
    }


def move(deed: Deed, day: date) -> None:
    fresh = Deed.objects.get(pk=deed.pk)
    fresh.done_on = day
    fresh.save()


def test_every_ordinary_way_is_refused(report: FollowUp) -> None:
    let_through = []
    for name, change in ways_to_change(report).items():
        try:
            with transaction.atomic():
                change()
            let_through.append(name)
        except (FrozenError, SigningError):
            pass
    assert let_through == []
    assert FollowUp.objects.tampered() == Deed.objects.tampered() == []


def test_deeds_are_changed_one_at_a_time_so_that_each_keeps_its_digest() -> None:
    deed = make_deed()
    for change in (
        lambda: Deed.objects.update(quantity=9),
        lambda: Deed.objects.bulk_update([deed], ["what"]),
    ):
        with pytest.raises(FrozenError, match="en i taget"):
            change()
    copy = Deed(action=deed.action, organisation=deed.organisation, logged_by=deed.logged_by, what="En till")
    Deed.objects.bulk_create([copy])
    make_report(deed.action.promise, "2026-03")
    assert Deed.objects.published().count() == 2
    assert Deed.objects.tampered() == []


def test_links_of_a_published_action_are_refused(report: FollowUp) -> None:
    action = report.promise.actions.first()
    section = Section.objects.create(organisation=report.signing_partners()[0], name="Lärande")
    for change in (action.responsible.clear, lambda: action.responsible.set([]), lambda: action.sections.add(section)):
        with pytest.raises(FrozenError), transaction.atomic():
            change()


def test_the_back_office_refuses_too_the_lines_by_themselves_included(report: FollowUp) -> None:
    client = logged_in(make_user(report.signing_partners()[0]))
    for changes in ({"summary": "Annat"}, {"updates-0-text": "Annat"}, {"updates-0-DELETE": "on"}):
        assert client.post(address(report), form_of(report, **changes)).status_code == 403
    assert "Annat" not in {FollowUp.objects.get(pk=report.pk).summary, *report.updates.values_list("text", flat=True)}


def test_a_report_published_while_somebody_writes_keeps_its_words(report: FollowUp, monkeypatch: Any) -> None:
    """The page's own guard saw a draft; the model is asked again when it saves."""
    client = logged_in(make_user(report.signing_partners()[0]))
    monkeypatch.setattr("promises.admin.guarded.is_frozen", lambda row: False)
    response = client.post(address(report), form_of(report, summary="Annat", _continue=""), follow=True)
    assert "Det som är publicerat kan inte ändras" in response.content.decode()
    assert FollowUp.objects.get(pk=report.pk).summary != "Annat"


# --- Past the code ------------------------------------------------------------------------------------


def verify() -> tuple[int, str]:
    out, errors = StringIO(), StringIO()
    try:
        call_command("verify", stdout=out, stderr=errors)
    except SystemExit as stop:
        return int(str(stop.code)), errors.getvalue()
    return 0, out.getvalue()


def test_verify_is_content_with_what_is_as_it_was(report: FollowUp) -> None:
    make_target(report.promise.actions.first())
    Correction.objects.create(
        document=report, text="Rättelse.", organisation=report.signing_partners()[0], made_by=make_user(None)
    )
    Deed.objects.get().take_back("Fel dag.")
    code, words = verify()
    assert (code, words.startswith("Allt stämmer")) == (0, True), words


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("UPDATE followups_followup SET summary = 'Bättre'", "Månadsrapport"),
        ("UPDATE followups_followup SET first_day = '2026-02-01'", "Månadsrapport"),
        ("UPDATE followups_followup SET published_digest = ''", "Månadsrapport"),
        ("UPDATE followups_actionupdate SET text = 'Bättre'", "Månadsrapport"),
        ("UPDATE followups_actionupdate SET count_then = 99", "Månadsrapport"),
        ("UPDATE followups_actionupdate SET standing_then = 'done'", "Månadsrapport"),
        ("DELETE FROM followups_actionupdate WHERE id = (SELECT MIN(id) FROM followups_actionupdate)", "Månadsrapport"),
        ("UPDATE followups_followupsignoff SET signed_by_name = 'Någon annan'", "Månadsrapport"),
        ("DELETE FROM followups_followupsignoff", "Månadsrapport"),
        ("UPDATE followups_deed SET quantity = 100", "Insats"),
        ("UPDATE followups_deed SET what = 'Stor insats'", "Insats"),
        ("UPDATE followups_deed SET taken_back_on = '2026-03-16', taken_back_reason = 'x'", "Insats"),
        ("UPDATE promises_promise SET lead = 'Ett lättare löfte'", "Medborgarlöfte"),
        ("UPDATE promises_action SET text = 'En lättare åtgärd'", "Medborgarlöfte"),
    ],
)
def test_verify_finds_what_raw_sql_changed(report: FollowUp, sql: str, named: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
    code, words = verify()
    assert code == 1
    assert f"{named} " in words
    assert "har ändrats efter publiceringen" in words


# --- At the same moment -------------------------------------------------------------------------------


def at_once(*doings: Callable[[], Any]) -> list[BaseException]:
    """Do all at the same moment, each in a thread and on a connection of its own; what they raised."""
    faults: list[BaseException] = []
    start = Barrier(len(doings))

    def run(doing: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=20)
            doing()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[doing]) for doing in doings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return faults


def sign_within(monkeypatch: Any, model: type, edit: Callable[[], Any], sign: Callable[[], Any]) -> list[BaseException]:
    """Sign when the edit has found nothing published and has not saved yet; the edit waits a while for the signature.

    Where the two take the same lock, the signature cannot come between.
    """
    looked, signed, editor = Event(), Event(), []
    refuse_if_frozen = model.refuse_if_frozen

    def look_and_wait(row: Any) -> None:
        refuse_if_frozen(row)
        if get_ident() in editor:
            looked.set()
            signed.wait(timeout=1)

    def editing() -> None:
        editor.append(get_ident())
        edit()

    def signing() -> None:
        looked.wait(timeout=20)
        try:
            sign()
        finally:
            signed.set()

    monkeypatch.setattr(model, "refuse_if_frozen", look_and_wait)
    return at_once(editing, signing)


def half_signed(promise: Promise) -> tuple[FollowUp, Callable[[], Any]]:
    """A report that lacks one signature, and the giving of it."""
    report = make_report(promise, "2026-03", published=False)
    first, last = report.signing_partners()
    report.mark_ready(make_user(first))
    report.sign(make_user(first), report.digest())
    return report, partial(FollowUp.objects.get(pk=report.pk).sign, make_user(last), report.digest())


@pytest.mark.django_db(transaction=True)
def test_two_signatures_at_the_same_moment_publish_exactly_once(monkeypatch: Any) -> None:
    report = make_report(make_promise(actions=1), "2026-03", published=False)
    partners = report.signing_partners()
    report.mark_ready(make_user(partners[0]))
    published, together = [], Barrier(2)
    publish, awaited_partners = FollowUp._publish, FollowUp.awaited_partners

    def wait_for_the_other(row: FollowUp) -> Any:
        with suppress(BrokenBarrierError):  # where signing takes a lock, the other does not come
            together.wait(timeout=1)
        return awaited_partners(row)

    monkeypatch.setattr(FollowUp, "_publish", lambda row: (published.append(row.pk), publish(row)))
    monkeypatch.setattr(FollowUp, "awaited_partners", wait_for_the_other)
    users, rows = [make_user(each) for each in partners], [FollowUp.objects.get(pk=report.pk) for _each in partners]
    digest = report.digest()
    faults = at_once(*(partial(row.sign, user, digest) for row, user in zip(rows, users, strict=True)))
    assert faults == []
    assert published == [report.pk]
    stored = FollowUp.objects.get(pk=report.pk)
    assert stored.is_published
    assert stored.sign_offs.count() == 2
    assert FollowUp.objects.tampered() == []


@pytest.mark.django_db(transaction=True)
def test_an_edit_at_the_moment_of_the_last_signature_withdraws_it(monkeypatch: Any) -> None:
    report, sign = half_signed(make_promise(actions=1))
    update = report.updates.get()
    update.text = "Ändrat i sista stund."
    (fault,) = sign_within(monkeypatch, FollowUp, update.save, sign)
    assert "Texten har ändrats sedan du läste den." in str(fault)
    assert not FollowUp.objects.get(pk=report.pk).is_published
    assert not report.sign_offs.exists()


@pytest.mark.django_db(transaction=True)
def test_a_deed_changed_at_the_moment_of_the_last_signature_is_counted_as_it_stands(monkeypatch: Any) -> None:
    promise = make_promise(actions=1)
    deed = make_deed(promise.actions.get())
    report, sign = half_signed(promise)
    deed.quantity = 7
    assert sign_within(monkeypatch, Deed, deed.save, sign) == []
    assert FollowUp.objects.get(pk=report.pk).is_published
    assert report.updates.get().count_then == Deed.objects.get(pk=deed.pk).quantity == 7


@pytest.mark.django_db(transaction=True)
def test_two_people_who_begin_the_month_at_once_get_the_same_report() -> None:
    for number in (1, 2, 3):
        promise = make_promise(actions=3)
        users = [make_user(each) for each in promise.signing_partners()]
        period = Period(Month(2026, number))
        rows = [Promise.objects.get(pk=promise.pk) for _each in users]
        faults = at_once(*(partial(begin_report, row, period, user) for row, user in zip(rows, users, strict=True)))
        assert faults == []
        assert promise.followups.get().updates.count() == 3
