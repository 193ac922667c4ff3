"""A published result as its page shows it. It reads the frozen snapshot alone, so page and snapshot say the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from surveys import wording
from surveys.codebook import Kind
from surveys.models import Channel, ResultRelease
from surveys.results import POSITIVE, main_share_key, share_from_json, snapshots
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


@dataclass(frozen=True)
class PageTable:
    caption: str
    headers: list[str]
    rows: list[list[str]]
    table_id: str
    note: str = ""


@dataclass(frozen=True)
class PageQuestion:
    """One question's answers: a chart, the same numbers in a table, and tables by group."""

    text: str
    condition: str
    source: str
    n_text: str
    is_scale: bool
    chart: list[PageShare]
    table: PageTable | None
    breakdowns: list[PageTable]
    why_withheld: str


@dataclass(frozen=True)
class PagePopulation:
    """Those who answered in one way. Two ways are never added up."""

    key: str
    title: str
    note: str
    questions: list[PageQuestion]
    who_answered: list[PageTable]


def result_page(release: ResultRelease) -> dict[str, Any]:
    """What the page's template needs."""
    content = release.content
    words = _Words(content)
    return {
        "release": release,
        "survey_round": release.round,
        "title": content["title"],
        "place_names": ", ".join(place["name"] for place in content["places"]),
        "period": _period(content),
        "lead": words.lead(),
        "populations": [words.population(snapshot) for snapshot in snapshots(content)],
        "changes": list(_changes(content)),
        "comparison": content["comparison"],
        "baseline_url": _baseline_url(content),
        "left_out": _left_out(content),
        "spelling_corrections": content["spelling_corrections"],
        "has_free_text": any(question["kind"] == Kind.TEXT for question in content["questions"]),
    }


def summary_sentence(content: dict[str, Any]) -> str:
    """The main result in one sentence, for cards and lists; empty if it may not be shown."""
    return _Words(content).lead()


# --- texts ---


def _period(content: dict[str, Any]) -> str:
    first, last = (date_format(date.fromisoformat(content[name]), "j F Y") for name in ("first_day", "last_day"))
    return f"{first}–{last}".replace("–", f" {DASH} ")


def _left_out(content: dict[str, Any]) -> str:
    channel, reason = content["left_out"]["channel"], content["left_out"]["reason"]
    if not channel:
        return ""
    return gettext("Svar genom %(channel)s är inte med: %(reason)s") % {
        "channel": Channel(channel).label,
        "reason": reason,
    }


def _baseline_url(content: dict[str, Any]) -> str:
    comparison = content["comparison"]
    return reverse("surveys:result", args=[comparison["slug"]]) if comparison else ""


def _changes(content: dict[str, Any]) -> Iterator[dict[str, str]]:
    """The main share before and after, for everybody and for each place."""
    for group in (content["comparison"] or {}).get("groups", []):
        before, after = share_from_json(group["before"]), share_from_json(group["after"])
        place = group["label"]
        subject = gettext("%(place)s: andelen") % {"place": place} if place else gettext("Andelen")
        yield {
            "label": group["label"],
            "before": wording.figures(before),
            "after": wording.figures(after),
            "sentence": wording.change(subject, before, after),
            "interval": wording.points(before.change_to(after)),
        }


