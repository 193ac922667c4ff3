"""The paper form, whose answers have numbers, and the entry of what was ticked by those numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from surveys.codebook import BookPlace, BookQuestion, Codebook, Kind
from surveys.forms import CODE, PLACE, ResponseForm, field_name, hint

LINES_FOR_WORDS = 5


# --- The printed form ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class PaperQuestion:
    """A question as it is printed: its answers have the numbers that staff type."""

    number: int
    text: str
    hint: str
    condition: str
    options: tuple[str, ...]
    takes_several: bool
    is_number: bool
    low_label: str
    high_label: str

    @property
    def lines(self) -> range:
        """Ruled lines to write on, where there is nothing to tick."""
        return range(0 if self.options else LINES_FOR_WORDS)


@dataclass(frozen=True)
class PaperSheet:
    """The whole form, about one place."""

    place: BookPlace
    questions: tuple[PaperQuestion, ...]


def paper_sheets(book: Codebook) -> list[PaperSheet]:
    return [
        PaperSheet(place, tuple(_printed(book, question, place, number) for number, question in _numbered(book)))
        for place in book.places
    ]


def _numbered(book: Codebook) -> list[tuple[int, BookQuestion]]:
    return list(enumerate(book.questions, start=1))


def _printed(book: Codebook, question: BookQuestion, place: BookPlace, number: int) -> PaperQuestion:
    is_number = question.kind == Kind.NUMBER
    return PaperQuestion(
        number=number,
        text=book.text_of(question, place),
        hint=hint(question),
        condition=book.condition_in_words(question),
        options=tuple(option.key if is_number else option.text for option in question.options),
        takes_several=question.kind == Kind.SEVERAL,
        is_number=is_number,
        low_label=question.low_label,
        high_label=question.high_label,
    )


# --- Entry --------------------------------------------------------------------------------------------


class NumbersField(forms.CharField):
    """An answer by the number printed beside it; several with spaces or commas between."""

    def __init__(self, answered: forms.Field, keys: list[str], **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "by-number"})
        super().__init__(required=False, max_length=60, widget=widget, **kwargs)
        self.answered, self.keys = answered, keys

    def clean(self, value: Any) -> Any:
        """What the resident's own field makes of the answers that the numbers stand for."""
        typed = re.split(r"[\s,.;]+", super().clean(value).strip())
        chosen = [self._key(number) for number in typed if number]
        if isinstance(self.answered, forms.MultipleChoiceField):
            return self.answered.clean(chosen)
        if len(chosen) > 1:
            raise ValidationError(gettext("Frågan tar ett svar."))
        return self.answered.clean(chosen[0] if chosen else "")

    def _key(self, number: str) -> str:
        if not number.isdecimal() or not 1 <= int(number) <= len(self.keys):
            raise ValidationError(gettext("Skriv ett nummer från 1 till %s.") % len(self.keys))
        return self.keys[int(number) - 1]


class PaperEntryForm(ResponseForm):
    """A paper form as staff enter it: numbers typed from the keyboard, one form after the other."""

    def __init__(self, data: Any = None, *, survey_round: Any, place: BookPlace | None = None) -> None:
        super().__init__(data, survey_round=survey_round, place=place, on_paper=True)
        if CODE in self.fields:
            self.fields[CODE].label = gettext("Kod på formuläret")
            self.fields[CODE].help_text = gettext("Lämna tomt om ingen kod är skriven.")
        if PLACE in self.fields:
            self._type(PLACE, gettext("Plats"), [str(each.number) for each in self.book.places])
            self.fields[PLACE].help_text = self.places_in_words()
        for question in self.book.questions:
            if question.kind != Kind.TEXT:
                self._type(field_name(question.key), "", [option.key for option in question.options])

    def _fields(self) -> dict[str, forms.Field]:
        return self._make_fields()  # its own, since they are changed below

    def _type(self, name: str, label: str, keys: list[str]) -> None:
        answered = self.fields[name]
        self.fields[name] = NumbersField(answered, keys, label=label or answered.label, label_suffix="")

    def places_in_words(self) -> str:
        names = (f"{number} {place.name}" for number, place in enumerate(self.book.places, start=1))
        return gettext("%(places)s. Behövs inte när koden är ifylld.") % {"places": ", ".join(names)}

    def _visible_answers(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """On paper nobody can be made to answer: a form is entered as it was filled in."""
        given = {question.key: cleaned.get(field_name(question.key)) for question in self.book.questions}
        visible = {question.key for question in self.book.visible(given)}
        for question in self.book.questions:
            if question.key not in visible:
                self.errors.pop(field_name(question.key), None)
        return {key: answer for key, answer in given.items() if key in visible and answer}
