"""The form that residents answer, made from a round's frozen codebook alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from promises.models import Contact, Organisation
from promises.months import today
from promises.telling import Told, isolated
from surveys import ballot_box, codes, crowd
from surveys.codebook import BookPlace, BookQuestion, Codebook, Kind, Texts, is_foreign
from surveys.models import Channel, SurveyRound

LONGEST_TEXT = 2000
CODE, PLACE, HONEYPOT = "kod", "plats", "webbsida"
NUMBERS_IN_WORDS = {1: _("ett"), 2: _("två"), 3: _("tre"), 4: _("fyra"), 5: _("fem"), 6: _("sex")}


class PlainTextField(forms.CharField):
    """Text in somebody's own words. Refuses, with a sentence, what the databases cannot keep."""

    widget = forms.Textarea
    default_error_messages = {
        "max_length": _("Texten är för lång. Den får vara högst %(limit_value)d tecken, och är %(show_value)d."),
        "null_characters_not_allowed": _("Texten innehåller tecken som inte går att spara. Skriv om den."),
    }

    def to_python(self, value: Any) -> str:
        # A browser posts a line break as two characters and counts it as one against maxlength.
        return (super().to_python(value) or "").replace("\r\n", "\n")

    def validate(self, value: str) -> None:
        if any("\ud800" <= each <= "\udfff" for each in value) or "\x00" in value:
            raise ValidationError(self.error_messages["null_characters_not_allowed"])
        super().validate(value)


@dataclass(frozen=True)
class AskedField:
    """A question of the form, as the template shows it."""

    field: forms.BoundField
    number: int
    total: int
    hint: str
    condition: str
    question: BookQuestion

    @property
    def depends_on(self) -> str:
        """For the script: the field and the answers that this question waits for."""
        return field_name(self.question.condition.question) if self.question.condition else ""

    @property
    def depends_on_options(self) -> str:
        return " ".join(self.question.condition.options) if self.question.condition else ""


def field_name(key: str) -> str:
    return f"q_{key}"


