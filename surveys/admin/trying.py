"""A questionnaire as residents will see it, and a way to try it: checked as their answers are, and stored nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.translation import gettext

from promises.admin.base import PolicyAdmin
from surveys.codebook import BookPlace, BookQuestion, Codebook, Kind
from surveys.compiling import compile_questions
from surveys.forms import CODE, PLACE, ResponseForm
from surveys.models import Survey, SurveyRound


@dataclass(frozen=True)
class TriedRound:
    """Stands in the place of a round for the form and the page, and has no ballot box."""

    survey: Survey
    book: Codebook
    title: str
    takes_codes: bool = False
    takes_open: bool = True

    @property
    def when(self) -> str:
        return gettext("förhandsgranskning")

    @classmethod
    def of_survey(cls, survey: Survey) -> TriedRound:
        somewhere = BookPlace(1, "plats", gettext("platsen"))
        return cls(survey, Codebook(compile_questions(survey), (somewhere,), ""), survey.title)

    @classmethod
    def of_round(cls, survey_round: SurveyRound) -> TriedRound:
        return cls(
            survey_round.survey,
            survey_round.book,
            survey_round.title,
            takes_codes=survey_round.takes_codes,
            takes_open=survey_round.takes_open,
        )

    def place(self, slug: str | None) -> BookPlace | None:
        return next((place for place in self.book.places if place.slug == slug), None)


@dataclass(frozen=True)
class WouldBeStored:
    """What an answer would leave in the ballot box: these words, as this row."""

    answers: list[tuple[str, str]]
    not_asked: list[str]
    place: str
    way: str
    row: str


class TryingAdmin(PolicyAdmin):
    """Adds the page on which a questionnaire is seen and tried."""

    def get_urls(self) -> list[URLPattern]:
        return [self.own_url("prova", "try", self.try_view), *super().get_urls()]

    def tried(self, row: Any) -> TriedRound:
        raise NotImplementedError

    def try_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """No call to `submit`: what is posted here reaches no ballot box, uses no code and is not logged."""
        row = self.row_or_404(request, object_id)
        tried = self.tried(row)
        data = request.POST if request.method == "POST" else None
        form: Any = ResponseForm(data, survey_round=tried, place=tried.place(request.GET.get("plats")))  # type: ignore[arg-type]
        context = {
            "survey_round": tried,
            "form": form,
            "would_be_stored": would_be_stored(form) if form.is_valid() else None,
            "back_url": self.own_address(row),
        }
        return TemplateResponse(request, "admin/surveys/try.html", context)


def would_be_stored(form: ResponseForm) -> WouldBeStored:
    book = form.book
    answered = {question.key: form.answers.get(question.key) for question in book.visible(form.answers)}
    shown = [book.question(key) for key in answered]
    chosen = {key: answer for key, answer in answered.items() if answer and book.question(key).kind != Kind.TEXT}
    by_code = bool(form.cleaned_data.get(CODE))
    return WouldBeStored(
        answers=[(book.text_of(each, form.place), in_words(each, answered[each.key])) for each in shown],
        not_asked=[book.text_of(each, form.place) for each in book.questions if each.key not in answered],
        place=gettext("kodens plats") if by_code else _place_name(form),
        way=gettext("kod") if by_code else gettext("öppen länk"),
        row=book.encode(chosen),
    )


def _place_name(form: ResponseForm) -> str:
    if form.place is not None:
        return form.place.name
    return form.book.place(int(form.cleaned_data[PLACE])).name


def in_words(question: BookQuestion, answer: Any) -> str:
    if not answer:
        return gettext("inget svar")
    if question.kind == Kind.TEXT:
        return str(answer)
    keys = answer if isinstance(answer, list) else [answer]
    return ", ".join(question.option(key).text for key in keys)
