"""How fast an open link takes answers: as fast as people answer, not as fast as a machine sends them.

The count lies in the memory of each web process. In the database, a count for each minute would say of every answer
beside it in which minute it came; and a count for each address would shut out a school or a library, and would have
to know who they are. So the limit is soft, and holds for each process by itself: it slows a flood down to what can be
looked through and left out. A letter's code waits for nobody: what is true of a machine is not true of codes.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from promises.months import today
from surveys.models import CrowdedDay, SurveyRound

# Two school classes that press the button at the end of the same lesson, and then one person a second.
AT_ONCE = 60
A_MINUTE = 60


@dataclass
class Room:
    """How many more answers a round takes just now; it fills again with time."""

    left: float
    at: float


_rooms: dict[int, Room] = {}
_one_at_a_time = threading.Lock()


def has_room(survey_round: SurveyRound) -> bool:
    """Whether one more answer without a code may come in now; if so, its room is taken."""
    with _one_at_a_time:
        now = time.monotonic()
        room = _rooms.setdefault(survey_round.pk, Room(AT_ONCE, now))
        room.left = min(AT_ONCE, room.left + (now - room.at) * A_MINUTE / 60)
        room.at = now
        if room.left < 1:
            return False
        room.left -= 1
        return True


def note_crowd(survey_round: SurveyRound) -> None:
    """Tell staff, once a day. Never call it in the transaction that stores an answer."""
    CrowdedDay.objects.get_or_create(round=survey_round, day=today())
