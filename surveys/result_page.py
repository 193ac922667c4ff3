"""A published result as its page shows it. It reads the frozen snapshot alone, so page and snapshot say the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from promises.months import formatted
from promises.telling import in_words
from promises.wording import percent, span_of_days
from surveys import wording
from surveys.codebook import Kind
from surveys.models import ResultRelease
from surveys.released import PLACES, Content, main_question, share_from_json, share_key, shown_question, snapshots
from surveys.residents import beside, source_in_words
from surveys.result_method import left_out, method
from surveys.result_words import (
    answer_in_words,
    charted_keys,
    group_in_words,
    population_in_words,
    positive_in_words,
    questions_of,
    share_in_words,
    tones_of,
    why_incomplete,
)
from surveys.shown import ShownBreakdown, ShownGroup, ShownQuestion, ShownShare, Snapshot

DASH = "–"


@dataclass(frozen=True)
class PageShare:
    """One answer in a chart: its words, its per cent, and how sure they are."""

    label: str
    text: str
    low: float
    high: float
    tone: int | None
    interval_low: float
    interval_high: float
    interval: str
    n: int

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2


@dataclass(frozen=True)
class PageTable:
    caption: str
    headers: list[str]
    rows: list[list[str]]
    table_id: str
    note: str = ""


@dataclass(frozen=True)
class PageRound:
    """One round in a trend: the same question at the same places, to those who had a code."""

    label: str
    text: str
    value: float
    low: float
    high: float
    n: int
    interval: str
    url: str = ""
    is_joined: bool = True


@dataclass(frozen=True)
class PageQuestion:
    """One question's answers: a sum, a chart, the same numbers in a table, and tables by group."""

    key: str
    text: str
    condition: str
    source: str
    n_text: str
    is_scale: bool
    sum: PageShare | None
    chart: list[PageShare]
    trend: list[PageRound]
    table: PageTable | None
    breakdowns: list[PageTable]
    why_withheld: str


@dataclass(frozen=True)
class PagePopulation:
    """Those who answered in one way. Two ways are never added up."""

    key: str
    title: str
    note: str
    main: PageQuestion | None
    questions: list[PageQuestion]
    places: list[PageShare]
    places_note: str
    who_answered: list[PageTable]

    @property
    def is_self_selected(self) -> bool:
        return self.key != "code"


def result_page(release: ResultRelease) -> dict[str, Any]:
    """What the page's template needs."""
    content = release.content
    page = _Page(content)
    populations = [page.population(snapshot) for snapshot in snapshots(content)]
    compared = list(changes(content))
    return {
        "release": release,
        "survey_round": release.round,
        "title": content["title"],
        "place_names": ", ".join(place["name"] for place in content["places"]),
        "period": _period(content),
        "lead": summary_sentence(content),
        "first": next((each for each in populations if each.main and each.main.sum), None),
        "populations": populations,
        "changes": compared,
        "change": next((each for each in compared if not each["label"]), None),
        "comparison": content["comparison"],
        "baseline_url": _baseline_url(content),
        "left_out": left_out(content),
        "method": method(content),
        "spelling_corrections": content["spelling_corrections"],
        "themes": content.get("themes", []),
    }


def summary_sentence(content: Content) -> str:
    """The main result in one sentence, for cards and lists; empty if it may not be shown."""
    question = main_question(content)
    shares = (shown.whole.share(share_key(question)) for shown in shown_question(content, question["key"]))
    return next((share_in_words(question, share) for share in shares if share), "")


# --- texts ---


def _period(content: Content) -> str:
    return span_of_days(date.fromisoformat(content["first_day"]), date.fromisoformat(content["last_day"]))


def _baseline_url(content: Content) -> str:
    comparison = content["comparison"]
    return reverse("surveys:result", args=[comparison["slug"]]) if comparison else ""


def changes(content: Content) -> Iterator[dict[str, str]]:
    """The main share before and after, for everybody and for each place."""
    for group in (content["comparison"] or {}).get("groups", []):
        before, after = share_from_json(group["before"]), share_from_json(group["after"])
        place = group["label"]
        subject = gettext("%(place)s: andelen") % {"place": place} if place else gettext("Andelen")
        yield {
            "label": place,
            "before": wording.figures(before),
            "after": wording.figures(after),
            "sentence": wording.change(subject, before, after),
            "interval": wording.points(before.change_to(after)),
        }


def _note(snapshot: Snapshot, invited: int | None) -> str:
    """Who they are and how many; a response rate only where everybody who was asked is known."""
    if snapshot.n is None:
        return gettext("Färre än tio svarade. Därför visas inte resultatet.")
    answered = wording.respondents(snapshot.n)
    if snapshot.population != "code":
        return gettext(
            "%(answered)s genom öppen länk eller på papper utan kod. De som svarade valde det själva, och den som "
            "svarade två gånger kan vara räknad två gånger. Andelarna säger vad de tyckte, inte vad alla tycker."
        ) % {"answered": answered}
    if not invited:
        return gettext("%(answered)s, en kod för varje svar.") % {"answered": answered}
    return ngettext(
        "%(answered)s av %(invited)s inbjuden (%(rate)s %%), en kod för varje svar.",
        "%(answered)s av %(invited)s inbjudna (%(rate)s %%), en kod för varje svar.",
        invited,
    ) % {"answered": answered, "invited": invited, "rate": round(100 * snapshot.n / invited)}


