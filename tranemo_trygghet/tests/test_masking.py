"""Words that must not be public: two people take them away, everywhere at once."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
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
from promises.words import replaced
from subscriptions.news import announce
from subscriptions.tests.make import make_subscription
from surveys.models import Question, ResultRelease, SurveyRound
from surveys.tests.test_raw_database import alone_in_the_database, raw_bytes
from tranemo_trygghet.tests.make import TENTH_OF_MAY, Portal, make_portal
from tranemo_trygghet.tests.test_pages import crawl, readable

pytestmark = [pytest.mark.django_db, pytest.mark.alike]

alone = pytest.mark.usefixtures(alone_in_the_database.__name__)
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
    ask_about_the_child(portal)
    return portal


def ask_about_the_child(portal: Portal) -> None:
    """A question with the name, in the bank, in the codebook of its round and in the result that is published."""
    before, after = "mörkt?", f"mörkt? Tänk på {NAME}."
    question = portal.survey_round.survey.questions.get(key="safety")
    Question._base_manager.filter(pk=question.pk).update(text=question.text.replace(before, after))
    told = portal.promise.rounds.exclude(pk=portal.survey_round.pk).get()
    SurveyRound._base_manager.filter(pk=told.pk).update(codebook=replaced(told.codebook, before, after))
    release = told.releases.get()
    ResultRelease._base_manager.filter(pk=release.pk).update(content=replaced(release.content, before, after))


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
    told = portal.promise.rounds.exclude(pk=portal.survey_round.pk).get()
    result = f"/enkater/{told.slug}/resultat/"
    files = {f"{result}data.{ending}" for ending in ("csv", "xlsx", "json")} | {"/uppfoljningar/2026-03/pdf/"}
    assert {"/uppfoljningar/2026-03/", "/uppfoljningar/flode.atom", result} | files <= set(in_public(client))
    assert len(in_the_database()) >= 9

    add = reverse("admin:promises_masking_add")
    words = {"words": NAME, "reason": "personuppgift"}
    page = one.post(add, words)
    keys = [hit.key for hit, _text in page.context["hits"]]
    # Two summaries, five actions' lines, a deed, a correction, a meeting, a question, its codebook and its result.
    assert len(keys) == 13
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
    assert f"Tänk på {PUT_IN_ITS_PLACE}." in client.get(result).content.decode()
    march = client.get("/uppfoljningar/2026-03/").content.decode()
    assert f"{PUT_IN_ITS_PLACE} såg oss." in march
    assert f"Samtal med {PUT_IN_ITS_PLACE}" in march
    call_command("verify", verbosity=0)
    report = FollowUp.objects.filter(summary__contains="såg oss").latest("pk")
    history = other.get(reverse("admin:followups_followup_history", args=[report.pk])).content.decode()
    assert "Tog bort ord som inte får vara offentliga: personuppgift." in history
    assert FollowUp.objects.get(summary__contains="såg oss").awaited_partners() == []
    assert "vill ta bort" not in other.get("/admin/").content.decode()


@pytest.mark.differs
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
    others = make_user(make_organisation()), make_user(officer.organisation, Role.READER)
    for user in others:
        with pytest.raises(PermissionDenied):
            masking.propose(user, NAME, "prov", keys)
    proposed = masking.propose(officer, NAME, "prov", keys)
    for user in others:
        for verb in (masking.confirm, masking.withdraw):
            with pytest.raises(PermissionDenied):
                verb(proposed[0], user)
    reader = logged_in(make_user(officer.organisation, Role.READER))
    assert reader.get(reverse("admin:promises_masking_add")).status_code == 403
    assert in_the_database() != []


def test_what_was_proposed_of_a_text_that_has_lost_the_words_is_forgotten_with_the_rest(
    portal: Portal, officer: User, coordinator: User
) -> None:
    proposed = masking.propose(officer, NAME, "prov", [each.key for each in masking.find(NAME)])
    row = proposed[0].row
    type(row)._base_manager.filter(pk=row.pk).update(**{proposed[0].field: "Utan namn."})
    assert masking.confirm(proposed[1], coordinator) == len(proposed) - 1
    assert not Masking.objects.exclude(words="").exists()


@pytest.mark.differs
def test_a_mail_that_waits_is_sent_without_the_words(
    portal: Portal, officer: User, coordinator: User, mailoutbox
) -> None:
    report = FollowUp.objects.get(summary__startswith=NAME, state="published")
    make_subscription()
    assert announce("report", report) == 1
    proposed = masking.propose(officer, NAME, "personuppgift", [each.key for each in masking.find(NAME)])
    masking.confirm(proposed[0], coordinator)
    call_command("send_mail", verbosity=0)
    sent = [str(each.message()) for each in mailoutbox if "såg oss" in each.body]
    assert len(sent) == 1
    assert NAME not in sent[0]
    assert PUT_IN_ITS_PLACE in mailoutbox[0].body


def test_the_log_forgets_the_words_where_a_part_was_changed(portal: Portal, officer: User, coordinator: User) -> None:
    report = FollowUp.objects.get(summary__startswith=NAME, state="published")
    changed = [{"changed": {"name": "insats", "object": f"Samtal med {NAME} på ån"}}]
    LogEntry.objects.log_actions(officer.pk, [report], CHANGE, changed, single_object=True)
    proposed = masking.propose(officer, NAME, "personuppgift", [f"followups.followup:{report.pk}:summary"])
    masking.confirm(proposed[0], coordinator)
    (entry,) = LogEntry.objects.filter(object_id=report.pk)
    assert json.loads(entry.change_message)[0]["changed"]["object"] == f"Samtal med {PUT_IN_ITS_PLACE} på ån"


def test_one_person_takes_nothing_away_and_two_leave_the_words_nowhere(clock) -> None:
    report = make_report(text=f"{NAME} var där.")
    one, other = (make_user(partner) for partner in report.signing_partners())
    entries = LogEntry.objects.log_actions(one.pk, [report], CHANGE, f"{NAME} var där.", single_object=True)
    first, *_others = masking.propose(one, NAME, "personuppgift", [hit.key for hit in masking.find(NAME)])
    with pytest.raises(ValidationError, match="En annan person"):
        first.confirm(one)
    masking.confirm(first, other)
    assert not Masking.objects.exclude(words="").exists()
    assert NAME not in LogEntry.objects.get(pk=entries.pk).change_message


@pytest.mark.differs
def test_everything_that_holds_words_is_searched_or_has_a_reason() -> None:
    """Rows of other apps hold no text of the portal's: mails are written when they are sent."""
    ours = {each._meta.app_label for each in apps.get_models() if each.__module__.startswith(masking.ROOMS)}
    assert ours == set(masking.ROOMS)
    texts = [f"{each._meta.label}.{field.name}" for each in apps.get_models() for field in masking.texts_of(each)]
    elsewhere = {text for text in texts if text.startswith("subscriptions")}
    assert elsewhere == {"subscriptions.Asking.client_hash"}
    assert set(masking.LEFT_ALONE) <= {each._meta.label for each in apps.get_models()}