class ResponseForm(forms.Form):
    """One person's answers. `place` is the place that the link was about, if it named one."""

    required_css_class = ""

    def __init__(
        self, data: Any = None, *, survey_round: SurveyRound, place: BookPlace | None = None, on_paper: bool = False
    ) -> None:
        super().__init__(data, label_suffix="")
        self.survey_round = survey_round
        self.book: Codebook = survey_round.book
        self.place = place or (self.book.places[0] if len(self.book.places) == 1 else None)
        self.on_paper = on_paper
        self.must_wait = False
        self.fields = self._fields()

    # --- fields ---

    def _fields(self) -> dict[str, forms.Field]:
        """Made once for all who answer the same form in the same language: they are only read."""
        form = (self.survey_round.takes_codes, self.survey_round.takes_open, self.place, get_language())
        if form not in self.book.made:
            self.book.made[form] = self._make_fields()
        return self.book.made[form]

    def _make_fields(self) -> dict[str, forms.Field]:
        self.fields = {}
        self._add_code()
        self._add_place()
        for question in self.book.questions:
            label = as_shown(self.book.text_of(question, self.place), question.texts)
            self.fields[field_name(question.key)] = make_field(question, label)
        self._add_honeypot()
        return self.fields

    @property
    def takes_answers_without_code(self) -> bool:
        return self.survey_round.takes_open or self.on_paper

    def _add_code(self) -> None:
        if not self.survey_round.takes_codes:
            return
        optional = gettext("Har du inget brev med en kod kan du svara ändå. Lämna då fältet tomt.")
        self.fields[CODE] = forms.CharField(
            label=gettext("Koden i ditt brev"),
            required=not self.takes_answers_without_code,
            max_length=60,
            help_text=optional if self.takes_answers_without_code else gettext("Tio tecken, till exempel ACDEF-GHJKM."),
            error_messages={
                "required": gettext("Skriv koden som står i ditt brev."),
                "max_length": gettext("Koden är tio tecken."),
            },
            widget=forms.TextInput(
                attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code"}
            ),
        )

    def _add_place(self) -> None:
        if self.place is not None or not self.takes_answers_without_code:
            return
        by_code = gettext("Svarar du med kod behöver du inte välja.") if self.survey_round.takes_codes else ""
        self.fields[PLACE] = forms.ChoiceField(
            label=gettext("Vilken plats svarar du om?"),
            required=False,
            choices=[(str(place.number), place.name) for place in self.book.places],
            help_text=by_code,
            error_messages={"invalid_choice": gettext("Välj en av platserna.")},
            widget=forms.RadioSelect,
        )

    def _add_honeypot(self) -> None:
        if not self.on_paper:
            attrs = {"autocomplete": "off", "tabindex": "-1"}
            label = gettext("Lämna det här fältet tomt")
            self.fields[HONEYPOT] = forms.CharField(label=label, required=False, widget=forms.TextInput(attrs=attrs))

    # --- for the template ---

    @cached_property
    def asked(self) -> list[AskedField]:
        total = len(self.book.questions)
        return [
            AskedField(
                field=self[field_name(question.key)],
                number=number,
                total=total,
                hint=hint(question),
                condition=self.book.condition_in_words(question),
                question=question,
            )
            for number, question in enumerate(self.book.questions, start=1)
        ]

    def before_the_questions(self) -> Iterator[forms.BoundField]:
        return (self[name] for name in (CODE, PLACE) if name in self.fields)

    @property
    def honeypot(self) -> forms.BoundField | None:
        return self[HONEYPOT] if HONEYPOT in self.fields else None

    # --- checks ---

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get(HONEYPOT):
            data: Any = self.data
            self.data = data = data.copy()
            data[HONEYPOT] = ""
            raise ValidationError(
                gettext("Svaret är inte mottaget: ett dolt fält var ifyllt, som det brukar vara när en robot svarar.")
                + " "
                + gettext("Fältet är nu tömt. Skicka en gång till.")
            )
        self.answers = self._visible_answers(cleaned)
        if not self.answers and not self.errors:
            raise ValidationError(gettext("Du har inte svarat på någon fråga. Svara på minst en."))
        if PLACE in self.fields and PLACE not in self.errors and not (cleaned.get(PLACE) or cleaned.get(CODE)):
            self.add_error(PLACE, gettext("Välj vilken plats du svarar om."))
        return cleaned

    def _visible_answers(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """The answers to what this person was asked, with an error on each required question that has none."""
        given = {question.key: cleaned.get(field_name(question.key)) for question in self.book.questions}
        asked = {question.key: question for question in self.book.visible(given)}
        for question in self.book.questions:
            name = field_name(question.key)
            if question.key not in asked:
                self.errors.pop(name, None)
            elif question.is_required and not given[question.key] and name not in self.errors:
                self.add_error(name, gettext("Frågan behöver ett svar."))
        return {key: given[key] for key in asked if given[key]}

    # --- the answer ---

    def submit(self, address: str = "") -> bool:
        """Put the answer in the ballot box. False, with errors on the form, if it was refused; then nothing is stored.

        `address` is where wrong codes are counted; empty when staff enter paper forms.
        """
        texts = {key: self.answers[key] for key in self.answers if self.book.question(key).kind == Kind.TEXT}
        chosen = {key: answer for key, answer in self.answers.items() if key not in texts}
        code = self.cleaned_data.get(CODE, "")
        if code and address and not codes.may_try(address):
            return self._refuse_code()
        if not code and not self.on_paper and not crowd.has_room(self.survey_round):
            return self._ask_to_wait()
        try:
            ballot_box.submit(
                self.survey_round,
                chosen,
                texts,
                channel=self._channel(code),
                place=self._place_number(),
                code=code,
                on_paper=self.on_paper,
            )
        except ballot_box.RefusedCodeError:
            if address:
                codes.note_wrong_code(address)
            return self._refuse_code()
        except ballot_box.RoundNotOpenError as refusal:
            self.add_error(None, refusal.messages)
            return False
        return True

    def _channel(self, code: str) -> str:
        if code:
            return Channel.CODE
        return Channel.PAPER if self.on_paper else Channel.OPEN

    def _place_number(self) -> int | None:
        if self.place is not None:
            return self.place.number
        chosen = self.cleaned_data.get(PLACE)
        return int(chosen) if chosen else None

    def _ask_to_wait(self) -> bool:
        crowd.note_crowd(self.survey_round)
        self.must_wait = True
        self.add_error(None, please_wait(self.survey_round))
        return False

    def _refuse_code(self) -> bool:
        self.add_error(CODE, code_refusal(self.survey_round))
        return False


# --- one question ---


def make_field(question: BookQuestion, label: str) -> forms.Field:
    """The field of one question. Nothing is required here: whether it is asked at all depends on other answers."""
    if question.kind == Kind.TEXT:
        widget = forms.Textarea(attrs={"rows": 5})
        return PlainTextField(label=label, required=False, max_length=LONGEST_TEXT, widget=widget)
    choices = [(option.key, as_shown(option.text, option.texts)) for option in question.options]
    errors = {"invalid_choice": gettext("Välj ett av svaren."), "invalid_list": gettext("Välj bland svaren.")}
    if question.kind == Kind.SEVERAL:
        return SeveralField(question, label=label, choices=choices, error_messages=errors)
    return forms.ChoiceField(
        label=label, required=False, choices=choices, error_messages=errors, widget=forms.RadioSelect
    )


class SeveralField(forms.MultipleChoiceField):
    """Checkboxes of which so many may be chosen, and some not together with others."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, question: BookQuestion, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.question = question

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        most = self.question.max_choices
        if most and len(set(value)) > most:
            raise ValidationError(at_most(most))
        alone = [option for option in self.question.options if option.is_exclusive and option.key in value]
        if alone and len(set(value)) > 1:
            text = alone[0].text
            raise ValidationError(gettext("”%(text)s” går inte att välja ihop med andra svar.") % {"text": text})


def hint(question: BookQuestion) -> str:
    """The help beside a question, and how many answers it takes if that is not already said."""
    if question.kind == Kind.SEVERAL and not question.help_text and not question.max_choices:
        return gettext("Välj ett eller flera svar.")
    return as_shown(question.help_text, question.help_texts)


def as_shown(text: str, texts: Texts) -> str:
    """The text as it stands on the page; as Swedish, where it has no reviewed translation."""
    return Told(text, is_foreign=is_foreign(texts)).inline() if text and is_foreign(texts) else text


def at_most(number: int) -> str:
    word = NUMBERS_IN_WORDS.get(number, number)
    return ngettext("Välj högst %(number)s svar.", "Välj högst %(number)s svar.", number) % {"number": word}


def code_refusal(survey_round: SurveyRound) -> str:
    """The one sentence for every code that is refused, whatever the reason."""
    return gettext(
        "Koden går inte att använda. Har du redan svarat med den är svaret mottaget. "
        "Kontrollera annars bokstäverna eller ring %(telephone)s."
    ) % {"telephone": telephone(survey_round)}


def please_wait(survey_round: SurveyRound) -> str:
    return gettext(
        "Just nu kommer det in så många svar att vi måste be dig vänta. Svaret är inte skickat än. "
        "Det du har svarat står kvar här: vänta en minut och skicka igen. Går det inte ändå, ring %(telephone)s."
    ) % {"telephone": telephone(survey_round)}


def telephone(survey_round: SurveyRound) -> str:
    """Whom to call now about the round: a contact of its promise's partners, or anybody's."""
    contacts = [contact for contact in Contact.objects.current_on(today()) if contact.telephone]
    partners = set(Organisation.objects.filter(promises=survey_round.promise_id).values_list("pk", flat=True))
    contacts.sort(key=lambda contact: contact.organisation_id not in partners)
    return isolated(contacts[0].telephone) if contacts else gettext("kommunens växel")
