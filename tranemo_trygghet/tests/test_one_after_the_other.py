"""Whoever looks and then writes by what they saw waits first for those who are just writing.

Otherwise two who come at the same moment see the same, and the second undoes or doubles what the first has done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import OperationalError, connection, models

from followups.models import ActionUpdate, FollowUp, Indicator
from followups.tests.make import make_deed, make_report
from promises import masking
from promises.models import InformationPage, Masking, Organisation, Partnership, Promise, User
from promises.policy import Role
from promises.tests.make import make_organisation, make_promise, make_user
from subscriptions.models import Subscription
from subscriptions.tests.make import make_subscription
from surveys.models import SurveyRound
from tranemo_trygghet.staff_login import links, second_factor
from tranemo_trygghet.tests import deeds
from tranemo_trygghet.tests.deeds import Deed as Act

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql, pytest.mark.usefixtures("clock")]


@contextmanager
def somebody_just_writing(model: type[models.Model]) -> Iterator[None]:
    """The rows of the table are held by another connection, and nobody waits for long."""
    other = connection.copy()
    try:
        with other.cursor() as cursor, connection.cursor() as ours:
            cursor.execute("BEGIN")
            cursor.execute(f"SELECT FROM {model._meta.db_table} FOR UPDATE")
            ours.execute("SET lock_timeout = '50ms'")
            yield
            ours.execute("RESET lock_timeout")
    finally:
        other.close()


def an_edit() -> Act:
    promise = make_promise(published=False)
    return lambda: Promise.objects.get(pk=promise.pk).save()


def a_part_among_many() -> Act:
    promise = make_promise(published=False)
    other = make_organisation()
    return lambda: Partnership.objects.bulk_create([Partnership(promise=promise, organisation=other, order=3)])


def sending_for_signature() -> Act:
    promise = make_promise(published=False)
    user = make_user(promise.signing_partners()[0])
    return lambda: Promise.objects.get(pk=promise.pk).mark_ready(user)


def a_masking_that_was_a_mistake() -> Act:
    first, *_others = deeds.masked()
    return lambda: masking.withdraw(first, first.proposed_by)


def a_deed_of_a_month_that_is_just_signed() -> Act:
    promise = make_promise(actions=1)
    make_report(promise, "2026-03", published=False)
    return lambda: make_deed(promise.actions.get())


def a_keeper_who_leaves() -> Act:
    organisation = make_organisation()
    make_user(organisation, Role.ACCOUNTS)
    user = make_user(organisation, Role.ACCOUNTS)
    return lambda: User.objects.get(pk=user.pk).delete()


def an_end_to_all_mail() -> Act:
    make_subscription("nils@exempel.se")
    return lambda: Subscription.objects.all().erase()


def a_code_of_the_telephone() -> Act:
    user = make_user(make_organisation())
    app = Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    return lambda: second_factor.spend(app, "123456")


def a_password_by_a_link() -> Act:
    user = make_user(make_organisation(), email="kim@polisen.example")
    token = links.FORGOTTEN.address(user).rstrip("/").rpartition("/")[2]
    return lambda: links.choose(links.FORGOTTEN, token, "hackspett-i-granskog")


WAITS_FOR = [
    (an_edit, Promise),
    (a_part_among_many, Promise),
    (sending_for_signature, Promise),
    (deeds.taking_back, Promise),
    (deeds.the_last_signature, Promise),
    (deeds.a_page_in_other_words, InformationPage),
    (a_keeper_who_leaves, Organisation),
    (a_deed_of_a_month_that_is_just_signed, FollowUp),
    (deeds.figures_from_a_file, Indicator),
    (deeds.locking, SurveyRound),
    (deeds.a_spelling, SurveyRound),
    (deeds.a_result, SurveyRound),
    (deeds.the_second_yes_to_a_case, Masking),
    (a_masking_that_was_a_mistake, Masking),
    (deeds.the_second_yes_to_a_masking, ActionUpdate),
    (deeds.news, Subscription),
    (deeds.a_choice_anew, Subscription),
    (an_end_to_all_mail, Subscription),
    (a_code_of_the_telephone, Authenticator),
    (a_password_by_a_link, User),
]


@pytest.mark.parametrize(("make", "model"), WAITS_FOR, ids=lambda each: each.__name__)
def test_who_comes_second_waits_before_looking(make: Callable[[], Act], model: type[models.Model]) -> None:
    do = make()
    asked = []

    def note(ask: Any, sql: str, *words: Any) -> Any:
        asked.append(sql)
        return ask(sql, *words)

    with somebody_just_writing(model), connection.execute_wrapper(note), pytest.raises(OperationalError):
        do()
    assert asked[-1].startswith("SELECT"), "what was seen before is written over what another has written since"
