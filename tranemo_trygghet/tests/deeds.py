"""What somebody does that writes more than once, ready to be done: each makes what it needs, and returns the deed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from django.urls import reverse

from followups.indicator_import import import_readings
from followups.models import Reading
from followups.prefill import begin_report
from followups.tests.make import make_indicator, make_report
from promises import masking
from promises.following import follow_on
from promises.models import Contact, InformationPage, Promise, Term, User
from promises.months import Month, Period
from promises.tests.backoffice import fields_of, logged_in
from promises.tests.make import make_contact, make_organisation, make_place, make_promise, make_user, ready
from subscriptions.models import Kind, Subscription
from subscriptions.news import announce
from subscriptions.tests.make import make_published_report, make_subscription
from surveys.admin.answering import AnsweringForm
from surveys.ballot_box import shuffle, submit
from surveys.codes import issue_batch, replace_batch
from surveys.counting import close_round, count_round, erase_round, leave_out
from surveys.models import Channel, InvitationBatch, SurveyRound
from surveys.questionnaire import add_questions, ask_only_if, deciding_options, put_in_order
from surveys.results import publish_release
from surveys.spelling import correct_spelling
from surveys.tests.make import (
    AFTER,
    CLOSES,
    MIDWAY,
    answer,
    close_and_count,
    make_codes,
    make_coordinator,
    make_question,
    make_round,
    make_survey,
)
from surveys.themes import write_themes
from tranemo_trygghet.staff_login import links
from tranemo_trygghet.staff_login.management.commands import invite_staff

Deed = Callable[[], object]


def office(row: Any, page: str) -> str:
    """The back office's page about the row."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def half_signed() -> Promise:
    promise = ready(make_promise(published=False))
    promise.sign(make_user(promise.signing_partners()[0]), promise.digest())
    return promise


def the_last_signature() -> Deed:
    promise = half_signed()
    (last,) = promise.awaited_partners()
    user = make_user(last)
    return lambda: Promise.objects.get(pk=promise.pk).sign(user, promise.digest())


def taking_back() -> Deed:
    promise = half_signed()
    user = make_user(promise.signing_partners()[0])
    return lambda: Promise.objects.get(pk=promise.pk).back_to_draft(user)


def an_edit_of_what_is_half_signed() -> Deed:
    promise = half_signed()

    def edit() -> None:
        same = Promise.objects.get(pk=promise.pk)
        same.lead = "Något annat."
        same.save()

    return edit


def the_promise_that_follows() -> Deed:
    promise = make_promise(starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31), actions=2)
    user = make_user(promise.signing_partners()[0])
    return lambda: follow_on(promise, date(2026, 1, 1), user)


