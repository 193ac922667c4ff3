"""What is on record about some promises: each kind is read once, however many things are computed from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery, prefetch_related_objects

from followups.models import ActionUpdate, Deed, FollowUp, Meeting, Standing
from promises.joining import joined, keep_parts
from promises.models import Action, ActionPlace, Organisation, Partnership, Place, Promise
from promises.months import Period, today
from surveys.models import RoundPlace, SurveyRound


class Record:
    """The promises with their reports, deeds, meetings and rounds, as a page or a computation asks for them.

    It is the record of a day: targets and words that came later are left out, and of the words those of periods that
    began after `told_to`. Where `places` are given, the meetings and rounds of those places are read with the rest.
    What a page does not show it need not read: `signatures` of reports, and at which places rounds were asked.
    """

    def __init__(
        self,
        promises: Iterable[Promise],
        day: date | None = None,
        *,
        told_to: date | None = None,
        places: Iterable[Place] = (),
        signatures: bool = True,
        places_of_rounds: bool = True,
    ) -> None:
        self.promises = list(promises)
        self.day = day or today()
        self.told_to = told_to or self.day
        self.places = list(places)
        self.parts_of_reports = ["sign_offs__organisation"] if signatures else []
        self.parts_of_rounds = ["round_places__place"] if places_of_rounds else []

    @cached_property
    def periods(self) -> dict[int, list[Period]]:
        """The periods of each promise, by its key."""
        return {promise.pk: promise.periods() for promise in self.promises}

    # --- what was promised ---

    @cached_property
    def partners(self) -> dict[int, list[Organisation]]:
        """Who made each promise, in order, by the promise's key."""
        partnerships = Prefetch("partnerships", Partnership.objects.select_related("organisation"))
        prefetch_related_objects(self.promises, partnerships)
        return {each.pk: [part.organisation for part in each.partnerships.all()] for each in self.promises}

    @cached_property
    def actions(self) -> dict[int, list[Action]]:
        """The actions of each promise, with their targets and the partners' latest words, by the promise's key."""
        return self.read_actions(Action.objects.filter(promise__in=self.promises))

    def read_actions(self, actions: QuerySet[Any], *parts: str) -> dict[int, list[Action]]:
        """The same from a queryset of the page's own, which may hold other promises' actions too."""
        by_promise: dict[int, list[Action]] = {promise.pk: [] for promise in self.promises}
        for action in joined(actions.annotate(said=self._latest_words()), "targets", *parts):
            by_promise.setdefault(action.promise_id, []).append(action)
        for promise in self.promises:
            keep_parts(promise, "actions", list(by_promise[promise.pk]))
        self.__dict__["actions"] = by_promise
        return by_promise

    @cached_property
    def places_of_actions(self) -> dict[int, list[int]]:
        """Which of the promises' actions are done at each of the places, in order, by keys."""
        links = ActionPlace.objects.filter(action__promise__in=self.promises, place__in=self.places)
        ordered = links.order_by("action__promise", "action__number").values_list("place_id", "action_id")
        actions: dict[int, list[int]] = {place.pk: [] for place in self.places}
        for place, action in ordered:
            actions[place].append(action)
        return actions

    def actions_at(self, place: Place) -> list[int]:
        return self.places_of_actions[place.pk]

    # --- what was said ---

    @cached_property
    def reports(self) -> dict[tuple[int, date], FollowUp]:
        """All reports, drafts too, by promise and first day; with who has signed them."""
        reports = joined(FollowUp.objects.filter(promise__in=self.promises), *self.parts_of_reports)
        by_key = {promise.pk: promise for promise in self.promises}
        for each in reports:
            each.promise = by_key[each.promise_id]
        return {(each.promise_id, each.first_day): each for each in reports}

    def told(self, promise: Promise) -> list[FollowUp]:
        """The promise's published reports."""
        return self._told[promise.pk]

    @cached_property
    def _told(self) -> defaultdict[int, list[FollowUp]]:
        told: defaultdict[int, list[FollowUp]] = defaultdict(list)
        for each in self.reports.values():
            if each.is_published:
                told[each.promise_id].append(each)
        return told

    def _latest_words(self) -> Subquery:
        """What the newest published report of a period that had begun by `told_to` says of an action."""
        told = [each for reports in self._told.values() for each in reports]
        keys = [each.pk for each in told if not each.is_no_meeting and each.first_day <= self.told_to]
        updates = ActionUpdate.objects.filter(action=OuterRef("pk"), followup__in=keys)
        return Subquery(updates.order_by("-followup__first_day").values("reported")[:1])

    @cached_property
    def updates_to_sign(self) -> defaultdict[int, list[ActionUpdate]]:
        """What the reports that await signatures say, by report: whoever has signed has signed exactly that."""
        ready = [each for each in self.reports.values() if each.is_ready and each.sign_offs.all()]
        updates: defaultdict[int, list[ActionUpdate]] = defaultdict(list)
        for update in ActionUpdate.objects.filter(followup__in=ready) if ready else ():
            updates[update.followup_id].append(update)
        return updates

    def signed_by(self, report: FollowUp) -> set[int]:
        """The organisations that have signed the report as it is now."""
        if report.is_ready:
            keep_parts(report, "updates", list(self.updates_to_sign[report.pk]))
        return {each.organisation_id for each in report.valid_sign_offs()}

    @cached_property
    def claimed_at(self) -> dict[int, datetime]:
        """When the partners said of an action that it is done, by its key; only while their latest words hold to it."""
        done = [each.pk for actions in self.actions.values() for each in actions if each.said == Standing.DONE]
        if not done:
            return {}
        said = ActionUpdate.objects.published().filter(action__in=done, followup__kind=FollowUp.Kind.REPORT)
        in_order = said.filter(followup__first_day__lte=self.told_to).order_by("followup__first_day")
        claimed: dict[int, datetime] = {}
        for action, words, moment in in_order.values_list("action", "reported", "followup__published_at"):
            if words != Standing.DONE:
                claimed.pop(action, None)
            elif moment is not None:
                claimed.setdefault(action, moment)
        return claimed

    # --- what was done ---

    @cached_property
    def deeds(self) -> list[Deed]:
        """All deeds, unreported and taken back ones too, newest first; each knows whether its month is reported."""
        reported = {promise.pk: [each.period for each in self.told(promise)] for promise in self.promises}
        actions = {action.pk: action for actions in self.actions.values() for action in actions}
        deeds = list(Deed.objects.filter(action__in=[*actions]).told().newest_first())
        for deed in deeds:
            deed.action = actions[deed.action_id]
            deed.is_reported = any(deed.done_on in period for period in reported[deed.action.promise_id])
        return deeds

    def deeds_of(self, promise: Promise) -> list[Deed]:
        return self._deeds[promise.pk]

    @cached_property
    def _deeds(self) -> defaultdict[int, list[Deed]]:
        deeds: defaultdict[int, list[Deed]] = defaultdict(list)
        for deed in self.deeds:
            deeds[deed.action.promise_id].append(deed)
        return deeds

    @cached_property
    def meetings(self) -> list[Meeting]:
        """What the public may know of: the meetings in the promises' periods, and those about the places; in order."""
        periods = [period for periods in self.periods.values() for period in periods]
        if not periods and not self.places:
            return []
        return list(Meeting.objects.told_of(periods, self.places).order_by("starts_at"))

    def changed(self, promise: Promise) -> list[date | None]:
        """When what is shown of the promise beside its months was published, decided, logged or opened."""
        targets = [target.published_at for action in self.actions[promise.pk] for target in action.targets.all()]
        deeds = [
            day for deed in self.deeds_of(promise) if deed.is_reported for day in (deed.logged_at, deed.taken_back_on)
        ]
        asked = [day for each in self.rounds_of(promise) for day in each.changed]
        return [promise.published_at, *targets, *deeds, *asked]

    # --- what was asked ---

    @cached_property
    def rounds(self) -> list[SurveyRound]:
        """The promises' rounds, and those at the places, newest first; with their places, without their codebooks."""
        rounds = SurveyRound.objects.published().newest_first().told().with_result_known()
        mine = Q(promise__in=self.promises)
        if self.places:
            mine |= Q(pk__in=RoundPlace.objects.filter(place__in=self.places).values("round"))
        return joined(rounds.filter(mine), *self.parts_of_rounds)

    def rounds_of(self, promise: Promise) -> list[SurveyRound]:
        return self._rounds[promise.pk]

    @cached_property
    def _rounds(self) -> defaultdict[int | None, list[SurveyRound]]:
        rounds: defaultdict[int | None, list[SurveyRound]] = defaultdict(list)
        for each in self.rounds:
            rounds[each.promise_id].append(each)
        return rounds

    def rounds_at(self, place: Place) -> list[SurveyRound]:
        return [each for each in self.rounds if any(at.place_id == place.pk for at in each.round_places.all())]
