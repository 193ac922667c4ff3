"""What a published result's questions, answers and groups are called. Page, chart, table and file say it with these."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext

from promises.telling import in_words, tell
from promises.wording import quoted
from surveys import wording
from surveys.codebook import CountsAs, Kind
from surveys.released import FIGURES, POSITIVE, Content
from surveys.shown import ShownBreakdown, ShownShare

Question = dict[str, Any]


def questions_of(content: Content) -> dict[str, Question]:
    return {question["key"]: question for question in content["questions"]}


def answer_in_words(question: Question, key: str) -> str:
    """An answer as those who gave it read it, or answers added up: ”Mycket trygg” eller ”Ganska trygg”."""
    if key == POSITIVE:
        return positive_in_words(question)
    if key in FIGURES:
        return figures_in_words(question, key)
    return in_words(next(option["text"] for option in question["options"] if option["key"] == key))


def positive_in_words(question: Question) -> str:
    counts = CountsAs.POSITIVE
    positive = [quoted(in_words(option["text"])) for option in question["options"] if option["counts_as"] == counts]
    return gettext(" eller ").join(positive)


def figures_in_words(question: Question, key: str) -> str:
    """ "1–3, där 1 är inte alls bra": what the end of the scale means stands with the end."""
    end, label = {
        "1–3": ("1", question.get("low_label", "")),
        "8–10": ("10", question.get("high_label", "")),
    }.get(key, ("", ""))
    if not label:
        return key
    return gettext("%(figures)s, där %(end)s är ”%(label)s”") % {"figures": key, "end": end, "label": in_words(label)}


def share_in_words(question: Question, share: ShownShare) -> str:
    """ "69 % svarade ”Mycket trygg” eller ”Ganska trygg”." """
    words = {"share": wording.per_cent(share), "answers": positive_in_words(question)}
    return gettext("%(share)s svarade %(answers)s.") % words


def charted_keys(question: Question, keys: Iterable[str]) -> list[str]:
    """What a chart draws: each answer, or the three sums of a figure from 1 to 10, which are enough to see."""
    keys = list(keys)
    if question["kind"] == Kind.NUMBER:
        return [key for key in keys if key in FIGURES]
    return [key for key in keys if key != POSITIVE]


def tones_of(question: Question) -> dict[str, int]:
    """From very safe (2) to very unsafe (-2), by how each option counts and where on the scale it stands."""
    options = question["options"]
    positive = [option["key"] for option in options if option["counts_as"] == "+"]
    negative = [option["key"] for option in options if option["counts_as"] == "-"]
    if options and options[0]["counts_as"] == "-":  # the scale begins with the worst
        positive, negative = positive[::-1], negative[::-1]
    tones = {option["key"]: 0 for option in options if option["counts_as"] == "0"}
    tones |= {key: 2 if place == 0 else 1 for place, key in enumerate(positive)}
    return tones | {key: -1 if place == 0 and len(negative) > 1 else -2 for place, key in enumerate(negative)}


def why_incomplete(shown: ShownBreakdown) -> str:
    """Why something in a breakdown is not shown, and why some shares are ranges."""
    reasons = {shown.withheld, *(group.withheld for group in shown.groups)} - {None}
    sentences = [wording.why_withheld(reason) for reason in sorted(each for each in reasons if each)]
    return " ".join([*sentences, wording.why_ranges(shown.groups)]).strip()


def group_in_words(label: str) -> str:
    """A group's name; of one that was made of several, their names: each is translated by itself."""
    names = [tell(each) for each in label.split(" eller ")]
    if tell(label).is_foreign and not any(each.is_foreign for each in names):
        return gettext(" eller ").join(each.text for each in names)
    return in_words(label)


def population_in_words(population: str) -> str:
    return gettext("Svar med kod") if population == "code" else gettext("Självvalda svar")
