"""The example's survey rounds: a baseline, a second measurement, and one that is open now.

Nobody throws dice: of a hundred people at a place, as many choose each option as the tables below say, and the strides
of `chosen` spread them so that the answers to two questions do not follow each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from django.core.management import call_command

from promises.models import Place, Promise
from promises.months import Month
from surveys.ballot_box import shuffle, submit
from surveys.codes import issue_batch
from surveys.counting import close_round, count_round
from surveys.models import Channel, Question, RoundPlace, Survey, SurveyQuestion, SurveyRound
from surveys.results import publish_release
from tranemo_trygghet.example.clock import as_of, at
from tranemo_trygghet.example.promise import PLACES
from tranemo_trygghet.example.staff import Staff
from tranemo_trygghet.example.translations import review_questionnaire, translate_words

MAIN = "place_dark"

# How many in a hundred choose each option, in its order: at the baseline, and half a year later.
WEIGHTS: dict[str, tuple[Sequence[int], Sequence[int]]] = {
    "place_light": ((34, 46, 12, 4, 4), (40, 46, 8, 2, 4)),
    "place_dark": ((16, 38, 28, 12, 6), (24, 45, 19, 7, 5)),
    "problem_vandalism": ((24, 44, 24, 8), (30, 46, 16, 8)),
    "problem_drug_trade": ((22, 30, 24, 24), (27, 33, 16, 24)),
    "problem_gangs": ((18, 40, 32, 10), (24, 44, 22, 10)),
    "chose_other_way": ((44, 30, 18, 8), (52, 30, 12, 6)),
    "do_they_care": ((22, 40, 24, 14), (32, 42, 14, 12)),
    "age": ((10, 12, 28, 26, 20, 4), (10, 12, 28, 26, 20, 4)),
    "gender": ((49, 46, 2, 3), (48, 47, 2, 3)),
    "relation": ((56, 26, 14, 4), (56, 26, 14, 4)),
}
WHAT_HELPS = "what_helps"
# Of what would help: the first wish, and the second.
WISHES = ((32, 20, 14, 16, 8, 6, 4), (18, 26, 12, 20, 14, 6, 4))


@dataclass(frozen=True)
class ExampleRound:
    slug: str
    title: str
    opens_on: date
    closes_on: date
    letters: int
    answers: int  # a place
    is_after: bool = False


def ask_residents(promise: Promise, today: date, staff: Staff) -> None:
    """Two rounds that are closed, counted and published, and one that is open on `today`."""
    call_command("load_question_bank", verbosity=0)
    survey = make_questionnaire()
    translate_words()
    review_questionnaire(survey, staff)
    first, half = Month.of(promise.starts_on).first_day, Month.of(promise.starts_on).plus(6).first_day
    baseline = hold(
        ExampleRound("fore", "Trygg på platsen: före", first + timedelta(days=4), first + timedelta(days=25), 240, 96),
        survey,
        promise,
        staff,
    )
    second = hold(
        ExampleRound(
            "efter-ett-halvar",
            "Trygg på platsen: efter ett halvår",
            half + timedelta(days=27),
            half + timedelta(days=48),
            240,
            91,
            is_after=True,
        ),
        survey,
        promise,
        staff,
        baseline,
    )
    for survey_round in (baseline, second):
        publish(survey_round, staff)
    begin(
        ExampleRound(
            "hosten",
            "Trygg på platsen: nu",
            today - timedelta(days=5),
            today + timedelta(days=16),
            240,
            14,
            is_after=True,
        ),
        survey,
        promise,
        staff,
        baseline,
    )


def make_questionnaire() -> Survey:
    survey = Survey.objects.create(
        title="Trygg på platsen",
        introduction="Vi vill veta hur trygg du känner dig på platserna i löftet, för att se om det vi gör hjälper.",
    )
    keys = [*list(WEIGHTS)[:-3], WHAT_HELPS, *list(WEIGHTS)[-3:]]
    for order, key in enumerate(keys, start=1):
        SurveyQuestion.objects.create(survey=survey, question=Question.objects.get(key=key, version=1), order=order)
    return survey


def begin(
    example: ExampleRound, survey: Survey, promise: Promise, staff: Staff, baseline: SurveyRound | None = None
) -> list[str]:
    """Lock a round, send its letters, and let its people answer; return the codes that nobody used."""
    survey_round = SurveyRound.objects.create(
        survey=survey,
        promise=promise,
        title=example.title,
        slug=example.slug,
        opens_at=at(example.opens_on, 8),
        closes_at=at(example.closes_on, 20),
        paper_until=example.closes_on,
        takes_codes=True,
        takes_open=True,
        main_question=Question.objects.get(key=MAIN, version=1),
        baseline=baseline,
        disposal_decision="Exempel 2026:1",
    )
    for number, each in enumerate(PLACES, start=1):
        place = Place.objects.get(slug=each.slug)
        RoundPlace.objects.create(round=survey_round, place=place, number=number, invited=example.letters)
    with as_of(example.opens_on - timedelta(days=7)):
        survey_round.lock()
        codes = [issue_batch(each, example.letters, staff.municipality) for each in survey_round.round_places.all()]
    with as_of(example.opens_on, 18):
        for place_number, of_place in enumerate(codes):
            for person, code in enumerate(of_place[: example.answers]):
                answers = answers_of(person + 7 * place_number, example.is_after)
                submit(survey_round, answers, channel=Channel.CODE, code=code)
        shuffle(survey_round)
    return [code for of_place in codes for code in of_place[example.answers :]]


def hold(
    example: ExampleRound, survey: Survey, promise: Promise, staff: Staff, baseline: SurveyRound | None = None
) -> SurveyRound:
    """A round from its locking to its count."""
    begin(example, survey, promise, staff, baseline)
    survey_round = SurveyRound.objects.get(slug=example.slug)
    with as_of(example.closes_on + timedelta(days=1), 9):
        close_round(survey_round)
        count_round(survey_round)
    return survey_round


def publish(survey_round: SurveyRound, staff: Staff) -> None:
    with as_of(survey_round.closes_at.date() + timedelta(days=14), 10):
        publish_release(
            survey_round,
            staff.municipality,
            summary="De flesta känner sig trygga när det är ljust. I mörker är skillnaden stor mellan platserna.",
        )


def answers_of(person: int, is_after: bool) -> dict[str, str | list[str]]:
    """What the person with this number answers."""
    answers: dict[str, str | list[str]] = {}
    for number, (key, weights) in enumerate(WEIGHTS.items()):
        options = option_keys(key)
        answers[key] = options[chosen(person, number, weights[is_after])]
    helps = option_keys(WHAT_HELPS)
    wishes = {helps[chosen(person, number, weights)] for number, weights in enumerate(WISHES, start=len(WEIGHTS))}
    answers[WHAT_HELPS] = sorted(wishes, key=helps.index)
    return answers


@cache
def option_keys(key: str) -> list[str]:
    return [option.key for option in Question.objects.get(key=key, version=1).options()]


def chosen(person: int, question: int, weights: Sequence[int]) -> int:
    """The place of the option that the person chooses, of a hundred spread by `weights`."""
    position = (person * 37 + question * 53 + person * question * 11) % sum(weights)
    for option, weight in enumerate(weights):
        if position < weight:
            return option
        position -= weight
    raise AssertionError
