"""The chosen places: on a map, in a list, and each in three steps: what you said, what we do, how it went."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from followups.models import Deed, Meeting, Standing
from followups.standing import ActionStanding, standings
from promises.models import Action, Municipality, Place, PlaceReason, Promise
from promises.months import today
from promises.wording import full_day
from surveys.models import SurveyRound
from tranemo_trygghet.mapping import Drawing, draw
from tranemo_trygghet.pages.answers import NOTICED, NoticedHere, SaidHere, noticed_at, said_at


@dataclass(frozen=True)
class PlaceStanding:
    """How it goes at a place, as it is drawn on the map."""

    code: str

    @property
    def label(self) -> str:
        return str(Standing(self.code).label)


@dataclass(frozen=True)
class PlaceToday:
    """A chosen place with why it was chosen, what is promised there now, and what has been done."""

    place: Place
    how_it_goes: Mapping[int, ActionStanding]  # by action, of the promises in force

    @property
    def actions(self) -> list[ActionStanding]:
        """The actions in force that are done here."""
        return [self.how_it_goes[each.pk] for each in self.place.actions.all() if each.pk in self.how_it_goes]

    @property
    def deeds(self) -> list[Deed]:
        return list(self.place.deeds.all())

    @property
    def said(self) -> SaidHere | None:
        return said_at(self.place, self.place.rounds.all())

    @property
    def done(self) -> list[ActionStanding]:
        """What the partners say is done here."""
        return [each for each in self.actions if each.code == Standing.DONE]

    @property
    def noticed(self) -> NoticedHere | None:
        """What residents say of that: the authorities' own claim never stands alone."""
        return noticed_at(self.place, self.place.rounds.all())

    @property
    def next_round(self) -> SurveyRound | None:
        """The measurement that goes on here, or the next one planned."""
        unanswered = [each for each in self.place.rounds.all() if each.is_open or each.is_coming]
        return min(unanswered, key=lambda each: each.opens_at, default=None)

    @property
    def standing(self) -> PlaceStanding | None:
        asked = any(each.is_open or each.has_ended for each in self.place.rounds.all())
        return standing_of(self.actions, asked or any(not deed.is_taken_back for deed in self.deeds))

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
        PlaceReason.Source.SAMFU: _("Kom fram i SAMFU %(day)s."),
        PlaceReason.Source.REPORTS: _("Syns bland anmälda brott %(day)s."),
        PlaceReason.Source.SITUATION: _("Kom fram i polisens och kommunens lägesbild %(day)s."),
    }
    return sentences[PlaceReason.Source(reason.source)] % {"day": full_day(reason.noted_on)}


def place_list(request: HttpRequest) -> HttpResponse:
    how_it_goes = actions_in_force()
    places = [PlaceToday(place, how_it_goes) for place in with_history(Place.objects.published())]
    return render(request, "places/list.html", {"places": places, "map": drawing(places)})


def detail(request: HttpRequest, slug: str) -> HttpResponse:
    places = with_history(Place.objects.published()).prefetch_related(Prefetch("meetings", Meeting.objects.published()))
    place = get_object_or_404(places, slug=slug)
    context = {
        "place": place,
        "now": PlaceToday(place, actions_in_force()),
        "reasons": [(reason, reason_sentence(reason)) for reason in place.reasons.all()],
        "rounds": place.rounds.all(),
        "coming": [meeting for meeting in place.meetings.all() if meeting.is_coming],
        "past": [meeting for meeting in place.meetings.all() if meeting.is_held],
    }
    return render(request, "places/detail.html", context)


def with_history(places: QuerySet[Place]) -> QuerySet[Place]:
    return places.select_related("locality").prefetch_related(
        "reasons",
        Prefetch("rounds", SurveyRound.objects.published().newest_first().with_places_and_results()),
        Prefetch("actions", Action.objects.published().order_by("promise", "number")),
        Prefetch("deeds", Deed.objects.published().newest_first().select_related("organisation", "action__promise")),
    )


def actions_in_force() -> dict[int, ActionStanding]:
    """How each action of the promises in force stands today, by the action's key."""
    promises = Promise.objects.in_force_on(today()).prefetch_related("actions")
    return {each.action.pk: each for promise in promises for each in standings(promise)}


def done_and_not_asked() -> Iterator[tuple[Place, str]]:
    """Each place where an action is reported done and no round, planned ones too, asks whether it was noticed."""
    how_it_goes = actions_in_force()
    asked = set(SurveyRound.objects.filter(survey__questions__key=NOTICED).values_list("places", flat=True))
    for place in with_history(Place.objects.published()):
        done = PlaceToday(place, how_it_goes).done
        if done and place.pk not in asked:
            yield place, done[0].action.title


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
        source=_("Gräns: SCB (CC0). Orter: GeoNames (CC BY 4.0). Platser som ligger tätt är flyttade isär."),
    )
