"""Invite somebody to the back office from the server: the first account, or the only keeper's lost telephone."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from promises.models import Organisation, RoleGrant, User
from promises.policy import Role
from tranemo_trygghet.staff_login import links, people


class Command(BaseCommand):
    help = "Mejla en länk för att välja lösenord. Finns kontot nollställs det; annars skapas det i --organisation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="e-post")
        parser.add_argument("--organisation", help="adressnamn, till exempel polisen")
        parser.add_argument("--roll", nargs="+", choices=Role.values, default=[Role.ACCOUNTS])
        parser.add_argument("--visa", action="store_true", help="skriv ut länken i stället för att mejla den")

    def handle(self, *args: Any, email: str, organisation: str, roll: list[str], visa: bool, **options: Any) -> None:
        validate_email(email)
        user = people.account_of(email) or self.make(email.lower(), organisation, roll)
        if visa:
            links.end_login(user)
            self.stdout.write(links.INVITATION.address(user))
        elif links.renew(user):
            self.stdout.write(f"En länk är skickad till {user.email}. Den gäller i sju dagar.")
        else:
            raise CommandError("Brevet gick inte att skicka. Se EMAIL_URL, eller kör igen med --visa.")

    @transaction.atomic
    def make(self, email: str, slug: str | None, roles: list[str]) -> User:
        if people.has_account(email):
            raise CommandError("Adressen hör till ett konto som är stängt.")
        organisation = Organisation.objects.filter(slug=slug or "").first()
        if organisation is None:
            known = ", ".join(Organisation.objects.values_list("slug", flat=True)) or "inga"
            raise CommandError(f"Ange --organisation. De som finns: {known}.")
        user = User.objects.create_user(email, email, organisation=organisation, is_staff=True)
        RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in roles)
        return user
