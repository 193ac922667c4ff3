"""One text, one yes a partner, and the last one publishes."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from promises.models import Action, Extension, Partnership, Promise
from promises.policy import Role
from promises.publishing import FrozenError, content_version
from promises.signing import SigningError
from promises.tests.make import make_action, make_organisation, make_place, make_promise, make_user, publish, ready

pytestmark = pytest.mark.django_db


def half_signed() -> Promise:
    promise = ready(make_promise(published=False))
    first = promise.signing_partners()[0]
    promise.sign(make_user(first), promise.digest())
    return promise


def states() -> dict[str, Promise]:
    return {
        "draft": make_promise(published=False),
        "ready": ready(make_promise(published=False)),
        "half signed": half_signed(),
        "published": make_promise(),
    }


def test_queryset_and_instance_agree_on_what_is_published() -> None:
    for name, promise in states().items():
        expected = name == "published"
        assert Promise.objects.get(pk=promise.pk).is_published is expected, name
        assert Promise.objects.published().filter(pk=promise.pk).exists() is expected, name
        assert Action.objects.published().filter(promise=promise).exists() is expected, name
        assert promise.actions.first().is_published is expected, name


def test_the_last_signature_publishes_and_raises_the_content_version() -> None:
    promise = half_signed()
    before = content_version()
    assert not promise.is_published
    last = promise.awaited_partners()
    assert len(last) == 1
    promise.sign(make_user(last[0]), promise.digest())
    assert promise.is_published
    assert promise.published_at is not None
    assert content_version() > before


def test_an_edit_withdraws_the_signatures_to_the_earlier_text() -> None:
    promise = half_signed()
    promise.lead = "Något annat än det som godkändes."
    promise.save()
    assert len(promise.awaited_partners()) == 2
    assert not promise.sign_offs.exists()


def test_a_text_that_is_taken_back_has_no_signature_even_if_nothing_in_it_was_changed() -> None:
    promise = half_signed()
    promise.back_to_draft(make_user(promise.signing_partners()[0]))
    assert len(ready(promise).awaited_partners()) == 2


def test_an_edit_of_a_part_withdraws_the_signatures_too() -> None:
    promise = half_signed()
    action = promise.actions.first()
    action.text = "Ett annat åtagande."
    action.save()
    assert len(promise.awaited_partners()) == 2


def test_a_signature_to_an_earlier_text_counts_for_nothing_even_where_nobody_withdrew_it() -> None:
    promise = half_signed()
    Promise._base_manager.filter(pk=promise.pk).update(lead="Ändrat förbi allt som vakar.")
    promise = Promise.objects.get(pk=promise.pk)
    assert promise.sign_offs.count() == 1
    assert len(promise.awaited_partners()) == 2
    other = make_user(promise.awaited_partners()[-1])
    promise.sign(other, promise.digest())
    assert not promise.is_published


def test_nobody_can_sign_another_text_than_the_one_they_read() -> None:
    promise = ready(make_promise(published=False))
    user = make_user(promise.signing_partners()[0])
    read = promise.digest()
    Promise.objects.get(pk=promise.pk).actions.first().delete()
    with pytest.raises(SigningError, match="har ändrats"):
        promise.sign(user, read)


def test_a_draft_cannot_be_signed() -> None:
    promise = make_promise(published=False)
    with pytest.raises(SigningError, match="inte skickad"):
        promise.sign(make_user(promise.signing_partners()[0]), promise.digest())


def test_each_step_towards_the_signature_is_taken_once() -> None:
    promise = make_promise(published=False)
    user = make_user(promise.signing_partners()[0])
    with pytest.raises(SigningError, match="väntar på godkännande"):
        promise.back_to_draft(user)
    promise.mark_ready(user)
    with pytest.raises(SigningError, match="redan skickad"):
        promise.mark_ready(user)


def test_only_a_partner_signs_and_only_those_with_the_role() -> None:
    promise = ready(make_promise(published=False))
    with pytest.raises(SigningError, match="inte part"):
        promise.sign(make_user(make_organisation()), promise.digest())
    for role in set(Role.values) - {Role.SIGNER, Role.DEPUTY}:
        with pytest.raises(PermissionDenied):
            promise.sign(make_user(promise.signing_partners()[0], role), promise.digest())


def test_only_whoever_may_write_the_text_sends_it_to_the_partners_or_takes_it_back() -> None:
    draft, waiting = make_promise(published=False), half_signed()
    for user in (make_user(draft.signing_partners()[0], Role.READER), make_user(make_organisation(), Role.EDITOR)):
        with pytest.raises(PermissionDenied):
            draft.mark_ready(user)
        with pytest.raises(PermissionDenied):
            waiting.back_to_draft(user)
    assert Promise.objects.get(pk=waiting.pk).sign_offs.exists()


def test_a_deputy_signs_and_it_shows() -> None:
    promise = ready(make_promise(published=False))
    promise.sign(make_user(promise.signing_partners()[0], Role.DEPUTY), promise.digest())
    assert promise.sign_offs.get().as_deputy


def test_one_organisation_cannot_publish_alone_by_signing_twice() -> None:
    promise = ready(make_promise(published=False))
    for _turn in range(2):
        promise.sign(make_user(promise.signing_partners()[0]), promise.digest())
    assert not promise.is_published
    assert promise.sign_offs.count() == 1


def test_three_partners_must_all_sign() -> None:
    partners = [make_organisation() for _each in range(3)]
    promise = ready(make_promise(partners=partners, published=False))
    for partner in partners[:2]:
        promise.sign(make_user(partner), promise.digest())
    assert promise.awaited_partners() == partners[2:]
    promise.sign(make_user(partners[2]), promise.digest())
    assert promise.is_published


def test_a_promise_without_partners_or_actions_is_not_ready() -> None:
    promise = make_promise(published=False, actions=0)
    with pytest.raises(SigningError, match="saknar åtgärder"):
        promise.mark_ready(make_user(promise.signing_partners()[0]))


def test_what_is_published_refuses_every_ordinary_change() -> None:
    place = make_place()
    promise = make_promise(places=[place])
    action = promise.actions.first()
    changes = {
        "save": lambda: promise.save(),
        "delete": lambda: promise.delete(),
        "update": lambda: Promise.objects.filter(pk=promise.pk).update(lead="annat"),
        "bulk update": lambda: Promise.objects.bulk_update([promise], ["lead"]),
        "bulk delete": lambda: Promise.objects.filter(pk=promise.pk).delete(),
        "part saved": lambda: action.save(),
        "part deleted": lambda: action.delete(),
        "part updated": lambda: Action.objects.filter(pk=action.pk).update(text="annat"),
        "part added": lambda: make_action(promise, number=9),
        "parts added": lambda: Action.objects.bulk_create([Action(promise=promise, number=9, slug="x")]),
        "partner added": lambda: Partnership.objects.create(promise=promise, organisation=make_organisation()),
        "link added": lambda: action.responsible.add(make_organisation()),
        "links cleared": lambda: action.responsible.clear(),
    }
    let_through = []
    for name, change in changes.items():
        try:
            with transaction.atomic():
                change()
            let_through.append(name)
        except FrozenError:
            pass
    assert let_through == []
    assert Promise.objects.tampered() == []


def test_a_part_cannot_be_moved_out_of_a_published_promise() -> None:
    published, draft = make_promise(), make_promise(published=False, actions=0)
    action = published.actions.first()
    action.promise = draft
    with pytest.raises(FrozenError):
        action.save()


def test_a_change_past_the_code_is_found() -> None:
    promise = make_promise()
    other = make_promise()
    # What raw SQL does: neither save nor the queryset is asked.
    Action.objects.filter(pk=promise.actions.first().pk)._update(
        [(Action._meta.get_field("text"), None, "Löfte nu lättare")]
    )
    assert Promise.objects.tampered() == [promise]
    assert other not in Promise.objects.tampered()


def test_the_address_of_a_published_promise_may_still_change() -> None:
    promise = make_promise()
    promise.slug = "nytt-adressnamn"
    promise.save(update_fields=["slug"])
    assert Promise.objects.tampered() == []


def test_in_force_embraces_the_first_and_the_last_day() -> None:
    promise = make_promise(starts_on=date(2026, 3, 1), ends_on=date(2027, 2, 28))
    for day, expected in [
        (date(2026, 2, 28), False),
        (date(2026, 3, 1), True),
        (date(2027, 2, 28), True),
        (date(2027, 3, 1), False),
    ]:
        assert promise.is_in_force_on(day) is expected, day
        assert Promise.objects.in_force_on(day).filter(pk=promise.pk).exists() is expected, day


def test_an_extension_moves_the_last_day_when_every_partner_has_signed_it() -> None:
    promise = make_promise()
    extension = promise.extensions.create(
        new_last_day=date(2027, 6, 30), decided_on=date(2026, 12, 1), reason="Arbetet behöver mer tid."
    )
    day = date(2027, 6, 30)
    assert not promise.is_in_force_on(day)
    publish(extension)
    promise = Promise.objects.get(pk=promise.pk)
    assert promise.is_in_force_on(day)
    assert Promise.objects.in_force_on(day).get().last_day == day
    assert not promise.is_in_force_on(date(2027, 7, 1))


def test_an_extension_never_moves_the_last_day_back() -> None:
    promise = make_promise(ends_on=date(2026, 12, 31))
    decided = {"promise": promise, "decided_on": date(2026, 3, 1), "reason": "Arbetet behöver mer tid."}
    publish(Extension.objects.create(new_last_day=date(2027, 3, 31), **decided))
    for day in (date(2026, 6, 30), date(2027, 3, 31)):
        with pytest.raises(ValidationError, match="gäller redan till och med"):
            Extension(new_last_day=day, **decided).full_clean()
    Extension(new_last_day=date(2027, 4, 1), **decided).full_clean()
