"""An indicator's year with the year before beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from followups.models import Indicator
from promises import telling
from promises.joining import joined
from promises.months import Month, formatted
from promises.wording import listed, number

DASH = "–"


@dataclass(frozen=True)
class MonthValue:
    """One calendar month in a year and in the year before; None where nothing has been read."""

    month: Month
    value: int | None
    before: int | None

    @property
    def label(self) -> str:
        return formatted(self.month.first_day, "F")

    @property
    def short_label(self) -> str:
        return self.label[:3]

    @property
    def row(self) -> list[str]:
        """For the table: the month, the year and the year before."""
        return [self.label, *(DASH if each is None else number(each) for each in (self.value, self.before))]


@dataclass(frozen=True)
class IndicatorYear:
    """An indicator's twelve months of one year, beside those of the year before."""

    indicator: Indicator
    year: int
    months: list[MonthValue]

    @property
    def year_before(self) -> int:
        return self.year - 1

    @cached_property
    def compared(self) -> list[MonthValue]:
        """The months that have been read in both years: only those can be compared."""
        return [each for each in self.months if each.value is not None and each.before is not None]

    @property
    def has_year_before(self) -> bool:
        return any(each.before is not None for each in self.months)

    @property
    def rows(self) -> list[list[str]]:
        return [each.row for each in self.months]

    @property
    def headers(self) -> list[str]:
        return [_("Månad"), str(self.year), str(self.year_before)]

    @property
    def sentence(self) -> str:
        """ "112 anmälda stölder januari–september 2026. Samma månader 2025: 123." """
        months = self.compared or [each for each in self.months if each.value is not None]
        if not months:
            return ""
        words = {
            "value": number(sum(each.value or 0 for each in months)),
            "unit": telling.in_words(self.indicator.unit),
            "months": in_words(months),
            "year": self.year,
        }
        now = _("%(value)s %(unit)s i %(months)s %(year)s.") % words
        if not self.compared:
            return now
        before = number(sum(each.before or 0 for each in months))
        return f"{now} {_('Samma månader %(year)s: %(value)s.') % {'year': self.year_before, 'value': before}}"

    @property
    def table_id(self) -> str:
        return f"siffror-{self.indicator.slug}-{self.year}"


def in_words(months: list[MonthValue]) -> str:
    """ "januari–september" where no month is missing between; else the months by name."""
    numbers = [each.month.number for each in months]
    if len(months) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"{months[0].label}–{months[-1].label}"
    return listed(each.label for each in months)


def indicator_years(year: int) -> list[IndicatorYear]:
    """The published indicators that have been read in the year."""
    return newest_indicator_years(year, year)


def newest_indicator_years(first: int, last: int) -> list[IndicatorYear]:
    """The published indicators in the latest of the years in which any of them has been read."""
    indicators = joined(Indicator.objects.published(), "readings")
    for year in range(last, first - 1, -1):
        years = [year_of(each, year) for each in indicators]
        if found := [each for each in years if any(month.value is not None for month in each.months)]:
            return found
    return []


def year_of(indicator: Indicator, year: int) -> IndicatorYear:
    values = {Month.of(each.first_day): each.value for each in indicator.readings.all()}
    months = [Month(year, each) for each in range(1, 13)]
    return IndicatorYear(
        indicator, year, [MonthValue(each, values.get(each), values.get(each.plus(-12))) for each in months]
    )