def a_months_report() -> Deed:
    promise = make_promise(starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    period = Period(Month.parse("2026-02"), promise.followup_months)
    user = make_user(promise.signing_partners()[0])
    return lambda: begin_report(promise, period, user)


def masked() -> list[masking.Masking]:
    report = make_report(text="Nils var där.")
    keys = [hit.key for hit in masking.find("Nils")]
    return masking.propose(make_user(report.signing_partners()[0]), "Nils", "ett namn", keys)


def asking_for_a_masking() -> Deed:
    report = make_report(text="Nils var där.")
    user, keys = make_user(report.signing_partners()[0]), [hit.key for hit in masking.find("Nils")]
    return lambda: masking.propose(user, "Nils", "ett namn", keys)


def the_second_yes_to_a_masking() -> Deed:
    first, *_others = masked()
    other = make_user(first.row.followup.signing_partners()[1])
    return lambda: type(first).objects.get(pk=first.pk).confirm(other)


def the_second_yes_to_a_case() -> Deed:
    first, *_others = masked()
    other = make_user(first.row.followup.signing_partners()[1])
    return lambda: masking.confirm(type(first).objects.get(pk=first.pk), other)


def figures_from_a_file() -> Deed:
    indicator, user = make_indicator(), make_user(make_organisation())
    return lambda: import_readings(indicator, "månad;antal\n2025-01;3\n2025-02;4\n", user)


def an_answer_with_a_code() -> Deed:
    survey_round = make_round()
    (code,) = make_codes(survey_round, 1)
    given = {"channel": Channel.CODE, "place": 1, "code": code, "at": MIDWAY}
    return lambda: submit(survey_round, {"safety": "safe"}, {"words": "Mer ljus."}, **given)


def a_shuffle() -> Deed:
    survey_round = make_round()
    answer(survey_round, times=12, safety="safe")
    return lambda: shuffle(type(survey_round).objects.get(pk=survey_round.pk))


def counting() -> Deed:
    survey_round = make_round()
    answer(survey_round, times=12, safety="safe")
    close_round(survey_round, at=CLOSES)
    return lambda: count_round(type(survey_round).objects.get(pk=survey_round.pk), at=AFTER)


def erasing() -> Deed:
    survey_round = make_round()
    make_codes(survey_round, 3)
    answer(survey_round, times=12, safety="safe", texts={"words": "Mer ljus."})
    close_and_count(survey_round)
    return lambda: erase_round(type(survey_round).objects.get(pk=survey_round.pk))


def a_result() -> Deed:
    survey_round = make_round()
    answer(survey_round, times=12, safety="safe")
    close_and_count(survey_round)
    user = make_coordinator()
    return lambda: publish_release(survey_round, user)


def a_spelling() -> Deed:
    survey_round = make_round(survey=make_survey([make_question("light", text="Är det ljsut?")]))
    user = make_coordinator()
    return lambda: correct_spelling(
        survey_round, "light", "Är det ljsut?", "Är det ljust?", reason="Felstavat.", user=user
    )


def locking() -> Deed:
    survey_round = make_round(locked=False)
    return lambda: type(survey_round).objects.get(pk=survey_round.pk).lock()


def codes() -> Deed:
    place, user = make_round().round_places.get(), make_coordinator()
    return lambda: issue_batch(place, 3, user)


def codes_in_place_of_others() -> Deed:
    make_codes(make_round(), 3)
    user = make_coordinator()
    return lambda: replace_batch(InvitationBatch.objects.get(), user)


def themes() -> Deed:
    survey_round = make_round()
    for number in range(12):
        answer(survey_round, safety="safe", texts={"words": f"Mer ljus {number}."})
    close_and_count(survey_round)
    write_themes(survey_round, "words", {"Ljus": 5})
    return lambda: write_themes(survey_round, "words", {"Mörker": 4, "Buskar": 3})


def questions_in_a_questionnaire() -> Deed:
    survey = make_survey()
    new = [make_question("new_one"), make_question("new_two")]
    return lambda: add_questions(survey, new)


def news() -> Deed:
    make_subscription()
    make_subscription()
    report = make_published_report()
    return lambda: announce(Kind.REPORT, report)


def asking_for_mail() -> Deed:
    return lambda: Subscription.objects.ask("nils@exempel.se", [])


def a_choice_anew() -> Deed:
    make_subscription("nils@exempel.se")
    again = make_subscription("nils@exempel.se", places=[make_place()], confirmed=False)
    return lambda: Subscription.objects.get(pk=again.pk).confirm()


def the_last_signature_in_the_office() -> Deed:
    promise = half_signed()
    client = logged_in(make_user(promise.awaited_partners()[0]))
    return lambda: client.post(office(promise, "sign"), {"digest": promise.digest()})


def an_action_less_in_what_is_half_signed() -> Deed:
    action = half_signed().actions.get(number=5)
    return lambda: type(action).objects.get(pk=action.pk).delete()


def a_contact() -> Deed:
    organisation = make_organisation()
    return lambda: Contact(organisation=organisation, name="Alex Lind", telephone="114 14").save()


def a_contact_less() -> Deed:
    contact = make_contact(make_organisation())
    return lambda: Contact.objects.get(pk=contact.pk).delete()


def many_contacts() -> Deed:
    organisation = make_organisation()
    return lambda: Contact.objects.bulk_create(
        Contact(organisation=organisation, name=name, telephone="114 14") for name in ("Alex Lind", "Kim Berg")
    )


def another_number_for_many_contacts() -> Deed:
    make_contact(make_organisation())
    return lambda: Contact.objects.update(telephone="114 14")


def many_contacts_less() -> Deed:
    make_contact(make_organisation())
    return lambda: Contact.objects.all().delete()


def make_word() -> Term:
    return Term.objects.create(word="EST", slug="est", explanation="Effektiv samordning för trygghet.")


def a_word_shown() -> Deed:
    term = make_word()
    return lambda: Term.objects.get(pk=term.pk).publish()


def a_word_shown_in_the_office() -> Deed:
    term = make_word()
    client = logged_in(make_user(make_organisation()))
    return lambda: client.post(office(term, "publish"))


def a_page_in_other_words() -> Deed:
    page, user = InformationPage.as_delivered("om"), make_user(make_organisation())
    page.save()
    return lambda: InformationPage.objects.get(pk=page.pk).rewrite("Något annat.", user)


def an_account_from_the_server() -> Deed:
    organisation = make_organisation()
    return lambda: invite_staff.Command().make("nils@exempel.se", organisation.slug, ["accounts"])


def a_login_ended() -> Deed:
    user = make_user(make_organisation(), password="hemligt")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    return lambda: links.end_login(User.objects.get(pk=user.pk))


def many_deeds() -> Deed:
    promise = make_promise(actions=1)
    client = logged_in(make_user(promise.signing_partners()[0]))
    form = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 0}
    words = {"action": promise.actions.get().pk, "what": "Fotpatrull", "done_on": "2026-03-14", "quantity": 1}
    form |= {f"form-{number}-{name}": word for number in (0, 1) for name, word in words.items()}
    return lambda: client.post(reverse("admin:followups_deed_many"), form)


