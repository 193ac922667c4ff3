"""Two organisations, one admin: neither acts for the other."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import PermissionDenied

from promises import policy
from promises.backend import PolicyBackend
from promises.models import Contact, InformationPage, RoleGrant, Translation, User
from promises.policy import GRANTS, Role
from promises.publishing import Frozen
from promises.tests.make import make_contact, make_organisation, make_promise, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.alike]

# Nobody opens a single answer, a code or a raw count, by any role.
SEALED = ["surveys.response", "surveys.freetext", "surveys.invitation", "surveys.tally"]


def test_no_role_reaches_an_answer_or_a_code() -> None:
    reached = [(role, label) for role, labels in GRANTS.items() for label in labels if label in SEALED]
    assert reached == []


def test_every_model_named_in_the_policy_exists() -> None:
    for labels in GRANTS.values():
        for label in labels:
            apps.get_model(label)


def test_what_another_organisation_owns_may_be_seen_but_not_changed() -> None:
    own, other = make_organisation(), make_organisation()
    user = make_user(own, Role.EDITOR)
    assert policy.may_touch(user, "change", make_contact(own))
    assert policy.may_touch(user, "view", make_contact(other))
    assert not policy.may_touch(user, "change", make_contact(other))
    with pytest.raises(PermissionDenied):
        policy.require(user, "change", make_contact(other))


def test_accounts_and_roles_are_given_by_the_own_organisation_only() -> None:
    own, other = make_organisation(), make_organisation()
    keeper = make_user(own, Role.ACCOUNTS)
    colleague, stranger = make_user(own), make_user(other)
    assert policy.may_touch(keeper, "change", colleague)
    assert not policy.may_touch(keeper, "change", stranger)
    assert policy.may_touch(keeper, "add", RoleGrant(user=colleague, role=Role.READER))
    assert not policy.may_touch(keeper, "add", RoleGrant(user=stranger, role=Role.SIGNER))


def test_a_reader_changes_nothing() -> None:
    user = make_user(make_organisation(), Role.READER)
    verbs = {
        verb
        for label in GRANTS[Role.READER]
        for verb in ("add", "change", "delete", "sign")
        if policy.may(user, verb, label)
    }
    assert verbs == set()


def test_roles_add_up_and_an_inactive_account_has_none() -> None:
    organisation = make_organisation()
    user = make_user(organisation, Role.READER, Role.SIGNER)
    assert policy.may(user, "sign", "followups.followup")
    assert policy.may(user, "view", "followups.deed")
    assert not policy.may(user, "add", "followups.deed")
    left = make_user(organisation, Role.EDITOR, is_active=False)
    assert not policy.may(left, "view", "followups.deed")


def test_django_hears_the_same_answers() -> None:
    promise = make_promise(published=False)
    organisation = promise.signing_partners()[0]
    user = make_user(organisation, Role.EDITOR)
    backend = PolicyBackend()
    assert backend.has_perm(user, "promises.change_promise", promise)
    assert backend.has_perm(user, "promises.change_promise")
    assert not backend.has_perm(user, "promises.sign_promise")
    assert not backend.has_perm(user, "surveys.view_response")
    assert not backend.has_perm(user, "nonsense")
    assert backend.has_module_perms(user, "followups")
    assert not backend.has_module_perms(make_user(organisation, Role.TECHNICAL), "followups")


def test_a_third_organisation_reads_what_the_partners_write_together_but_changes_none_of_it() -> None:
    promise = make_promise(published=False)
    stranger = make_user(make_organisation(), Role.EDITOR)
    partner = make_user(promise.signing_partners()[0], Role.EDITOR)
    for row in (promise, promise.actions.first(), promise.partnerships.first()):
        assert policy.may_touch(stranger, "view", row)
        for verb in ("change", "delete"):
            assert not policy.may_touch(stranger, verb, row)
            assert policy.may_touch(partner, verb, row)


def test_an_account_without_organisation_is_touched_by_nobody_else() -> None:
    accounts = make_user(make_organisation(), Role.ACCOUNTS)
    for owner in (None, make_organisation()):
        assert not policy.may_touch(accounts, "change", make_user(owner))
    loose = make_user(None, Role.ACCOUNTS)
    assert not policy.may_touch(loose, "change", make_user(None))


def test_a_row_of_another_organisation_is_not_made_ones_own_by_saving_it(rf) -> None:
    mine, theirs = make_organisation(), make_organisation()
    contact = make_contact(theirs)
    request = rf.post("/")
    request.user = make_user(mine, Role.EDITOR)
    contact.organisation = mine
    with pytest.raises(PermissionDenied):
        admin.site._registry[Contact].save_model(request, contact, None, change=True)
    contact.refresh_from_db()
    assert contact.organisation == theirs


@pytest.mark.parametrize("change", [False, True])
def test_nobody_saves_or_deletes_a_row_that_their_role_has_nothing_to_do_with(rf, change: bool) -> None:
    mine = make_organisation()
    contact, request = make_contact(mine), rf.post("/")
    request.user = make_user(mine, Role.READER)
    contacts = admin.site._registry[Contact]
    with pytest.raises(PermissionDenied):
        contacts.save_model(request, contact, None, change=change)
    with pytest.raises(PermissionDenied):
        contacts.delete_model(request, contact)
    assert Contact.objects.filter(pk=contact.pk).exists()


@pytest.mark.parametrize("model", [InformationPage, Translation])
def test_nor_do_those_that_are_saved_in_a_way_of_their_own(
    rf, model: type[InformationPage] | type[Translation]
) -> None:
    request = rf.post("/")
    request.user = make_user(make_organisation(), Role.READER)
    with pytest.raises(PermissionDenied):
        admin.site._registry[model].save_model(request, model(), None, change=False)


def test_rows_within_a_page_are_shown_and_written_by_the_policy_for_their_own_kind(rf) -> None:
    request, published = rf.get("/"), make_promise()
    inlines = [inline(model, admin.site) for model, page in admin.site._registry.items() for inline in page.inlines]
    for role in Role:
        request.user = make_user(make_organisation(), role)
        for each in inlines:
            for verb in ("view", "add", "change", "delete"):
                may = getattr(each, f"has_{verb}_permission")(request, None)
                assert policy.may(request.user, verb, each.model._meta.label_lower) or not may, (role, each, verb)
                frozen = verb != "view" and issubclass(each.model, Frozen)
                assert not (frozen and getattr(each, f"has_{verb}_permission")(request, published)), (role, each, verb)


@pytest.mark.parametrize("done", ["new_objects", "changed_objects", "deleted_objects"])
def test_nor_is_a_row_that_stands_within_a_form(rf, done: str) -> None:
    contact = make_contact(make_organisation())
    request = rf.post("/")
    request.user = make_user(make_organisation(), Role.EDITOR)
    rows = {"new_objects": [], "changed_objects": [], "deleted_objects": []}
    rows[done] = [(contact, ["name"])] if done == "changed_objects" else [contact]
    formset = SimpleNamespace(**rows, save=lambda commit=True: None, save_m2m=lambda: None)
    with pytest.raises(PermissionDenied):
        admin.site._registry[Contact].save_formset(request, None, formset, change=True)


def test_a_colleague_is_called_by_name() -> None:
    assert str(User(username="ida@tranemo.example", first_name="Ida", last_name="Ny")) == "Ida Ny"
    assert str(User(username="ida@tranemo.example")) == "ida@tranemo.example"
