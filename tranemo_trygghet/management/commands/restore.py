"""Bring a copy back into the database of DATABASE_URL."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tranemo_trygghet.backup.copies import Copy, DamagedError
from tranemo_trygghet.backup.erased import WrongKeyError
from tranemo_trygghet.backup.restoring import RefusedError, restore


class Command(BaseCommand):
    help = "Återställer en säkerhetskopia: allt eller inget, och det som har gallrats sedan dess gallras igen."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("copy", type=Path, help="kopians fil")
        parser.add_argument("--replace", action="store_true", help="ersätt det som finns i databasen")
        parser.add_argument("--without-note", action="store_true", help="fast erased.json är borta")
        parser.add_argument(
            "--until", type=moment, help="gallra bara om det som gallrades före detta, till exempel 2026-11-22T10:00"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            told = restore(
                Copy(options["copy"]),
                replace=options["replace"],
                without_note=options["without_note"],
                until=options["until"] or timezone.now(),
            )
        except (DamagedError, RefusedError, WrongKeyError) as fault:
            self.stderr.write(str(fault))
            sys.exit(1)
        self.stdout.write("Återställd: varje tabell är som i kopian.")
        for each in told:
            self.stdout.write(f"– {each}")


def moment(text: str) -> datetime:
    """A moment as staff write it, in Swedish time."""
    try:
        told = datetime.fromisoformat(text)
    except ValueError as fault:
        raise CommandError(f"{text} är ingen tidpunkt.") from fault
    return told if told.tzinfo else timezone.make_aware(told)
