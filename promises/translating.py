"""Which Swedish texts wait for a translation. Models are named by label, so that this lies below them all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from promises.models.translation import Translation, digest_of_words

EASY = "sv-x-lattlast"
TEXTS = {
    "promises.organisation": ("name", "short_name"),
    "promises.section": ("name",),
    "promises.promise": (
        "title", "lead", "background", "situation", "aim", "following", "year_end", "validity", "contact_text",
    ),
    "promises.action": ("title", "text"),
    "promises.target": ("unit", "reason"),
    "promises.extension": ("reason",),
    "promises.place": ("description",),
    "promises.placereason": ("text",),
    "promises.term": ("word", "spelled_out", "explanation"),
    "promises.contact": ("title",),
    "promises.informationpage": ("text",),
    "surveys.question": ("text", "help_text", "low_label", "high_label"),
    "surveys.answeroption": ("text",),
    "surveys.survey": ("title", "introduction"),
    "surveys.surveyround": ("title",),
    "followups.indicator": ("name", "unit", "definition", "caution"),
    "followups.meeting": ("title", "summary"),
    "followups.followup": ("summary", "no_meeting_reason"),
    "followups.actionupdate": ("text",),
    "followups.combinedresult": ("summary", "way_forward"),
    "followups.verdict": ("why", "continues"),
}  # fmt: skip
# Another wording would be another question, so easy Swedish asks in the same words; and names are names.
NOT_IN_EASY_SWEDISH = ("promises.organisation", "promises.section", "surveys.question", "surveys.answeroption")


@dataclass(frozen=True)
class Waiting:
    """Swedish words without a translation, and what they are a part of."""

    kind: str
    source: str

    @property
    def digest(self) -> str:
        return digest_of_words(self.source)


def waiting(language: str) -> Iterator[Waiting]:
    """Each text once, in the order above."""
    seen = set(Translation.objects.told_in(language))
    for each in texts(language):
        if each.digest not in seen:
            seen.add(each.digest)
            yield each


def texts(language: str) -> Iterator[Waiting]:
    for label, fields in TEXTS.items():
        if language == EASY and label in NOT_IN_EASY_SWEDISH:
            continue
        model: Any = apps.get_model(label)
        for row in model._base_manager.order_by("pk").values_list(*fields):
            yield from (Waiting(str(model._meta.verbose_name), text) for text in row if text.strip())


def source_of(language: str, digest: str) -> str:
    """The waiting Swedish words with that digest, or nothing."""
    return next((each.source for each in waiting(language) if each.digest == digest), "")
