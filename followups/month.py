"""What staff have beside them when they write a month's report."""

from __future__ import annotations

from dataclasses import dataclass

from followups.models import ActionUpdate, Deed, FollowUp, Meeting
from followups.prefill import words_before
from followups.standing import ActionStanding, standing_at_publishing


@dataclass(frozen=True)
class Line:
    """One action in the month: what is written, what was said last, what was done, and how it will stand."""

    update: ActionUpdate
    before: ActionUpdate | None
    deeds: list[Deed]
    standing: ActionStanding


@dataclass(frozen=True)
class MonthOfWork:
    """A month of work: the report and all that belongs in it."""

    report: FollowUp
    lines: list[Line]
    meetings: list[Meeting]

    @property
    def deed_count(self) -> int:
        return sum(len(line.deeds) for line in self.lines)

    def line_of(self, action_id: int | None) -> Line | None:
        return next((line for line in self.lines if line.update.action_id == action_id), None)


def work_of(report: FollowUp) -> MonthOfWork:
    """The month of `report`, with everything fetched in a constant number of queries."""
    period, before = report.period, words_before(report)
    deeds = (
        Deed.objects.standing()
        .counted_for(report.promise, period.first_day, report.last_day)
        .select_related("place", "organisation")
        .newest_first()
    )
    by_action: dict[int, list[Deed]] = {}
    for deed in deeds:
        by_action.setdefault(deed.action_id, []).append(deed)
    standings = {each.action.pk: each for each in standing_at_publishing(report)}
    updates = report.updates.select_related("action").order_by("action__number")
    lines = [
        Line(each, before.get(each.action_id), by_action.get(each.action_id, []), standings[each.action_id])
        for each in updates
    ]
    return MonthOfWork(report, lines, list(Meeting.objects.held_in(period)))