# --- in the files of the database ---


@pytest.mark.differs
@alone
@pytest.mark.django_db(transaction=True)
def test_the_words_are_gone_from_the_files_of_the_database_too(
    portal: Portal, officer: User, coordinator: User
) -> None:
    hits = masking.find(NAME)
    tables = {type(each.row) for each in hits} | {Masking, LogEntry}
    assert NAME.encode() in raw_bytes(tables)
    proposed = masking.propose(officer, NAME, "personuppgift", [each.key for each in hits])
    masking.confirm(proposed[0], coordinator)
    assert PUT_IN_ITS_PLACE.encode() in raw_bytes(tables)
    assert NAME.encode() not in raw_bytes(tables)


@pytest.mark.differs
@alone
@pytest.mark.django_db(transaction=True)
def test_what_could_not_be_cleared_is_cleared_by_the_daily_timer(
    portal: Portal, officer: User, coordinator: User, monkeypatch, caplog
) -> None:
    hits = masking.find(NAME)
    tables = {type(each.row) for each in hits} | {Masking, LogEntry}
    with monkeypatch.context() as patched:
        patched.setattr(masking, "clear_remains", lambda *tables: False)
        proposed = masking.propose(officer, NAME, "personuppgift", [each.key for each in hits])
        masking.confirm(proposed[0], coordinator)
    assert "Masked words may lie in the database's files" in caplog.text
    assert NAME.encode() in raw_bytes(tables)
    call_command("clean_up", stdout=StringIO())
    assert NAME.encode() not in raw_bytes(tables)


def test_words_that_are_too_short_or_stand_nowhere_are_refused_in_words(portal: Portal, officer: User) -> None:
    with pytest.raises(ValidationError, match="minst 3 tecken"):
        masking.find(" a ")
    client = logged_in(officer)
    page = client.post(reverse("admin:promises_masking_add"), {"words": "Står ingenstans", "reason": "prov"})
    assert "Orden finns inte i någon text." in page.content.decode()
    page = client.post(reverse("admin:promises_masking_add"), {"words": NAME, "reason": "prov", "propose": ""})
    assert "Välj minst en text." in page.content.decode()


@pytest.mark.differs
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
