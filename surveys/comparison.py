"""A round beside the rounds before it: what is the same question, and what has become of its answers.

Only those who answered with a code are compared: who answers an open link is chance of another kind each time.
All of it is made from published results, so it tells nothing that they do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext

from surveys.models import SurveyRound
from surveys.released import (
    Content,
    latest,
    main_groups,
    main_question,
    main_share_key,
    share_key,
    slugs_of_places,
    snapshot_of_codes,
)
from surveys.shown import ShownGroup

# --- with the round that it was planned to be compared with ---


def compare_with_baseline(survey_round: SurveyRound, content: Content) -> Content | None:
    """The main question now and in the baseline, if that asked the same at the same places."""
    baseline = survey_round.baseline
    release = latest(baseline) if baseline is not None else None
    if release is None:
        return None
    pair = release.content, content
    reason = why_not_comparable(*pair)
    compared = {"slug": release.content["slug"], "title": release.content["title"], "reason": reason}
    if reason:
        return compared
    before, after = (main_groups(each) for each in pair)
    return compared | {
        "last_day": release.content["last_day"],
        "groups": [_change(after[key], before[key], main_share_key(content)) for key in after if key in before],
    }


def why_not_comparable(before: Content, after: Content) -> str:
    """A Swedish sentence, or nothing if the two rounds can be compared."""
    if main_question(before)["definition"] != main_question(after)["definition"]:
        return gettext("Omgångarna har inte samma huvudfråga.")
    if slugs_of_places(before) != slugs_of_places(after):
        return gettext("Omgångarna gäller inte samma platser.")
    if not main_groups(before) or not main_groups(after):
        return gettext("För få har svarat med kod i någon av omgångarna.")
    return ""


def _change(after: ShownGroup, before: ShownGroup, key: str) -> dict[str, Any]:
    earlier, later = before.share(key), after.share(key)
    if earlier is None or later is None:
        raise ValueError("only groups whose share is shown are compared")
    interval = earlier.change_to(later)
    return {
        "key": after.key,
        "label": after.label,
        "before": asdict(earlier),
        "after": asdict(later),
        "low": round(100 * interval.low),
        "high": round(100 * interval.high),
        "verdict": earlier.verdict_on(later).value,
    }


# --- with every earlier round that asked the same ---


def earlier_rounds(survey_round: SurveyRound, content: Content) -> list[dict[str, Any]]:
    """The published rounds before this one that asked any of its questions, oldest first, with what they found.

    "shares": question → the share that it is summed up by, of everybody; only where the places are the same.
    "places": place → the main question's share there, whatever other places were asked about.
    """
    rounds = SurveyRound.objects.with_result().filter(opens_at__lt=survey_round.opens_at).exclude(pk=survey_round.pk)
    found = []
    for each in rounds.order_by("opens_at", "pk"):
        release = latest(each)
        if release is None:
            continue
        earlier = release.content
        same_places = slugs_of_places(earlier) == slugs_of_places(content)
        shares = dict(_same_shares(earlier, content)) if same_places else {}
        places = _same_places(earlier, content)
        if shares or places:
            names = ("slug", "title", "last_day")
            found.append({name: earlier[name] for name in names} | {"shares": shares, "places": places})
    return found


def _same_shares(earlier: Content, content: Content) -> Iterator[tuple[str, dict[str, Any]]]:
    """The shares of the questions that both asked: same key, version, kind and way of counting."""
    snapshot = snapshot_of_codes(earlier)
    definitions = {question["key"]: question["definition"] for question in earlier["questions"]}
    for question in content["questions"]:
        shown = snapshot.question(question["key"]) if snapshot else None
        if shown is None or definitions[question["key"]] != question["definition"]:
            continue
        share = shown.whole.share(share_key(question))
        if share is not None:
            yield question["key"], asdict(share)


def _same_places(earlier: Content, content: Content) -> dict[str, dict[str, Any]]:
    if main_question(earlier)["definition"] != main_question(content)["definition"]:
        return {}
    groups = main_groups(earlier)
    if len(earlier["places"]) == 1:
        groups = {earlier["places"][0]["slug"]: groups[""]} if groups else {}
    wanted = slugs_of_places(content) & set(groups)
    shares = {slug: groups[slug].share(main_share_key(content)) for slug in sorted(wanted)}
    return {slug: asdict(share) for slug, share in shares.items() if share}
