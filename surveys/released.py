"""A published result, read back: what its frozen content holds, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from surveys.codebook import CountsAs
from surveys.models import ResultRelease, SurveyRound
from surveys.shown import ShownGroup, ShownQuestion, ShownShare, Snapshot

if TYPE_CHECKING:
    from promises.models import Place

# No question or option can have these keys: they are not letters.
PLACES, POSITIVE = "@places", "+"
# Ten figures are too many to keep apart in a small group: these sums stay when they do not.
FIGURES = {"1–3": range(1, 4), "4–7": range(4, 8), "8–10": range(8, 11)}

Content = dict[str, Any]


def latest(survey_round: SurveyRound) -> ResultRelease | None:
    """The published result that holds now."""
    return survey_round.releases.order_by("-number").first()


def snapshots(content: Content) -> list[Snapshot]:
    """The shown numbers of a release, one snapshot a population."""
    return [Snapshot.from_json(each) for each in content["populations"]]


def shown_question(content: Content, key: str) -> list[ShownQuestion]:
    """What is shown of one question, for each population that was asked it."""
    asked = (each for population in content["populations"] for each in population["questions"])
    return [ShownQuestion.from_json(each) for each in asked if each["key"] == key]


def snapshot_of_codes(content: Content) -> Snapshot | None:
    """Those who answered with a code each: the only ones that are compared from round to round."""
    return next((each for each in snapshots(content) if each.population == "code"), None)


def main_question(content: Content) -> dict[str, Any]:
    return next(each for each in content["questions"] if each["key"] == content["main_question"])


def share_key(question: dict[str, Any]) -> str:
    """The share that a question is summed up by: its positive answers together, or the only one there is."""
    positive = [option["key"] for option in question["options"] if option["counts_as"] == CountsAs.POSITIVE]
    return positive[0] if len(positive) == 1 else POSITIVE


def main_share_key(content: Content) -> str:
    return share_key(main_question(content))


def main_groups(content: Content) -> dict[str, ShownGroup]:
    """Everybody (""), and each place, of those who answered with a code and whose main share is shown."""
    snapshot = snapshot_of_codes(content)
    question = snapshot.question(content["main_question"]) if snapshot else None
    if question is None:
        return {}
    by_place = question.breakdown(PLACES)
    groups = [question.whole, *(by_place.shown_groups() if by_place else ())]
    return {group.key: group for group in groups if group.share(main_share_key(content))}


def slugs_of_places(content: Content) -> set[str]:
    return {place["slug"] for place in content["places"]}


def share_from_json(data: dict[str, Any]) -> ShownShare:
    return ShownShare(**data)


def share_at(place: Place, content: Content, question: dict[str, Any]) -> ShownShare | None:
    """What a question is summed up by among those who were asked about the place; with a code, if they can be told."""
    shown = shown_question(content, question["key"])
    groups = (group_at(place, each, is_alone=len(content["places"]) == 1) for each in shown)
    return next((share for group in groups if group and (share := group.share(share_key(question)))), None)


def group_at(place: Place, shown: ShownQuestion, *, is_alone: bool) -> ShownGroup | None:
    if is_alone:
        return shown.whole
    breakdown = shown.breakdown(PLACES)
    groups = breakdown.shown_groups() if breakdown else ()
    return next((group for group in groups if group.key == place.slug), None)
