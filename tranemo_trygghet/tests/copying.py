"""What the tests of copies share."""

from __future__ import annotations

from django.utils import timezone

from surveys.models import SurveyRound
from surveys.tests.make import MIDWAY, make_round
from tranemo_trygghet.backup import restoring
from tranemo_trygghet.backup.copies import Copy


def restore(copy: Copy, **options) -> list[str]:
    chosen = {"replace": True, "without_note": False, "until": timezone.now()} | options
    return restoring.restore(copy, **chosen)


def open_round(clock) -> SurveyRound:
    clock.move_to(MIDWAY)
    return make_round()