class _Words:
    """The release's questions and options by key, and the page's texts about them."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content
        self.questions = {question["key"]: question for question in content["questions"]}
        self.tables = 0

    def lead(self) -> str:
        """The main question's answer in one sentence."""
        key = main_share_key(self.content)
        for snapshot in snapshots(self.content):
            shown = snapshot.question(self.content["main_question"])
            share = shown.whole.share(key) if shown else None
            if share is not None:
                words = {"share": wording.per_cent(share), "answers": self.positive_in_words()}
                return gettext("%(share)s svarade %(answers)s.") % words
        return ""

    def positive_in_words(self) -> str:
        options = self.questions[self.content["main_question"]]["options"]
        positive = [f"”{option['text']}”" for option in options if option["counts_as"] == "+"]
        return gettext(" eller ").join(positive)

    # --- populations ---

    def population(self, snapshot: Snapshot) -> PagePopulation:
        main = self.content["main_question"]
        ordered = sorted(snapshot.questions, key=lambda question: question.key != main)
        return PagePopulation(
            key=snapshot.population,
            title=gettext("Svar med kod") if snapshot.population == "code" else gettext("Självvalda svar"),
            note=self.population_note(snapshot),
            questions=[self.question(question) for question in ordered],
            who_answered=[self.sizes(breakdown) for breakdown in snapshot.who_answered],
        )

    def population_note(self, snapshot: Snapshot) -> str:
        if snapshot.n is None:
            return gettext("Färre än tio svarade. Därför visas inte resultatet.")
        answered = wording.respondents(snapshot.n)
        if snapshot.population != "code":
            return gettext(
                "%(answered)s genom öppen länk eller på papper utan kod. De som svarade valde det själva, och den som "
                "svarade två gånger kan vara räknad två gånger. Andelarna säger vad de tyckte, inte vad alla tycker."
            ) % {"answered": answered}
        invited = self.content["invited"]
        if not invited:
            return gettext("%(answered)s, en kod för varje svar.") % {"answered": answered}
        return ngettext(
            "%(answered)s av %(invited)s inbjuden (%(rate)s %%), en kod för varje svar.",
            "%(answered)s av %(invited)s inbjudna (%(rate)s %%), en kod för varje svar.",
            invited,
        ) % {"answered": answered, "invited": invited, "rate": round(100 * snapshot.n / invited)}

    # --- questions ---

    def question(self, shown: ShownQuestion) -> PageQuestion:
        question = self.questions[shown.key]
        chart = self.chart(question, shown.whole)
        return PageQuestion(
            text=question["text"],
            condition=question["condition"],
            source=question["source"],
            n_text=wording.respondents(shown.whole.n) if shown.whole.n else "",
            is_scale=question["kind"] in (Kind.SCALE, Kind.ONE),
            chart=chart if len(chart) > 1 else [],
            table=self.share_table(question, shown.whole) if shown.whole.shares else None,
            breakdowns=[self.breakdown(question, each) for each in shown.breakdowns],
            why_withheld=wording.why_withheld(shown.whole.withheld) if shown.whole.withheld else "",
        )

    def chart(self, question: dict[str, Any], group: ShownGroup) -> list[PageShare]:
        tones = tones_of(question["options"])
        return [
            self.page_share(question, share, tones.get(share.key)) for share in group.shares if share.key != POSITIVE
        ]

    def page_share(self, question: dict[str, Any], share: ShownShare, tone: int | None) -> PageShare:
        interval = share.interval()
        return PageShare(
            label=self.label(question, share.key),
            text=wording.per_cent(share),
            low=share.low,
            high=share.high,
            tone=tone,
            interval_low=round(100 * interval.low, 1),
            interval_high=round(100 * interval.high, 1),
            interval=wording.interval(interval),
        )

    def label(self, question: dict[str, Any], key: str) -> str:
        if key == POSITIVE:
            return gettext("Trygga eller positiva svar tillsammans")
        return next(option["text"] for option in question["options"] if option["key"] == key)

    # --- tables ---

    def share_table(self, question: dict[str, Any], group: ShownGroup) -> PageTable:
        shares = [self.page_share(question, share, None) for share in group.shares]
        return PageTable(
            caption=gettext("Så svarade ni: %(question)s") % {"question": question["text"]},
            headers=[gettext("Svar"), gettext("Andel"), gettext("Osäkerhet")],
            rows=[[share.label, share.text, share.interval] for share in shares],
            table_id=self.table_id(),
            note=wording.why_ranges([group]),
        )

    def breakdown(self, question: dict[str, Any], shown: ShownBreakdown) -> PageTable:
        keys = list(dict.fromkeys(share.key for group in shown.groups for share in group.shares))
        headers = [shown.label, gettext("Antal svar"), *(self.label(question, key) for key in keys)]
        rows = [self.group_row(group, keys) for group in shown.groups]
        return PageTable(shown.label, headers, rows if keys else [], self.table_id(), breakdown_note(shown))

    def group_row(self, group: ShownGroup, keys: list[str]) -> list[str]:
        shares = (group.share(key) for key in keys)
        return [group.label, size(group), *(wording.per_cent(share) if share else DASH for share in shares)]

    def sizes(self, shown: ShownBreakdown) -> PageTable:
        headers = [shown.label, gettext("Antal svar")]
        rows = [[group.label, size(group)] for group in shown.groups]
        return PageTable(shown.label, headers, rows, self.table_id(), breakdown_note(shown))

    def table_id(self) -> str:
        self.tables += 1
        return f"tabell-{self.tables}"


def size(group: ShownGroup) -> str:
    return DASH if group.n is None else str(group.n)


def breakdown_note(shown: ShownBreakdown) -> str:
    """Why something in a breakdown is not shown, and why some shares are ranges."""
    reasons = {shown.withheld, *(group.withheld for group in shown.groups)} - {None}
    sentences = [wording.why_withheld(reason) for reason in sorted(each for each in reasons if each)]
    return " ".join([*sentences, wording.why_ranges(shown.groups)]).strip()


def tones_of(options: list[dict[str, str]]) -> dict[str, int]:
    """From very safe (2) to very unsafe (-2), by how each option counts and where on the scale it stands."""
    positive = [option["key"] for option in options if option["counts_as"] == "+"]
    negative = [option["key"] for option in options if option["counts_as"] == "-"]
    if options and options[0]["counts_as"] == "-":  # the scale begins with the worst
        positive, negative = positive[::-1], negative[::-1]
    tones = {option["key"]: 0 for option in options if option["counts_as"] == "0"}
    tones |= {key: 2 if place == 0 else 1 for place, key in enumerate(positive)}
    return tones | {key: -1 if place == 0 and len(negative) > 1 else -2 for place, key in enumerate(negative)}
