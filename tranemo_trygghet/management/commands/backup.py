"""For a timer, once a night: a copy, tried at once, and the expired ones removed."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from tranemo_trygghet.backup import erased
from tranemo_trygghet.backup.copies import DamagedError
from tranemo_trygghet.backup.making import make_copy, remove_expired, try_copy
from tranemo_trygghet.backup.restoring import RefusedError


class Command(BaseCommand):
    help = "Tar en säkerhetskopia i BACKUP_DIR, provar den och tar bort kopior som är för gamla."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--untried", action="store_true", help="prova inte att återställa kopian")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = settings.BACKUP_DIR
        try:
            copy = make_copy(folder)
            rows = None if options["untried"] else try_copy(copy)
        except (DamagedError, RefusedError, erased.WrongKeyError, OSError) as fault:
            self.stderr.write(str(fault))
            sys.exit(1)
        removed = remove_expired(folder)
        tried = "inte provad" if rows is None else f"provad, {rows} rader"
        self.stdout.write(f"{copy.path} ({tried}). {removed} gamla kopior borttagna.")
