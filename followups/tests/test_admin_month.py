"""A month in the back office: from the start page to the public page, by two organisations."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from followups.models import ActionUpdate, FollowUp
from followups.prefill import begin_report
from followups.tests.make import make_deed, make_meeting, make_report
from promises.models import Correction, Organisation, Promise, User
from promises.months import Month, Period
from promises.policy import Role
from promises.tests.make import make_organisation, make_promise, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.alike, pytest.mark.usefixtures("clock")]

MARCH = Period(Month(2026, 3))


def logged_in(user: User) -> Client:
    """A browser of somebody who has logged in and shown their second factor, which other tests are about."""
    client = Client(HTTP_ORIGIN="http://testserver")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["second_factor_shown_at"] = time.time()
    session.save()
    return client


@pytest.fixture
def partners() -> list[Organisation]:
    return [make_organisation("Polisen"), make_organisation("Tranemo kommun")]


@pytest.fixture
def promise(partners: list[Organisation]) -> Promise:
    return make_promise(partners=partners, actions=2)


@pytest.fixture
def officer(partners: list[Organisation]) -> User:
    return make_user(partners[0])


@pytest.fixture
def coordinator(partners: list[Organisation]) -> User:
    return make_user(partners[1])


def address(report: FollowUp, name: str = "change") -> str:
    return reverse(f"admin:followups_followup_{name}", args=[report.pk])


def form_of(report: FollowUp, **changes: Any) -> dict[str, Any]:
    """What the browser would post: the page's fields as they are, with these changes."""
    updates = list(report.updates.order_by("action__number"))
    fields: dict[str, Any] = {
        "kind": report.kind,
        "summary": report.summary,
        "no_meeting_reason": report.no_meeting_reason,
        "updates-TOTAL_FORMS": len(updates),
        "updates-INITIAL_FORMS": len(updates),
    }
    for index, update in enumerate(updates):
        fields |= {
            f"updates-{index}-id": update.pk,
            f"updates-{index}-followup": report.pk,
            f"updates-{index}-reported": update.reported,
            f"updates-{index}-text": update.text,
        }
        if update.is_unchanged:
            fields[f"updates-{index}-is_unchanged"] = "on"
    return fields | changes


def messages_of(response: Any) -> str:
    return " ".join(str(each) for each in response.context["messages"])


# --- Beginning ----------------------------------------------------------------------------------------


def test_the_start_page_offers_the_month_and_one_click_begins_it(promise: Promise, officer: User) -> None:
    client = logged_in(officer)
    make_meeting(date(2026, 3, 10))
    make_deed(promise.actions.first(), done_on=date(2026, 3, 12))
    page = client.get("/admin/").content.decode()
    assert "Mars 2026 pågår. Möte hölls 10\xa0mars. 1 insats är loggad." in page
    begin = reverse("admin:followups_followup_begin", args=[promise.pk, "2026-03"])
    assert f'action="{begin}"' in page
    response = client.post(begin)
    report = FollowUp.objects.get()
    assert response.url == address(report)
    assert report.updates.count() == 2
    assert client.post(begin).url == response.url


@pytest.mark.differs
def test_beginning_is_a_post_of_someone_who_writes(promise: Promise, partners: list[Organisation]) -> None:
    begin = reverse("admin:followups_followup_begin", args=[promise.pk, "2026-03"])
    assert logged_in(make_user(partners[0])).get(begin).status_code == 405
    for user in (make_user(partners[0], Role.READER), make_user(make_organisation())):
        assert logged_in(user).post(begin).status_code == 403
    assert not FollowUp.objects.exists()


def test_a_month_that_has_not_begun_or_is_no_month_is_refused(promise: Promise, officer: User) -> None:
    client = logged_in(officer)
    response = client.post(reverse("admin:followups_followup_begin", args=[promise.pk, "2026-04"]), follow=True)
    assert "inte börjat" in messages_of(response)
    assert client.post(f"/admin/followups/followup/borja/{promise.pk}/mars/").status_code == 404


def test_the_page_to_choose_a_month_offers_those_that_have_begun(promise: Promise, officer: User) -> None:
    make_report(promise, "2026-02")
    page = logged_in(officer).get(reverse("admin:followups_followup_add")).content.decode()
    assert "Februari 2026: publicerad" in page
    assert "Mars 2026: pågår" in page
    assert "April 2026" not in page


