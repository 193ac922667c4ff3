"""The promise's life: the questions before signing, and the promise that follows."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from followups.tests.make import make_target
from followups.tests.test_admin_month import logged_in
from promises.following import follow_on
from promises.models import Action, Promise, Target, User
from promises.policy import Role
from promises.tests.make import make_organisation, make_place, make_promise, make_user, publish, ready
from tranemo_trygghet.tests.make import make_result

pytestmark = [pytest.mark.django_db, pytest.mark.alike, pytest.mark.usefixtures("clock")]

NEW_YEAR = date(2027, 1, 1)


@pytest.fixture
def promise() -> Promise:
    return make_promise(actions=3, places=[make_place()], slug="2026", background="Bakgrunden.")


@pytest.fixture
def user(promise: Promise) -> User:
    return make_user(promise.signing_partners()[0])


# --- The next promise ---------------------------------------------------------------------------------


def test_the_next_promise_is_a_draft_with_all_of_the_last_one_kept(promise: Promise, user: User) -> None:
    make_target(promise.actions.first())
    draft = follow_on(promise, NEW_YEAR, user)
    assert draft.is_draft
    assert (draft.predecessor, draft.slug, draft.starts_on, draft.ends_on) == (
        promise,
        "2027",
        NEW_YEAR,
        date(2027, 12, 31),
    )
    assert (draft.title, draft.background) == (promise.title, "Bakgrunden.")
    assert list(draft.signing_partners()) == list(promise.signing_partners())
    for old, new in zip(promise.actions.all(), draft.actions.all(), strict=True):
        assert (new.previous, new.change, new.text, new.kind) == (old, Action.Change.KEPT, old.text, old.kind)
        assert set(new.responsible.all()) == set(old.responsible.all())
        assert set(new.places.all()) == set(old.places.all())
    assert not Target.objects.filter(action__promise=draft).exists()
    assert draft.dropped_actions() == []


@pytest.mark.parametrize(
    ("first", "last", "starts_on", "ends_on"),
    [
        (date(2025, 1, 1), date(2026, 12, 31), NEW_YEAR, date(2028, 12, 31)),
        (date(2026, 4, 1), date(2027, 3, 31), date(2027, 4, 1), date(2028, 3, 31)),
        (date(2026, 2, 10), date(2026, 5, 20), date(2026, 6, 1), date(2026, 9, 8)),
    ],
)
def test_the_next_promise_is_as_long_as_the_last(first: date, last: date, starts_on: date, ends_on: date) -> None:
    promise = make_promise(actions=1, starts_on=first, ends_on=last)
    assert follow_on(promise, starts_on, make_user(promise.signing_partners()[0])).ends_on == ends_on


def test_only_a_published_promise_is_followed_by_a_later_one_and_by_its_partners(promise: Promise, user: User) -> None:
    with pytest.raises(ValidationError, match="efter det här"):
        follow_on(promise, promise.starts_on, user)
    with pytest.raises(PermissionDenied):
        follow_on(promise, NEW_YEAR, make_user(make_organisation()))
    draft = make_promise(published=False)
    with pytest.raises(ValidationError, match="inte publicerat"):
        follow_on(draft, NEW_YEAR, make_user(draft.signing_partners()[0]))
    follow_on(promise, NEW_YEAR, user)
    assert follow_on(promise, NEW_YEAR, user).slug == "2027-2"


def test_one_press_in_the_back_office_begins_the_next_with_the_verdicts_beside(promise: Promise, user: User) -> None:
    make_result(promise)
    client = logged_in(user)
    address = reverse("admin:promises_promise_change", args=[promise.pk])
    page = client.get(address).content.decode()
    assert "Börja nästa löfte" in page
    assert 'value="2027-01-01"' in page
    follow = reverse("admin:promises_promise_follow", args=[promise.pk])
    for nonsense in ("", "2027-02-30", "snart"):
        assert client.post(follow, {"starts_on": nonsense}).url == address
    page = client.get(client.post(follow, {"starts_on": "2027-01-01"}).url).content.decode()
    assert "Så gick det i förra löftet" in page
    assert "Genomförd. Allt är gjort." in page
    assert "Börja nästa löfte" not in page
    assert logged_in(make_user(make_organisation())).post(follow, {"starts_on": "2027-01-01"}).status_code == 403
    reader = make_user(promise.signing_partners()[0], Role.READER)
    assert logged_in(reader).post(follow, {"starts_on": "2027-01-01"}).status_code == 403


def test_the_public_page_shows_the_verdict_of_last_year_beside_the_kept_action(promise: Promise, user: User) -> None:
    make_result(promise)
    draft = publish(follow_on(promise, NEW_YEAR, user))
    page = logged_in(user).get(draft.get_absolute_url()).content.decode()
    assert "Oförändrad. Då blev omdömet: Genomförd. Allt är gjort." in page


# --- The questions before signing ---------------------------------------------------------------------


def test_what_an_action_leaves_open_is_asked_before_signing_and_stops_nothing() -> None:
    promise = make_promise(actions=2, published=False)
    first, second = promise.actions.all()
    second.responsible.clear()
    second.text = "Mer trygghet."
    second.save()
    Target.objects.create(action=first, number=4, unit="vandringar", rhythm=3, decided_on=date(2026, 1, 1))
    assert promise.remarks() == [
        "Vem? Ingen är ansvarig för åtgärd 2.",
        "Vad? Beskriv vad ni ska göra i åtgärd 2.",
        "Hur många? Åtgärd 2 har inget antal som mål.",
        "Var? Ingen plats är vald för åtgärd 1 och 2.",
        "Till när? Åtgärd 2 har varken sista dag eller rytm.",
        "Hur mäts det? Åtgärd 2 har inget mål, så vad som räknas som hållet kommer inte att gå att säga.",
    ]
    client = logged_in(make_user(promise.signing_partners()[0]))
    page = client.get(reverse("admin:promises_promise_change", args=[promise.pk])).content.decode()
    assert "Det här kommer invånarna att fråga" in page
    assert "Vem? Ingen är ansvarig för åtgärd 2." in page
    assert publish(promise).is_published
    page = client.get(reverse("admin:promises_promise_change", args=[promise.pk])).content.decode()
    assert "Det här kommer invånarna att fråga" not in page


def test_a_promise_that_answers_everything_gets_no_questions() -> None:
    promise = make_promise(actions=1, places=[make_place()], published=False)
    Target.objects.create(
        action=promise.actions.get(), number=4, unit="vandringar", due_on=date(2026, 6, 1), decided_on=date(2026, 1, 1)
    )
    assert promise.remarks() == []
    ready(promise)
