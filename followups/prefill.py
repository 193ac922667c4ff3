"""A new month's report, prefilled from the last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from followups.models import ActionUpdate, FollowUp
from promises import policy
from promises.months import today

if TYPE_CHECKING:
    from promises.models import Promise, User
    from promises.months import Period


def begin_report(promise: Promise, period: Period, user: User) -> FollowUp:
    """The period's report: the one there is, or a new draft with every action prefilled from last time.

    Raises ValidationError if there is nothing to report on yet, PermissionDenied if the user may not write it.
    """
    if not promise.is_published:
        raise ValidationError(_("Löftet är inte publicerat än. Uppföljningen börjar när det är det."))
    if period not in promise.periods():
        raise ValidationError(_("Månaden hör inte till löftets uppföljning."))
    if period.first_day > today():
        raise ValidationError(_("Månaden har inte börjat än."))
    policy.require(user, "add", FollowUp(promise=promise))
    with transaction.atomic():
        # Two people may open the month at once: the database lets one of them make it, and both get the same.
        report, _made = FollowUp.objects.get_or_create(
            promise=promise, first_day=period.first_day, defaults={"end_day": period.end_day}
        )
        if not report.is_published:
            prefill(report)
    return report


def prefill(report: FollowUp) -> None:
    """Give the draft a line for every action that has none."""
    there = set(report.updates.values_list("action_id", flat=True))
    before = words_before(report)
    left = [action for action in report.promise.actions.all() if action.pk not in there]
    lines = [as_before(report, action.pk, before.get(action.pk)) for action in left]
    ActionUpdate.objects.bulk_create(lines, ignore_conflicts=True)


def as_before(report: FollowUp, action_id: int, last: ActionUpdate | None) -> ActionUpdate:
    """Where the action stood last time, and that nothing has changed until somebody says so."""
    reported = last.reported if last else ActionUpdate.Reported.NOT_STARTED
    return ActionUpdate(followup=report, action_id=action_id, reported=reported, is_unchanged=last is not None)


def words_before(report: FollowUp) -> dict[int, ActionUpdate]:
    """Each action's last published line before this report's period."""
    updates = ActionUpdate.objects.published().filter(
        followup__promise=report.promise_id,
        followup__kind=FollowUp.Kind.REPORT,
        followup__first_day__lt=report.first_day,
    )
    return {each.action_id: each for each in updates.select_related("followup").order_by("followup__first_day")}
