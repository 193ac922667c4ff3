"""Reading what residents wrote: hints of what may point somebody out, themes with counts, quotes that two say yes to.

The only page that shows a free text. Only whoever answers for surveys comes in; what is logged is that it was done.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from promises.admin.base import staff, tell_fault
from surveys import themes
from surveys.admin.round_pages import RoundPagesAdmin
from surveys.codebook import BookQuestion
from surveys.hints import stretches
from surveys.models import SurveyRound
from surveys.models.themes import Quote, Theme
from surveys.released import latest

TEXTS_A_PAGE = 100
# The buttons of forms that words are typed in.
TYPED = ("_themes", "_quote")


class Labelled(forms.Form):
    """As the back office's other forms: no colon after a label."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)


class ThemesForm(Labelled):
    themes = forms.CharField(
        label=_("Teman, ett på varje rad"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Skriv så här: ”Belysning: 31”. Ett svar kan höra till flera teman, och minst tre till varje."),
    )

    def clean_themes(self) -> dict[str, int]:
        return themes.parsed(self.cleaned_data["themes"])


class QuoteForm(Labelled):
    theme = forms.ModelChoiceField(label=_("Tema"), queryset=Theme.objects.none(), empty_label=_("Välj tema"))
    text = forms.CharField(
        label=_("Citat"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ordagrant ur ett svar, utan det som pekar ut någon. Skriv […] där du har utelämnat något."),
    )

    def __init__(self, *args: Any, of: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].queryset = of  # type: ignore[attr-defined]


class FreeTextAdmin(RoundPagesAdmin):
    def get_urls(self) -> list[URLPattern]:
        return [self.own_url("egna-ord", "free_text", self.free_text_view), *super().get_urls()]

    def free_text_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        survey_round = self.round_to_change(request, object_id)
        question = self._text_question(request, survey_round)
        try:
            texts = themes.texts_of(survey_round, question.key)
        except ValidationError as fault:
            tell_fault(request, fault)
            return redirect(self.own_address(survey_round))
        refusal = None
        if request.method == "POST":
            refusal = self._act_on_texts(request, survey_round, question)
            if refusal is None:
                return redirect(request.get_full_path())
        return self._show_texts(request, survey_round, question, texts, refusal)

    def _text_question(self, request: HttpRequest, survey_round: SurveyRound) -> BookQuestion:
        questions = themes.text_questions(survey_round.book)
        wanted = request.GET.get("fraga", questions[0].key if questions else "")
        question = next((each for each in questions if each.key == wanted), None)
        if question is None:
            raise Http404
        return question

    def _show_texts(
        self,
        request: HttpRequest,
        survey_round: SurveyRound,
        question: BookQuestion,
        texts: list[str],
        refusal: ValidationError | None,
    ) -> HttpResponse:
        kept = _themes(survey_round, question)
        page = Paginator(texts, TEXTS_A_PAGE).get_page(request.GET.get("sida"))
        lines = "\n".join(f"{theme.title}: {theme.count}" for theme in kept)
        quotes = Quote.objects.filter(theme__in=kept).select_related("theme", "proposed_by", "confirmed_by")
        context = {
            "question": question,
            "questions": themes.text_questions(survey_round.book),
            "read": len(texts),
            "texts": [stretches(text) for text in page],
            "texts_page": page,
            "themes_form": ThemesForm(_refused(request, "_themes", refusal), initial={"themes": lines}),
            "quote_form": QuoteForm(_refused(request, "_quote", refusal), of=kept) if kept else None,
            "quotes": [(quote, stretches(quote.text)) for quote in quotes],
            "reader": staff(request),
            "is_published": latest(survey_round) is not None,
        }
        for form in (context["themes_form"], context["quote_form"]):
            if form and form.is_valid():
                form.add_error(None, refusal)
        return self.page(request, survey_round, "free_text.html", __("Svar i egna ord"), **context)

    def _act_on_texts(
        self, request: HttpRequest, survey_round: SurveyRound, question: BookQuestion
    ) -> ValidationError | None:
        """One of four verbs, named by the button that was pressed. Why it was refused, if words were typed for it."""
        verbs = {
            "_themes": (_write, __("Skrev teman för svar i egna ord.")),
            "_quote": (_propose, __("Föreslog ett citat.")),
            "_confirm": (_confirm, __("Bekräftade ett citat.")),
            "_remove": (_remove, __("Tog bort ett citat.")),
        }
        button = next((name for name in verbs if name in request.POST), "")
        if not button:
            raise Http404
        verb, done = verbs[button]
        try:
            verb(request, survey_round, question)
        except ValidationError as fault:
            if button in TYPED:
                return fault
            tell_fault(request, fault)
        else:
            self.log_change(request, survey_round, done)
            messages.success(request, done)
        return None


def _refused(request: HttpRequest, button: str, refusal: ValidationError | None) -> Any:
    """What was typed in the form of that button, to be mended; nothing if it is another that was refused."""
    return request.POST if refusal and button in request.POST else None


# --- the verbs ---


def _write(request: HttpRequest, survey_round: SurveyRound, question: BookQuestion) -> None:
    themes.write_themes(survey_round, question.key, _cleaned(ThemesForm(request.POST))["themes"])


def _propose(request: HttpRequest, survey_round: SurveyRound, question: BookQuestion) -> None:
    words = _cleaned(QuoteForm(request.POST, of=_themes(survey_round, question)))
    themes.propose_quote(words["theme"], words["text"], staff(request))


def _confirm(request: HttpRequest, survey_round: SurveyRound, question: BookQuestion) -> None:
    _quote(request.POST["_confirm"], survey_round).confirm(staff(request))


def _remove(request: HttpRequest, survey_round: SurveyRound, question: BookQuestion) -> None:
    _quote(request.POST["_remove"], survey_round).delete()


def _themes(survey_round: SurveyRound, question: BookQuestion) -> Any:
    return Theme.objects.filter(reading__round=survey_round, reading__question_key=question.key)


def _quote(key: str, survey_round: SurveyRound) -> Quote:
    if not key.isdecimal() or len(key) > themes.MOST_DIGITS:
        raise Http404
    return get_object_or_404(Quote, pk=key, theme__reading__round=survey_round)


def _cleaned(form: forms.Form) -> dict[str, Any]:
    if not form.is_valid():
        raise ValidationError([error for errors in form.errors.as_data().values() for each in errors for error in each])
    return form.cleaned_data
