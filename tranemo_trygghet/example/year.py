"""The whole example year, in the order in which a real one comes about."""

from __future__ import annotations

from datetime import date

from tranemo_trygghet.example.indicators import read_indicators
from tranemo_trygghet.example.meetings import hold_meetings
from tranemo_trygghet.example.promise import make_promise, prepare
from tranemo_trygghet.example.reports import tell_the_months
from tranemo_trygghet.example.staff import hire
from tranemo_trygghet.example.survey_rounds import ask_residents


def load_year(today: date, password: str) -> None:
    """Everything, around `today`; the accounts polis, kommun and admin get `password`."""
    prepare(today)
    staff = hire(password)
    promise = make_promise(staff)
    hold_meetings(promise, today)
    ask_residents(promise, today, staff)
    tell_the_months(promise, today, staff)
    read_indicators(today)
