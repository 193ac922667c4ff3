"""Test data without dice: numbered names, fixed days."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import count
from typing import Any

from django.utils import timezone

from followups.models import Deed, FollowUp, Indicator, Meeting
from followups.prefill import prefill
from promises.models import Action, Promise, Target
from promises.months import Month, Period
from promises.tests.make import make_promise, make_user, publish

_numbers = count(1)


def make_deed(action: Action | None = None, **fields: Any) -> Deed:
    """A deed on 14 March 2026, by the promise's first partner."""
    number = next(_numbers)
    action = action or make_promise(actions=1).actions.get()
    organisation = fields.pop("organisation", None) or action.promise.signing_partners()[0]
    user = fields.pop("logged_by", None) or make_user(organisation)
    return Deed.objects.create(
        **{
            "action": action,
            "organisation": organisation,
            "logged_by": user,
            "what": f"Insats {number}",
            "done_on": date(2026, 3, 14),
        }
        | fields
    )


def make_meeting(day: date = date(2026, 3, 24), **fields: Any) -> Meeting:
    """A held meeting of Trygg och Säker kommun, at half past six."""
    fields.setdefault("starts_at", timezone.make_aware(datetime.combine(day, time(18, 30))))
    return Meeting.objects.create(**{"kind": Meeting.Kind.TSK, "state": Meeting.State.HELD} | fields)


def make_report(
    promise: Promise | None = None,
    month: str = "2026-03",
    *,
    published: bool = True,
    reported: str = "ongoing",
    text: str = "Det här har hänt.",
    **fields: Any,
) -> FollowUp:
    """A month's report in which every action has got words."""
    promise = promise or make_promise()
    period = Period(Month.parse(month), promise.followup_months)
    values = {"promise": promise, "first_day": period.first_day, "summary": f"Sammanfattning av {period}."} | fields
    report = FollowUp.objects.create(**values)
    prefill(report)
    for update in report.updates.all():
        update.reported, update.text, update.is_unchanged = reported, text, False
        update.save()
    return publish(report) if published else report


def make_target(action: Action, **fields: Any) -> Target:
    """A published target, decided when the promise began: four safety walks in its time."""
    values = {"number": 4, "unit": "trygghetsvandringar", "decided_on": action.promise.starts_on} | fields
    if values["number"] is None:
        values["unit"] = ""
    return publish(Target.objects.create(action=action, **values))


def make_indicator(**fields: Any) -> Indicator:
    number = next(_numbers)
    return Indicator.objects.create(
        **{
            "name": f"Indikator {number}",
            "slug": f"indikator-{number}",
            "unit": "anmälda stölder",
            "definition": "Antal anmälningar.",
            "source": "påhittad",
        }
        | fields
    )
