"""Codes and letters, written once; posters and the paper form, printed as often as anybody likes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from promises.admin.base import staff, tell_fault
from promises.wording import full_day
from surveys import codes, letters
from surveys.admin.round_pages import RoundPagesAdmin
from surveys.models import InvitationBatch, RoundPlace, SurveyRound
from surveys.paper import paper_sheets

MOST_CODES, MOST_LETTERS = 10_000, 500
CSV, SHEET = "csv", "brev"


class PlaceToWriteTo(forms.ModelChoiceField):
    """A place, and how many codes it has already."""

    def label_from_instance(self, place: Any) -> str:
        if not place.codes:
            return str(place)
        number = ngettext("%s kod finns redan", "%s koder finns redan", place.codes) % place.codes
        return f"{place} ({number})"


class CodesForm(forms.Form):
    """A batch for one place, and the words of its letters."""

    round_place = PlaceToWriteTo(label=_("Plats"), queryset=RoundPlace.objects.none(), empty_label=None)
    size = forms.IntegerField(label=_("Antal brev"), min_value=1, max_value=MOST_CODES)
    as_what = forms.ChoiceField(
        label=_("Hur ska breven tryckas?"),
        choices=[
            (CSV, _("Av ett tryckeri eller med kopplad utskrift: en fil (CSV)")),
            (SHEET, _("Här, på egen skrivare: en sida med alla brev (högst 500)")),
        ],
        initial=CSV,
        widget=forms.RadioSelect,
    )
    letter = forms.CharField(label=_("Brevets text"), widget=forms.Textarea(attrs={"rows": 12}))
    reminder = forms.CharField(label=_("Påminnelsens text"), widget=forms.Textarea(attrs={"rows": 10}))

    def __init__(self, survey_round: SurveyRound, data: Any = None, *, batch: InvitationBatch | None = None) -> None:
        super().__init__(data, label_suffix="")
        places = survey_round.round_places.select_related("place", "round__promise").order_by("number")
        places = places.annotate(codes=Coalesce(Sum("invitation_batches__size"), 0))
        self.fields["round_place"].queryset = places  # type: ignore[attr-defined]
        first = batch.round_place if batch else next((each for each in places if not each.codes), places[0])
        texts = letters.default_texts(first, one_of_many=len(places) > 1 and batch is None)
        self.initial = {"round_place": first.pk, "size": first.invited, "as_what": CSV}
        self.initial |= {"letter": texts.letter, "reminder": texts.reminder}
        self.batch = batch
        if batch:
            del self.fields["round_place"], self.fields["size"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        size = self.batch.size if self.batch else cleaned.get("size", 0)
        if cleaned.get("as_what") == SHEET and size > MOST_LETTERS:
            self.add_error("as_what", __("Högst %s brev åt gången kan tryckas härifrån. Välj filen.") % MOST_LETTERS)
        return cleaned

    def texts(self, round_place: RoundPlace) -> letters.LetterTexts:
        pair = (self.cleaned_data[name].replace("{plats}", round_place.place.name) for name in ("letter", "reminder"))
        return letters.LetterTexts(*pair)


class PrintingAdmin(RoundPagesAdmin):
    def get_urls(self) -> list[URLPattern]:
        return [
            self.own_url("koder", "codes", self.codes_view),
            self.own_url("koder/<int:batch_id>/byt", "replace_codes", self.replace_view),
            self.own_url("affischer", "posters", self.posters_view),
            self.own_url("papper", "paper", self.paper_view),
            *super().get_urls(),
        ]

    # --- codes ---

    def codes_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        survey_round = self.round_to_change(request, object_id)
        if not survey_round.round_places.exists():
            return redirect(self.own_address(survey_round))
        form = CodesForm(survey_round, request.POST if request.method == "POST" else None)
        if form.is_valid():
            place, size = form.cleaned_data["round_place"], form.cleaned_data["size"]
            made = ngettext("Skapade %s kod", "Skapade %s koder", size) % size
            make = partial(codes.issue_batch, place, size, staff(request))
            return self._write_once(request, place, form, make, f"{made}: {place}.")
        batches = InvitationBatch.objects.filter(round_place__round=survey_round)
        context = {"form": form, "batches": batches.select_related("round_place__place", "made_by")}
        return self.page(request, survey_round, "codes.html", __("Skapa koder"), **context)

    def replace_view(self, request: HttpRequest, object_id: str, batch_id: int) -> HttpResponse:
        """New codes in place of a batch of which none is used."""
        survey_round = self.round_to_change(request, object_id)
        mine = InvitationBatch.objects.filter(round_place__round=survey_round).select_related("round_place__place")
        batch = mine.filter(pk=batch_id).first()
        if batch is None:
            return redirect(self.own_address(survey_round, "codes"))
        form = CodesForm(survey_round, request.POST if request.method == "POST" else None, batch=batch)
        if form.is_valid():
            done = __("Bytte ut %(size)s koder: %(place)s.") % {"size": batch.size, "place": batch.round_place}
            make = partial(codes.replace_batch, batch, staff(request))
            return self._write_once(request, batch.round_place, form, make, done)
        return self.page(request, survey_round, "replace_codes.html", __("Byt ut koderna"), form=form, batch=batch)

    def _write_once(
        self, request: HttpRequest, place: RoundPlace, form: CodesForm, make: Callable[[], list[str]], done: str
    ) -> HttpResponse:
        """The codes go out in this one answer. If it cannot be written, they were never made."""
        try:
            with transaction.atomic():
                answer = self._sheet if form.cleaned_data["as_what"] == SHEET else self._file
                response = answer(request, place, form.texts(place), make())
                self.log_change(request, place.round, done)
        except ValidationError as fault:
            tell_fault(request, fault)
            return redirect(self.own_address(place.round, "codes"))
        return response

    def _file(
        self, request: HttpRequest, place: RoundPlace, texts: letters.LetterTexts, made: list[str]
    ) -> HttpResponse:
        response = HttpResponse(letters.mail_merge(place, made, texts), content_type="text/csv; charset=utf-8")
        name = f"koder-{place.round.slug}-{place.place.slug}-{texts.version}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return never_kept(response)

    def _sheet(
        self, request: HttpRequest, place: RoundPlace, texts: letters.LetterTexts, made: list[str]
    ) -> HttpResponse:
        context = {
            "round_place": place,
            "texts": texts,
            "letters": letters.letters(place, made),
            "senders": letters.senders(place.round),
            "address": letters.shown(letters.survey_address(place.round)),
            "back_url": self.own_address(place.round),
        }
        page = TemplateResponse(request, "admin/surveys/print/letters.html", context)
        return never_kept(page.render())

    # --- posters and paper ---

    def posters_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        survey_round = self.row_or_404(request, object_id)
        context = {
            "survey_round": survey_round,
            "posters": letters.posters(survey_round) if survey_round.is_published and survey_round.takes_open else [],
            "senders": letters.senders(survey_round),
            "last_day": full_day(survey_round.last_day),
            "back_url": self.own_address(survey_round),
        }
        return TemplateResponse(request, "admin/surveys/print/posters.html", context)

    def paper_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        survey_round = self.row_or_404(request, object_id)
        context = {
            "survey_round": survey_round,
            "sheets": paper_sheets(survey_round.book),
            "senders": letters.senders(survey_round),
            "last_day": full_day(survey_round.last_day),
            "telephone": letters.telephone(survey_round),
            "back_url": self.own_address(survey_round),
        }
        return TemplateResponse(request, "admin/surveys/print/paper.html", context)


def never_kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
