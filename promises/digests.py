"""What is published by itself, without signatures, carries the digest of what it was when the portal last saved it.

So `manage.py verify` finds it if it is changed in any other way, raw SQL included.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from promises.signing import digest_of


def digest_of_fields(row: Any, names: Iterable[str]) -> str:
    """Of the row's values, the same on every database: a moment is a number of seconds."""
    values = [getattr(row, name) for name in names]
    return digest_of([int(each.timestamp()) if isinstance(each, datetime) else each for each in values])


class DigestedRows:
    """For a queryset: writes many rows at a time with their digests, and finds those that others have written."""

    model: Any  # a Digested
    published: Any  # of the queryset that this is mixed into
    values_list: Any

    def tampered(self) -> list[Any]:
        """The published rows that are not as they were last saved, however they were changed."""
        return [row for row in self.published() if row.digest != row.fresh_digest()]

    def update(self, **values: Any) -> int:
        with transaction.atomic():
            keys = list(self.values_list("pk", flat=True)) if touches_digest(self.model, values) else []
            changed: int = super().update(**values)  # type: ignore[misc]
            for row in self.model._base_manager.filter(pk__in=keys):
                row.renew_digest()
            return changed

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> int:
        objs, fields = with_digests(objs), {*fields, "digest"}
        changed: int = super().bulk_update(objs, fields, batch_size)  # type: ignore[misc]
        return changed

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        created: list[Any] = super().bulk_create(with_digests(objs), *args, **kwargs)  # type: ignore[misc]
        return created


def touches_digest(model: Any, names: Iterable[str]) -> bool:
    return bool({model._meta.get_field(name).attname for name in names} & set(model.digested))


def with_digests(rows: Iterable[Any]) -> list[Any]:
    rows = list(rows)
    for row in rows:
        row.digest = row.fresh_digest()
    return rows


class Digested(models.Model):
    """A row with a digest of its own."""

    # The names of the values that the digest is of.
    digested: ClassVar[tuple[str, ...]]

    digest = models.CharField(_("kontrollsumma"), max_length=64, editable=False, default="", db_default="")

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields = kwargs.get("update_fields")
        if fields is None:
            self.digest = self.fresh_digest()
        with transaction.atomic():
            super().save(*args, **kwargs)
            if fields is not None and touches_digest(type(self), fields):
                # Of the stored row: the one in hand may hold more than is saved, or be older.
                stored: Any = type(self)._base_manager.get(pk=self.pk)
                stored.renew_digest()
                self.digest = stored.digest

    def fresh_digest(self) -> str:
        """The digest of the row as it is now."""
        return digest_of_fields(self, self.digested)

    def renew_digest(self) -> None:
        """Follow a masking, which replaces words past the freeze."""
        self.digest = self.fresh_digest()
        type(self)._base_manager.filter(pk=self.pk).update(digest=self.digest)
