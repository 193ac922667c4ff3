"""From tallies to a published result: what the disclosure layer lets through, frozen with all that explains it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from promises import policy
from promises.models import User
from promises.months import swedish_day
from surveys.codebook import BookOption, BookQuestion, Codebook, CountsAs, Kind
from surveys.codes import keyed
from surveys.comparison import compare_with_baseline, earlier_rounds
from surveys.disclosure import (
    AskedIf,
    Breakdown,
    Group,
    PopulationCounts,
    QuestionCounts,
    disclose,
    merged,
    why_not_replace,
)
from surveys.models import Channel, ResultRelease, SurveyRound
from surveys.released import FIGURES, PLACES, POSITIVE, latest, snapshots
from surveys.reporting import reported_together
from surveys.residents import residents_json
from surveys.themes import themes_json

# Two ways of answering that are never added up: one person one code, and those who chose themselves to answer.
POPULATIONS = {"code": frozenset({Channel.CODE}), "open": frozenset({Channel.OPEN, Channel.PAPER})}

# (place, group question, group option, question, option)
CellKey = tuple[int, str, str, str, str]


def publish_release(
    survey_round: SurveyRound, user: User, summary: str = "", reason: str = "", *, at: datetime | None = None
) -> ResultRelease:
    """Publish the round's result. A later release says why, and may not be subtracted from the one before."""
    policy.require(user, "change", survey_round)
    with transaction.atomic():
        stored = SurveyRound.objects.select_for_update().get(pk=survey_round.pk)
        content, before = build_release(stored), latest(stored)
        if before is not None:
            _require_replaceable(stored, content, reason)
        release = ResultRelease(
            round=stored,
            number=before.number + 1 if before else 1,
            content=content,
            summary=summary,
            reason=reason if before else "",
            decided_by=user,
            decided_by_name=user.name_and_title,
            published_at=at or timezone.now(),
        )
        release.save()
    return release


def _require_replaceable(survey_round: SurveyRound, content: dict[str, Any], reason: str) -> None:
    """Each earlier release has been read and kept by somebody: the new one may not be subtracted from any of them."""
    if not reason.strip():
        raise ValidationError(gettext("Skriv varför resultatet rättas."))
    new = {snapshot.population: snapshot for snapshot in snapshots(content)}
    for release in survey_round.releases.all():
        for old in snapshots(release.content):
            if old.population in new and why_not_replace(old, new[old.population]):
                raise ValidationError(
                    gettext("Skillnaden mot ett publicerat resultat är så liten att den skulle röja enskilda svar.")
                )


# --- what is published ---


def build_release(survey_round: SurveyRound) -> dict[str, Any]:
    """All that may be shown of a counted round, as values that JSON can hold."""
    if not survey_round.is_counted:
        raise ValidationError(gettext("Resultatet kan visas när omgången är räknad."))
    book = survey_round.book
    shown = [disclose(counts, _secret(survey_round)) for counts in population_counts(survey_round, book)]
    content = {
        "title": survey_round.title,
        "slug": survey_round.slug,
        "first_day": swedish_day(survey_round.opens_at).isoformat(),
        "last_day": survey_round.last_day.isoformat(),
        "main_question": book.main_question,
        "places": [asdict(place) for place in book.places],
        "invited": _invited(survey_round),
        "questions": [_question_json(book, question) for question in book.questions],
        "populations": [snapshot.to_json() for snapshot in shown],
        "left_out": {"channel": survey_round.left_out, "reason": survey_round.left_out_reason},
        "spelling_corrections": _spelling_corrections(survey_round),
    }
    content["themes"] = themes_json(survey_round, book)
    content["residents"] = residents_json(survey_round)
    content["comparison"] = compare_with_baseline(survey_round, content)
    content["earlier_rounds"] = earlier_rounds(survey_round, content)
    return content


def _secret(survey_round: SurveyRound) -> str:
    """The same for every release of the round, and known to nobody who lacks the installation's secret."""
    return keyed(f"disclosure:{survey_round.pk}")


def _invited(survey_round: SurveyRound) -> int | None:
    """How many letters went out, if that is known of every place."""
    invited = list(survey_round.round_places.values_list("invited", flat=True))
    known = [number for number in invited if number is not None]
    return sum(known) if survey_round.takes_codes and len(known) == len(invited) else None


def _question_json(book: Codebook, question: BookQuestion) -> dict[str, Any]:
    return {
        "key": question.key,
        "version": question.version,
        "text": book.text_of(question),
        "kind": question.kind,
        "is_background": question.is_background,
        "definition": question.definition,
        "mark": question.mark,
        "source": question.source,
        "condition": book.condition_in_words(question),
        "max_choices": question.max_choices,
        "low_label": question.low_label,
        "high_label": question.high_label,
        "options": [
            {"key": option.key, "text": option.text, "counts_as": option.counts_as} for option in question.options
        ],
    }


