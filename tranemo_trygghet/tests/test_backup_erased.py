"""What was erased after a copy was made does not come back with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.utils import timezone

from followups.models import Deed
from followups.tests.make import make_deed
from promises.models import Masking, User
from promises.policy import Role
from promises.tests.make import make_organisation, make_user
from subscriptions.models import Subscription
from subscriptions.tests.make import make_subscription
from surveys.counting import erase_round
from surveys.models import FreeText, Invitation, Quote, Response, SurveyRound, Tally, Theme
from surveys.tests.make import MIDWAY, answer, close_and_count, make_codes
from surveys.themes import propose_quote, write_themes
from tranemo_trygghet.backup import erased, making
from tranemo_trygghet.tests.copying import open_round, restore
from tranemo_trygghet.tests.make import TENTH_OF_MAY, make_portal

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_ended_a_subscription_gets_no_mail_after_a_restore(folder, clock) -> None:
    make_subscription("kvar@exempel.se")
    make_subscription("slutar@exempel.se").places.set([])
    copy = making.make_copy(folder)
    Subscription.objects.get(address="slutar@exempel.se").end()
    clock.shift(timedelta(minutes=5))
    erased.note(folder)
    assert "slutar" not in (folder / erased.NAME).read_text()
    restore(copy)
    assert [each.address for each in Subscription.objects.all()] == ["kvar@exempel.se"]


def test_an_accident_is_not_taken_for_everybodys_wish(folder, clock) -> None:
    make_subscription("kvar@exempel.se")
    copy = making.make_copy(folder)
    clock.shift(timedelta(hours=1))
    before_the_accident = timezone.now()
    clock.shift(timedelta(hours=1))
    Subscription.objects.all().delete()
    erased.note(folder)
    restore(copy, until=before_the_accident)
    assert Subscription.objects.count() == 1


def test_a_closed_account_stays_closed(folder, clock) -> None:
    user = make_user(make_organisation(), Role.EDITOR)
    copy = making.make_copy(folder)
    clock.shift(timedelta(minutes=5))
    User.objects.filter(pk=user.pk).update(is_active=False)
    erased.note(folder)
    restore(copy)
    assert not User.objects.get(pk=user.pk).is_active


def test_a_closed_account_stays_closed_also_where_nobody_in_the_copy_keeps_accounts_then(folder, clock) -> None:
    police = make_organisation()
    user = make_user(police, Role.ACCOUNTS)
    copy = making.make_copy(folder)
    clock.shift(timedelta(minutes=5))
    make_user(police, Role.ACCOUNTS)
    user.is_active = False
    user.save()
    erased.note(folder)
    restore(copy)
    assert not User.objects.get().is_active


def test_an_erased_round_is_erased_again_and_keeps_its_tallies(folder, clock) -> None:
    survey_round = open_round(clock)
    make_codes(survey_round, 12)
    answer(survey_round, times=12, safety="safe", texts={"words": "Mörkt."})
    copy = making.make_copy(folder)
    answer(survey_round, times=3, safety="unsafe")
    close_and_count(survey_round)
    clock.move_to(MIDWAY + timedelta(days=60))
    erase_round(survey_round)
    told = list(Tally.objects.order_by("question", "option").values_list("question", "option", "count"))
    erased.note(folder)
    restore(copy)
    assert SurveyRound.objects.get().state == SurveyRound.State.ERASED
    assert not Response.objects.exists()
    assert not FreeText.objects.exists()
    assert not Invitation.objects.exists()
    assert list(Tally.objects.order_by("question", "option").values_list("question", "option", "count")) == told


def test_a_round_that_was_counted_in_the_copy_is_not_counted_twice(folder, clock) -> None:
    survey_round = open_round(clock)
    answer(survey_round, times=12, safety="safe", texts={"words": "Mörkt."})
    close_and_count(survey_round)
    clock.move_to(MIDWAY + timedelta(days=60))
    write_themes(survey_round, "words", {"Ljus": 9})
    propose_quote(Theme.objects.get(), "Mörkt.", make_user(make_organisation()))
    counted, copy = Tally.objects.count(), making.make_copy(folder)
    clock.shift(timedelta(hours=1))
    erase_round(survey_round)
    erased.note(folder)
    restore(copy)
    assert not Response.objects.exists()
    # Nobody else had said yes to it: it is a copy of an answer.
    assert not Quote.objects.exists()
    assert Tally.objects.count() == counted


def test_masked_words_do_not_come_back(folder, clock) -> None:
    clock.move_to(TENTH_OF_MAY)
    portal = make_portal()
    report = portal.january
    type(report)._base_manager.filter(pk=report.pk).update(summary="Kalle Karlsson kom.")
    report.refresh_from_db()
    proposer, other = (make_user(partner, Role.EDITOR) for partner in report.signing_partners())
    masking = Masking.objects.create(
        row=report, field="summary", words="Kalle Karlsson", reason="personuppgift", proposed_by=proposer
    )
    log = LogEntry.objects.log_actions(proposer.pk, [report], CHANGE, "Kalle Karlsson kom.", single_object=True)
    copy = making.make_copy(folder)
    clock.shift(timedelta(hours=1))
    masking.confirm(other)
    erased.note(folder)
    restore(copy)
    report.refresh_from_db()
    assert "Kalle" not in report.summary
    assert "borttaget" in report.summary
    assert not Masking.objects.filter(words__contains="Kalle").exists()
    assert "Kalle" not in LogEntry.objects.get(pk=log.pk).change_message
    assert report.published_digest == report.frozen_digest()


def test_masked_words_of_what_was_deleted_afterwards_do_not_come_back_and_stop_no_copy(folder, clock) -> None:
    clock.move_to(TENTH_OF_MAY)
    deed = make_deed(what="Hem till Kalle Karlsson")
    masking = Masking.objects.create(
        row=deed, field="what", words="Kalle Karlsson", reason="personuppgift", proposed_by=deed.logged_by
    )
    copy = making.make_copy(folder)
    clock.shift(timedelta(hours=1))
    masking.confirm(make_user(deed.organisation, Role.EDITOR))
    deed.delete()
    erased.note(folder)
    restore(copy)
    assert "Kalle" not in Deed.objects.get().what
    assert "borttaget" in Deed.objects.get().what
