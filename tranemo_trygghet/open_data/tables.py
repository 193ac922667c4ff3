"""What a table is: rows that are made when asked for, and columns that say what they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# As a file holds them: a day is "2026-05-10", a moment "2026-05-10T10:00:00+02:00".
Value = str | int | float | bool | None

# What a column holds, by the names of XML Schema, which the descriptions for machines use too.
TEXT, WHOLE, NUMBER, DAY, MOMENT, YES_NO = "string", "integer", "decimal", "date", "dateTime", "boolean"


@dataclass(frozen=True)
class Column:
    name: str
    kind: str
    meaning: StrOrPromise


@dataclass(frozen=True)
class Table:
    """One file's worth of rows. Its name stands in its address and never changes; nor do the names of its columns."""

    name: str
    title: StrOrPromise
    about: StrOrPromise
    columns: Sequence[Column]
    make: Callable[[], Iterable[Sequence[Value]]]

    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def rows(self) -> list[dict[str, Value]]:
        names = self.names()
        return [dict(zip(names, row, strict=True)) for row in self.make()]


@dataclass(frozen=True)
class Group:
    """Tables about the same thing, as they stand together on the page."""

    name: str
    title: StrOrPromise
    tables: Sequence[Table]


# --- values ---


def iso_day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def iso_moment(moment: datetime | None) -> str | None:
    """In Swedish time, with its distance from UTC."""
    return timezone.localtime(moment).replace(microsecond=0).isoformat() if moment else None


def whole_address(path: str) -> str:
    return settings.SITE_URL + path


def joined(words: Iterable[object]) -> str:
    """Several in one cell. A comma may stand within a name; a vertical bar does not."""
    return " | ".join(str(word) for word in words)
