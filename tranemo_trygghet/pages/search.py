"""Search in what is published: promises, reports, places and words of the trade."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from followups.models import ActionUpdate, CombinedResult, FollowUp
from promises.models import Action, Place, Promise, Term
from promises.prose import as_words
from promises.wording import capitalised

LONGEST_QUERY = 100
MOST_HITS = 50
EXCERPT = 180  # characters: two lines


@dataclass(frozen=True)
class Page:
    """Something that can be found."""

    kind: str
    title: str
    url: str
    text: str

    def score(self, words: Iterable[str]) -> int:
        """Nought unless every word begins a word of the page; a word in the title weighs more."""
        return min((self._weight(word) for word in words), default=0)

    def _weight(self, word: str) -> int:
        begins = rf"\b{re.escape(word)}"
        in_title = re.search(begins, self.title.casefold()) is not None
        return 100 * in_title + len(re.findall(begins, self.text.casefold()))


@dataclass(frozen=True)
class Hit:
    """A page that was found, and the words around what was looked for."""

    page: Page
    excerpt: str


def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "")[:LONGEST_QUERY].replace("\x00", "").strip()
    return render(request, "site/search.html", {"query": query, "hits": hits(query) if query else []})


def hits(query: str) -> list[Hit]:
    """The pages that hold every word of the query, the best first."""
    words = re.findall(r"\w+", query.casefold())
    scored = [(page.score(words), page) for page in pages()] if words else []
    found = sorted((each for each in scored if each[0]), key=lambda each: -each[0])
    return [Hit(page, around(words, page.text)) for _score, page in found[:MOST_HITS]]


def around(words: Iterable[str], text: str) -> str:
    """The text from a little before the first of the words that stands in it."""
    places = [match.start() for word in words if (match := re.search(rf"\b{re.escape(word)}", text, re.IGNORECASE))]
    start = max(min(places, default=0) - EXCERPT // 3, 0)
    begin = text.find(" ", start) + 1 if start else 0
    full = min(begin + EXCERPT, len(text))
    cut = full if full == len(text) else text.rfind(" ", begin, full)
    end = cut if cut > begin else full
    return f"{'… ' if begin else ''}{text[begin:end]}{' …' if end < len(text) else ''}"


def pages() -> Iterator[Page]:
    """Everything published that has words of its own."""
    for promise in Promise.objects.published():
        text = " ".join([promise.lead, promise.background, promise.situation, promise.aim, promise.following])
        yield Page(_("Löfte"), promise.title, promise.get_absolute_url(), text)
    for action in Action.objects.published().select_related("promise"):
        yield Page(_("Åtgärd"), action.title, action.get_absolute_url(), action.text)
    yield from month_pages()
    for result in CombinedResult.objects.published().select_related("promise"):
        title = _("Sammanlagt resultat %(year)s") % {"year": result.year}
        yield Page(_("År"), title, result.get_absolute_url(), as_words(f"{result.summary}\n\n{result.way_forward}"))
    for place in Place.objects.published().select_related("locality").prefetch_related("reasons"):
        said = " ".join(reason.text for reason in place.reasons.all())
        yield Page(_("Plats"), place.name, place.get_absolute_url(), f"{place.locality} {place.description} {said}")
    for term in Term.objects.published():
        yield Page(_("Ord"), term.word, term.get_absolute_url(), f"{term.spelled_out} {term.explanation}")


def month_pages() -> Iterator[Page]:
    updates: dict[int, list[str]] = {}
    for update in ActionUpdate.objects.published():
        updates.setdefault(update.followup_id, []).append(update.text)
    for report in FollowUp.objects.published():
        words = [report.summary, report.no_meeting_reason, *updates.get(report.pk, [])]
        yield Page(_("Månad"), capitalised(str(report)), report.get_absolute_url(), as_words("\n\n".join(words)))
