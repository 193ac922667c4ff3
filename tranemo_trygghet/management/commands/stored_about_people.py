"""What is stored about people right now: how many rows, of whom, what, and until when. Shows nobody's data."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand

from tranemo_trygghet.stored import STORED


class Command(BaseCommand):
    help = "Listar allt som är lagrat om människor och hur länge, utan att visa någons uppgifter."

    def handle(self, *args: Any, **options: Any) -> None:
        for each in STORED:
            self.stdout.write(f"{str(each.who).capitalize()}")
            self.stdout.write(f"  Vad: {each.what}")
            self.stdout.write(f"  Hur länge: {each.until}")
            for label in each.tables:
                model = apps.get_model(label)
                rows = model._base_manager.count()
                self.stdout.write(f"  {model._meta.db_table}: {rows} rader")
