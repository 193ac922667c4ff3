"""Run inside the portal: one round of so many answers to fifteen questions, closed, counted and published."""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402  (needs the apps)
from django.utils import timezone  # noqa: E402

from promises import policy  # noqa: E402
from promises.models import Place, User  # noqa: E402
from surveys import counting, results  # noqa: E402
from surveys.models import (  # noqa: E402
    AnswerOption,
    Channel,
    Question,
    Response,
    RoundPlace,
    Scale,
    Survey,
    SurveyQuestion,
    SurveyRound,
)
from surveys.progress import silent  # noqa: E402

QUESTIONS, OPTIONS = 13, 5
BACKGROUND = {"bench_age": 6, "bench_gender": 4}


def main(size: int) -> None:
    # On for the example's sake; it would keep every query that is asked.
    settings.DEBUG = False
    survey_round = make_round(size)
    fill(survey_round, size)
    # Of the whole table: what an earlier size left empty in it is filled first.
    a_response = table_bytes() / Response.objects.count()
    figures = {"answers": size, "bytes_an_answer": round(a_response, 1)}
    figures["close"] = timed(lambda: counting.close_round(survey_round))
    figures["aggregate"] = min(timed(lambda: list(counting._batches(survey_round, silent))) for _ in range(3))
    figures["count"] = timed(lambda: counting.count_round(survey_round))
    user = next(each for each in User.objects.all() if policy.may(each, "change", survey_round._meta.label_lower))
    with transaction.atomic():
        figures["publish"] = timed(lambda: results.publish_release(survey_round, user))
    # What the round leaves is of no use to the next size.
    Response.objects.filter(round=survey_round).delete()
    figures["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({key: round(value, 4) for key, value in figures.items()}))


def timed(work: object) -> float:
    begun = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - begun


def make_round(size: int) -> SurveyRound:
    survey = Survey.objects.create(title=f"{size} svar")
    questions = [question(f"bench_{number}", OPTIONS) for number in range(QUESTIONS)]
    questions += [question(key, options, is_background=True) for key, options in BACKGROUND.items()]
    for order, each in enumerate(questions, start=1):
        SurveyQuestion.objects.create(survey=survey, question=each, order=order)
    now = timezone.now()
    survey_round = SurveyRound.objects.create(
        survey=survey,
        title=survey.title,
        slug=f"bench-{size}-{now:%H%M%S}",
        opens_at=now - timedelta(days=2),
        closes_at=now - timedelta(minutes=1),
        takes_open=True,
        main_question=questions[0],
        disposal_decision="Dnr 1",
    )
    RoundPlace.objects.create(round=survey_round, place=Place.objects.all()[0], number=1)
    survey_round.lock()
    return survey_round


def question(key: str, options: int, *, is_background: bool = False) -> Question:
    existing = Question.objects.filter(key=key).first()
    if existing is not None:
        return existing
    scale = Scale.objects.create(key=key, name=key)
    for order in range(1, options + 1):
        counts_as = AnswerOption.CountsAs.POSITIVE if order <= 2 else AnswerOption.CountsAs.NEGATIVE
        AnswerOption.objects.create(
            scale=scale, key=f"o{order}", text=f"Svar {order}", counts_as=counts_as, order=order
        )
    return Question.objects.create(
        key=key, kind=Question.Kind.ONE, text=f"Fråga {key}?", scale=scale, is_background=is_background
    )


def fill(survey_round: SurveyRound, size: int) -> None:
    rows = (Response(round=survey_round, place=1, channel=Channel.CODE, answers=each) for each in answers(size))
    while batch := list(islice(rows, 20_000)):
        Response.objects.bulk_create(batch)


def answers(size: int) -> Iterator[str]:
    """The same every time: figures that are to be compared throw no dice."""
    dice = random.Random(1)  # noqa: S311  (no secret)
    widths = [OPTIONS] * QUESTIONS + list(BACKGROUND.values())
    columns = [dice.choices("123456"[:width] + "-", k=size) for width in widths]
    return map("".join, zip(*columns, strict=True))


def table_bytes() -> int:
    """What the table takes, its indexes apart: the rows themselves."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_table_size('surveys_response')")
        else:
            cursor.execute("SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name = 'surveys_response'")
        return int(cursor.fetchone()[0])


if __name__ == "__main__":
    main(int(sys.argv[1]))
