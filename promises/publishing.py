"""What the public may see, and that it does not change afterwards.

`.published()` on a queryset and `is_published` on an object are the one decision; public code uses nothing else.
What is published is frozen: a model that inherits `Frozen`, and its parts, refuse every ordinary way to change it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PUBLISHED_IS_FROZEN = _("Det som är publicerat kan inte ändras eller tas bort. Skriv en rättelse i stället.")


class FrozenError(ValidationError):
    """Somebody tried to change what is published."""

    def __init__(self, message: StrOrPromise = PUBLISHED_IS_FROZEN) -> None:
        super().__init__(message, code="frozen")


class ContentVersion(models.Model):
    """Which version of the public content this is: one row, raised in the transaction that changes the content.

    The number is the moment of the change in milliseconds, or one more than the number before. So a database that is
    restored from a backup, and goes on from there, never comes to a number that it has had with other content.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    number = models.PositiveBigIntegerField(default=1)
    # What was shown before this number must not be shown again, not even while the database is gone.
    withdrawn_before = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="contentversion_is_one_row")]

    def __str__(self) -> str:
        return str(self.number)


def content_version() -> int:
    """The number that the public content has reached; 0 before anything has been shown."""
    return ContentVersion.objects.values_list("number", flat=True).first() or 0


def content_changed_at() -> datetime | None:
    """When the public content last changed, whatever changed; nothing before anything has been shown."""
    number = content_version()
    return datetime.fromtimestamp(number / 1000, UTC) if number else None


def version_and_withdrawal() -> tuple[int, int]:
    """The content version, and the number before which nothing may be shown again."""
    return ContentVersion.objects.values_list("number", "withdrawn_before").first() or (0, 0)


def content_changed() -> None:
    """Raise the content version; call it in the transaction that publishes, corrects or closes."""
    _raise_version("number")


def content_withdrawn() -> None:
    """Raise the content version because something is no longer to be seen: it was removed, masked or rewritten.

    Pages from before are then not shown even while the database is gone, when others are shown as they last were.
    """
    _raise_version("number", "withdrawn_before")


def _raise_version(*fields: str) -> None:
    # The field is named: psycopg would cut the number to four bytes without a word.
    now = Value(int(timezone.now().timestamp() * 1000), output_field=models.PositiveBigIntegerField())
    raised = Greatest(F("number") + 1, now)
    values = dict.fromkeys(fields, raised)
    if not ContentVersion.objects.filter(pk=1).update(**values):
        ContentVersion.objects.get_or_create(pk=1)
        ContentVersion.objects.filter(pk=1).update(**values)


def if_published(row: Any) -> Any:
    """What another row leads to, if there is any and the public may know of it."""
    return row if row is not None and row.is_published else None


class PublicQuerySet(models.QuerySet):
    """Rows that public pages show: writing many at a time raises the content version, as writing one does."""

    def update(self, **values: Any) -> int:
        with transaction.atomic():
            changed = super().update(**values)
            if not set(values) <= getattr(self.model, "not_shown", frozenset()):
                content_withdrawn() if issubclass(self.model, ShowsAtOnce) else content_changed()
            return changed

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        with transaction.atomic():
            created = super().bulk_create(objs, *args, **kwargs)
            content_changed()
            return created

    def delete(self) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            deleted = super().delete()
            content_withdrawn()
            return deleted


class ShowsAtOnce(models.Model):
    """Something that the public sees as it is now, such as a contact's number: no signature, and every edit shows."""

    objects = PublicQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        is_new = self._state.adding
        with transaction.atomic():
            super().save(*args, **kwargs)
            # An edit may take away words that should never have been there.
            content_changed() if is_new else content_withdrawn()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            deleted = super().delete(*args, **kwargs)
            content_withdrawn()
            return deleted


class Dated(models.Model):
    """A row that knows since when it says what it says, so that a page can tell when it last changed."""

    # Of rows from before there was such a field, nobody knows.
    changed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        names = [each.attname for each in self._meta.concrete_fields if each.name != "changed_at"]
        stored = type(self)._base_manager.filter(pk=self.pk).values(*names).first() if self.pk else None
        if stored != {name: getattr(self, name) for name in names}:
            self.changed_at = timezone.now()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "changed_at"}
        super().save(*args, **kwargs)


