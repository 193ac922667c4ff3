"""The months of a promise: the gap is computed, and nobody has to remember to show it."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followups.calendar import PeriodStatus, calendar, ribbon_sentence
from followups.models import FollowUp, Meeting
from followups.tests.make import make_meeting, make_report
from promises.models import Promise
from promises.months import Month, Period
from promises.tests.make import make_organisation, make_promise, make_user
from surveys.models import Survey, SurveyRound

pytestmark = [pytest.mark.django_db, pytest.mark.alike, pytest.mark.usefixtures("clock")]

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DUE = date(2026, 2, 14)


def month_of(promise: Promise, number: int, day: date) -> PeriodStatus:
    return calendar(Promise.objects.get(pk=promise.pk), day)[number - 1]


def two_partners() -> list:
    return [make_organisation("Polisen"), make_organisation("Tranemo kommun")]


def make_round(promise: Promise, opens_at: datetime, closes_at: datetime, **fields) -> SurveyRound:
    number = SurveyRound.objects.count() + 1
    survey = Survey.objects.create(title=f"Enkät {number}")
    return SurveyRound.objects.create(
        **{
            "survey": survey,
            "promise": promise,
            "title": f"Omgång {number}",
            "slug": f"omgang-{number}",
            "opens_at": opens_at,
            "closes_at": closes_at,
            "state": SurveyRound.State.LOCKED,
            "codebook": {},
            "disposal_decision": "KS 2026/1",
        }
        | fields
    )


def test_a_month_is_coming_then_awaited_then_missing() -> None:
    promise = make_promise(partners=two_partners())
    for day, status, label in [
        (date(2026, 3, 31), "coming", "kommer"),
        (date(2026, 4, 1), "awaited", "väntas"),
        (date(2026, 4, 14), "awaited", "väntas"),
        (date(2026, 4, 15), "missing", "saknas"),
    ]:
        month = month_of(promise, 3, day)
        assert (month.status, month.status_label) == (status, label), day
    assert month.due_on == date(2026, 4, 14)
    assert (month.label, month.short_label) == ("mars 2026", "mar")
    assert month.report is None


def test_a_published_report_fills_its_month_at_once() -> None:
    promise = make_promise()
    report = make_report(promise, "2026-03")
    month = month_of(promise, 3, date(2026, 3, 31))
    assert (month.status, month.report, month.awaited) == ("reported", report, [])
    assert month.url == "/uppfoljningar/2026-03/"


def test_no_meeting_by_decision_is_a_kind_of_its_own_once_it_is_signed() -> None:
    promise = make_promise()
    values = {"kind": FollowUp.Kind.NO_MEETING, "no_meeting_reason": "Sommar."}
    make_report(promise, "2026-07", published=False, **values)
    assert month_of(promise, 7, date(2026, 9, 1)).status == "missing"
    make_report(promise, "2026-06", **values)
    assert month_of(promise, 6, date(2026, 9, 1)).status == "no_meeting"


def test_a_missing_month_says_whose_report_or_signature_is_awaited() -> None:
    partners = two_partners()
    promise = make_promise(partners=partners)
    day = date(2026, 5, 1)
    reports = ["Redovisning från Polisen", "Redovisning från Tranemo kommun"]
    assert month_of(promise, 3, day).awaited == reports
    report = make_report(promise, "2026-03", published=False)
    assert month_of(promise, 3, day).awaited == reports
    report.mark_ready(make_user(partners[0]))
    assert month_of(promise, 3, day).awaited == ["Godkännande från Polisen", "Godkännande från Tranemo kommun"]
    report.sign(make_user(partners[0]), report.digest())
    assert month_of(promise, 3, day).awaited == ["Godkännande från Tranemo kommun"]
    report.summary = "Annan text."
    report.save()
    assert len(month_of(promise, 3, day).awaited) == 2
    assert month_of(promise, 3, date(2026, 3, 20)).awaited == []


def test_coming_months_have_no_page() -> None:
    months = calendar(make_promise(), date(2026, 3, 16))
    assert [each.is_current for each in months].index(True) == 2
    assert all(bool(each.url) == (each.status != "coming") for each in months)


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        ("2026-03-31 23:59", 3),  # summer time began on 29 March
        ("2026-04-01 00:00", 4),
        ("2026-10-31 23:59", 10),  # and ended on 25 October
        ("2026-11-01 00:00", 11),
        ("2026-12-31 23:59", 12),
        ("2026-01-01 00:00", 1),
    ],
)
def test_months_are_half_open_in_swedish_time(moment: str, number: int) -> None:
    promise = make_promise()
    make_meeting(starts_at=datetime.fromisoformat(moment).replace(tzinfo=STOCKHOLM))
    assert [each.period.first.number for each in calendar(promise) if each.has_meeting] == [number]


def test_new_year_belongs_to_the_next_promise() -> None:
    make_meeting(starts_at=datetime(2027, 1, 1, 0, 0, tzinfo=STOCKHOLM))
    old = make_promise()
    new = make_promise(starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31))
    assert not any(each.has_meeting for each in calendar(old))
    assert calendar(new)[0].has_meeting


def test_the_dot_tells_of_meetings_that_the_public_may_know_of() -> None:
    promise = make_promise()
    make_meeting(date(2026, 1, 5), is_public=True, kind=Meeting.Kind.RESIDENTS, state=Meeting.State.PLANNED)
    make_meeting(date(2026, 2, 5), is_public=False, kind=Meeting.Kind.RESIDENTS)
    make_meeting(date(2026, 4, 5), is_public=True, state=Meeting.State.CANCELLED, cancel_reason="Storm.")
    make_meeting(date(2026, 5, 5), state=Meeting.State.PLANNED)
    make_meeting(date(2026, 6, 5))
    assert [each.period.first.number for each in calendar(promise) if each.has_meeting] == [1, 6]


def test_the_notch_tells_of_rounds_that_are_open_in_the_month() -> None:
    promise = make_promise()
    opens = datetime(2026, 3, 31, 23, 0, tzinfo=STOCKHOLM)
    make_round(promise, opens, datetime(2026, 5, 1, 0, 0, tzinfo=STOCKHOLM))
    make_round(promise, datetime(2026, 9, 1, tzinfo=STOCKHOLM), datetime(2026, 9, 20, tzinfo=STOCKHOLM), state="draft")
    assert [each.period.first.number for each in calendar(promise) if each.has_survey] == [3, 4]


def test_a_round_that_staff_closed_early_has_no_notch_after_that() -> None:
    promise = make_promise()
    opens, closes = datetime(2026, 3, 2, tzinfo=STOCKHOLM), datetime(2026, 4, 20, tzinfo=STOCKHOLM)
    for closed_at in (datetime(2026, 3, 20, 12, tzinfo=STOCKHOLM), datetime(2026, 2, 27, 12, tzinfo=STOCKHOLM)):
        make_round(promise, opens, closes, state=SurveyRound.State.CLOSED, closed_at=closed_at)
        assert [each.period.first.number for each in calendar(promise) if each.has_survey] == [3]


def test_an_extension_adds_its_months_and_quarters_are_periods_too() -> None:
    promise = make_promise(ends_on=date(2026, 6, 30), followup_months=3, report_due_days=30)
    periods = calendar(promise, date(2026, 3, 31))
    assert [each.label for each in periods] == ["januari–mars 2026", "april–juni 2026"]
    assert periods[0].due_on == date(2026, 4, 30)


# --- In words -----------------------------------------------------------------------------------------


def sentence(statuses: str, first: str = "2026-01", months: int = 1) -> str:
    """A ribbon from letters: r(eported), m(issing), n(o meeting), a(waited), c(oming)."""
    words = {"r": "reported", "m": "missing", "n": "no_meeting", "a": "awaited", "c": "coming"}
    due_on = date(2026, 2, 14)
    periods = [Period(Month.parse(first).plus(index * months), months) for index in range(len(statuses))]
    return ribbon_sentence(
        [
            PeriodStatus(period, words[each], None, due_on, [], False, False, False)
            for period, each in zip(periods, statuses, strict=True)
        ]
    )


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ("rrmrrrmrrrcc", "8 av 10 månader redovisade. Mars och juli saknas."),
        ("rrrac", "3 av 3 månader redovisade."),
        ("mcc", "0 av 1 månad redovisad. Januari saknas."),
        ("rrrrrrnrcc", "7 av 7 månader redovisade. I juli hölls inget möte."),
        ("mmmnn", "0 av 3 månader redovisade. Januari, februari och mars saknas. I april och maj hölls inget möte."),
        ("nc", "I januari hölls inget möte."),
        ("acc", "Ingen månad ska vara redovisad än. Den första redovisas senast 14\xa0februari\xa02026."),
        ("", "Ingen uppföljning är planerad."),
    ],
)
def test_the_ribbon_says_itself_in_words(statuses: str, expected: str) -> None:
    assert sentence(statuses) == expected


def test_the_year_is_named_where_a_month_comes_twice() -> None:
    assert sentence("m" + "r" * 11 + "m").endswith("Januari 2026 och januari 2027 saknas.")


def test_a_period_of_two_years_is_named_with_both() -> None:
    told = sentence("mmr", "2026-08", months=3)
    assert told == "1 av 3 perioder redovisade. Augusti–oktober och november 2026–januari 2027 saknas."


def test_queries_are_as_many_for_three_reports_as_for_one() -> None:
    def queries(reports: int) -> int:
        promise = make_promise()
        for number in range(1, reports + 1):
            report = make_report(promise, f"2026-{number:02d}", published=False)
            report.mark_ready(make_user(promise.signing_partners()[0]))
            report.sign(make_user(promise.signing_partners()[0]), report.digest())
            make_meeting(date(2026, number, 5))
        promise = Promise.objects.get(pk=promise.pk)
        with CaptureQueriesContext(connection) as caught:
            months = calendar(promise, date(2026, 12, 24))
            assert [len(each.awaited) for each in months[:reports]] == [1] * reports
        return len(caught)

    assert queries(1) == queries(3) <= 8


@pytest.mark.differs
def test_reports_and_meetings_agree_on_what_is_published() -> None:
    promise = make_promise()
    draft = make_report(promise, "2026-01", published=False)
    half = make_report(promise, "2026-02", published=False)
    half.mark_ready(make_user(promise.signing_partners()[0]))
    half.sign(make_user(promise.signing_partners()[0]), half.digest())
    published = make_report(promise, "2026-03")
    for report, expected in [(draft, False), (half, False), (published, True)]:
        assert FollowUp.objects.get(pk=report.pk).is_published is expected
        assert FollowUp.objects.published().filter(pk=report.pk).exists() is expected
    for is_public in (True, False):
        meeting = make_meeting(is_public=is_public)
        assert meeting.is_published is is_public
        assert Meeting.objects.published().filter(pk=meeting.pk).exists() is is_public
