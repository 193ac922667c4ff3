"""Surveys without dice: numbered names, fixed days, answers put in through the ballot box."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from promises.models import Place, User
from promises.policy import Role
from promises.tests.make import make_organisation, make_place, make_user
from surveys import ballot_box
from surveys.codes import code_hash, issue_batch
from surveys.counting import close_round, count_round
from surveys.models import (
    AnswerOption,
    Channel,
    Invitation,
    Question,
    Response,
    RoundPlace,
    Scale,
    Survey,
    SurveyQuestion,
    SurveyRound,
)

_numbers = count(1)
SWEDEN = ZoneInfo("Europe/Stockholm")
# The fixture `clock` stands at ten in the morning of 16 March 2026, within these.
OPENS = datetime(2026, 3, 2, 8, tzinfo=SWEDEN)
CLOSES = datetime(2026, 4, 1, tzinfo=SWEDEN)
MIDWAY = datetime(2026, 3, 16, 10, tzinfo=SWEDEN)
AFTER = datetime(2026, 4, 20, 10, tzinfo=SWEDEN)

# key, text, counts as
SAFETY = [
    ("very_safe", "Mycket trygg", "+"),
    ("safe", "Ganska trygg", "+"),
    ("unsafe", "Ganska otrygg", "-"),
    ("very_unsafe", "Mycket otrygg", "-"),
    ("never_there", "Brukar inte vara där", "x"),
]
GENDER = [("woman", "Kvinna", "x"), ("man", "Man", "x"), ("other", "Annat", "x"), ("refuses", "Vill inte svara", "x")]
WISHES = [("light", "Bättre belysning", "0"), ("adults", "Fler vuxna ute", "0"), ("police", "Mer polis", "0")]


def make_scale(options: Iterable[tuple[str, str, str]] = SAFETY, **fields: Any) -> Scale:
    number = next(_numbers)
    scale = Scale.objects.create(**{"key": f"scale_{number}", "name": f"Skala {number}"} | fields)
    for order, (key, text, counts_as) in enumerate(options, start=1):
        together = "few" if key in ("other", "refuses") else ""
        AnswerOption.objects.create(
            scale=scale, key=key, text=text, counts_as=counts_as, order=order, reported_with=together
        )
    return scale


def make_question(key: str = "", kind: str = Question.Kind.ONE, **fields: Any) -> Question:
    """A question; the one there is, if this version of the key has been made before."""
    number = next(_numbers)
    existing = Question.objects.filter(key=key, version=fields.get("version", 1)).first()
    if existing is not None:
        return existing
    if kind not in (Question.Kind.NUMBER, Question.Kind.TEXT) and "scale" not in fields:
        fields["scale"] = make_scale()
    key = key or f"question_{number}"
    return Question.objects.create(**{"key": key, "kind": kind, "text": f"Fråga om {key}?"} | fields)


def make_survey(questions: Sequence[Question] = (), *, required: Iterable[str] = (), **fields: Any) -> Survey:
    """A questionnaire; without questions named, one of each kind."""
    survey = Survey.objects.create(**{"title": f"Enkät {next(_numbers)}"} | fields)
    for order, question in enumerate(questions or one_of_each_kind(), start=1):
        SurveyQuestion.objects.create(
            survey=survey, question=question, order=order, is_required=question.key in set(required)
        )
    return survey


def one_of_each_kind() -> list[Question]:
    kind = Question.Kind
    return [
        make_question("safety", kind.SCALE, text="Hur trygg känner du dig på {plats} när det är mörkt?"),
        make_question("wishes", kind.SEVERAL, scale=make_scale(WISHES), max_choices=2),
        make_question("grade", kind.NUMBER, low_label="Inte alls bra", high_label="I allra högsta grad bra"),
        make_question("words", kind.TEXT),
        make_question("gender", kind.ONE, scale=make_scale(GENDER), is_background=True),
    ]


def ask_only_if(survey: Survey, key: str, earlier: str, options: Iterable[str]) -> None:
    """Let a question be asked only of those who gave one of these answers to an earlier one."""
    item, before = (survey.items.get(question__key=each) for each in (key, earlier))
    item.show_if = before
    item.save()
    item.show_if_options.set(before.question.scale.options.filter(key__in=options))


def make_round(
    *, survey: Survey | None = None, places: int | Sequence[Place] = 1, locked: bool = True, **fields: Any
) -> SurveyRound:
    """A round that is open in March 2026, by code and by link, with the first question as its main one."""
    number = next(_numbers)
    survey = survey or make_survey()
    survey_round = SurveyRound.objects.create(
        **{
            "survey": survey,
            "title": f"Omgång {number}",
            "slug": f"omgang-{number}",
            "opens_at": OPENS,
            "closes_at": CLOSES,
            "takes_codes": True,
            "takes_open": True,
            "main_question": survey.items.first().question,
            "disposal_decision": "Dnr 2026-1",
        }
        | fields
    )
    chosen = [make_place() for _ in range(places)] if isinstance(places, int) else places
    for place_number, place in enumerate(chosen, start=1):
        RoundPlace.objects.create(round=survey_round, place=place, number=place_number)
    if locked:
        survey_round.lock()
    return survey_round


def make_coordinator() -> User:
    return make_user(make_organisation(), Role.SURVEYS)


def make_codes(survey_round: SurveyRound, size: int, place: int = 1) -> list[str]:
    return issue_batch(survey_round.round_places.get(number=place), size, make_coordinator())


def answer(
    survey_round: SurveyRound,
    *,
    times: int = 1,
    place: int = 1,
    channel: str = Channel.OPEN,
    code: str = "",
    texts: dict[str, str] | None = None,
    **answers: Any,
) -> None:
    """Put answers in the ballot box in the middle of March; with a code each, if the channel is the code's.

    Of many the first is put in, and its like are laid beside it: one by one they take seconds.
    """
    codes = [code] if code else make_codes(survey_round, times, place) if channel == Channel.CODE else [""] * times
    alone = codes if texts else codes[:1]
    for each in alone:
        ballot_box.submit(survey_round, answers, texts, channel=channel, place=place, code=each, at=MIDWAY)
    if same := codes[len(alone) :]:
        row = survey_round.book.encode(survey_round.book.without_hidden(answers))
        fields = {"round": survey_round, "place": place, "channel": channel, "answers": row}
        Response.objects.bulk_create(Response(**fields) for _ in same)
        Invitation.objects.filter(pk__in=[code_hash(survey_round, each) for each in same]).delete()


def close_and_count(survey_round: SurveyRound) -> SurveyRound:
    close_round(survey_round, at=CLOSES)
    count_round(survey_round, at=AFTER)
    return survey_round
