"""Half-open months and periods in Swedish time: a month runs from its first midnight up to the next month's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property, lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language


def start_of(day: date) -> datetime:
    """Midnight when `day` begins in Sweden, as an aware moment; right across summer time."""
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())


def swedish_day(moment: datetime) -> date:
    """The date that a Swedish calendar shows at an aware `moment`."""
    return timezone.localdate(moment, timezone.get_default_timezone())


def today() -> date:
    """Today's date in Sweden."""
    return swedish_day(timezone.now())


def formatted(day: date, how: str) -> str:
    """The day in one of the formats of the page's language: a page says the same few days again and again."""
    return _formatted(day, how, get_language())


@lru_cache(maxsize=4096)
def _formatted(day: date, how: str, language: str | None) -> str:
    return date_format(day, how)


def as_written(month: str) -> str:
    """A month's name within a sentence: English alone gives it a capital, whatever Django's catalogs say."""
    return month if get_language() == "en" else month.lower()


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read "2026-10"; raise ValueError for anything else."""
        match = re.fullmatch(r"([12][0-9]{3})-(0[1-9]|1[0-2])", text, re.ASCII)
        if not match:
            raise ValueError(f"not a month: {text!r}")
        return cls(int(match[1]), int(match[2]))

    @cached_property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def index(self) -> int:
        """Which month it is, counted from the year 0."""
        return self.year * 12 + self.number - 1

    def plus(self, months: int) -> Month:
        index = self.index + months
        return Month(index // 12, index % 12 + 1)

    @property
    def iso(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    def __str__(self) -> str:
        return as_written(formatted(self.first_day, "YEAR_MONTH_FORMAT"))


@dataclass(frozen=True, order=True)
class Period:
    """One turn of a promise's follow-up: `months` calendar months from `first` on, half-open."""

    first: Month
    months: int = 1

    @classmethod
    def between(cls, first_day: date, end_day: date) -> Period:
        """The whole months from the one that begins on `first_day` up to that of `end_day`."""
        first = Month.of(first_day)
        return cls(first, Month.of(end_day).index - first.index)

    @cached_property
    def first_day(self) -> date:
        return self.first.first_day

    @cached_property
    def end_day(self) -> date:
        """The first day after the period."""
        return self.first.plus(self.months).first_day

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day < self.end_day

    @property
    def short_label(self) -> str:
        return as_written(formatted(self.first_day, "SHORT_MONTH_FORMAT")).rstrip(".")[:3]

    @property
    def last(self) -> Month:
        return self.first.plus(self.months - 1)

    @property
    def is_of_two_years(self) -> bool:
        return self.first.year != self.last.year

    def __str__(self) -> str:
        if self.months == 1:
            return str(self.first)
        first = str(self.first) if self.is_of_two_years else as_written(formatted(self.first_day, "F"))
        return f"{first}–{self.last}"


def periods_between(first_day: date, last_day: date, months: int) -> Iterator[Period]:
    """The periods, each of `months` months, that cover the days from `first_day` to `last_day`, both included."""
    first = Month.of(first_day)
    while first.first_day <= last_day:
        yield Period(first, months)
        first = first.plus(months)
