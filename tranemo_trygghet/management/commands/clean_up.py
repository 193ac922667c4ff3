"""For a timer, once a day: removes what is stored about people and whose time is out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from promises import masking
from tranemo_trygghet.stored import CLEANED


class Command(BaseCommand):
    help = "Tar bort det som är lagrat om människor och vars tid är ute."

    def handle(self, *args: Any, **options: Any) -> None:
        for words, remove in CLEANED.items():
            self.stdout.write(f"{remove()} {words} borttagna")
        # Where the database was in use when the words were masked.
        masking.clear_again(timezone.now() - timedelta(days=2))
