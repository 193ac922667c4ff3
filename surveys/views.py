"""The public pages of the surveys. They know nobody: no cookie, no session."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from promises.addresses import beside, page_and_next
from promises.clients import client_network
from promises.joining import joined
from promises.months import start_of, today
from promises.often import Often
from promises.wording import newest_day
from surveys import released, result_files
from surveys.codebook import BookPlace
from surveys.forms import ResponseForm, telephone
from surveys.models import EarlierSurvey, SurveyRound
from surveys.result_page import result_page

# Asked by every answer that comes in. The codebook is read once: it is frozen.
ROUND_AT_ADDRESS = Often(lambda slug: SurveyRound.objects.published().at_address(slug).defer("codebook"))


# On a page, of the rounds that are a line each: some years of them.
SO_MANY_LINES = 30


class SeeOther(HttpResponseRedirect):
    """303: what comes after a form, always fetched by GET."""

    status_code = 303


@require_safe
def list_rounds(request: HttpRequest) -> HttpResponse:
    """What is open and coming, and what ended this year or the last; a line for each that is older."""
    now = timezone.now()
    rounds = joined(SurveyRound.objects.not_open_at(now).newest_first().closing_from(turn()), "round_places__place")
    open_rounds = joined(SurveyRound.objects.open_at(now).newest_first(), "round_places__place")
    older = older_on_page(1)
    shown = [*open_rounds, *rounds, *older["older_rounds"]]
    context = {
        "updated_on": newest_day(*(day for each in shown for day in each.changed)),
        "open_rounds": open_rounds,
        "coming_rounds": [each for each in rounds if each.is_coming],
        "ended_rounds": [each for each in rounds if each.has_ended],
        "earlier_surveys": EarlierSurvey.objects.published().with_shares(),
        **older,
    }
    return render(request, "surveys/list.html", context)


@require_safe
def older_rounds(request: HttpRequest, number: int) -> HttpResponse:
    """The lines that the list has no room for."""
    older = older_on_page(number)
    if not older["older_rounds"]:
        raise Http404
    days = [day for each in older["older_rounds"] for day in each.changed]
    return render(request, "surveys/list.html", older | {"updated_on": newest_day(*days)})


def turn() -> datetime:
    """Rounds that closed before this are a line each."""
    return start_of(date(today().year - 1, 1, 1))


def older_on_page(number: int) -> dict[str, Any]:
    rows = SurveyRound.objects.not_open_at(timezone.now()).newest_first().closed_before(turn()).told()
    rounds = list(rows[page_and_next(number, SO_MANY_LINES)])
    pager = beside("surveys:list", "surveys:older", number, has_older=len(rounds) > SO_MANY_LINES)
    return {"older_rounds": rounds[:SO_MANY_LINES], "number": number, "pager": pager}


# The same-origin middleware stands in the place of Django's token, which would need a cookie.
@csrf_exempt
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    survey_round = ROUND_AT_ADDRESS.find(slug)
    if survey_round is None:
        raise Http404
    if not survey_round.is_open:
        return _not_open(request, survey_round)
    place = _place_of_the_link(request, survey_round)
    form = ResponseForm(request.POST if request.method == "POST" else None, survey_round=survey_round, place=place)
    if form.is_valid() and form.submit(client_network(request)):
        return _never_kept(SeeOther(reverse("surveys:thanks", args=[slug])))
    context = {"survey_round": survey_round, "form": form, "updated_on": newest_day(*survey_round.changed)}
    page = render(request, "surveys/answer.html", context)
    if form.must_wait:
        page.status_code, page["Retry-After"] = 429, "60"
    return _never_kept(page) if form.is_bound else page


@require_safe
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    survey_round = get_object_or_404(SurveyRound.objects.published().with_result_known(), slug=slug)
    context = {"survey_round": survey_round, "updated_on": newest_day(*survey_round.changed)}
    return render(request, "surveys/thanks.html", context)


@require_safe
def result(request: HttpRequest, slug: str) -> HttpResponse:
    survey_round = get_object_or_404(SurveyRound.objects.published().told().with_result_known(), slug=slug)
    release = released.latest(survey_round)
    if release is None:
        if survey_round.is_coming:
            raise Http404
        return _not_open(request, survey_round)
    context = result_page(release) | {
        # A result is long, and of the versions before it only the day and the reason are said.
        "releases": survey_round.releases.defer("content"),
        "columns": result_files.columns().items(),
        "updated_on": newest_day(release.published_at),
        "earlier_surveys": EarlierSurvey.objects.published().with_shares(),
    }
    return render(request, "surveys/result.html", context)


@require_safe
def result_file(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    """The same result as a file: the address of the page, and data.csv, data.xlsx or data.json."""
    survey_round = get_object_or_404(SurveyRound.objects.published().with_result_known(), slug=slug)
    release = released.latest(survey_round)
    if release is None:
        raise Http404
    kind = result_files.FILES[ending]
    response = HttpResponse(kind.make(release), content_type=kind.content_type)
    response["Content-Disposition"] = f'attachment; filename="{slug}-resultat-{release.number}.{ending}"'
    return response


def _not_open(request: HttpRequest, survey_round: SurveyRound) -> HttpResponse:
    """Before and after, the address on the letter leads to a page that says when, and what comes then.

    While a round is open, so does the address of its result.
    """
    prefetch_related_objects([survey_round], "round_places__place")
    context = {
        "survey_round": survey_round,
        "came_too_late": request.method == "POST",
        "telephone": telephone(survey_round),
        "updated_on": newest_day(*survey_round.changed),
    }
    page = render(request, "surveys/not_open.html", context, status=409 if context["came_too_late"] else 200)
    return _never_kept(page) if context["came_too_late"] else page


def _place_of_the_link(request: HttpRequest, survey_round: SurveyRound) -> BookPlace | None:
    """A poster's link names its place, in the part of the address that is the same for everyone there."""
    slug = request.GET.get("plats")
    return next((place for place in survey_round.book.places if place.slug == slug), None)


def _never_kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