def test_the_new_month_is_prefilled_from_the_last_published_one(promise: Promise, officer: User) -> None:
    make_report(promise, "2026-01", reported="ongoing", text="Vi har börjat.")
    make_report(promise, "2026-02", reported="done", text="Inte publicerat än.", published=False)
    report = begin_report(promise, MARCH, officer)
    for update in report.updates.all():
        assert (update.reported, update.text, update.is_unchanged) == ("ongoing", "", True)
    page = logged_in(officer).get(address(report)).content.decode()
    assert "Så stod det i januari 2026: Pågår. Vi har börjat." in page
    assert "Inte publicerat än." not in page


def test_the_first_month_has_nothing_to_be_unchanged_from(promise: Promise, officer: User) -> None:
    report = begin_report(promise, MARCH, officer)
    assert {(each.reported, each.is_unchanged) for each in report.updates.all()} == {("not_started", False)}
    assert "is_unchanged" not in logged_in(officer).get(address(report)).content.decode()


# --- Writing ------------------------------------------------------------------------------------------


def test_the_page_shows_this_months_deeds_and_counts(promise: Promise, officer: User) -> None:
    report = begin_report(promise, MARCH, officer)
    make_deed(promise.actions.first(), what="Fotpatrull vid resecentrum", done_on=date(2026, 3, 12), quantity=2)
    page = logged_in(officer).get(address(report)).content.decode()
    assert "12 mars: Fotpatrull vid resecentrum (2)" in page
    assert "2 undersökningar, senast 12\xa0mars" in page


@pytest.mark.differs
@pytest.mark.parametrize("key", ["", "4711", "9" * 5000, "\x00", "nej"])
def test_a_line_that_no_page_of_ours_could_post_is_refused_without_a_crash(
    promise: Promise, officer: User, key: str
) -> None:
    report = begin_report(promise, MARCH, officer)
    fields = form_of(report, **{"summary": "Mars.", "updates-0-id": key, "_continue": ""})
    answer = logged_in(officer).post(address(report), fields)
    assert answer.status_code == 200
    assert report.updates.count() == promise.actions.count()


def test_words_are_news_whatever_the_tick_says(promise: Promise, officer: User) -> None:
    make_report(promise, "2026-02")
    report = begin_report(promise, MARCH, officer)
    fields = form_of(report, **{"summary": "Mars.", "updates-0-text": "Något nytt.", "_continue": ""})
    assert logged_in(officer).post(address(report), fields).status_code == 302
    first, second = report.updates.order_by("action__number")
    assert (first.text, first.is_unchanged) == ("Något nytt.", False)
    assert second.is_unchanged
    assert FollowUp.objects.get(pk=report.pk).summary == "Mars."


def test_another_standing_is_news_too_and_asks_for_words(promise: Promise, officer: User) -> None:
    make_report(promise, "2026-02")
    report = begin_report(promise, MARCH, officer)
    fields = form_of(report, **{"summary": "Mars.", "updates-0-reported": "done", "_ready": ""})
    response = logged_in(officer).post(address(report), fields, follow=True)
    assert "Åtgärd 1: skriv vad som hänt" in messages_of(response)
    assert FollowUp.objects.get(pk=report.pk).is_draft
    assert report.updates.get(action__number=1).reported == "done"


def test_a_report_without_words_cannot_be_sent_and_says_why(promise: Promise, officer: User) -> None:
    report = begin_report(promise, MARCH, officer)
    response = logged_in(officer).post(address(report), form_of(report, _ready=""), follow=True)
    assert "Skriv en sammanfattning av månaden." in messages_of(response)
    assert "Innan texten kan skickas för godkännande:" in response.content.decode()


@pytest.mark.differs
def test_nobody_writes_over_what_another_saved_meanwhile(promise: Promise, officer: User) -> None:
    report = begin_report(promise, MARCH, officer)
    seen = report.digest()
    report.summary = "Den andras ord."
    report.save()
    fields = form_of(report, summary="Mina ord.", seen_digest=seen, _continue="")
    client = logged_in(officer)
    response = client.post(address(report), fields)
    assert "Någon annan har sparat texten" in response.content.decode()
    assert "Mina ord." in response.content.decode()
    assert FollowUp.objects.get(pk=report.pk).summary == "Den andras ord."
    fresh = FollowUp.objects.get(pk=report.pk).digest()
    assert f'name="seen_digest" value="{fresh}"' in response.content.decode()
    client.post(address(report), fields | {"seen_digest": fresh})
    assert FollowUp.objects.get(pk=report.pk).summary == "Mina ord."


# --- Signing ------------------------------------------------------------------------------------------


