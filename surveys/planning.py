"""Planning a round: what so many answers can show, and whether the round can be compared with an earlier one."""

from __future__ import annotations

from math import floor, isfinite

from django.utils.translation import gettext

from surveys.models import SurveyRound
from surveys.released import latest, snapshots
from surveys.statistics import smallest_detectable_change

# For whoever has not decided how many to invite.
COMMON_SIZES = (50, 100, 200)


def smallest_change(answers: int, before: int | None = None) -> int | None:
    """The change in points under which nothing is seen, rounded down so that it is true; None if nothing is seen."""
    if answers < 1:
        return None
    change = smallest_detectable_change(before or answers, answers)
    return floor(100 * change + 1e-9) if isfinite(change) else None


def sentence(answers: int, before: int | None = None) -> str:
    """ "Med 60 svar syns ingen förändring mindre än 18 procentenheter."."""
    points = smallest_change(answers, before)
    words = {"answers": answers, "before": before, "points": points}
    if points is None:
        return gettext("Med %(answers)s svar syns ingen förändring alls.") % words
    if before is None:
        return gettext("Med %(answers)s svar syns ingen förändring mindre än %(points)s procentenheter.") % words
    return (
        gettext(
            "Med %(answers)s svar nu och %(before)s förra gången syns ingen förändring mindre än "
            "%(points)s procentenheter."
        )
        % words
    )


def what_can_be_seen(survey_round: SurveyRound) -> list[str]:
    """What the round will be able to show: of everybody, and of each place by itself."""
    before = answers_before(survey_round)
    invited = {each.place.name: each.invited for each in survey_round.round_places.select_related("place")}
    known = [number for number in invited.values() if number]
    if not known or len(known) < len(invited):
        return [sentence(size, before) for size in COMMON_SIZES]
    found = [_if_half_answer(gettext("de %s inbjudna") % sum(known), sum(known), before)]
    if len(invited) > 1:
        found += [_if_half_answer(gettext("de inbjudna på %s") % name, size or 0) for name, size in invited.items()]
    return found


def _if_half_answer(whom: str, invited: int, before: int | None = None) -> str:
    words = {"whom": whom, "sentence": sentence(invited // 2, before)}
    return gettext("Om hälften av %(whom)s svarar: %(sentence)s") % words


def answers_before(survey_round: SurveyRound) -> int | None:
    """How many answered by code in the round that this one is compared with, as published."""
    release = latest(survey_round.baseline) if survey_round.baseline else None
    by_code = [each for each in snapshots(release.content) if each.population == "code"] if release else []
    return by_code[0].n if by_code else None


def why_not_comparable(survey_round: SurveyRound) -> list[str]:
    """Swedish sentences about why the round cannot be compared with its baseline; none if it can."""
    baseline = survey_round.baseline
    if baseline is None or not baseline.is_published:
        return []
    before, after = baseline.book, survey_round.book
    asked = {question.key: question.definition for question in after.questions}
    same_question = asked.get(before.main_question) == before.question(before.main_question).definition
    checks = [
        (
            after.main_question == before.main_question and same_question,
            gettext("Omgången har inte samma huvudfråga som den jämförs med."),
        ),
        (
            {each.slug for each in before.places} == {each.slug for each in after.places},
            gettext("Omgången gäller inte samma platser som den jämförs med."),
        ),
        (
            baseline.takes_codes and survey_round.takes_codes,
            gettext("Bara svar med kod jämförs, och någon av omgångarna tar inte emot sådana."),
        ),
    ]
    return [words for holds, words in checks if not holds]
