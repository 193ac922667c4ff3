"""Whatever changes what the public sees raises the content version: every model does, or says here why it need not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import ProtectedError, RestrictedError

from followups.tests.make import make_indicator, make_report
from promises.models import Contact, Correction, Masking, Place, Promise
from promises.publishing import (
    Frozen,
    FrozenError,
    PublicQuerySet,
    ShowsAtOnce,
    content_version,
    version_and_withdrawal,
)
from promises.tests.make import make_place, make_promise, make_user, ready, sign_all
from surveys.counting import close_round, count_round, erase_round
from surveys.models import Answering, EarlierSurvey, SpellingCorrection
from surveys.results import publish_release
from surveys.tests.make import close_and_count, make_coordinator, make_round
from tranemo_trygghet.tests.make import SECRET, TENTH_OF_MAY, Portal, make_portal, plant_secrets

pytestmark = pytest.mark.django_db

SIGNATURE = "is written by sign(), which raises the version"
STAFF = "staff alone see it"
URN = "lies in the ballot box; nothing else may be written with an answer"
NOT_SHOWN = {
    "promises.ContentVersion": "is the version",
    "promises.Masking": "changes nothing until confirm(), which withdraws",
    "promises.User": "a signature keeps the name of its day",
    "promises.RoleGrant": STAFF,
    "promises.Difference": STAFF,
    "followups.Reminder": STAFF,
    "promises.PromiseSignOff": SIGNATURE,
    "promises.ExtensionSignOff": SIGNATURE,
    "promises.TargetSignOff": SIGNATURE,
    "followups.FollowUpSignOff": SIGNATURE,
    "followups.CombinedResultSignOff": SIGNATURE,
    "surveys.Question": "is shown from the round's codebook, which locking freezes",
    "surveys.Scale": "is shown from the round's codebook",
    "surveys.AnswerOption": "is shown from the round's codebook",
    "surveys.SurveyQuestion": "is shown from the round's codebook",
    "surveys.Response": URN,
    "surveys.FreeText": URN,
    "surveys.InvitationBatch": URN,
    "surveys.Invitation": URN,
    "surveys.WrongCodes": URN,
    "surveys.CrowdedDay": STAFF,
    "surveys.TextReading": "is shown from the release, which is a snapshot",
    "surveys.Theme": "is shown from the release, which is a snapshot",
    "surveys.Quote": "is shown from the release, which is a snapshot",
    "surveys.Residents": "is shown from the release, which is a snapshot",
    "surveys.Tally": "is shown from the release, which is a snapshot",
    "subscriptions": "who follows is nobody's business",
}


def shown_models() -> list[type[models.Model]]:
    return [model for model in our_models() if model._meta.label not in NOT_SHOWN]


def our_models() -> Iterator[type[models.Model]]:
    for app in apps.get_app_configs():
        if Path(app.path).parent == settings.BASE_DIR and app.label not in NOT_SHOWN:
            yield from app.get_models()


def label(model: type[models.Model]) -> str:
    return str(model._meta.label)


@pytest.fixture
def portal(clock) -> Portal:
    """Something of everything, published and in draft."""
    clock.move_to(TENTH_OF_MAY)
    portal = make_portal()
    plant_secrets(portal)
    section = portal.promise.signing_partners()[0].sections.create(name="lärandesektionen")
    Promise.objects.get(slug=SECRET).actions.first().sections.add(section)
    make_indicator().readings.create(first_day=date(2026, 1, 1), value=3)
    survey = EarlierSurvey.objects.create(year=2019, title="Förr", answers=272, source="rapport")
    survey.shares.create(label="trygga", percent=80)
    correct_spelling(portal)
    asked, action = portal.survey_round.round_places.first(), portal.promise.actions.first()
    Answering.objects.create(round=asked.round, place=asked.place, question_key="safety", action=action)
    return portal


def correct_spelling(portal: Portal) -> None:
    words = {"question_key": "safety", "before": "trygg", "after": "Trygg", "reason": "versal"}
    SpellingCorrection.objects.create(
        round=portal.survey_round, made_by=make_coordinator(), made_on=date(2026, 5, 2), **words
    )


def raises_version(change: Callable[[], object]) -> bool:
    before = content_version()
    change()
    return content_version() > before


def withdraws(change: Callable[[], object]) -> bool:
    raised = raises_version(change)
    number, withdrawn_before = version_and_withdrawal()
    return raised and withdrawn_before == number


def first_that_allows(model: type[models.Model], name: str) -> Callable[[], object] | None:
    """`save` or `delete` of a row that is neither frozen nor protected; tried, and undone."""
    for row in model._base_manager.all():
        try:
            with transaction.atomic():
                getattr(type(row)._base_manager.get(pk=row.pk), name)()
                transaction.set_rollback(True)
        except (FrozenError, ProtectedError, RestrictedError):
            continue
        return getattr(row, name)
    return None


def test_every_reason_is_about_a_model_that_exists() -> None:
    labels = {label(model) for model in apps.get_models()} | {app.label for app in apps.get_app_configs()}
    assert set(NOT_SHOWN) - labels <= {"subscriptions"}


def test_every_model_shows_at_once_or_is_frozen_or_has_a_reason() -> None:
    assert [label(each) for each in shown_models() if not issubclass(each, (ShowsAtOnce, Frozen))] == []


def test_every_shown_model_raises_the_version_when_many_rows_are_written() -> None:
    for model in shown_models():
        for queryset in (model._default_manager.all(), getattr(model, "objects", model._default_manager).all()):
            assert isinstance(queryset, PublicQuerySet), label(model)


# What is only ever added, and what only its verbs move: the tests below do.
BY_VERBS = {"promises.Correction", "surveys.ResultRelease", "surveys.RoundPlace", "surveys.SurveyRound"}


def test_saving_any_shown_row_raises_the_version(portal: Portal) -> None:
    for model in shown_models():
        if label(model) not in BY_VERBS:
            save = first_that_allows(model, "save")
            assert save is not None, f"no row of {label(model)} to try"
            assert raises_version(save), label(model)


def test_removing_any_row_that_shows_at_once_withdraws_it(portal: Portal) -> None:
    tried = set()
    for model in shown_models():
        delete = first_that_allows(model, "delete") if issubclass(model, ShowsAtOnce) else None
        if delete is not None:
            with transaction.atomic():
                assert withdraws(delete), label(model)
                transaction.set_rollback(True)
            tried.add(label(model))
    assert {"promises.Contact", "promises.Place", "followups.Meeting", "surveys.SpellingCorrection"} <= tried


def test_what_is_only_added_raises_the_version(portal: Portal) -> None:
    user = portal.january.sign_offs.first().signed_by
    assert raises_version(
        lambda: Correction.objects.create(
            document=portal.january, text="Fler.", organisation=user.organisation, made_by=user
        )
    )
    close_and_count(portal.survey_round)
    assert raises_version(lambda: publish_release(portal.survey_round, make_coordinator()))


def test_writing_many_rows_at_once_raises_the_version(portal: Portal) -> None:
    contacts = Contact.objects.all()
    assert withdraws(lambda: contacts.update(title="kommunpolis"))
    assert raises_version(lambda: Contact.objects.bulk_create([]))
    assert raises_version(lambda: Contact.objects.bulk_update(list(contacts), ["title"]))
    assert withdraws(lambda: contacts.delete())


def test_each_step_of_a_signature_raises_the_version(portal: Portal) -> None:
    """The list of months says whose text, and then whose signature, a late report awaits."""
    report = make_report(make_promise(), published=False)
    assert raises_version(lambda: ready(report))
    one, _other = report.signing_partners()
    assert raises_version(lambda: report.sign(make_user(one), report.digest()))
    assert raises_version(lambda: report.back_to_draft(make_user(one)))
    ready(report)
    assert raises_version(lambda: sign_all(report))
    assert report.is_published


def test_each_step_of_a_round_raises_the_version(portal: Portal) -> None:
    survey_round = make_round(locked=False)
    assert raises_version(survey_round.lock)
    for step in (close_round, count_round, erase_round):
        assert raises_version(partial(step, survey_round)), step.__name__


def test_showing_adds_and_hiding_withdraws(portal: Portal) -> None:
    place = make_place("Ån", published=False)
    _number, withdrawn_before = version_and_withdrawal()
    assert raises_version(place.publish)
    assert version_and_withdrawal()[1] == withdrawn_before
    assert Place.objects.published().filter(pk=place.pk).exists()
    assert withdraws(place.unpublish)
    assert not Place.objects.published().filter(pk=place.pk).exists()


def test_a_confirmed_masking_withdraws_and_a_proposed_one_changes_nothing(portal: Portal) -> None:
    one, other = (make_user(partner) for partner in portal.promise.signing_partners())
    words = {"field": "summary", "words": "Sammanfattning", "reason": "prov"}
    before = content_version()
    masking = Masking.objects.create(row=portal.january, proposed_by=one, **words)
    assert content_version() == before
    assert withdraws(lambda: masking.confirm(other))


def test_a_row_that_is_not_committed_raises_nothing(portal: Portal) -> None:
    before = content_version()
    with transaction.atomic():
        make_place()
        transaction.set_rollback(True)
    assert content_version() == before