@pytest.fixture
def ready_report(promise: Promise, officer: User) -> FollowUp:
    report = make_report(promise, "2026-03", published=False)
    report.mark_ready(officer)
    return report


def test_two_people_make_a_month_public(promise: Promise, officer: User, coordinator: User) -> None:
    report = begin_report(promise, MARCH, officer)
    words = {"summary": "Mars i korthet.", "updates-0-text": "Ett.", "updates-1-text": "Två.", "_ready": ""}
    police, municipality = logged_in(officer), logged_in(coordinator)
    response = police.post(address(report), form_of(report, **words))
    assert response.url == address(report, "sign")
    page = police.get(response.url)
    assert "Mars i korthet." in page.content.decode()
    assert "Godkänn för Polisen" in page.content.decode()
    response = police.post(address(report, "sign"), {"digest": page.context["digest"]}, follow=True)
    assert "Godkänd för Polisen. Väntar på Tranemo kommun." in messages_of(response)
    assert "Väntar på godkännande från Tranemo kommun." in municipality.get("/admin/").content.decode()
    page = municipality.get(address(report, "sign"))
    assert "Ditt godkännande är det sista." in page.content.decode()
    response = municipality.post(address(report, "sign"), {"digest": page.context["digest"]}, follow=True)
    assert "Nu är den publicerad." in messages_of(response)
    assert f'href="{report.get_absolute_url()}">Se på webbplatsen' in response.content.decode()
    assert FollowUp.objects.get(pk=report.pk).is_published


def test_the_officer_cannot_sign_for_the_municipality(ready_report: FollowUp, officer: User, partners: Any) -> None:
    client = logged_in(officer)
    digest = ready_report.digest()
    forged = {"digest": digest, "organisation": partners[1].pk, "organisation_id": partners[1].pk, "signed_by": 1}
    for _turn in range(2):
        client.post(address(ready_report, "sign"), forged)
    assert [each.organisation for each in ready_report.sign_offs.all()] == [partners[0]]
    assert not FollowUp.objects.get(pk=ready_report.pk).is_published
    assert "Polisen har redan godkänt den här texten." in client.get(address(ready_report)).content.decode()


def test_no_line_is_added_by_a_forged_form(ready_report: FollowUp, officer: User) -> None:
    other, lines = make_promise(actions=1).actions.get(), ready_report.updates.count()
    forged = {"updates-TOTAL_FORMS": lines + 1, f"updates-{lines}-action": other.pk, f"updates-{lines}-text": "Nytt."}
    response = logged_in(officer).post(address(ready_report), form_of(ready_report, **forged))
    assert (response.status_code, ready_report.updates.count()) == (302, lines)


def test_a_text_that_changed_since_it_was_read_is_refused(ready_report: FollowUp, officer: User) -> None:
    client = logged_in(officer)
    read = client.get(address(ready_report, "sign")).context["digest"]
    ready_report.summary = "Annat än det som lästes."
    ready_report.save()
    for digest in (read, ""):
        response = client.post(address(ready_report, "sign"), {"digest": digest}, follow=True)
        assert "Texten har ändrats sedan du läste den." in messages_of(response)
    assert not ready_report.sign_offs.exists()


def test_a_deputy_signs_and_it_is_said(ready_report: FollowUp, partners: Any) -> None:
    client = logged_in(make_user(partners[1], Role.DEPUTY))
    client.post(address(ready_report, "sign"), {"digest": ready_report.digest()})
    assert ready_report.sign_offs.get().as_deputy
    assert "som ställföreträdare" in client.get(address(ready_report)).content.decode()


def test_who_may_not_sign_is_told_why(ready_report: FollowUp, partners: Any) -> None:
    editor = logged_in(make_user(partners[0], Role.EDITOR))
    assert "Du har inte rollen godkännare." in editor.get(address(ready_report)).content.decode()
    assert editor.post(address(ready_report, "sign"), {"digest": ready_report.digest()}).status_code == 403
    stranger = logged_in(make_user(make_organisation(), Role.SIGNER))
    response = stranger.post(address(ready_report, "sign"), {"digest": ready_report.digest()}, follow=True)
    assert "Din organisation är inte part i löftet" in messages_of(response)
    assert not ready_report.sign_offs.exists()


