"""A whole portal with something of everything, and the same with something secret in every draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management import call_command

from followups.models import CombinedResult, FollowUp, Meeting, Reading, Verdict
from followups.tests.make import make_deed, make_indicator, make_meeting, make_report, make_target
from promises.models import (
    Contact,
    Correction,
    Extension,
    InformationPage,
    Masking,
    Place,
    PlaceReason,
    Promise,
    Term,
    Translation,
)
from promises.months import today
from promises.tests.made_once import made_once
from promises.tests.make import (
    make_action,
    make_contact,
    make_organisation,
    make_place,
    make_promise,
    make_user,
    publish,
)
from surveys.models import (
    AnswerOption,
    Channel,
    EarlierSurvey,
    Question,
    Quote,
    Scale,
    Survey,
    SurveyRound,
    TextReading,
    Theme,
)
from surveys.results import publish_release
from surveys.tests.make import answer, close_and_count, make_coordinator, make_round

SWEDEN = ZoneInfo("Europe/Stockholm")
# The day of the portal below: April is awaited, March is missing, February had no meeting, January is told.
TENTH_OF_MAY = datetime(2026, 5, 10, 10, 0, tzinfo=SWEDEN)
SECRET = "hemligt-utkast"


@dataclass(frozen=True)
class Portal:
    promise: Promise
    place: Place
    january: FollowUp
    february: FollowUp
    survey_round: SurveyRound


@made_once()
def make_portal() -> Portal:
    """One promise in force on 10 May 2026, and all that can be published about it."""
    partners = make_organisation("Polisen", short_name="Polisen"), make_organisation("Kommunen", short_name="kommunen")
    place = make_place("Torget", description="Torget med butikerna.")
    PlaceReason.objects.create(place=place, source="meeting", noted_on=date(2025, 12, 1), text="Det är mörkt där.")
    before = make_promise(partners=partners, starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31), slug="2025")
    promise = make_promise(
        partners=partners, places=[place], slug="2026", predecessor=before, background="Vi gör det enligt EST."
    )
    make_target(promise.actions.get(number=2), number=3, unit="skolträffar")
    make_term()
    Translation.objects.create(language="en", source=promise.lead, text="We promise.")
    make_contact(partners[0])
    InformationPage.as_delivered("om").save()
    InformationPage.objects.get().rewrite("Om oss.\n\n## Vad är det här?\n\nEtt **löfte**.", make_user(partners[0]))
    january = make_report(promise, "2026-01")
    february = make_report(promise, "2026-02", kind=FollowUp.Kind.NO_MEETING, no_meeting_reason="Alla var sjuka.")
    make_deed(promise.actions.get(number=4), what="Fotpatrull", place=place, done_on=date(2026, 1, 9))
    correct(january)
    make_meetings(place)
    make_result(before)
    return Portal(promise, place, january, february, make_rounds(promise, place))


@made_once(same_if=today)
def load_example() -> None:
    """The example year, for tests with DEBUG on."""
    call_command("load_example", verbosity=0, stdout=StringIO())


def make_term(word: str = "EST") -> Term:
    term = Term.objects.create(word=word, slug=word.lower(), explanation="Ett sätt att arbeta.")
    term.publish()
    return term


def correct(report: FollowUp) -> None:
    partner = report.signing_partners()[0]
    user = report.sign_offs.first().signed_by
    Correction.objects.create(document=report, text="Det var två lampor.", organisation=partner, made_by=user)


def make_meetings(place: Place) -> None:
    residents: dict[str, Any] = {"kind": Meeting.Kind.RESIDENTS, "is_public": True, "place": place}
    make_meeting(date(2026, 1, 20), summary="Trettio kom.", **residents)
    make_meeting(date(2026, 6, 3), state=Meeting.State.PLANNED, **residents)
    make_meeting(date(2026, 6, 9), state=Meeting.State.CANCELLED, cancel_reason="Lokalen är stängd.", **residents)


def make_result(promise: Promise) -> CombinedResult:
    """The year's combined result, signed."""
    result = CombinedResult.objects.create(
        promise=promise, year=promise.starts_on.year, summary="Det gick bra.", way_forward="Vi fortsätter."
    )
    for action in promise.actions.all():
        Verdict.objects.create(result=result, action=action, verdict="done", why="Allt är gjort.", continues="Mer.")
    return publish(result)


