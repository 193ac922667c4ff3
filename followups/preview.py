"""A month's page as residents will see it, made before anything is published."""

from __future__ import annotations

from django.utils import timezone

from followups.calendar import calendar
from followups.models import FollowUp
from followups.month import work_of
from followups.reading import ActionThen, MonthEntry, MonthSection, PromiseMonths, explain
from followups.standing import fill_in
from promises.models import Term


def section_before_publishing(report: FollowUp) -> MonthSection:
    """What the public page would be given if the report were published now; nothing is stored."""
    month = work_of(report)
    report.published_at = report.published_at or timezone.now()
    ribbon = calendar(report.promise)
    status = next(each for each in ribbon if each.period.first_day == report.first_day)
    if not report.is_published:
        fill_in((line.update for line in month.lines), [line.standing for line in month.lines])
    actions = [ActionThen(line.update, line.deeds, []) for line in month.lines]
    explained, in_the_letter = explain(report, actions, Term.objects.published())
    return MonthSection(
        months=PromiseMonths(report.promise, ribbon),
        entry=MonthEntry(status, report),
        actions=explained,
        meetings=[each for each in month.meetings if each.is_published],
        terms=in_the_letter,
    )
