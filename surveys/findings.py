"""You said, we do, so it went: what a result found at a place, the actions that answer it, and the next measurement.

Everything is read from published results, so it tells nothing that they do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from promises.models import Place
from promises.months import formatted
from promises.wording import capitalised
from surveys import wording
from surveys.models import Answering, ResultRelease
from surveys.released import Content, share_at
from surveys.result_words import Question, questions_of, share_in_words


@dataclass(frozen=True)
class Measured:
    """What one round found of a question at a place."""

    sentence: str
    interval: str
    when: str  # "September 2026": the month in which it closed
    url: str


@dataclass(frozen=True)
class Finding:
    """What a round found at a place, what the partners do about it, and what the next round to ask the same found."""

    question: str
    said: Measured
    actions: list[int]  # by key
    then: Measured | None


def askable(place: Place, content: Content) -> Iterator[Question]:
    """The questions of which something is shown at the place."""
    for question in questions_of(content).values():
        if not question["is_background"] and share_at(place, content, question):
            yield question


def measured(place: Place, content: Content, question: Question) -> Measured | None:
    share = share_at(place, content, question)
    if share is None:
        return None
    return Measured(
        sentence=share_in_words(question, share),
        interval=wording.interval(share.interval()),
        when=capitalised(formatted(date.fromisoformat(content["last_day"]), "YEAR_MONTH_FORMAT")),
        url=reverse("surveys:result", args=[content["slug"]]),
    )


def findings_at(place: Place) -> list[Finding]:
    """What staff have tied actions to here, the newest result first; one question where there is nothing."""
    chosen: dict[tuple[int, str], list[int]] = {}
    for each in Answering.objects.at(place):
        chosen.setdefault((each.round_id, each.question_key), []).append(each.action_id)
    if not chosen:
        return []
    told = ResultRelease.objects.published().told_at(place)
    contents = {each.round_id: each.content for each in told}
    found = (_finding(place, contents, *key, actions) for key, actions in chosen.items())
    return [each for each in found if each]


def _finding(
    place: Place, contents: dict[int, Content], survey_round: int, key: str, actions: list[int]
) -> Finding | None:
    content = contents.get(survey_round, {})
    question = questions_of(content).get(key) if content else None
    said = measured(place, content, question) if question else None
    if question is None or said is None:
        return None
    later = [each for each in contents.values() if each["first_day"] > content["last_day"]]
    return Finding(question["text"], said, actions, _next(place, later, question))


def _next(place: Place, later: Iterable[Content], question: Question) -> Measured | None:
    """The first later round that asked the same question, counted in the same way, and may show the answer here."""
    for content in sorted(later, key=lambda each: str(each["first_day"])):
        same = questions_of(content).get(question["key"])
        if same and same["definition"] == question["definition"] and (found := measured(place, content, same)):
            return found
    return None
