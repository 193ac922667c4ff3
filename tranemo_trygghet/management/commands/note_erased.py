"""For a timer, every few minutes: notes what has been erased, so that no restore brings it back."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from tranemo_trygghet.backup.erased import WrongKeyError, note


class Command(BaseCommand):
    help = "Antecknar bredvid säkerhetskopiorna vad som har gallrats sedan de togs."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            note(settings.BACKUP_DIR)
        except (WrongKeyError, OSError) as fault:
            self.stderr.write(str(fault))
            sys.exit(1)
