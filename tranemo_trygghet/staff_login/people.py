"""Whom login asks for among the staff."""

from __future__ import annotations

from django.db.models import QuerySet

from promises.models import User
from promises.policy import Role


def keepers_for(user: User) -> QuerySet[User]:
    """The colleagues who keep the accounts of the user's own organisation."""
    granted = User.objects.filter(role_grants__role=Role.ACCOUNTS, is_active=True)
    own = granted.filter(organisation=user.organisation_id) if user.organisation_id else granted.none()
    return own.exclude(pk=user.pk).order_by("first_name", "last_name")


def account_of(email: str) -> User | None:
    """The account that is in use and has the address."""
    return User.objects.filter(email__iexact=email, is_active=True, is_staff=True).first()


def username_of(typed: str) -> str:
    """The username of whoever has the address that was typed; or what was typed, if nobody or several have it."""
    if "@" not in typed:
        return typed
    found = User.objects.filter(email__iexact=typed).values_list("username", flat=True)[:2]
    return found[0] if len(found) == 1 else typed


def has_account(email: str, but: User | None = None) -> bool:
    """Whether somebody, other than `but`, can already be reached or logs in by the address."""
    others = User.objects.exclude(pk=but.pk) if but else User.objects.all()
    return others.filter(email__iexact=email).exists() or others.filter(username__iexact=email).exists()