def make_rounds(promise: Promise, place: Place) -> SurveyRound:
    """One that is open in May, and one of March with its result."""
    told = make_round(places=[place], promise=promise)
    for option, times in [("very_safe", 8), ("safe", 12), ("unsafe", 10)]:
        answer(told, times=times, channel=Channel.CODE, safety=option)
    close_and_count(told)
    publish_release(told, make_coordinator())
    months = {"opens_at": datetime(2026, 5, 1, tzinfo=SWEDEN), "closes_at": datetime(2026, 6, 1, tzinfo=SWEDEN)}
    return make_round(survey=told.survey, places=[place], promise=promise, **months)


def plant_secrets(portal: Portal) -> None:
    """A draft of everything that can be a draft, with the same word in every field of text."""
    promise = portal.promise
    texts = dict.fromkeys(
        ["title", "lead", "background", "situation", "aim", "following", "year_end", "validity", "contact_text"], SECRET
    )
    draft = make_promise(partners=promise.signing_partners(), published=False, slug=SECRET, **texts)
    make_action(draft, title=SECRET, text=SECRET, slug=SECRET, number=9)
    Extension.objects.create(promise=promise, new_last_day=date(2027, 6, 1), decided_on=date(2026, 5, 1), reason=SECRET)
    action = promise.actions.get(number=1)
    action.targets.create(number=7, unit=SECRET, decided_on=date(2026, 1, 1), reason=SECRET)
    make_report(promise, "2026-04", published=False, summary=SECRET, text=SECRET)
    make_deed(action, what=SECRET, done_on=date(2026, 4, 9), place=portal.place)
    for day in (date(2026, 4, 20), date(2026, 5, 12)):
        make_meeting(day, title=SECRET, summary=SECRET, venue=SECRET)
    make_place(SECRET, published=False, description=SECRET)
    Term.objects.create(word=SECRET, slug=SECRET, explanation=SECRET)
    result = CombinedResult.objects.create(promise=promise, year=2026, summary=SECRET, way_forward=SECRET)
    Verdict.objects.create(result=result, action=action, verdict="done", why=SECRET, continues=SECRET)
    awaited = {"kind": FollowUp.Kind.NO_MEETING, "no_meeting_reason": SECRET, "summary": SECRET}
    make_report(promise, "2026-03", published=False, text=SECRET, **awaited)
    texts = dict.fromkeys(["name", "unit", "definition", "source", "caution"], SECRET)
    Reading.objects.create(indicator=make_indicator(**texts), first_day=date(2026, 1, 1), value=4711)
    masked = {"field": "text", "words": SECRET, "reason": SECRET, "row": promise.actions.first()}
    Masking.objects.create(proposed_by=make_user(promise.signing_partners()[0]), **masked)
    Contact.objects.create(
        **dict.fromkeys(["name", "title", "telephone"], SECRET),
        organisation=promise.signing_partners()[0],
        starts_on=date(2026, 7, 1),
    )
    make_round(survey=portal.survey_round.survey, places=[portal.place], locked=False, title=SECRET, slug=SECRET)
    plant_secrets_in_surveys(portal)


def plant_secrets_in_surveys(portal: Portal) -> None:
    """A questionnaire that nobody has been asked, words without a second yes, and a survey of before in draft."""
    scale = Scale.objects.create(key=SECRET, name=SECRET)
    AnswerOption.objects.create(scale=scale, key=SECRET, text=SECRET, order=1, counts_as="+")
    words = dict.fromkeys(["key", "text", "help_text", "low_label", "high_label", "source", "note"], SECRET)
    question = Question.objects.create(kind="scale", scale=scale, **words)
    survey = Survey.objects.create(title=SECRET, introduction=SECRET)
    survey.items.create(question=question, order=1)
    told = portal.promise.rounds.exclude(pk=portal.survey_round.pk).get(releases__isnull=False)
    reading = TextReading.objects.create(round=told, question_key=SECRET, read=30)
    theme = Theme.objects.create(reading=reading, title=SECRET, count=3)
    Quote.objects.create(theme=theme, text=SECRET, proposed_by=make_coordinator())
    earlier = EarlierSurvey.objects.create(year=2019, title=SECRET, answers=40, source=SECRET, note=SECRET)
    earlier.shares.create(label=SECRET, in_words=SECRET)