def _spelling_corrections(survey_round: SurveyRound) -> list[dict[str, str]]:
    return [
        {"before": each.before, "after": each.after, "reason": each.reason, "made_on": each.made_on.isoformat()}
        for each in survey_round.spelling_corrections.all()
    ]


# --- counts, as the disclosure layer wants them ---


def population_counts(survey_round: SurveyRound, book: Codebook) -> list[PopulationCounts]:
    """The counts of each population that has any; a channel that was left out is in none."""
    counted = []
    for name, channels in POPULATIONS.items():
        cells = _cells(survey_round, channels - {survey_round.left_out})
        if cells:
            counted.append(_Counts(book, cells).population(name))
    return counted


def _cells(survey_round: SurveyRound, channels: Iterable[str]) -> Counter[CellKey]:
    cells: Counter[CellKey] = Counter()
    rows = survey_round.tallies.filter(channel__in=channels)
    for tally in rows:
        cells[tally.place, tally.group_question, tally.group_option, tally.question, tally.option] += tally.count
    return cells


class _Counts:
    """The tallies of one population, read as groups of respondents."""

    def __init__(self, book: Codebook, cells: Counter[CellKey]) -> None:
        self.book = book
        self.cells = cells
        self.numbers = [place.number for place in book.places]

    def population(self, name: str) -> PopulationCounts:
        asked = [each for each in self.book.questions if each.kind != Kind.TEXT and not each.is_background]
        return PopulationCounts(
            population=name,
            n=self._sum(self.numbers, "", "", "", ""),
            questions=tuple(self._question(question) for question in asked if counted_options(question)),
            who_answered=tuple(self._breakdowns(None)),
        )

    def _question(self, question: BookQuestion) -> QuestionCounts:
        options = [option.key for option in counted_options(question)]
        several = question.kind == Kind.SEVERAL
        condition = question.condition
        return QuestionCounts(
            key=question.key,
            options=tuple(options),
            whole=self._group("", "", question, self.numbers),
            breakdowns=tuple(self._breakdowns(question)),
            max_choices=(question.max_choices or len(options)) if several else 1,
            sums=sums_of(question),
            is_sensitive=question.is_sensitive,
            asked_if=AskedIf(condition.question, frozenset(condition.options)) if condition else None,
        )

    def _breakdowns(self, question: BookQuestion | None) -> Iterable[Breakdown]:
        """By place and by each background question; of one question's answers, or only of how many there are."""
        if len(self.book.places) > 1:
            places = (self._group(place.slug, place.name, question, [place.number]) for place in self.book.places)
            yield Breakdown(PLACES, gettext("Plats"), tuple(places))
        for background in self.book.background():
            groups = tuple(
                self._group(option.key, option.text, question, self.numbers, (background.key, option.key))
                for option in background.options
            )
            breakdown = Breakdown(background.key, self.book.text_of(background), groups, is_background=True)
            yield merged(breakdown, reported_together(background))

    def _group(
        self,
        key: str,
        label: str,
        question: BookQuestion | None,
        places: list[int],
        group: tuple[str, str] = ("", ""),
    ) -> Group:
        if question is None:
            return Group(key, label, self._sum(places, *group, "", ""))
        left_out = {option.key for option in question.options} - {each.key for each in counted_options(question)}
        answered = self._sum(places, *group, question.key, "")
        answered -= sum(self._sum(places, *group, question.key, option) for option in left_out)
        counts = {
            option.key: self._sum(places, *group, question.key, option.key) for option in counted_options(question)
        }
        return Group(key, label, answered, counts)

    def _sum(self, places: list[int], group_question: str, group_option: str, question: str, option: str) -> int:
        return sum(self.cells[place, group_question, group_option, question, option] for place in places)


def counted_options(question: BookQuestion) -> list[BookOption]:
    """The options that shares are made of. Where several may be chosen, all but the one that refuses the question."""
    if question.kind == Kind.NUMBER:
        return list(question.options)
    if question.kind == Kind.SEVERAL:
        return [option for option in question.options if not option.is_exclusive]
    return [option for option in question.options if option.counts_as != CountsAs.LEFT_OUT]


def positive_options(question: BookQuestion) -> list[str]:
    if question.kind in (Kind.NUMBER, Kind.SEVERAL):
        return []
    return [option.key for option in question.options if option.counts_as == CountsAs.POSITIVE]


def sums_of(question: BookQuestion) -> dict[str, frozenset[str]]:
    """What is also shown added up: the positive answers, or the low, middle and high figures from 1 to 10."""
    if question.kind == Kind.NUMBER:
        return {key: frozenset(map(str, figures)) for key, figures in FIGURES.items()}
    positive = positive_options(question)
    return {POSITIVE: frozenset(positive)} if 1 < len(positive) < len(counted_options(question)) else {}
