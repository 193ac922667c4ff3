"""The example's survey rounds: a baseline, a second measurement, and one that is open now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.management import call_command

from promises.models import Place, Promise
from promises.months import Month
from surveys.ballot_box import shuffle, submit
from surveys.codes import issue_batch
from surveys.models import Channel, Question, RoundPlace, Survey, SurveyQuestion, SurveyRound
from surveys.results import publish_release
from tranemo_trygghet.example.clock import as_of, at
from tranemo_trygghet.example.promise import PLACES
from tranemo_trygghet.example.staff import Staff

MAIN = "trygg_mork"
# Each question with how many in a hundred choose each option, in its order: before, and after half a year.
ANSWERS: Mapping[str, tuple[tuple[int, ...], tuple[int, ...]]] = {}


@dataclass(frozen=True)
class ExampleRound:
    slug: str
    title: str
    opens_on: date
    closes_on: date
    answers_a_place: int
    after: bool


def ask_residents(promise: Promise, today: date, staff: Staff) -> None:
    call_command("load_question_bank", verbosity=0)
    survey = make_questionnaire()
    first = Month.of(promise.starts_on)
