"""The frozen codebook: what was asked, in which words, and where each question's characters stand in an answer.

An answer is text of fixed width: one character a question, one an option where several may be chosen, none for free
text. `-` is unanswered. All that is needed to ask, to count and to compare is in the codebook; the questionnaire may
change afterwards.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Hashable, Mapping
from copy import deepcopy
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from promises.signing import digest_of
from promises.wording import quoted

if TYPE_CHECKING:
    from typing import TypeAlias

Answers: TypeAlias = "dict[str, str | list[str]]"
Texts: TypeAlias = "dict[str, str]"

UNANSWERED, CHOSEN, NOT_CHOSEN = "-", "1", "0"
SYMBOLS = string.digits[1:] + string.ascii_uppercase + string.ascii_lowercase


class Kind(models.TextChoices):
    """How a question is answered."""

    ONE = "one", _("ett svar")
    SEVERAL = "several", _("flera svar")
    SCALE = "scale", _("ordnad skala")
    NUMBER = "number", _("siffra 1–10")
    TEXT = "text", _("fri text")


class CountsAs(models.TextChoices):
    """What somebody who chose an option has said."""

    POSITIVE = "+", _("trygg eller positiv")
    NEUTRAL = "0", _("varken eller")
    NEGATIVE = "-", _("otrygg eller negativ")
    LEFT_OUT = "x", _("räknas inte in i andelen")


def is_foreign(texts: Texts) -> bool:
    """Whether the text is Swedish on a page of another language. Easy Swedish asks in the same words as Swedish."""
    language = get_language() or settings.LANGUAGE_CODE
    return language not in texts and language.partition("-")[0] != settings.LANGUAGE_CODE


def in_language(texts: Texts) -> str:
    """The text in the page's language, or in the source language where there is none."""
    return texts.get(get_language() or "") or texts[settings.LANGUAGE_CODE]


@dataclass(frozen=True)
class BookPlace:
    """A place of the round, and the number that stands for it in the answers."""

    number: int
    slug: str
    name: str


@dataclass(frozen=True)
class BookOption:
    """One thing that could be answered, and how it counts."""

    key: str
    texts: Texts
    counts_as: str
    is_exclusive: bool = False
    reported_with: str = ""

    @property
    def text(self) -> str:
        return in_language(self.texts)


@dataclass(frozen=True)
class Condition:
    """The question is asked only of those who gave one of these answers to an earlier one."""

    question: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class BookQuestion:
    """One question as it was asked, and where its characters stand in an answer."""

    key: str
    version: int
    kind: str
    texts: Texts
    help_texts: Texts
    options: tuple[BookOption, ...]
    position: int
    is_required: bool = False
    is_background: bool = False
    is_sensitive: bool = False
    max_choices: int | None = None
    low_label: str = ""
    high_label: str = ""
    mark: str = ""
    source: str = ""
    condition: Condition | None = None

    @property
    def text(self) -> str:
        return in_language(self.texts)

    @property
    def help_text(self) -> str:
        return in_language(self.help_texts)

    @property
    def width(self) -> int:
        return {Kind.TEXT: 0, Kind.SEVERAL: len(self.options)}.get(Kind(self.kind), 1)

    @property
    def definition(self) -> str:
        """A digest that two rounds share only if they asked the same question, counted in the same way."""
        options = [[option.key, option.counts_as] for option in self.options]
        return digest_of([self.key, self.version, self.kind, options])

    def option(self, key: str) -> BookOption:
        return self.options[self._index(key)]

    def symbol(self, option_key: str) -> str:
        """The character that stands for an option in an answer."""
        return SYMBOLS[self._index(option_key)]

    def encode(self, answer: str | list[str] | None) -> str:
        """The question's characters for one answer; ValueError for what cannot be answered."""
        if not answer:
            return UNANSWERED * self.width
        if self.kind == Kind.TEXT:
            raise ValueError(f"{self.key} is answered in words, apart from the rest")
        if self.kind != Kind.SEVERAL:
            return self.symbol(str(answer))
        chosen = {self._index(key) for key in answer}
        if self.max_choices and len(chosen) > self.max_choices:
            raise ValueError(f"{self.key} takes at most {self.max_choices} answers")
        if len(chosen) > 1 and any(self.options[index].is_exclusive for index in chosen):
            raise ValueError(f"{self.key} has an answer that goes with no other")
        return "".join(CHOSEN if index in chosen else NOT_CHOSEN for index in range(self.width))

    def decode(self, text: str) -> str | list[str] | None:
        mine = text[self.position : self.position + self.width]
        if not mine.strip(UNANSWERED):
            return None
        if self.kind == Kind.SEVERAL:
            return [option.key for option, mark in zip(self.options, mine, strict=True) if mark == CHOSEN]
        return self.options[SYMBOLS.index(mine)].key

    def _index(self, option_key: str) -> int:
        for index, option in enumerate(self.options):
            if option.key == option_key:
                return index
        # Without what was answered: an error's words end up in a log.
        raise ValueError(f"{self.key} has no such answer")


