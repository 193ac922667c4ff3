"""What was added to a promise is read in one question, as its own rows say it."""

from __future__ import annotations

from datetime import date

import pytest

from promises.additions import added_to
from promises.models import Correction, Extension
from promises.tests.make import make_promise, publish

pytestmark = pytest.mark.django_db


def test_extensions_with_their_signatures_and_corrections_come_in_one_question(
    clock, django_assert_num_queries
) -> None:
    promise = make_promise(starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    later = {"promise": promise, "new_last_day": date(2027, 2, 1), "decided_on": date(2026, 3, 1)}
    last = publish(Extension.objects.create(reason="Ännu mer tid.", **later))
    first = publish(Extension.objects.create(reason="Mer tid.", **later | {"decided_on": date(2026, 2, 1)}))
    Extension.objects.create(reason="Ett utkast.", **later)
    partner, by = promise.signing_partners()[1], promise.sign_offs.first().signed_by
    for text in ("Ett ord.", "Ett till."):
        Correction.objects.create(document=promise, text=text, organisation=partner, made_by=by)
    Correction.objects.create(document=make_promise(), text="Ett annat löfte.", organisation=partner, made_by=by)
    with django_assert_num_queries(1):
        added = added_to(promise)
        read = [[shown(signature) for signature in each.sign_offs.all()] for each in added.extensions]
    assert read == [[shown(signature) for signature in each.sign_offs.all()] for each in (first, last)]
    assert [len(signatures) for signatures in read] == [2, 2]
    assert [(each.pk, each.reason, each.decided_on, each.new_last_day) for each in added.extensions] == [
        (each.pk, each.reason, each.decided_on, each.new_last_day) for each in (first, last)
    ]
    assert [(each.text, str(each.organisation)) for each in added.corrections] == [
        ("Ett ord.", str(partner)),
        ("Ett till.", str(partner)),
    ]


def shown(signature) -> tuple:
    return str(signature.organisation), signature.name, signature.role, signature.signed_at


def test_a_promise_that_nothing_was_added_to_has_nothing(clock) -> None:
    added = added_to(make_promise())
    assert (added.extensions, added.corrections) == ([], [])