def test_an_edit_withdraws_the_signature_and_the_page_says_so(
    ready_report: FollowUp, officer: User, coordinator: User
) -> None:
    ready_report.sign(officer, ready_report.digest())
    client = logged_in(coordinator)
    page = client.get(address(ready_report)).content.decode()
    assert "Polisen har godkänt den här texten. Ändrar du något gäller godkännandet inte längre." in page
    response = client.post(address(ready_report), form_of(ready_report, _continue=""), follow=True)
    assert "gäller inte längre." not in messages_of(response)
    changed = form_of(ready_report, **{"updates-1-text": "Ändrat.", "_continue": ""})
    response = client.post(address(ready_report), changed, follow=True)
    assert "Texten ändrades, så godkännandet från Polisen gäller inte längre." in messages_of(response)
    assert not ready_report.sign_offs.exists()


def test_a_text_can_be_taken_back_from_signature(ready_report: FollowUp, officer: User, coordinator: User) -> None:
    ready_report.sign(officer, ready_report.digest())
    client = logged_in(coordinator)
    assert client.get(address(ready_report, "draft")).status_code == 405
    response = client.post(address(ready_report, "draft"), follow=True)
    assert "Texten är ett utkast igen." in messages_of(response)
    assert not ready_report.sign_offs.exists()
    assert "kan tas tillbaka" in messages_of(client.post(address(ready_report, "draft"), follow=True))


# --- Afterwards ---------------------------------------------------------------------------------------


def test_a_published_report_is_read_only_and_can_be_corrected(promise: Promise, officer: User) -> None:
    report = make_report(promise, "2026-03", text="Ord som står fast.")
    client = logged_in(officer)
    page = client.get(address(report)).content.decode()
    assert "Ord som står fast." in page
    assert "<textarea" not in page
    assert client.post(address(report), form_of(report, summary="Annat.", _continue="")).status_code == 403
    assert client.post(reverse("admin:followups_followup_delete", args=[report.pk]), {"post": "yes"}).status_code == 403
    response = client.post(address(report, "correct"), {"text": "Det var två, inte tre."}, follow=True)
    assert "Det var två, inte tre." in response.content.decode()
    correction = Correction.objects.get()
    assert (correction.organisation, correction.document) == (officer.organisation, report)
    assert FollowUp.objects.tampered() == []


def test_a_draft_is_changed_and_not_corrected(ready_report: FollowUp, officer: User) -> None:
    client = logged_in(officer)
    response = client.post(address(ready_report, "correct"), {"text": "Rättelse."}, follow=True)
    assert "inte publicerad än" in messages_of(response)
    assert not Correction.objects.exists()


def test_a_third_organisation_corrects_nothing(promise: Promise) -> None:
    report = make_report(promise, "2026-03")
    client = logged_in(make_user(make_organisation()))
    assert client.post(address(report, "correct"), {"text": "Vi tycker annorlunda."}).status_code == 403


def test_a_month_without_a_meeting_is_signed_too(promise: Promise, officer: User) -> None:
    report = begin_report(promise, MARCH, officer)
    client = logged_in(officer)
    fields = form_of(report, kind="no_meeting", _ready="")
    assert "Skriv varför inget möte hölls." in messages_of(client.post(address(report), fields, follow=True))
    client.post(address(report), fields | {"no_meeting_reason": "Sportlov."})
    assert FollowUp.objects.get(pk=report.pk).is_ready


def test_the_preview_is_for_staff_alone(promise: Promise, officer: User) -> None:
    report = make_report(promise, "2026-03", published=False, summary="Hemligt så länge.")
    page = logged_in(officer).get(address(report, "preview")).content.decode()
    assert "Hemligt så länge." in page
    assert "Förhandsgranskning" in page
    response = Client().get(address(report, "preview"))
    assert response.status_code == 302
    assert response.url.startswith("/admin/login/")
    assert not ActionUpdate.objects.exclude(standing_then="").exists()


def test_writing_a_report_takes_as_many_queries_for_three_actions_as_for_one(partners) -> None:
    counts = []
    for actions in (1, 3):
        promise = make_promise(partners=partners, actions=actions)
        make_report(promise, "2026-02")
        for action in promise.actions.all():
            for _turn in range(actions):
                make_deed(action)
        user = make_user(partners[0])
        report = begin_report(promise, MARCH, user)
        client = logged_in(user)
        client.get(address(report))  # content types are looked up once a process
        with CaptureQueriesContext(connection) as caught:
            client.get(address(report))
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_the_list_of_reports_takes_as_many_queries_for_three_as_for_one(promise: Promise, officer: User) -> None:
    client, counts = logged_in(officer), []
    client.get(reverse("admin:followups_followup_changelist"))
    for month in ("2026-01", "2026-02", "2026-03"):
        make_report(promise, month, published=False)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(reverse("admin:followups_followup_changelist")).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[2] < 12
