"""What residents answered last, in a few words, for pages about something else: the front page, a place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from promises.joining import keep_parts
from promises.models import Place
from surveys import wording
from surveys.findings import Measured, measured
from surveys.models import ResultRelease, SurveyRound
from surveys.released import main_question as main_question_of
from surveys.released import main_share_key, shown_question
from surveys.result_page import changes, summary_sentence
from surveys.result_words import questions_of

EVERYBODY = ""
# "Märkte du av det?" in the question bank.
NOTICED = "noticed"


@dataclass(frozen=True)
class Feeling:
    """The main question of the newest result: the change since the round before, or at least the answer."""

    title: str
    question: str
    sentence: str
    answers: str  # how many answered: "223 svar"
    change: dict[str, str] | None
    url: str


def newest_release() -> ResultRelease | None:
    """The result that holds now of the newest round that has one."""
    return ResultRelease.objects.published().newest_first().first()


def feeling(release: ResultRelease | None) -> Feeling | None:
    if release is None:
        return None
    content = release.content
    return Feeling(
        title=content["title"],
        question=main_question(content),
        sentence=summary_sentence(content),
        answers=how_many(content),
        change=change_of(release, EVERYBODY),
        url=reverse("surveys:result", args=[content["slug"]]),
    )


def main_question(content: dict[str, Any]) -> str:
    return next(each["text"] for each in content["questions"] if each["key"] == content["main_question"])


def how_many(content: dict[str, Any]) -> str:
    """The answers that the main share is a share of."""
    key, question = main_share_key(content), content["main_question"]
    share = next((share for each in shown_question(content, question) if (share := each.whole.share(key))), None)
    return wording.respondents(share.n) if share else ""


def change_of(release: ResultRelease, label: str) -> dict[str, str] | None:
    """The change of the main share, for everybody or for the place of that name."""
    return next((each for each in changes(release.content) if each["label"] == label), None)


# --- One place ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SaidHere:
    """What those who were asked about a place answered, in the newest round that asked there and has a result."""

    found: Measured | None  # None where too few answered to tell
    question: str
    change: dict[str, str] | None


def fetch_results(rounds: Iterable[list[SurveyRound]]) -> None:
    """Fetch the results that some places' pages tell of: each place's newest, and those that asked what was noticed.

    `rounds` are each place's, newest first. A result is long: the others are not read.
    """
    everything = [each for rounds_here in rounds for each in rounds_here]
    told = ([each.pk for each in rounds_here if each.result_url] for rounds_here in rounds)
    newest = [keys[0] for keys in told if keys]
    by_round = ResultRelease.objects.published().told_of(newest, {each.pk for each in everything}, NOTICED)
    for each in everything:
        keep_parts(each, "releases", by_round.get(each.pk, []))


def said_at(place: Place, rounds: Iterable[SurveyRound]) -> SaidHere | None:
    """From the place's rounds, newest first, with their releases."""
    release = next((each.releases.all()[0] for each in rounds if each.releases.all()), None)
    if release is None:
        return None
    content = release.content
    name = next(each["name"] for each in content["places"] if each["slug"] == place.slug)
    return SaidHere(
        found=measured(place, content, main_question_of(content)),
        question=main_question(content),
        change=change_of(release, EVERYBODY if len(content["places"]) == 1 else name),
    )


# --- Did they notice? ---------------------------------------------------------------------------------


def noticed_at(place: Place, rounds: Iterable[SurveyRound]) -> Measured | None:
    """Whether residents noticed what the authorities say is done: from the newest round that asked and may tell."""
    for each in rounds:
        for release in each.releases.all()[:1]:
            question = questions_of(release.content).get(NOTICED)
            found = measured(place, release.content, question) if question else None
            if found:
                return found
    return None
