"""The promises, and one promise: its words, and beside them what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from followups.indicators import newest_indicator_years
from followups.models import Deed, Meeting, Verdict
from followups.reading import months_on_record
from followups.record import Record
from followups.standing import ActionStanding, standings_on_record
from followups.timeline import timeline
from promises.additions import added_to
from promises.addresses import beside, page_and_next
from promises.explaining import Use, first_uses
from promises.joining import joined
from promises.models import (
    Action,
    ActionKind,
    Contact,
    Extension,
    ExtensionSignOff,
    Organisation,
    Partnership,
    Promise,
    Target,
    Term,
)
from promises.months import today
from promises.who_and_where import WhoAndWhere, who_and_where
from promises.wording import newest_day, span_of_days
from surveys.models import SurveyRound

BEFORE_THE_ACTIONS = ("lead", "background", "situation")
AFTER_THE_ACTIONS = ("aim", "following", "year_end", "validity")
SO_MANY = 20  # promises on a page of the list: more than a municipality gives in twenty years


@dataclass(frozen=True)
class ActionInFull:
    """An action with all that a resident can ask about it."""

    standing: ActionStanding
    terms: list[Use]
    who_and_where: WhoAndWhere
    deeds: list[Deed]  # published, newest first
    rounds: list[SurveyRound]  # that are over, where surveys are what was promised
    previous: Action | None  # what it carries on

    @property
    def action(self) -> Action:
        return self.standing.action

    @property
    def responsible(self) -> list[Organisation]:
        """Who answers for it, in the order of the promise."""
        order = [each.organisation_id for each in self.action.promise.partnerships.all()]
        organisations = self.who_and_where.organisations
        return sorted(organisations, key=lambda each: order.index(each.pk) if each.pk in order else 99)

    @property
    def targets(self) -> list[Target]:
        """The decisions on what counts as keeping it, newest first."""
        return [target for target in reversed(self.action.targets.all()) if target.is_published]

    @property
    def last_verdict(self) -> Verdict | None:
        """What became of it in the promise before."""
        verdicts = [each for each in self.previous.verdicts.all() if each.is_published] if self.previous else []
        return max(verdicts, key=lambda verdict: verdict.result.year, default=None)


def promise_list(request: HttpRequest, number: int = 1) -> HttpResponse:
    found = list(with_people(Promise.objects.published().newest_first())[page_and_next(number, SO_MANY)])
    if number > 1 and not found:
        raise Http404
    promises = [in_the_list(promise) for promise in found[:SO_MANY]]
    days = [day for each in promises for day in changed(each["promise"])]
    pager = beside("promises:list", "promises:older", number, has_older=len(found) > SO_MANY)
    context = {"promises": promises, "number": number, "pager": pager}
    return render(request, "promises/list.html", context | {"updated_on": newest_day(*days)})


def changed(promise: Promise) -> list[date | None]:
    """When the promise was published, and each decision to move its last day."""
    return [promise.published_at, *(each.published_at for each in promise.extensions.all())]


def in_the_list(promise: Promise) -> dict[str, Any]:
    return {
        "promise": promise,
        "validity": span_of_days(promise.starts_on, promise.last_day),
        "partners": [each.organisation for each in promise.partnerships.all()],
        "is_coming": promise.starts_on > today(),
    }


def detail(request: HttpRequest, slug: str) -> HttpResponse:
    people = ("partnerships__organisation", "sign_offs__organisation")
    family = joined(Promise.objects.family_of(slug).newest_first(), *people, "results")
    promise = next((each for each in family if each.slug == slug), None)
    if promise is None:
        raise Http404
    return render(request, "promises/detail.html", context_of(promise, family))


def with_people(promises: QuerySet[Promise]) -> QuerySet[Promise]:
    """With the partners, and the decisions that moved the last day."""
    signed = Prefetch("sign_offs", ExtensionSignOff.objects.select_related("organisation"))
    extensions = Prefetch("extensions", Extension.objects.published().prefetch_related(signed))
    return promises.prefetch_related(with_partners(), extensions)


def with_partners() -> Prefetch:
    return Prefetch("partnerships", Partnership.objects.select_related("organisation"))


def context_of(promise: Promise, family: Sequence[Promise]) -> dict[str, Any]:
    record = Record([promise], signatures=False)
    by_promise = record.read_actions(Action.objects.told_with(promise), "verdicts__result")
    terms = first_uses(texts_of(promise), Term.objects.published())
    months = months_on_record(record, promise)
    deeds = [deed for deed in record.deeds if deed.is_reported]
    added = added_to(promise)
    contacts = Contact.objects.current_on(today()).select_related("organisation")
    return {
        "promise": promise,
        "months": months,
        "terms": terms,
        "actions": actions_in_full(record, promise, terms),
        "timeline": timeline(months.ribbon, deeds, meetings_with_residents(record, promise), record.rounds),
        "extensions": added.extensions,
        "indicators": newest_indicator_years(promise.starts_on.year, min(promise.last_day, today()).year),
        "contacts": contacts,
        "corrections": added.corrections,
        "family": related(promise, family, by_promise),
        "updated_on": newest_day(
            *months.changed,
            *record.changed(promise),
            *(each.signed_at for extension in added.extensions for each in extension.sign_offs.all()),
            *(each.made_at for each in added.corrections),
            *(day for each in contacts for day in each.changed),
        ),
    }


def meetings_with_residents(record: Record, promise: Promise) -> list[Meeting]:
    """The open meetings that were held in the promise's time."""
    held = [each for each in record.meetings if each.is_published and each.is_held]
    return [each for each in held if promise.starts_on <= each.day <= promise.last_day]


def actions_in_full(record: Record, promise: Promise, terms: dict[str, list[Use]]) -> list[ActionInFull]:
    everything = {each.pk: each for actions in record.actions.values() for each in actions}
    links = who_and_where(record.actions[promise.pk])
    asked = [each for each in record.rounds if each.has_ended]
    return [
        ActionInFull(
            standing=standing,
            terms=terms[standing.action.slug],
            who_and_where=links[standing.action.pk],
            deeds=[deed for deed in record.deeds if deed.is_reported and deed.action_id == standing.action.pk],
            rounds=asked if standing.action.kind == ActionKind.SURVEY else [],
            previous=everything.get(standing.action.previous_id or 0),
        )
        for standing in standings_on_record(record, promise)
    ]


def texts_of(promise: Promise) -> dict[str, str]:
    """The promise's texts in the order that they are read."""
    return {
        **{name: getattr(promise, name) for name in BEFORE_THE_ACTIONS},
        **{action.slug: action.text for action in promise.actions.all()},
        **{name: getattr(promise, name) for name in AFTER_THE_ACTIONS},
    }


def related(promise: Promise, family: Sequence[Promise], actions: dict[int, list[Action]]) -> dict[str, Any]:
    """The promise before, what of it was dropped, and the promises that follow."""
    predecessor = next((each for each in family if each.pk == promise.predecessor_id), None)
    carried = {action.previous_id for action in actions[promise.pk]}
    before = actions.get(predecessor.pk, []) if predecessor else []
    return {
        "predecessor": predecessor,
        "dropped": [action for action in before if action.pk not in carried],
        "successors": [each for each in family if each.predecessor_id == promise.pk],
    }
