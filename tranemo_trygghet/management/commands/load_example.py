"""Loads the example year, marked as made up on every page. Only with DEBUG on; running it twice changes nothing."""

from __future__ import annotations

import os
import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from promises.months import today
from tranemo_trygghet.example import has_example_data


class Command(BaseCommand):
    help = "Läser in ett påhittat exempelår kring dagens datum. Bara för att pröva portalen, med DEBUG påslaget."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("Exempelåret är påhittat och läses bara in när DEBUG är påslaget.")
        if has_example_data():
            self.stdout.write("Exempelåret finns redan och är orört.")
            return
        # Imported here: the example needs every room, the command's help does not.
        from tranemo_trygghet.example.year import load_year

        password = os.environ.get("DEMO_PASSWORD") or secrets.token_urlsafe(9)
        self.stdout.write("Läser in exempelåret.")
        with transaction.atomic():
            load_year(today(), password)
        self.stdout.write(f"Exempelkonton: polis, kommun, admin. Lösenord: {password}")