class _Page:
    """One page's populations, questions and tables, made from the release's content."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.questions = questions_of(content)
        self.main = main_question(content)
        self.tables = 0
        self.of_groups = (gettext("Grupp"), gettext("Antal svar"))

    # --- populations ---

    def population(self, snapshot: Snapshot) -> PagePopulation:
        pages = [self.question(each, is_code=snapshot.population == "code") for each in snapshot.questions]
        shown = snapshot.question(self.main["key"])
        by_place = shown.breakdown(PLACES) if shown else None
        return PagePopulation(
            key=snapshot.population,
            title=population_in_words(snapshot.population),
            note=_note(snapshot, self.content["invited"]),
            main=next((each for each in pages if each.key == self.main["key"]), None),
            questions=[each for each in pages if each.key != self.main["key"]],
            places=list(self.places(by_place)) if by_place else [],
            places_note=why_incomplete(by_place) if by_place else "",
            who_answered=[self.sizes(breakdown) for breakdown in snapshot.who_answered],
        )

    def places(self, by_place: ShownBreakdown) -> Iterator[PageShare]:
        for group in by_place.shown_groups():
            share = group.share(share_key(self.main))
            if share is not None:
                yield self.page_share(group.label, share)

    # --- questions ---

    def question(self, shown: ShownQuestion, *, is_code: bool) -> PageQuestion:
        question, whole = self.questions[shown.key], shown.whole
        summed = whole.share(share_key(question))
        chart = self.chart(question, whole)
        return PageQuestion(
            key=shown.key,
            text=question["text"],
            condition=question["condition"],
            source=question["source"],
            n_text=wording.respondents(whole.n) if whole.n else "",
            is_scale=question["kind"] != Kind.SEVERAL,
            sum=self.page_share(positive_in_words(question), summed) if summed else None,
            chart=chart if len(chart) > 1 else [],
            trend=list(self.trend(shown.key, summed)) if is_code and summed else [],
            table=self.share_table(question, whole) if whole.shares else None,
            breakdowns=[self.breakdown(question, each) for each in shown.breakdowns],
            why_withheld=wording.why_withheld(whole.withheld) if whole.withheld else "",
        )

    def chart(self, question: dict[str, Any], group: ShownGroup) -> list[PageShare]:
        tones = tones_of(question)
        keys = charted_keys(question, (share.key for share in group.shares))
        return [
            self.page_share(answer_in_words(question, share.key), share, tones.get(share.key, 0))
            for share in group.shares
            if share.key in keys
        ]

    def page_share(self, label: str, share: ShownShare, tone: int | None = None) -> PageShare:
        interval = share.interval()
        return PageShare(
            label=label,
            text=wording.per_cent(share),
            low=share.low,
            high=share.high,
            tone=tone,
            interval_low=round(100 * interval.low, 1),
            interval_high=round(100 * interval.high, 1),
            interval=wording.interval(interval),
            n=share.n,
        )

    def trend(self, key: str, now: ShownShare) -> Iterator[PageRound]:
        """The rounds that asked the same, oldest first, with this one last; nothing if it is the first."""
        earlier = [each for each in self.content.get("earlier_rounds", []) if key in each["shares"]]
        for each in earlier:
            url = reverse("surveys:result", args=[each["slug"]])
            yield self.page_round(each["last_day"], share_from_json(each["shares"][key]), url)
        if earlier:
            yield self.page_round(self.content["last_day"], now)

    def page_round(self, last_day: str, share: ShownShare, url: str = "") -> PageRound:
        shown = self.page_share(formatted(date.fromisoformat(last_day), "YEAR_MONTH_FORMAT"), share)
        low, high = shown.interval_low, shown.interval_high
        return PageRound(shown.label, shown.text, shown.middle, low, high, share.n, shown.interval, url)

    # --- tables ---

    def share_table(self, question: dict[str, Any], group: ShownGroup) -> PageTable:
        shares = [self.page_share(answer_in_words(question, share.key), share) for share in group.shares]
        return PageTable(
            caption=gettext("Alla svar, %(n)s") % {"n": wording.respondents(group.n or 0)},
            headers=[gettext("Svar"), gettext("Andel"), gettext("Osäkerhet")],
            rows=[[share.label, share.text, share.interval] for share in shares],
            table_id=self.table_id(),
            note=wording.why_ranges([group]),
        )

    def breakdown(self, question: dict[str, Any], shown: ShownBreakdown) -> PageTable:
        keys = list(dict.fromkeys(share.key for group in shown.groups for share in group.shares))
        headers = [*self.of_groups, *(answer_in_words(question, key) for key in keys)]
        rows = [self.group_row(group, keys) for group in shown.groups]
        return PageTable(in_words(shown.label), headers, rows if keys else [], self.table_id(), why_incomplete(shown))

    def group_row(self, group: ShownGroup, keys: Iterable[str]) -> list[str]:
        by_key = {share.key: share for share in group.shares}
        shares = (by_key.get(key) for key in keys)
        figures = [wording.per_cent(share) if share else DASH for share in shares]
        return [group_in_words(group.label), size(group), *figures]

    def sizes(self, shown: ShownBreakdown) -> PageTable:
        headers = [*self.of_groups]
        rows = [[group_in_words(group.label), size(group)] for group in shown.groups]
        note, compared = why_incomplete(shown), beside(self.content, shown)
        if compared:
            headers += [gettext("Av dem som svarade"), gettext("Av dem som bor där")]
            for row, group in zip(rows, shown.groups, strict=True):
                shares = compared.get(group.key)
                row += [percent(share) for share in shares] if shares else [DASH, DASH]
            note = f"{note} {source_in_words(self.content)}".strip()
        return PageTable(in_words(shown.label), headers, rows, self.table_id(), note)

    def table_id(self) -> str:
        self.tables += 1
        return f"tabell-{self.tables}"


def size(group: ShownGroup) -> str:
    return DASH if group.n is None else str(group.n)
