"""Words that must not be public: two people take them away, everywhere at once."""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from followups.models import Deed, FollowUp
from followups.tests.make import make_deed, make_meeting, make_report
from followups.tests.test_admin_month import logged_in
from promises import masking
from promises.models import Correction, Masking, User
from promises.policy import Role
from promises.signing import SignedDocument
from promises.tests.make import make_organisation, make_user
from tranemo_trygghet.tests.make import TENTH_OF_MAY, Portal, make_portal
from tranemo_trygghet.tests.test_pages import crawl, readable

pytestmark = pytest.mark.django_db

NAME = "Lille Kim Ek"
PUT_IN_ITS_PLACE = "[borttaget 10 maj 2026: personuppgift]"


@pytest.fixture
def portal(clock) -> Portal:
    """A child is named in a report, its line, a deed, a correction, a meeting and in the draft of the next month."""
    clock.move_to(TENTH_OF_MAY)
    portal = make_portal()
    told = make_report(portal.promise, "2026-03", summary=f"{NAME} såg oss.", text=f"Vi talade med {NAME}.")
    make_deed(portal.promise.actions.get(number=4), what=f"Samtal med {NAME}", done_on=date(2026, 3, 9))
    user = told.sign_offs.first().signed_by
    partner = told.signing_partners()[0]
    Correction.objects.create(document=told, text=f"{NAME} var elva.", organisation=partner, made_by=user)
    make_meeting(date(2026, 3, 20), kind="residents", is_public=True, summary=f"{NAME} frågade om belysning.")
    make_report(portal.promise, "2026-04", published=False, summary=f"{NAME} igen.")
    return portal


@pytest.fixture
def officer(portal: Portal) -> User:
    return make_user(portal.promise.signing_partners()[0])


@pytest.fixture
def coordinator(portal: Portal) -> User:
    return make_user(portal.promise.signing_partners()[1])


def in_public(client: Client) -> list[str]:
    return [address for address, page in crawl(client).items() if NAME in readable(page)]


def in_the_database() -> list[str]:
    """Every model with a row that holds the words anywhere."""
    return [each._meta.label for each in apps.get_models() if NAME in str(list(each._base_manager.values()))]


def test_two_people_take_a_name_away_from_everywhere_at_once(
    portal: Portal, officer: User, coordinator: User, client: Client
) -> None:
    one, other = logged_in(officer), logged_in(coordinator)
    # The back office's log has the deed's name too.
    deed = Deed.objects.get(what=f"Samtal med {NAME}")
    taken_back = reverse("admin:followups_deed_take_back", args=[deed.pk])
    logged_in(make_user(deed.organisation)).post(taken_back, {"reason": "Fel dag."})
    assert {"/uppfoljningar/2026-03/", "/uppfoljningar/flode.atom"} <= set(in_public(client))
    assert len(in_the_database()) >= 6

    add = reverse("admin:promises_masking_add")
    words = {"words": NAME, "reason": "personuppgift"}
    page = one.post(add, words)
    keys = [hit.key for hit, _text in page.context["hits"]]
    # Two summaries, five actions' lines, a deed, a correction and a meeting.
    assert len(keys) == 10
    proposed = one.post(add, {**words, "row": keys, "propose": ""}).url
    assert NAME in client.get("/uppfoljningar/2026-03/").content.decode()
    assert "vill ta bort ord som är offentliga: personuppgift" in other.get("/admin/").content.decode()
    assert "vill ta bort" not in one.get("/admin/").content.decode()
    assert NAME in other.get(proposed).content.decode()
    confirm = reverse("admin:promises_masking_confirm", args=[Masking.objects.first().pk])
    one.post(confirm)
    assert NAME in client.get("/uppfoljningar/2026-03/").content.decode()

    other.post(confirm)
    assert in_public(client) == []
    assert in_the_database() == []
    march = client.get("/uppfoljningar/2026-03/").content.decode()
    assert f"{PUT_IN_ITS_PLACE} såg oss." in march
    assert f"Samtal med {PUT_IN_ITS_PLACE}" in march
    call_command("verify", verbosity=0)
    assert FollowUp.objects.get(summary__contains="såg oss").awaited_partners() == []
    assert "vill ta bort" not in other.get("/admin/").content.decode()


def test_only_the_texts_that_were_chosen_change(portal: Portal, officer: User, coordinator: User) -> None:
    report = FollowUp.objects.get(summary__startswith=NAME, state="published")
    (masked,) = masking.propose(officer, NAME, "personuppgift", [f"followups.followup:{report.pk}:summary"])
    assert masking.confirm(masked, coordinator) == 1
    report.refresh_from_db()
    assert report.summary == f"{PUT_IN_ITS_PLACE} såg oss."
    assert Deed.objects.filter(what__contains=NAME).exists()
    assert SignedDocument not in [type(each) for each in FollowUp.objects.tampered()]
    assert FollowUp.objects.tampered() == []
    assert not Masking.objects.exclude(words="").exists()


def test_a_proposal_that_was_a_mistake_is_forgotten_with_its_words(portal: Portal, officer: User) -> None:
    proposed = masking.propose(officer, NAME, "prov", [each.key for each in masking.find(NAME)])
    masking.withdraw(proposed[0], officer)
    assert not Masking.objects.exists()
    assert FollowUp.objects.filter(summary__startswith=NAME).count() == 2


def test_nobody_outside_the_partners_and_nobody_who_only_reads_takes_words_away(portal: Portal, officer: User) -> None:
    keys = [each.key for each in masking.find(NAME)]
    with pytest.raises(PermissionDenied):
        masking.propose(make_user(make_organisation()), NAME, "prov", keys)
    proposed = masking.propose(officer, NAME, "prov", keys)
    for user in (make_user(make_organisation()), make_user(officer.organisation, Role.READER)):
        with pytest.raises(PermissionDenied):
            masking.confirm(proposed[0], user)
    reader = logged_in(make_user(officer.organisation, Role.READER))
    assert reader.get(reverse("admin:promises_masking_add")).status_code == 403
    assert in_the_database() != []


def test_words_that_are_too_short_or_stand_nowhere_are_refused_in_words(portal: Portal, officer: User) -> None:
    with pytest.raises(ValidationError, match="minst 3 tecken"):
        masking.find(" a ")
    client = logged_in(officer)
    page = client.post(reverse("admin:promises_masking_add"), {"words": "Står ingenstans", "reason": "prov"})
    assert "Orden finns inte i någon text." in page.content.decode()
    page = client.post(reverse("admin:promises_masking_add"), {"words": NAME, "reason": "prov", "propose": ""})
    assert "Välj minst en text." in page.content.decode()


def test_words_that_fill_their_field_leave_only_the_note(portal: Portal, officer: User, coordinator: User) -> None:
    deed = make_deed(portal.promise.actions.get(number=4), what=f"{NAME} " * 15, done_on=date(2026, 3, 10))
    (masked,) = masking.propose(officer, NAME, "personuppgift", [f"followups.deed:{deed.pk}:what"])
    masking.confirm(masked, coordinator)
    deed.refresh_from_db()
    assert deed.what == PUT_IN_ITS_PLACE
    assert Deed.objects.tampered() == []


def test_the_published_document_s_page_leads_to_masking(portal: Portal, officer: User) -> None:
    page = logged_in(officer).get(reverse("admin:followups_followup_change", args=[portal.january.pk]))
    assert reverse("admin:promises_masking_add") in page.content.decode()
