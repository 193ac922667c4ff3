"""Taking words away that must not be public: found wherever they stand, proposed by one, confirmed by another."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from promises import policy
from promises.models import Difference, Masking
from promises.remains import clear_remains
from promises.words import stand_in, texts_in

if TYPE_CHECKING:
    from datetime import datetime

    from promises.models import User

logger = logging.getLogger(__name__)

ROOMS = ("promises", "surveys", "followups")
LEFT_ALONE = {
    "promises.User": "who works here is no text of the portal",
    "promises.Difference": "is the log: it forgets with the last text that the words are taken from",
    "promises.Masking": "keeps the words that are looked for until they are gone",
    "surveys.Response": "lies in the ballot box: a rewritten row would tell when",
    "surveys.FreeText": "lies in the ballot box until it is erased, and is never shown",
    "surveys.Invitation": "holds hashes",
    "surveys.WrongCodes": "holds hashes",
}
# Shorter words stand in half of all texts.
FEWEST_LETTERS = 3
AROUND = 60  # characters shown on each side


@dataclass(frozen=True)
class Hit:
    """A text in which the words stand."""

    row: Any
    field: models.Field

    @property
    def key(self) -> str:
        """The same in the form that offers it and in the one that comes back."""
        return f"{self.row._meta.label_lower}:{self.row.pk}:{self.field.name}"

    @property
    def kind(self) -> str:
        return name_of(self.row)

    @property
    def is_public(self) -> bool:
        return bool(getattr(self.row, "is_published", True))

    def around(self, words: str) -> str:
        """The words with what stands beside them, where they stand first."""
        text = next(each for each in texts_in(getattr(self.row, self.field.name)) if words in each)
        at = text.index(words)
        first, end = max(at - AROUND, 0), at + len(words) + AROUND
        return f"{'…' if first else ''}{text[first:end]}{'…' if end < len(text) else ''}"


def name_of(row: Any) -> str:
    """What the text is a part of: "läge för en åtgärd, mars 2026"; of what is no part, what it is and is called."""
    whole = str(getattr(row, "document", None) or row)
    return f"{row._meta.verbose_name}, {shorten(whole, AROUND, placeholder=' …')}"


def find(words: str) -> list[Hit]:
    """Every text that is or can become public in which the words stand, in all rooms, exactly as they are spelled.

    If there is none, the edits that the words once were part of.
    """
    if len(words.strip()) < FEWEST_LETTERS:
        raise ValidationError(_("Skriv minst %s tecken.") % FEWEST_LETTERS)
    hits = [hit for model in searched_models() for hit in hits_in(model, words)]
    # With the last text that they are taken from they leave the history too.
    return hits or list(hits_in(Difference, words))


def searched_models() -> Iterator[Any]:
    """What is public, and what it is made of: the question bank, the themes, what the partners signed with."""
    return (each for each in apps.get_models() if each._meta.app_label in ROOMS and each._meta.label not in LEFT_ALONE)


def hits_in(model: Any, words: str) -> Iterator[Hit]:
    for field in texts_of(model):
        rows = model._base_manager.order_by("pk")
        if not isinstance(field, models.JSONField):  # which each database searches, and escapes, in its own way
            rows = rows.filter(**{f"{field.name}__contains": words})
        # SQLite finds other cases too.
        yield from (Hit(row, field) for row in rows if stand_in(words, getattr(row, field.name)))


def texts_of(model: Any) -> Iterator[models.Field]:
    """The fields that hold words; not addresses, choices and checksums."""
    for field in model._meta.fields:
        is_words = type(field) in (models.CharField, models.TextField, models.JSONField) and not field.choices
        if is_words and "digest" not in field.name:
            yield field


def propose(user: User, words: str, reason: str, keys: Iterable[str]) -> list[Masking]:
    """Ask a second person to take the words away from the texts with these keys."""
    chosen = set(keys)
    hits = [each for each in find(words) if each.key in chosen]
    if not hits:
        raise ValidationError(_("Välj minst en text."))
    now = timezone.now()
    with transaction.atomic():
        maskings = [
            Masking(
                content_type=ContentType.objects.get_for_model(each.row),
                object_id=each.row.pk,
                field=each.field.name,
                words=words,
                reason=reason,
                proposed_by=user,
                proposed_at=now,
            )
            for each in hits
        ]
        for each in maskings:
            policy.require(user, "add", each)
            if not policy.writes_with_the_partners(user, each.row):
                raise PermissionDenied
            each.save()
    return maskings


def proposed_with(masking: Masking) -> models.QuerySet[Masking]:
    """All that was proposed at once; what was not confirmed with the rest is gone."""
    together = Masking.objects.filter(proposed_by=masking.proposed_by_id, proposed_at=masking.proposed_at)
    return together.prefetch_related("row")


def case_of(masking: Masking) -> models.QuerySet[Masking]:
    """The same while it is not confirmed."""
    return proposed_with(masking).filter(confirmed_at=None)


def held_case_of(masking: Masking) -> list[Masking]:
    """The same for who decides on it, once nobody else is just deciding. Raises ValidationError if somebody has."""
    case = list(case_of(masking).select_for_update())
    if not case:
        raise ValidationError(_("Förslaget är redan bekräftat eller tillbakadraget."))
    return case


def confirm(masking: Masking, user: User) -> int:
    """The second person's yes to the whole case: how many texts the words were taken from."""
    with transaction.atomic():
        case = held_case_of(masking)
        standing = [
            each for each in case if each.row is not None and stand_in(each.words, getattr(each.row, each.field))
        ]
        for each in standing:
            each.confirm(user)
        # Where the words are gone already there is nothing to take away, and nothing to remember.
        for each in case:
            if each not in standing:
                each.delete()
        changed: set[type[models.Model]] = {type(each.row) for each in standing if each.row is not None}
        changed |= {Masking, LogEntry, Difference}
        transaction.on_commit(lambda: clear_what_lies_behind(changed))
    return len(standing)


def clear_what_lies_behind(tables: Iterable[type[models.Model]]) -> None:
    """Remove what the texts said before from the database's own files."""
    if not clear_remains(*tables):
        logger.warning("Masked words may lie in the database's files: it was in use. `manage.py clean_up` tries again.")


def clear_again(since: datetime) -> None:
    """Clear the tables of what was masked since a moment once more."""
    types = ContentType.objects.filter(pk__in=Masking.objects.filter(confirmed_at__gt=since).values("content_type"))
    tables = [model for each in types if (model := each.model_class())]
    if tables:
        clear_what_lies_behind([*tables, Masking, LogEntry, Difference])


def withdraw(masking: Masking, user: User) -> None:
    """The proposal was a mistake: forget it, and the words with it."""
    policy.require(user, "add", masking)
    with transaction.atomic():
        case = held_case_of(masking)
        if not all(policy.writes_with_the_partners(user, each.row) for each in case if each.row is not None):
            raise PermissionDenied
        Masking.objects.filter(pk__in=[each.pk for each in case]).delete()
