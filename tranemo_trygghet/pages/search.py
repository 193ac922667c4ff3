"""Search in what is published: promises and what came of them, places, surveys, words, and pages of the portal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.db.models.functions import Cast, Concat, ExtractYear
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from followups.models import ActionUpdate, CombinedResult, FollowUp, Indicator, Meeting
from promises.models import Action, InformationPage, Place, PlaceReason, Promise, Term
from promises.prose import as_words
from promises.together import said_beneath
from promises.wording import capitalised, full_day
from surveys.asked import address_of_question, asked_questions, in_no_place
from surveys.models import SurveyRound
from tranemo_trygghet.full_text import found, words_in

LONGEST_QUERY = 100
MOST_WORDS = 8
MOST_HITS = 50
EXCERPT = 180  # characters: two lines
SHORTEST_STEM = 4


@dataclass(frozen=True)
class Kind:
    """One kind of thing that can be found: which rows, and where their words stand."""

    name: str
    rows: QuerySet[Any]
    texts: Sequence[str]
    title: str = "title"
    called: Callable[[Any], str] = str
    address: Callable[[Any], str] = lambda row: row.get_absolute_url()
    day: Callable[[Any], date] | None = None  # what is told apart by its day: meetings are often called alike


@dataclass(frozen=True)
class Hit:
    """Something that was found, and the words around what was looked for."""

    kind: str
    title: str
    url: str
    excerpt: str
    rank: float


def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "")[:LONGEST_QUERY].replace("\x00", "").strip()
    if not query:
        return render(request, "site/search.html")
    # A list of hits is as new as the question.
    return render(request, "site/search.html", {"query": query, "hits": hits(query), "site_updated_on": None})


def hits(query: str) -> list[Hit]:
    """What holds every word of the query, the best first."""
    words = words_in(query)[:MOST_WORDS]
    all_hits = [hit for kind in kinds() for hit in hits_of(kind, words)] if words else []
    return sorted(all_hits, key=lambda hit: -hit.rank)[:MOST_HITS]


def hits_of(kind: Kind, words: Sequence[str]) -> Iterator[Hit]:
    rows = found(kind.rows, words, title=kind.title, texts=kind.texts)
    # No more of a kind than are shown of all: the rest is not read.
    for row in rows.order_by("-rank", *rows.model._meta.ordering)[:MOST_HITS]:
        said = "\n\n".join(attrgetter(path.replace("__", "."))(row) or "" for path in kind.texts)
        text = as_words("\n\n".join(apart(said)))
        name = f"{kind.name} · {full_day(kind.day(row))}" if kind.day else kind.name
        yield Hit(name, kind.called(row), kind.address(row), around(words, text), row.rank)


def apart(said: str) -> Iterator[str]:
    """Each paragraph as a sentence of its own, so that a place's name does not run into what is said of it."""
    paragraphs = filter(None, (each.strip() for each in said.split("\n\n")))
    return (each if each[-1] in ".!?:" else f"{each}." for each in paragraphs)


def kinds() -> list[Kind]:
    promise = ["lead", "background", "situation", "aim", "following"]
    actions = Action.objects.published().select_related("promise")
    told = ["summary", "no_meeting_reason", "lines"]
    lines = said_beneath(ActionUpdate.objects.all(), "followup")
    reports = FollowUp.objects.published().annotate(title=month_in_words(), lines=lines)
    year = Concat(Value(_("Sammanlagt resultat") + " "), Cast("year", CharField()))
    results = CombinedResult.objects.published().select_related("promise").annotate(title=year)
    # Who looks for where she lives finds its places first: the locality counts as a part of their names.
    lies = Concat("name", Value(" "), "locality__name")
    why = said_beneath(PlaceReason.objects.all(), "place")
    places = Place.objects.published().select_related("locality").annotate(lies=lies, why=why)
    meetings = Meeting.objects.published()
    said = ["locality__name", "description", "why"]
    figures = Indicator.objects.published().with_promise_that_shows_it()
    return [
        Kind(_("Löfte"), Promise.objects.published(), promise),
        Kind(_("Åtgärd"), actions, ["text"], called=lambda action: action.title),
        Kind(_("Månad"), reports, told, called=lambda report: capitalised(str(report))),
        Kind(_("År"), results, ["summary", "way_forward"], called=lambda result: result.title),
        Kind(_("Plats"), places, said, title="lies"),
        Kind(_("Möte"), meetings, ["venue", "summary", "cancel_reason"], day=lambda meeting: meeting.day),
        Kind(_("Siffra"), figures, ["definition"], title="name", address=Indicator.address_in_promise),
        Kind(_("Enkät"), SurveyRound.objects.published().told(), [], called=lambda each: each.title),
        Kind(_("Fråga"), asked_questions(), ["answers"], title="text", called=in_no_place, address=address_of_question),
        Kind(_("Ord"), Term.objects.published(), ["spelled_out", "explanation"], title="word"),
        Kind(_("Sida"), InformationPage.objects.all(), ["text"], title="name"),
    ]


def month_in_words() -> Concat:
    """The month as it is called, "oktober 2026", so that it is found by its name."""
    name = Case(*(When(first_day__month=number, then=Value(str(MONTHS[number]))) for number in range(1, 13)))
    return Concat(name, Value(" "), Cast(ExtractYear(F("first_day")), CharField()), output_field=CharField())


def around(words: Iterable[str], text: str) -> str:
    """The text from a little before the first of the words that stands in it."""
    start = max(min(filter(None, (place_of(word, text) for word in words)), default=0) - EXCERPT // 3, 0)
    begin = text.find(" ", start) + 1 if start else 0
    full = min(begin + EXCERPT, len(text))
    cut = full if full == len(text) else text.rfind(" ", begin, full)
    end = cut if cut > begin else full
    return f"{'… ' if begin else ''}{text[begin:end]}{' …' if end < len(text) else ''}"


def place_of(word: str, text: str) -> int | None:
    """Where the word stands, or one with the same stem: the longest beginning of it that some word has."""
    for length in range(len(word), min(SHORTEST_STEM, len(word)) - 1, -1):
        if match := re.search(rf"\b{re.escape(word[:length])}", text, re.IGNORECASE):
            return match.start()
    return None