def figures_corrected_at_once() -> Deed:
    Reading.objects.create(indicator=make_indicator(), first_day=date(2026, 1, 1), value=3)
    return lambda: Reading.objects.update(value=7)


def a_channel_left_out() -> Deed:
    survey_round = make_round()
    answer(survey_round, times=12, safety="safe")
    close_and_count(survey_round)
    return lambda: leave_out(type(survey_round).objects.get(pk=survey_round.pk), Channel.OPEN, "Översvämmad.")


def codes_in_a_letter() -> Deed:
    survey_round = make_round()
    client = logged_in(make_coordinator())
    form = fields_of(client.get(office(survey_round, "codes")), "size") | {"size": 3}
    return lambda: client.post(office(survey_round, "codes"), form)


def a_new_version_of_a_question() -> Deed:
    question, client = make_question(), logged_in(make_coordinator())
    return lambda: client.post(office(question, "new_version"))


def questions_in_another_order() -> Deed:
    survey = make_survey([make_question(), make_question()])
    return lambda: put_in_order(survey.items.all(), list(survey.items.order_by("-order")))


def a_condition() -> Deed:
    survey = make_survey([make_question(), make_question()])
    ((earlier, options),) = deciding_options(survey.items.get(order=2))
    return lambda: ask_only_if(survey.items.get(order=2), earlier, options)


def an_answer_to_a_result() -> Deed:
    place = make_place()
    promise, survey_round = make_promise(actions=2, places=[place]), make_round(places=[place])
    answer(survey_round, times=12, safety="safe")
    close_and_count(survey_round)
    publish_release(survey_round, make_coordinator())
    one, other = promise.actions.all()
    found = {"finding": f"{place.pk}:safety"}
    answered(survey_round, found | {"actions": [one.pk]})
    return lambda: answered(survey_round, found | {"actions": [other.pk]})


def answered(survey_round: SurveyRound, words: dict[str, Any]) -> None:
    form = AnsweringForm(survey_round, words)
    assert form.is_valid(), form.errors
    form.save(survey_round)


DEEDS: list[Callable[[], Deed]] = [
    the_last_signature,
    taking_back,
    an_edit_of_what_is_half_signed,
    the_promise_that_follows,
    a_months_report,
    asking_for_a_masking,
    the_second_yes_to_a_masking,
    the_second_yes_to_a_case,
    figures_from_a_file,
    an_answer_with_a_code,
    a_shuffle,
    counting,
    erasing,
    a_result,
    a_spelling,
    locking,
    codes,
    codes_in_place_of_others,
    themes,
    questions_in_a_questionnaire,
    news,
    asking_for_mail,
    a_choice_anew,
    the_last_signature_in_the_office,
    an_action_less_in_what_is_half_signed,
    a_contact,
    a_contact_less,
    many_contacts,
    another_number_for_many_contacts,
    many_contacts_less,
    a_word_shown,
    a_word_shown_in_the_office,
    a_page_in_other_words,
    an_account_from_the_server,
    a_login_ended,
    many_deeds,
    figures_corrected_at_once,
    a_channel_left_out,
    codes_in_a_letter,
    a_new_version_of_a_question,
    questions_in_another_order,
    a_condition,
    an_answer_to_a_result,
]
