"""What an edit changed: beside the back office's own log, the words before and after."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db import models
from django.utils.translation import gettext_lazy as _


class Difference(models.Model):
    """One field that an edit changed, in the words that the editor saw: as it was, and as it became.

    Written by the back office alone, and changed by nothing but masking.
    """

    entry = models.ForeignKey(LogEntry, models.CASCADE, related_name="differences")
    # Which row of the page, where the page holds several.
    part = models.TextField(_("del"), blank=True)
    field = models.CharField(_("fält"), max_length=200)
    before = models.TextField(_("före"), blank=True)
    after = models.TextField(_("efter"), blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("ändring")
        verbose_name_plural = _("ändringar")

    def __str__(self) -> str:
        return f"{self.part}: {self.field}" if self.part else self.field

    @property
    def is_published(self) -> bool:
        """No history is."""
        return False

    @property
    def document(self) -> Any:
        """The row that was edited, if it is still there: whoever writes in it masks its history."""
        model = self.entry.content_type.model_class() if self.entry.content_type else None
        return model._base_manager.filter(pk=self.entry.object_id).first() if model else None


def forget_in_the_log(words: str, replacement: str) -> None:
    """Masking reaches the log too: what it calls rows, its sentences and its differences, whatever they are about."""
    for name in ("part", "before", "after"):
        forget(Difference, name, words, replacement)
    forget(LogEntry, "object_repr", words, replacement)
    forget(LogEntry, "change_message", words, replacement)
    # Sentences about a form are kept as JSON, which spells å, ä and ö in its own way.
    forget(LogEntry, "change_message", json.dumps(words)[1:-1], json.dumps(replacement)[1:-1])


def forget(model: Any, name: str, words: str, replacement: str) -> None:
    room = model._meta.get_field(name).max_length
    for row in model._base_manager.filter(**{f"{name}__contains": words}):
        text = getattr(row, name).replace(words, replacement)[:room]
        model._base_manager.filter(pk=row.pk).update(**{name: text})
