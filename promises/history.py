"""Who changed what: the differences that a form made, and a difference as words struck out and words put in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import prefetch_related_objects
from django.forms import BaseForm
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from promises.models import Difference, User
from promises.wording import listed

SAME, REMOVED, ADDED = "same", "removed", "added"
# Unchanged words beside a change; what is more is left out of the page, not out of the history.
WORDS_AROUND = 12
# A field that no one reads as words, such as a border on the map.
NOT_WORDS = (models.JSONField,)


# --- What a form changed ------------------------------------------------------------------------------


def differences(form: Any, formsets: Iterable[Any], *, is_new: bool) -> list[Difference]:
    """The fields that the saved forms changed; of a new row, those that were filled in."""
    found = list(changed_fields(form, "", is_new=is_new))
    for formset in formsets:
        deleted = formset.deleted_forms if formset.can_delete else []
        for each in formset.forms:
            if each in deleted:
                found.append(Difference(part=name_of(each.instance), field=_("Togs bort"), before=str(each.instance)))
            elif each.has_changed():
                found += changed_fields(each, name_of(each.instance), is_new=each.instance in formset.new_objects)
    return found


def name_of(row: models.Model) -> str:
    return f"{row._meta.verbose_name}: {row}"


def changed_fields(form: Any, part: str, *, is_new: bool) -> Iterator[Difference]:
    for name in form.changed_data:
        field = form.fields.get(name)
        if field is None or field.widget.is_hidden or name == "DELETE" or "password" in name:
            continue
        before = "" if is_new else in_words(form, name, form.get_initial_for_field(field, name))
        after = in_words(form, name, form.cleaned_data.get(name))
        if before != after:
            label = str(form[name].label)[:200]
            yield Difference(part=part, field=label[:1].upper() + label[1:], before=before, after=after)


def in_words(form: BaseForm, name: str, value: Any) -> str:
    """A field's value as the editor read it on the page."""
    if value in (None, ""):
        return ""
    model = getattr(getattr(form, "_meta", None), "model", None)
    stored = next((each for each in model._meta.fields if each.name == name), None) if model else None
    if isinstance(stored, NOT_WORDS):
        return _("(uppgifterna i fältet)")
    return told(value, form.fields[name])


def told(value: Any, field: Any) -> str:
    if isinstance(value, bool):
        return _("Ja") if value else _("Nej")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value) if timezone.is_aware(value) else value, "j F Y H.i")
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, (list, tuple, set, models.QuerySet)):
        return listed(told(each, field) for each in value)
    if queryset := getattr(field, "queryset", None):
        row = queryset.model._base_manager.filter(pk=value).first()
        return str(row) if row else str(value)
    return str(dict(flat(getattr(field, "choices", ()))).get(str(value), value))


def flat(choices: Iterable[tuple[Any, Any]]) -> Iterator[tuple[str, Any]]:
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            yield from flat(label)
        else:
            yield str(key), label


def note(user: User, model: type[models.Model], sentence: str) -> None:
    """Log what was done to no row that is still there, or to many; never to whom."""
    LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(model),
        object_repr=str(model._meta.verbose_name_plural),
        action_flag=CHANGE,
        change_message=sentence,
    )


def keep(entry: LogEntry, found: Iterable[Difference]) -> None:
    for each in found:
        each.entry = entry
    Difference.objects.bulk_create(found)


# --- Reading it ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """One entry of the log as its page tells it."""

    entry: LogEntry
    changes: list[tuple[Difference, list[tuple[str, str]]]]


def told_of(entries: Iterable[LogEntry]) -> list[Told]:
    """The newest first."""
    entries = list(entries)
    prefetch_related_objects(entries, "differences")
    rows: Any = reversed(entries)
    return [Told(each, [(row, pieces(row.before, row.after)) for row in each.differences.all()]) for each in rows]


def pieces(before: str, after: str) -> list[tuple[str, str]]:
    """The text as runs of words that stayed, were removed or were added, in the order in which one reads them."""
    old, new = words_of(before), words_of(after)
    found: list[tuple[str, str]] = []
    for what, first, end, new_first, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found.append((SAME, shortened(old[first:end], is_first=not found, is_last=end == len(old))))
        else:
            runs = (REMOVED, old[first:end]), (ADDED, new[new_first:new_end])
            found += [(kind, "".join(run)) for kind, run in runs if run]
    return found


def words_of(text: str) -> list[str]:
    return re.findall(r"\S+\s*|\s+", text)


def shortened(words: list[str], *, is_first: bool, is_last: bool) -> str:
    """A long run that stayed, as its beginning and end: those nearest to what changed."""
    head, tail = 0 if is_first else WORDS_AROUND, 0 if is_last else WORDS_AROUND
    if len(words) <= head + tail + 1:
        return "".join(words)
    return "".join([*words[:head], "… ", *words[len(words) - tail :]])
