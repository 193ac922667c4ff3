"""The chosen places: on a map, in a list, and each in three steps: what you said, what we do, how it went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from followups.models import Deed, Standing
from followups.record import Record
from followups.standing import ActionStanding, standings_on_record
from promises.joining import joined
from promises.models import Municipality, Place, PlaceReason, Promise
from promises.months import today
from promises.wording import full_day, newest_day
from surveys.findings import Finding, Measured, findings_at
from surveys.models import SurveyRound
from tranemo_trygghet.mapping import Drawing, draw
from tranemo_trygghet.pages.answers import NOTICED, SaidHere, fetch_results, noticed_at, said_at

# Deeds on the page of a place; of older ones it says how many they are, if they are not very many.
SO_MANY_DEEDS, COUNTED_TO = 20, 500


@dataclass(frozen=True)
class PlaceStanding:
    """How it goes at a place, as it is drawn on the map."""

    code: str

    @property
    def label(self) -> str:
        return str(Standing(self.code).label)


@dataclass(frozen=True)
class Claim:
    """What the partners say is done here, and what residents say of that: the authorities' own words never stand alone.

    Only those who were asked after the claim can have noticed what it says.
    """

    actions: list[ActionStanding]
    noticed: Measured | None


@dataclass(frozen=True)
class PlaceToday:
    """A chosen place with what is promised there now, what has been asked and what has been done."""

    place: Place
    actions: list[ActionStanding]  # in force, that are done here
    rounds: list[SurveyRound]  # that asked about it, newest first, with the results that are told here
    has_deeds: bool
    claimed_at: dict[int, datetime]  # when each action that is done was said to be

    @property
    def said(self) -> SaidHere | None:
        return said_at(self.place, self.rounds)

    @property
    def done(self) -> list[ActionStanding]:
        """What the partners say is done here."""
        return [each for each in self.actions if each.code == Standing.DONE]

    @property
    def claims(self) -> list[Claim]:
        """What is said to be done, put together where the same answer of residents is about it."""
        claims: dict[Measured | None, list[ActionStanding]] = {}
        for each in self.done:
            since = self.claimed_at[each.action.pk]
            asked_since = [survey_round for survey_round in self.rounds if survey_round.opens_at > since]
            claims.setdefault(noticed_at(self.place, asked_since), []).append(each)
        return [Claim(actions, noticed) for noticed, actions in claims.items()]

    @property
    def next_round(self) -> SurveyRound | None:
        """The measurement that goes on here, or the next one planned."""
        unanswered = [each for each in self.rounds if each.is_open or each.is_coming]
        return min(unanswered, key=lambda each: each.opens_at, default=None)

    @property
    def standing(self) -> PlaceStanding | None:
        asked = any(each.is_open or each.has_ended for each in self.rounds)
        return standing_of(self.actions, asked or self.has_deeds)

    @property
    def changed(self) -> list[date | None]:
        """When the place was chosen and described, and when what is told of the surveys there was."""
        described = [self.place.published_at, self.place.changed_at]
        why = [day for each in self.place.reasons.all() for day in (each.noted_on, each.changed_at)]
        return [*described, *why, *(day for each in self.rounds for day in each.changed)]

    @property
    def reason(self) -> str:
        """The first sign that it is unsafe here, in a sentence."""
        first = next(iter(self.place.reasons.all()), None)
        return reason_sentence(first) if first else ""


def standing_of(actions: Iterable[ActionStanding], something_is_done: bool) -> PlaceStanding | None:
    """What is done here counts before what is late elsewhere; without any action in force there is nothing to say."""
    codes = {each.code for each in actions}
    if not codes:
        return None
    if codes == {Standing.DONE}:
        return PlaceStanding(Standing.DONE)
    if something_is_done:
        return PlaceStanding(Standing.ONGOING)
    if Standing.BEHIND in codes:
        return PlaceStanding(Standing.BEHIND)
    has_begun = codes & {Standing.ONGOING, Standing.DONE}
    return PlaceStanding(Standing.ONGOING if has_begun else Standing.NOT_STARTED)


def reason_sentence(reason: PlaceReason) -> str:
    sentences = {
        PlaceReason.Source.MEETING: _("Kom fram på ett trygghetsmöte %(day)s."),
        PlaceReason.Source.SAMFU: _("Kom fram %(day)s i samverkan kring brottsförebyggande arbete för unga (SAMFU)."),
        PlaceReason.Source.REPORTS: _("Syns bland anmälda brott %(day)s."),
        PlaceReason.Source.SITUATION: _("Kom fram %(day)s, när polisen och kommunen gick igenom läget."),
    }
    return sentences[PlaceReason.Source(reason.source)] % {"day": full_day(reason.noted_on)}


@dataclass(frozen=True)
class Answered:
    """A finding with the actions that answer it, as they stand and with what has been done for them here."""

    finding: Finding
    actions: list[tuple[ActionStanding, int]]  # with how many deeds here are told


def answered_at(now: PlaceToday, deeds: Iterable[Deed]) -> list[Answered]:
    """You said, we do, so it went: only actions in force here are told of."""
    standings = {each.action.pk: each for each in now.actions}
    told_here = (each for each in deeds if each.is_reported and each.place_id == now.place.pk)
    done = Counter(each.action_id for each in told_here if not each.is_taken_back)
    found = (
        Answered(finding, [(standings[key], done[key]) for key in finding.actions if key in standings])
        for finding in findings_at(now.place)
    )
    return [each for each in found if each.actions]


def place_list(request: HttpRequest) -> HttpResponse:
    record = record_of(places_of(Place.objects.published()))
    places = on_record(record)
    days = [*(day for each in places for day in each.changed), *changed(record)]
    context = {"places": places, "map": drawing(places), "updated_on": newest_day(*days)}
    return render(request, "places/list.html", context)


def changed(record: Record) -> list[date | None]:
    """When what is told of the promises in force was."""
    return [day for promise in record.promises for day in record.changed(promise)]


def detail(request: HttpRequest, slug: str) -> HttpResponse:
    found = places_of(Place.objects.published().at_address(slug))
    if not found:
        raise Http404
    (place,), record = found, record_of(found)
    (now,) = on_record(record)
    meetings = [each for each in reversed(record.meetings) if each.place_id == place.pk and each.is_published]
    done_here = Deed.objects.published().done_at(place)
    deeds = list(done_here.told().newest_first()[:SO_MANY_DEEDS])
    is_cut = len(deeds) == SO_MANY_DEEDS
    context = {
        "place": place,
        "now": now,
        "deeds": deeds,
        "earlier": done_here.counted_to(SO_MANY_DEEDS + COUNTED_TO + 1) - SO_MANY_DEEDS if is_cut else 0,
        "counted_to": COUNTED_TO,
        "answered": answered_at(now, record.deeds),
        "reasons": [(reason, reason_sentence(reason)) for reason in place.reasons.all()],
        "coming": [meeting for meeting in meetings if meeting.is_coming],
        "past": [meeting for meeting in meetings if meeting.is_held],
        "updated_on": newest_day(*now.changed, *changed(record), *(meeting.changed_at for meeting in meetings)),
    }
    return render(request, "places/detail.html", context)


def places_of(places: QuerySet[Place]) -> list[Place]:
    """With why they were chosen, and whether something is done there."""
    done = Deed.objects.published().standing().done_at(OuterRef("pk"))
    return joined(places.select_related("locality").annotate(has_deeds=Exists(done)), "reasons")


def record_of(places: list[Place]) -> Record:
    return Record(Promise.objects.in_force_on(today()).in_brief(), places=places, signatures=False)


def places_today(places: QuerySet[Place]) -> list[PlaceToday]:
    return on_record(record_of(places_of(places)))


def on_record(record: Record) -> list[PlaceToday]:
    """The record's places, each with what the promises in force say of it."""
    how_it_goes = {each.action.pk: each for promise in record.promises for each in standings_on_record(record, promise)}
    rounds = {place.pk: record.rounds_at(place) for place in record.places}
    fetch_results(rounds.values())
    return [
        PlaceToday(
            place=place,
            actions=[how_it_goes[key] for key in record.actions_at(place)],
            rounds=rounds[place.pk],
            has_deeds=place.has_deeds,  # type: ignore[attr-defined]
            claimed_at=record.claimed_at,
        )
        for place in record.places
    ]


def done_and_not_asked() -> Iterator[tuple[Place, str]]:
    """Each place where an action is reported done and no later round, planned ones too, asks whether it was noticed."""
    asking = SurveyRound.objects.filter(survey__questions__key=NOTICED)
    last_asked = dict(asking.order_by("opens_at").values_list("places", "opens_at"))
    for now in places_today(Place.objects.published()):
        asked_at = last_asked.get(now.place.pk)
        for each in now.done:
            if asked_at is None or asked_at <= now.claimed_at[each.action.pk]:
                yield now.place, each.action.title
                break


def drawing(places: list[PlaceToday]) -> Drawing | None:
    """The map, or nothing where the municipality's border is not loaded."""
    municipality = Municipality.objects.first()
    if municipality is None:
        return None
    how = {each.place.pk: each.standing for each in places}
    return draw(
        municipality,
        municipality.localities.all(),
        [each.place for each in places],
        lambda place: how[place.pk],
        title=_("Karta över kommunen med de utvalda platserna"),
        source=_("Gräns: SCB (CC0). Orter: GeoNames (CC BY 4.0)."),
        moved=_("Platser som ligger tätt är flyttade isär. Ett streck leder dit de ligger."),
    )
