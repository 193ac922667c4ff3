"""Months are Swedish, half-open and right across summer time and new year."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from promises.months import Month, Period, periods_between, start_of, swedish_day


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 2, 28, 22, 59, 59, tzinfo=UTC), date(2026, 2, 28)),
        (datetime(2026, 2, 28, 23, 0, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 7, 31, 21, 59, 59, tzinfo=UTC), date(2026, 7, 31)),
        (datetime(2026, 7, 31, 22, 0, tzinfo=UTC), date(2026, 8, 1)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_a_moment_falls_on_the_swedish_day(moment: datetime, day: date) -> None:
    assert swedish_day(moment) == day


def length(period: Period) -> timedelta:
    return start_of(period.end_day).astimezone(UTC) - start_of(period.first_day).astimezone(UTC)


def test_a_month_with_the_change_to_summer_time_is_an_hour_short() -> None:
    march = Period(Month(2026, 3))
    assert length(march) == timedelta(days=31, hours=-1)


def test_a_month_with_the_change_to_winter_time_is_an_hour_long() -> None:
    october = Period(Month(2026, 10))
    assert length(october) == timedelta(days=31, hours=1)


def test_a_period_is_half_open() -> None:
    december = Period(Month(2026, 12))
    assert date(2026, 12, 31) in december
    assert date(2027, 1, 1) not in december
    assert december.end_day == date(2027, 1, 1)


def test_a_promise_from_the_middle_of_a_month_is_followed_from_that_month() -> None:
    turns = list(periods_between(date(2026, 3, 15), date(2027, 3, 14), 1))
    assert (turns[0].first.iso, turns[-1].first.iso, len(turns)) == ("2026-03", "2027-03", 13)


def test_a_quarterly_rhythm_has_four_turns_a_year() -> None:
    turns = list(periods_between(date(2026, 1, 1), date(2026, 12, 31), 3))
    assert [str(each) for each in turns][2] == "juli–september 2026"
    assert len(turns) == 4


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "26-01", "2026-01-01", "٢٠٢٦-٠١", "", "2026-00", "2026-01\n"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a month"):
        Month.parse(text)
