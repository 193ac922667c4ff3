"""Remind staff of the reports that are due. For cron or a systemd timer, a few times a day; two at once do no harm."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from followups.reminders import send_reminders


class Command(BaseCommand):
    help = "Påminner medarbetare med mejl före och efter den dag då månaden ska vara redovisad. Aldrig två gånger."

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = send_reminders()
        if outcome.sent:
            self.stdout.write(f"{outcome.sent} påminnelser skickade.")
        if outcome.failed:
            self.stderr.write(f"{outcome.failed} påminnelser gick inte att skicka. Nästa körning försöker igen.")
            sys.exit(1)