@dataclass(frozen=True)
class Codebook:
    """Everything that a round asks, frozen when it is locked."""

    questions: tuple[BookQuestion, ...]
    places: tuple[BookPlace, ...]
    main_question: str

    @cached_property
    def made(self) -> dict[Hashable, Any]:
        """What is made of the book more than once, such as the fields of its form. It is frozen, so once is enough."""
        return {}

    @cached_property
    def width(self) -> int:
        return sum(question.width for question in self.questions)

    def question(self, key: str) -> BookQuestion:
        return next(question for question in self.questions if question.key == key)

    def place(self, number: int) -> BookPlace:
        return next(place for place in self.places if place.number == number)

    def background(self) -> list[BookQuestion]:
        return [question for question in self.questions if question.is_background]

    # --- answers ---

    def visible(self, answers: Mapping[str, Any]) -> list[BookQuestion]:
        """The questions that somebody with these answers is asked; a condition on a hidden question is not met."""
        shown: dict[str, BookQuestion] = {}
        for question in self.questions:
            condition = question.condition
            if condition is None or (
                condition.question in shown and _chosen(answers.get(condition.question)) & set(condition.options)
            ):
                shown[question.key] = question
        return list(shown.values())

    def without_hidden(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """The answers to what was asked: no others are kept, whatever was posted."""
        asked = {question.key for question in self.visible(answers)}
        return {key: answer for key, answer in answers.items() if key in asked}

    def encode(self, answers: Mapping[str, Any]) -> str:
        """The row of fixed width; ValueError for questions and options that are not in the book."""
        unknown = set(answers) - {question.key for question in self.questions}
        if unknown:
            raise ValueError("an answer to a question that is not in the codebook")
        return "".join(question.encode(answers.get(question.key)) for question in self.questions)

    def decode(self, text: str) -> Answers:
        if len(text) != self.width:
            raise ValueError("the answer has another width than the codebook")
        decoded = {question.key: question.decode(text) for question in self.questions if question.width}
        return {key: answer for key, answer in decoded.items() if answer is not None}

    # --- words ---

    def text_of(self, question: BookQuestion, place: BookPlace | None = None) -> str:
        return self.fill_place(question.text, place)

    def fill_place(self, text: str, place: BookPlace | None = None) -> str:
        """Put the place's name where the text says {plats}; without one place there is no name to put."""
        only = self.places[0] if len(self.places) == 1 else None
        chosen = place or only
        return text.replace("{plats}", chosen.name if chosen else gettext("platsen"))

    def condition_in_words(self, question: BookQuestion) -> str:
        """Whom the question is for, as it stands beside it on a page or a paper without script."""
        if question.condition is None:
            return ""
        earlier = self.question(question.condition.question)
        options = gettext(" eller ").join(quoted(earlier.option(key).text) for key in question.condition.options)
        number = self.questions.index(earlier) + 1
        return gettext("Svara om du valde %(options)s på fråga %(number)s.") % {"options": options, "number": number}

    # --- kept as JSON in the round ---

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Codebook:
        return cls(
            questions=tuple(_question_from_json(each) for each in data["questions"]),
            places=tuple(BookPlace(**each) for each in data["places"]),
            main_question=data["main_question"],
        )


# Of the rounds that this process has met last, each under the digest of what it was read from.
_read: dict[int, tuple[str, Codebook]] = {}
MOST_READ = 20


def read_once(round_id: int, digest: str, read: Callable[[], dict[str, Any]]) -> Codebook:
    """The round's codebook. The same object as the last time, unless its digest says that other words stand in it."""
    found = _read.get(round_id)
    if found is None or found[0] != digest or not digest:
        if len(_read) >= MOST_READ:
            _read.clear()
        found = _read[round_id] = (digest, Codebook.from_json(deepcopy(read())))
    return found[1]


def _chosen(answer: str | list[str] | None) -> set[str]:
    return {answer} if isinstance(answer, str) else set(answer or ())


def _question_from_json(data: dict[str, Any]) -> BookQuestion:
    condition = data["condition"]
    parts = {
        "options": tuple(BookOption(**option) for option in data["options"]),
        "condition": condition and Condition(condition["question"], tuple(condition["options"])),
    }
    return BookQuestion(**(data | parts))


# --- what is wrong with it ---


def problems(book: Codebook) -> list[str]:
    """Swedish sentences about what cannot be asked or counted as it stands."""
    found = []
    keys = [question.key for question in book.questions]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        found.append(gettext("Enkäten har två versioner av frågan %(key)s. Ta bort den ena.") % {"key": key})
    for question in book.questions:
        if question.kind not in (Kind.TEXT, Kind.NUMBER) and not 1 <= len(question.options) <= len(SYMBOLS):
            found.append(gettext("Frågan ”%(text)s” saknar svarsalternativ.") % {"text": question.text})
        problem = _problem_of_condition(book, question)
        if problem:
            found.append(gettext("Frågan ”%(text)s”: %(problem)s") % {"text": question.text, "problem": problem})
    return found


def _problem_of_condition(book: Codebook, question: BookQuestion) -> str:
    """Who was asked tells what they answered before, so a result can keep its promises only for simple conditions."""
    condition = question.condition
    if condition is None:
        return ""
    if not condition.options:
        return gettext("villkoret har inget svar.")
    earlier = book.question(condition.question)
    if earlier.is_background or question.is_background:
        return gettext("bakgrundsfrågor kan inte ha villkor, eller vara villkor för andra frågor.")
    if earlier.kind == Kind.SEVERAL:
        return "" if len(condition.options) == 1 else gettext("villkoret kan bara gälla ett av flera möjliga svar.")
    if any(earlier.option(key).counts_as == CountsAs.LEFT_OUT for key in condition.options):
        return gettext("villkoret gäller ett svar som inte räknas in i andelen.")
    return ""
