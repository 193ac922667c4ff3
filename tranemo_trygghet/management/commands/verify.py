"""Find everything published that is no longer what was published, however it was changed."""

from __future__ import annotations

import sys
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from promises.wording import capitalised


class Command(BaseCommand):
    help = "Jämför allt publicerat med kontrollsumman som sparades när det publicerades. Svarar 1 om något har ändrats."

    def handle(self, *args: Any, **options: Any) -> None:
        looked_at, changed = 0, []
        for model in apps.get_models():
            rows: Any = model._default_manager.all()
            # Every queryset that can tell: signed documents in all rooms, and what carries a digest of its own.
            if hasattr(rows, "tampered"):
                looked_at += rows.published().count()
                changed += rows.tampered()
        for row in changed:
            name = capitalised(str(row._meta.verbose_name))
            words = {"name": name, "key": row.pk, "row": row, "table": row._meta.db_table}
            self.stderr.write(_("%(name)s %(key)s har ändrats efter publiceringen: %(row)s (%(table)s)") % words)
        numbers = {"all": looked_at, "changed": len(changed)}
        if changed:
            self.stderr.write(
                _("%(changed)s av %(all)s publicerade texter stämmer inte med sin kontrollsumma.") % numbers
            )
            sys.exit(1)
        self.stdout.write(_("Allt stämmer: %(all)s publicerade texter är som de publicerades.") % numbers)