class PublishedQuerySet(PublicQuerySet):
    """A queryset that knows what the public may see."""

    def published(self) -> Self:
        return self.filter(published_at__isnull=False)


class FreezingQuerySet(PublishedQuerySet):
    """Refuses to change published rows many at a time, as `Frozen` refuses one at a time."""

    model: Any  # a Frozen

    def _refuse_published(self) -> None:
        if self.published().exists():
            raise FrozenError(self.model.frozen_message)

    def update(self, **values: Any) -> int:
        if not set(values) <= self.model.not_frozen:
            self._refuse_published()
        return super().update(**values)

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> int:
        objs, fields = list(objs), list(fields)
        if not set(fields) <= self.model.not_frozen:
            self.filter(pk__in=[each.pk for each in objs])._refuse_published()
        return super().bulk_update(objs, fields, batch_size)

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        objs = list(objs)
        if kwargs.get("update_conflicts"):
            raise FrozenError(self.model.frozen_message)
        with transaction.atomic():
            for each in objs:
                each.refuse_if_frozen()
            return super().bulk_create(objs, *args, **kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse_published()
        return super().delete()


class Frozen(models.Model):
    """Something that does not change once it is published."""

    # The fields that may change afterwards, such as translations.
    not_frozen: ClassVar[frozenset[str]] = frozenset()
    frozen_message: ClassVar[StrOrPromise] = PUBLISHED_IS_FROZEN

    objects = FreezingQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_published(self) -> bool:
        """The twin of the queryset's `published()`: each kind says when."""
        raise NotImplementedError

    def refuse_if_frozen(self) -> None:
        """Raise FrozenError if the stored row is published; take its lock, so that publishing waits for us."""
        rows = type(self)._base_manager.filter(pk=self.pk).select_for_update()
        if self.pk is not None and any(row.is_published for row in rows):
            raise FrozenError(self.frozen_message)

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            fields = kwargs.get("update_fields")
            if fields is None or not set(fields) <= self.not_frozen:
                self.refuse_if_frozen()
            super().save(*args, **kwargs)
            self.after_edit()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            self.refuse_if_frozen()
            deleted = super().delete(*args, **kwargs)
            self.after_edit()
            return deleted

    def after_edit(self) -> None:
        """Called in the transaction of every change."""


class PartQuerySet(FreezingQuerySet):
    """Rows that belong to a document and freeze with it."""

    def published(self) -> Self:
        path = self.model.part_of
        document: Any = self.model._meta.get_field(path).related_model
        return self.filter(**{f"{path}__in": document._default_manager.all().published()})


class PartOfDocument(Frozen):
    """A row that belongs to a document and is published, frozen and digested with it."""

    part_of: ClassVar[str]  # the name of the foreign key to the document

    objects = PartQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def document(self) -> Frozen:
        return getattr(self, self.part_of)

    @property
    def is_published(self) -> bool:
        return bool(self.document.is_published)

    def refuse_if_frozen(self) -> None:
        """Look at the document that the row is in and, if it is being moved, at the one that it came from."""
        self.document.refuse_if_frozen()
        key = f"{self.part_of}_id"
        stored = type(self)._base_manager.filter(pk=self.pk).values_list(key, flat=True).first() if self.pk else None
        if stored not in (None, getattr(self, key)):
            type(self)._base_manager.get(pk=self.pk).document.refuse_if_frozen()

    def after_edit(self) -> None:
        self.document.after_edit()


class Shown(ShowsAtOnce):
    """Something that staff show to the public when it is ready, and may still change."""

    published_at = models.DateTimeField(_("publicerad"), null=True, blank=True, editable=False)

    objects = PublishedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    def publish(self) -> None:
        """Show it from now on."""
        self.published_at = self.published_at or timezone.now()
        with transaction.atomic():
            # Past `save`, which withdraws: this only adds.
            type(self)._base_manager.filter(pk=self.pk).update(published_at=self.published_at)
            content_changed()

    def unpublish(self) -> None:
        """Take it from the public pages; for what was shown by mistake."""
        self.published_at = None
        self.save(update_fields=["published_at"])
