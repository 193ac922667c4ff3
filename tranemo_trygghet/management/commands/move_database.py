"""From SQLite to PostgreSQL, or from one server to another: every row, compared."""

from __future__ import annotations

import sys
from typing import Any

import environ
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections

from tranemo_trygghet.backup.restoring import RefusedError, move
from tranemo_trygghet.backup.tables import another_connection

TARGET = "move_target"


class Command(BaseCommand):
    help = "Flyttar allt från DATABASE_URL till en annan, tom databas. Stoppa portalen först."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="till exempel postgres://user:password@host:5432/database")

    def handle(self, *args: Any, **options: Any) -> None:
        told = environ.Env.db_url_config(options["address"])
        target = connections["default"].settings_dict | {"OPTIONS": {}, "CONN_HEALTH_CHECKS": False} | told
        with another_connection(TARGET, target):
            call_command("migrate", database=TARGET, verbosity=0, interactive=False)
            try:
                rows = move(TARGET)
            except RefusedError as fault:
                self.stderr.write(str(fault))
                sys.exit(1)
        self.stdout.write(
            f"{rows} rader flyttade, och varje tabell är likadan. Ändra DATABASE_URL och starta portalen."
        )
