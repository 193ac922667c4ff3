"""Each organisation always has somebody who gives its accounts, by whatever way the last one would go."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError

from promises.models import RoleGrant, User
from promises.policy import Role
from promises.tests.backoffice import fields_of, logged_in
from promises.tests.make import make_organisation, make_user
from promises.tests.racing import at_once

SENTENCE = "måste ha någon som är kontoansvarig"


def keeper_of(user: User) -> RoleGrant:
    return user.role_grants.get(role=Role.ACCOUNTS)


def close(user: User) -> None:
    user.is_active = False
    user.save()


def move(user: User) -> None:
    user.organisation = make_organisation()
    user.save()


def give_another_role(user: User) -> None:
    grant = keeper_of(user)
    grant.role = Role.READER
    grant.save()


WAYS_OUT: list[Callable[[User], object]] = [
    close,
    move,
    give_another_role,
    lambda user: keeper_of(user).delete(),
    lambda user: user.delete(),
    lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
    lambda user: User.objects.filter(pk=user.pk).update(organisation=None),
    lambda user: User.objects.filter(pk=user.pk).delete(),
    lambda user: User.objects.bulk_update([closed(user)], ["is_active"]),
    lambda user: RoleGrant.objects.filter(user=user).delete(),
    lambda user: RoleGrant.objects.filter(user=user).update(role=Role.READER),
]


def closed(user: User) -> User:
    user.is_active = False
    return user


@pytest.mark.django_db
@pytest.mark.parametrize("leave", WAYS_OUT)
def test_the_last_keeper_of_accounts_cannot_go_and_one_of_two_can(leave: Callable[[User], object]) -> None:
    organisation = make_organisation()
    last = make_user(organisation, Role.ACCOUNTS)
    make_user(organisation, Role.ACCOUNTS, is_active=False)
    make_user(make_organisation(), Role.ACCOUNTS)
    with pytest.raises(ValidationError, match=SENTENCE):
        leave(User.objects.get(pk=last.pk))
    assert organisation.keepers().get() == last
    another = make_user(organisation, Role.ACCOUNTS)
    leave(User.objects.get(pk=last.pk))
    assert organisation.keepers().get() == another


@pytest.mark.django_db
def test_others_come_and_go_and_an_organisation_without_a_keeper_is_let_be() -> None:
    organisation = make_organisation()
    close(make_user(organisation, Role.EDITOR))
    make_user(organisation, Role.ACCOUNTS)
    close(make_user(organisation, Role.EDITOR, Role.SIGNER))
    assert organisation.staff.filter(is_active=False).count() == 2


@pytest.mark.django_db
def test_the_back_office_says_so_and_keeps_the_role() -> None:
    keeper = make_user(make_organisation(), Role.ACCOUNTS, email="a@exempel.se")
    client, change = logged_in(keeper), f"/admin/promises/user/{keeper.pk}/change/"
    fields = fields_of(client.get(change), "email") | {"role_grants-0-DELETE": "on"}
    told = client.post(change, fields, follow=True)
    assert SENTENCE in told.content.decode()
    assert keeper_of(keeper)


@pytest.mark.django_db(transaction=True)
def test_two_keepers_who_remove_each_other_at_the_same_moment_are_not_both_removed() -> None:
    organisation = make_organisation()
    keepers = [make_user(organisation, Role.ACCOUNTS) for _each in range(2)]

    def remove(user: User) -> str:
        try:
            keeper_of(user).delete()
        except ValidationError:
            return "kept"
        return "removed"

    assert sorted(at_once(remove, keepers)) == ["kept", "removed"]
    assert organisation.keepers().count() == 1
