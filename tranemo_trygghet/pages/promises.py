"""The promises, and one promise: its words, and beside them what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from followups.models import Deed, Meeting, Verdict
from followups.reading import months_of
from followups.standing import ActionStanding, standings
from followups.timeline import timeline
from promises.explaining import Use, first_uses
from promises.models import (
    Action,
    ActionKind,
    Contact,
    Correction,
    Extension,
    ExtensionSignOff,
    Organisation,
    Partnership,
    Place,
    Promise,
    PromiseSignOff,
    Target,
    Term,
)
from promises.months import today
from promises.wording import full_day, span_of_days
from surveys.models import SurveyRound

BEFORE_THE_ACTIONS = ("lead", "background", "situation")
AFTER_THE_ACTIONS = ("aim", "following", "year_end", "validity")


@dataclass(frozen=True)
class ActionInFull:
    """An action with all that a resident can ask about it."""

    action: Action
    standing: ActionStanding
    terms: list[Use]

    @property
    def responsible(self) -> list[Organisation]:
        """Who answers for it, in the order of the promise."""
        order = [each.organisation_id for each in self.action.promise.partnerships.all()]
        return sorted(self.action.responsible.all(), key=lambda each: order.index(each.pk) if each.pk in order else 99)

    @property
    def targets(self) -> list[Target]:
        """The decisions on what counts as keeping it, newest first."""
        return sorted(self.action.targets.all(), key=lambda target: (target.decided_on, target.pk), reverse=True)

    @property
    def deeds(self) -> list[Deed]:
        return list(self.action.deeds.all())

    @property
    def rounds(self) -> list[SurveyRound]:
        """The surveys, where that is what was promised."""
        asked = self.action.promise.rounds.all() if self.action.kind == ActionKind.SURVEY else []
        return [each for each in asked if each.has_ended]

    @property
    def last_verdict(self) -> Verdict | None:
        """What became of it in the promise before."""
        previous = self.action.previous
        verdicts = sorted(previous.verdicts.all(), key=lambda verdict: verdict.result.year) if previous else []
        return verdicts[-1] if verdicts else None


def promise_list(request: HttpRequest) -> HttpResponse:
    promises = [in_the_list(promise) for promise in with_people(Promise.objects.published().newest_first())]
    return render(request, "promises/list.html", {"promises": promises})


def in_the_list(promise: Promise) -> dict[str, Any]:
    return {
        "promise": promise,
        "validity": span_of_days(promise.starts_on, promise.last_day),
        "partners": [each.organisation for each in promise.partnerships.all()],
        "is_coming": promise.starts_on > today(),
    }


def detail(request: HttpRequest, slug: str) -> HttpResponse:
    promise = get_object_or_404(with_all(with_people(Promise.objects.published())), slug=slug)
    return render(request, "promises/detail.html", context_of(promise))


def with_people(promises: QuerySet[Promise]) -> QuerySet[Promise]:
    """With the partners, and the decisions that moved the last day."""
    signed = Prefetch("sign_offs", ExtensionSignOff.objects.select_related("organisation"))
    extensions = Prefetch("extensions", Extension.objects.published().prefetch_related(signed))
    return promises.prefetch_related(with_partners(), extensions)


def with_partners() -> Prefetch:
    return Prefetch("partnerships", Partnership.objects.select_related("organisation"))


def with_all(promises: QuerySet[Promise]) -> QuerySet[Promise]:
    """With all that stands on the promise's page."""
    return promises.select_related("predecessor").prefetch_related(
        Prefetch("sign_offs", PromiseSignOff.objects.select_related("organisation")),
        Prefetch("actions", actions_with_all()),
        Prefetch("rounds", SurveyRound.objects.published().newest_first().with_places_and_results()),
        Prefetch("successors", Promise.objects.published()),
        "predecessor__actions",
    )


def actions_with_all() -> QuerySet[Action]:
    """The actions with who, where, how many, and what was done."""
    return (
        Action.objects.order_by("number")
        .select_related("previous__promise")
        .prefetch_related(
            "responsible",
            "sections",
            Prefetch("places", Place.objects.published()),
            Prefetch("targets", Target.objects.published()),
            Prefetch("deeds", Deed.objects.published().newest_first().select_related("place", "organisation")),
            Prefetch("previous__verdicts", Verdict.objects.published().select_related("result")),
        )
    )


def context_of(promise: Promise) -> dict[str, Any]:
    terms = first_uses(texts_of(promise), Term.objects.published())
    (months,) = months_of([promise])
    deeds = [deed for action in promise.actions.all() for deed in action.deeds.all()]
    meetings = Meeting.objects.published().held_between(promise.starts_on, promise.last_day + timedelta(days=1))
    return {
        "promise": promise,
        "months": months,
        "terms": terms,
        "actions": actions_in_full(promise, terms),
        "timeline": timeline(months.ribbon, deeds, meetings, promise.rounds.all()),
        "contacts": Contact.objects.current_on(today()).select_related("organisation"),
        "corrections": Correction.objects.of(promise).select_related("organisation"),
        "family": family(promise),
        "updated_on": full_day(promise.published_at) if promise.published_at else "",
    }


def actions_in_full(promise: Promise, terms: dict[str, list[Use]]) -> list[ActionInFull]:
    how_it_goes = {standing.action.pk: standing for standing in standings(promise)}
    return [ActionInFull(each, how_it_goes[each.pk], terms[each.slug]) for each in promise.actions.all()]


def texts_of(promise: Promise) -> dict[str, str]:
    """The promise's texts in the order that they are read."""
    return {
        **{name: getattr(promise, name) for name in BEFORE_THE_ACTIONS},
        **{action.slug: action.text for action in promise.actions.all()},
        **{name: getattr(promise, name) for name in AFTER_THE_ACTIONS},
    }


def family(promise: Promise) -> dict[str, Any]:
    """The promise before, what of it was dropped, and the promises that follow."""
    predecessor = promise.predecessor if promise.predecessor and promise.predecessor.is_published else None
    return {
        "predecessor": predecessor,
        "dropped": promise.dropped_actions() if predecessor else [],
        "successors": list(promise.successors.all()),
    }
