"""Hostile words in every text that staff write, past every check: as somebody with the database in hand would."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db import models

from promises.models import Translation
from surveys.models import ResultRelease, SurveyRound

# Each would call ran(), or load something, if it were anything but words; 7*191 is 1337.
PAYLOADS = [
    "\"'><script>ran()</script>",
    "<img src=x onerror=ran()>",
    "</title><script>ran()</script>",
    "<svg onload=ran()>",
    '" autofocus onfocus=ran() x="',
    "' autofocus onfocus=ran() x='",
    "x autofocus onfocus=ran()",
    "[x](javascript:ran())",
    "{{7*191}}${7*191}{% now 'Y' %}",
    "</textarea></script></style><script>ran()</script>",
    "javascript:ran()",
    "<details open ontoggle=ran()>",
    '[x](x "onclick=ran()) ![y](y" onerror="ran())',
    "[x]: java&#10;script:ran() 'y'\n[x] <javascript:ran()>",
    "&lt;script&gt;ran()&lt;/script&gt;",
    "<iframe srcdoc='<script>parent.ran()</script>'>",
    "]]><script xmlns='http://www.w3.org/1999/xhtml'>ran()</script>",
    "<base href=//ond.example/><form action=javascript:ran()>",
    "<math><mtext><table><mglyph><style><img src=x onerror=ran()>",
    "\\u003cscript\\u003eran()\\u003c/script\\u003e",
    "--><script>ran()</script><!--<script>",
]
RUNS_AS_AN_ADDRESS = "javascript:ran()//"
SHORTEST = min(map(len, PAYLOADS))
OURS = ["promises", "surveys", "followups", "subscriptions"]
# Chosen from a list, read by the code, part of an address, or kept as a digest: words of staff never stand there.
NOT_WORDS = {"slug", "password", "username", "key", "definition", "language", "reported_with", "standing_then"}
NOT_WORDS |= {"group_question", "group_option", "question", "option", "question_key", "client_hash", "code_hash"}
NOT_WORDS |= {"address_hash", "digest", "published_digest", "digest_before", "digest_after", "link_digest"}
# Names within what was frozen as JSON.
IN_JSON = {"text", "texts", "help_texts", "name", "title", "label", "low_label", "high_label", "source", "condition"}
FROZEN = {SurveyRound: "codebook", ResultRelease: "content"}


def is_words(field: models.Field) -> bool:
    """Whether a person's own words may stand in the field."""
    return (
        isinstance(field, (models.CharField, models.TextField))
        and not field.choices
        and field.name not in NOT_WORDS
        and (field.max_length or SHORTEST) >= SHORTEST
    )


def fields_of_words() -> Iterator[tuple[type[models.Model], list[models.Field]]]:
    for model in apps.get_models():
        if model is LogEntry or model._meta.app_label in OURS:
            fields = [field for field in model._meta.concrete_fields if is_words(field) and field.name != "object_id"]
            if fields:
                yield model, fields


class Spoiler:
    """Puts as many payloads into each text as have room there, and other ones into the next.

    Or all of them, however long that is, as only SQLite allows: then one look at each page tries every one.
    """

    def __init__(self, *, past_the_length: bool = False) -> None:
        self.turn = count()
        self.written: list[str] = []
        self.past_the_length = past_the_length

    def words(self, room: int | None, first: str = "") -> str:
        turn, text = next(self.turn), first
        for number in range(len(PAYLOADS)):
            payload = PAYLOADS[(turn + number) % len(PAYLOADS)]
            if room is None or self.past_the_length or len(text) + len(payload) < room:
                text += payload + " "
        self.written.append(text.strip() or PAYLOADS[0][:room])
        return self.written[-1]

    def spoil(self) -> int:
        """How many fields of how many rows now hold something hostile."""
        for model, fields in fields_of_words():
            for row in models.QuerySet(model).all():
                # As the database sees it: no rule of ours is asked.
                rows: Any = models.QuerySet(model).filter(pk=row.pk)
                rows.update(**{field.name: self.words_for(row, field) for field in fields})
        for model, name in FROZEN.items():
            for row in models.QuerySet(model).all():
                frozen: Any = models.QuerySet(model).filter(pk=row.pk)
                frozen.update(**{name: self.in_json(getattr(row, name))})
        written = len(self.written)
        self.translate()
        return written

    def words_for(self, row: models.Model, field: models.Field) -> str:
        if isinstance(field, models.URLField):
            # An address runs only from its first letter.
            return self.words(field.max_length, first=RUNS_AS_AN_ADDRESS)
        if not is_one_of_a_kind(field):
            return self.words(field.max_length)
        return f"{row.pk} {self.words((field.max_length or 100) - len(str(row.pk)) - 1)}"

    def in_json(self, value: Any, *, is_words: bool = False) -> Any:
        if isinstance(value, list):
            return [self.in_json(each, is_words=is_words) for each in value]
        if isinstance(value, dict):
            return {name: self.in_json(each, is_words=name in IN_JSON or is_words) for name, each in value.items()}
        return self.words(None) if is_words and isinstance(value, str) else value

    def translate(self) -> None:
        """A hostile translation of every hostile text."""
        pairs = [(source, self.words(None)) for source in dict.fromkeys(self.written)]
        for language in ("en", "uk"):
            Translation.objects.keep(language, pairs)


def is_one_of_a_kind(field: models.Field) -> bool:
    """Whether two rows may not have the same words in the field."""
    together = [each.fields for each in field.model._meta.constraints if isinstance(each, models.UniqueConstraint)]
    return field.unique or any(field.name in names for names in together)
