"""The promise that follows: last year's copied as a draft, every action marked as kept until somebody changes it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from promises import policy
from promises.models import Action, ActionPlace, Partnership, Promise
from promises.months import Month

if TYPE_CHECKING:
    from promises.models import User

TEXTS = ["title", "lead", "background", "situation", "aim", "following", "year_end", "validity", "contact_text"]
RHYTHM = ["followup_months", "report_due_days"]
ACTION = ["number", "slug", "title", "text", "kind"]


def follow_on(promise: Promise, starts_on: date, user: User) -> Promise:
    """A draft that takes over after `promise` on `starts_on`: its words, partners, actions and places, as long a time.

    Targets are not copied: each is a decision of its own, with its day. Raises ValidationError if there is nothing to
    follow or the day comes before the promise; PermissionDenied if the user may not write it.
    """
    policy.require(user, "change", promise)
    if not promise.is_published:
        raise ValidationError(_("Löftet är inte publicerat än. Skriv klart det först."))
    if starts_on <= promise.starts_on:
        raise ValidationError(_("Nästa löfte ska börja efter det här."))
    with transaction.atomic():
        copied = {name: getattr(promise, name) for name in [*TEXTS, *RHYTHM]}
        days = {"starts_on": starts_on, "ends_on": as_long(promise, starts_on)}
        draft = Promise.objects.create(predecessor=promise, slug=free_slug(starts_on), **days, **copied)
        for each in promise.partnerships.all():
            Partnership.objects.create(promise=draft, organisation=each.organisation, order=each.order)
        for action in promise.actions.all():
            carry_on(action, draft)
    return draft


def carry_on(action: Action, draft: Promise) -> None:
    copied = {name: getattr(action, name) for name in ACTION}
    kept = Action.objects.create(promise=draft, previous=action, change=Action.Change.KEPT, **copied)
    kept.responsible.set(action.responsible.all())
    kept.sections.set(action.sections.all())
    for place in action.places.all():
        ActionPlace.objects.create(action=kept, place=place, chosen_on=draft.starts_on)


def as_long(promise: Promise, starts_on: date) -> date:
    """The last day of a promise as long as this one was meant to be: in whole months where it was whole months."""
    end_day = promise.ends_on + timedelta(days=1)
    first, end = Month.of(promise.starts_on), Month.of(end_day)
    if promise.starts_on.day == end_day.day == starts_on.day == 1:
        months = (end.year - first.year) * 12 + end.number - first.number
        return Month.of(starts_on).plus(months).first_day - timedelta(days=1)
    return starts_on + (promise.ends_on - promise.starts_on)


def free_slug(starts_on: date) -> str:
    """ "2027"; "2027-2" if another promise has that address."""
    wished, number = str(starts_on.year), 1
    slug = wished
    while Promise.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{wished}-{number}"
    return slug
