"""Dates, times, numbers and lists as the page's language writes them; no-break spaces where no line may break."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from promises.months import as_written, formatted, swedish_day

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


def kept_together(text: str) -> str:
    return text.replace(" ", NO_BREAK_SPACE)


def full_day(day: date) -> str:
    """ "5 mars 2026"; the Swedish day of an aware moment."""
    return kept_together(formatted(_swedish(day), "DATE_FORMAT"))


def short_day(day: date) -> str:
    """ "5 mars"."""
    return kept_together(formatted(_swedish(day), "MONTH_DAY_FORMAT"))


def brief_day(day: date) -> str:
    """ "5 mar", for a narrow column."""
    return kept_together(as_written(formatted(_swedish(day), "BRIEF_DAY_FORMAT")).rstrip("."))


def span_of_days(first: date, last: date) -> str:
    """ "1 januari–31 december 2026", "5–9 mars 2026"; both days are within."""
    if first == last:
        return full_day(first)
    if first.year != last.year:
        return f"{full_day(first)} – {full_day(last)}"
    if first.month != last.month:
        return f"{short_day(first)} – {full_day(last)}"
    return f"{first.day}–{full_day(last)}"


def newest_day(*moments: date | None) -> str:
    """The Swedish day of the newest of some dates and moments, in full; nothing if there is none."""
    days = [_swedish(moment) for moment in moments if moment]
    return full_day(max(days)) if days else ""


def clock(moment: datetime, end: datetime | None = None) -> str:
    """ "kl. 18.30" or "kl. 18.30–20.00", in Swedish time."""
    words = kept_together(date_format(_local(moment), "CLOCK_FORMAT"))
    return f"{words}–{date_format(_local(end), 'HOUR_FORMAT')}" if end else words


def number(value: float) -> str:
    """ "11 800"."""
    return number_format(value, use_l10n=True, force_grouping=True)


def percent(value: float) -> str:
    """ "72,6 %"."""
    return f"{number(value)}{NO_BREAK_SPACE}%"


def listed(words: Iterable[object]) -> str:
    """ "Polisen, kommunen och Tranemobostäder"."""
    *first, last = [str(word) for word in words] or [""]
    return _("%(first)s och %(last)s") % {"first": _(", ").join(first), "last": last} if first else last


def quoted(words: object) -> str:
    """”Mycket trygg”, “Very safe”, «дуже безпечно»: each language has marks of its own."""
    return _("”%s”") % words


def capitalised(text: str) -> str:
    """The first letter made a capital; the rest as it was, unlike str.capitalize."""
    return text[:1].upper() + text[1:]


def _swedish(day: date) -> date:
    """The day itself; of an aware moment the day that a Swedish calendar shows then."""
    return swedish_day(day) if isinstance(day, datetime) else day


def _local(day: date) -> date:
    return timezone.localtime(day) if isinstance(day, datetime) and timezone.is_aware(day) else day
