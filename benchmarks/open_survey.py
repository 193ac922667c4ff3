"""Run inside the portal: opens a survey with the example's questions, makes codes, and says how it is answered."""

from __future__ import annotations

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.utils import timezone  # noqa: E402  (needs the apps)

from promises.models import User  # noqa: E402
from surveys.codebook import Kind  # noqa: E402
from surveys.codes import issue_batch  # noqa: E402
from surveys.forms import field_name  # noqa: E402
from surveys.models import RoundPlace, SurveyRound  # noqa: E402


def main(codes: int) -> None:
    example = SurveyRound.objects.open_at(timezone.now()).get()
    now = timezone.now()
    survey_round = SurveyRound.objects.create(
        survey=example.survey,
        promise=example.promise,
        title="Mätning",
        slug="matning",
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=1),
        main_question=example.main_question,
        disposal_decision="Dnr 1",
    )
    place = RoundPlace.objects.create(round=survey_round, place=example.places.all()[0], number=1)
    survey_round.lock()
    made = issue_batch(place, codes, User.objects.filter(organisation__isnull=False)[0])
    asked = [each for each in survey_round.book.questions if each.kind != Kind.TEXT and each.condition is None]
    fields = [(field_name(each.key), each.options[0].key) for each in asked]
    questions = [[each.text, [option.text for option in each.options]] for each in asked]
    address = survey_round.get_absolute_url()
    print(json.dumps({"address": address, "fields": fields, "codes": made, "questions": questions}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
