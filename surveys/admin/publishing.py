"""The decision to publish: the result is read as the public would see it, and then it is published as read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from promises.admin.base import staff, tell_fault
from promises.signing import digest_of
from surveys import results
from surveys.admin.round_pages import RoundPagesAdmin
from surveys.models import ResultRelease, SurveyRound
from surveys.released import latest
from surveys.result_files import FILES
from surveys.result_page import result_page

PUBLISH = "_publish"


class PublishForm(forms.Form):
    summary = forms.CharField(
        label=_("I korthet"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Några meningar som står först på sidan. De blir inte kvar om du lämnar sidan utan att publicera."),
    )
    reason = forms.CharField(
        label=_("Varför rättas resultatet?"), widget=forms.Textarea(attrs={"rows": 2}), help_text=_("Visas för alla.")
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, before: ResultRelease | None, digest: str) -> None:
        # What is seen on the page that is about to be shown, whatever was seen before it.
        super().__init__(data, label_suffix="", initial={"seen": digest, "summary": before.summary if before else ""})
        self.digest = digest
        if before is None:
            del self.fields["reason"]

    def clean_seen(self) -> str:
        if self.cleaned_data["seen"] != self.digest:
            raise ValidationError(__("Resultatet har ändrats sedan du läste det. Läs det igen innan du publicerar."))
        return self.digest


class PublishingAdmin(RoundPagesAdmin):
    def get_urls(self) -> list[URLPattern]:
        return [
            self.own_url("publicera", "publish", self.publish_view),
            self.own_url("publicera/fil", "draft_file", require_POST(self.draft_file_view)),
            *super().get_urls(),
        ]

    def publish_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        survey_round = self.round_to_change(request, object_id)
        try:
            content = results.build_release(survey_round)
        except ValidationError as fault:
            tell_fault(request, fault)
            return redirect(self.own_address(survey_round))
        data = request.POST if request.method == "POST" else None
        form = PublishForm(data, before=latest(survey_round), digest=digest_of(content))
        if form.is_valid() and PUBLISH in request.POST:
            return self._publish(request, survey_round, form.cleaned_data)
        return self._as_the_public_sees_it(request, survey_round, content, form)

    def _publish(self, request: HttpRequest, survey_round: SurveyRound, decided: dict[str, str]) -> HttpResponse:
        def publish() -> None:
            results.publish_release(survey_round, staff(request), decided["summary"], decided.get("reason", ""))

        told = __("Resultatet är publicerat. Välj nu vilka åtgärder som svarar på det.")
        return self.carry_out(request, survey_round, publish, __("Publicerade resultatet."), told)

    def draft_file_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What would be published, as a file: through the same disclosure layer, marked as a draft, and logged."""
        survey_round = self.round_to_change(request, object_id)
        kind = FILES.get(request.POST.get("ending", ""))
        if kind is None or not survey_round.is_counted:
            raise Http404
        draft = draft_release(survey_round, results.build_release(survey_round))
        response = HttpResponse(kind.make(draft), content_type=kind.content_type)
        name = f"ej-publicerat-{survey_round.slug}.{kind.ending}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        self.log_change(request, survey_round, __("Hämtade resultatet som fil innan det publicerades."))
        return response

    def _as_the_public_sees_it(
        self, request: HttpRequest, survey_round: SurveyRound, content: dict[str, Any], form: PublishForm
    ) -> HttpResponse:
        draft = draft_release(survey_round, content)
        draft.summary = form["summary"].value() or ""
        draft.reason = form["reason"].value() or "" if draft.number > 1 else ""
        draft.decided_by_name, draft.published_at = staff(request).name_and_title, timezone.now()
        page = {**result_page(draft), "form": form, "digest": form.digest, "back_url": self.own_address(survey_round)}
        page["file_url"] = self.own_address(survey_round, "draft_file")
        return TemplateResponse(request, "admin/surveys/surveyround/publish.html", page)


def draft_release(survey_round: SurveyRound, content: dict[str, Any]) -> ResultRelease:
    """The release as it would be, unsaved."""
    before = latest(survey_round)
    return ResultRelease(round=survey_round, number=before.number + 1 if before else 1, content=content)
