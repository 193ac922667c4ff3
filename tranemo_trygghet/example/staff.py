"""The example accounts: one of the police, one of the municipality, one technical."""

from __future__ import annotations

from dataclasses import dataclass

from promises.models import Organisation, RoleGrant, User
from promises.policy import Role
from tranemo_trygghet.example import EXAMPLE_EMAIL_DOMAIN


@dataclass(frozen=True)
class Staff:
    police: User
    municipality: User


def hire(password: str) -> Staff:
    """The officer and the coordinator, who write, sign and answer for the surveys, and a technical administrator."""
    police = Organisation.objects.get(slug="polisen")
    municipality = Organisation.objects.get(slug="tranemo-kommun")
    everything = (Role.EDITOR, Role.SIGNER, Role.SURVEYS, Role.ACCOUNTS)
    _account("admin", "Kim Berg", "systemförvaltare", municipality, password, Role.TECHNICAL)
    return Staff(
        police=_account("polis", "Alex Lind", "kommunpolis", police, password, *everything),
        municipality=_account("kommun", "Robin Ek", "trygghetssamordnare", municipality, password, *everything),
    )


def _account(username: str, name: str, title: str, organisation: Organisation, password: str, *roles: str) -> User:
    first_name, last_name = name.split()
    user = User.objects.create_user(
        username,
        f"{username}@{EXAMPLE_EMAIL_DOMAIN}",
        password,
        first_name=first_name,
        last_name=last_name,
        title=title,
        organisation=organisation,
        is_staff=True,
    )
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in roles)
    return user
