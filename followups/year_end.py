"""The combined result at the year's end, composed from what the year's reports, deeds, surveys and indicators said.

The portal composes the facts; the verdict on each action, and how it continues, is the partners' to write.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from followups.calendar import PeriodStatus, calendar, ribbon_sentence
from followups.indicators import IndicatorYear, indicator_years
from followups.models import ActionUpdate, CombinedResult, Deed, FollowUp, Meeting
from followups.standing import counts_of_year
from promises import policy
from promises.models import ActionKind
from promises.months import Month, Period, today
from surveys.models import ResultRelease
from surveys.result_page import changes, summary_sentence

if TYPE_CHECKING:
    from promises.models import Action, Promise, Target, User


def begin_result(promise: Promise, year: int, user: User) -> CombinedResult:
    """The year's combined result: the one there is, or a new draft whose summary tells the year's facts.

    Raises ValidationError if there is nothing to tell yet, PermissionDenied if the user may not write it.
    """
    if not promise.is_published:
        raise ValidationError(_("Löftet är inte publicerat än. Resultatet skrivs när det är det."))
    if year not in years_to_tell(promise):
        raise ValidationError(_("Löftet gällde inte det året, eller så har året inte börjat."))
    policy.require(user, "add", CombinedResult(promise=promise))
    # Two people may begin at once: the database lets one of them make it, and both get the same.
    result, _is_new = CombinedResult.objects.get_or_create(
        promise=promise, year=year, defaults={"summary": YearOfWork(promise, year).summary}
    )
    return result


def years_to_tell(promise: Promise) -> list[int]:
    """The calendar years that the promise has been in force, this one too."""
    return list(range(promise.starts_on.year, min(promise.last_day, today()).year + 1))


@dataclass(frozen=True)
class ActionYear:
    """One action's year: what was counted, and the last that was written of it."""

    action: Action
    count: int
    target: Target | None
    last_words: ActionUpdate | None

    @property
    def text(self) -> str:
        """A beginning for the partners' own "why"."""
        return " ".join(each for each in (self.counted, self.written) if each)

    @property
    def counted(self) -> str:
        if self.target and self.target.number and not self.target.rhythm:
            return _("%(count)s av %(target)s.") % {"count": self.count, "target": self.target}
        words = [self._so_many]
        if self.target:
            words.append(_("Målet var %s.") % self.target)
        return " ".join(words)

    @property
    def _so_many(self) -> str:
        if not self.count:
            return _("Inget är redovisat under året.")
        if self.action.kind == ActionKind.MEETING:
            text = ngettext("%s möte är hållet.", "%s möten är hållna.", self.count)
        elif self.action.kind == ActionKind.SURVEY:
            text = ngettext("%s undersökning är gjord.", "%s undersökningar är gjorda.", self.count)
        else:
            text = ngettext("%s insats är gjord.", "%s insatser är gjorda.", self.count)
        return text % self.count

    @property
    def written(self) -> str:
        if self.last_words is None:
            return ""
        words = {"month": self.last_words.followup, "text": self.last_words.text.strip()}
        return _("Så skrev vi i %(month)s: %(text)s") % words


@dataclass(frozen=True)
class YearOfWork:
    """One promise's calendar year: all that its combined result is composed from. Only what is published."""

    promise: Promise
    year: int

    @property
    def first_day(self) -> date:
        return max(self.promise.starts_on, date(self.year, 1, 1))

    @property
    def end_day(self) -> date:
        """The day after the year, or after the promise's last day in it."""
        return min(self.promise.last_day + timedelta(days=1), date(self.year + 1, 1, 1))

    @cached_property
    def months(self) -> list[PeriodStatus]:
        """The periods that began in the year."""
        return [each for each in calendar(self.promise) if each.period.first.year == self.year]

    @property
    def months_sentence(self) -> str:
        return ribbon_sentence(self.months)

    @cached_property
    def actions(self) -> list[ActionYear]:
        counts = counts_of_year(self.promise, self.year)
        words = self._last_words()
        return [ActionYear(each, *counts[each.pk], words.get(each.pk)) for each in self.promise.actions.all()]

    def _last_words(self) -> dict[int, ActionUpdate]:
        updates = ActionUpdate.objects.published().filter(
            followup__promise=self.promise,
            followup__kind=FollowUp.Kind.REPORT,
            followup__first_day__gte=Month.of(self.first_day).first_day,
            followup__first_day__lt=self.end_day,
        )
        written = updates.exclude(text="").select_related("followup").order_by("followup__first_day")
        return {each.action_id: each for each in written}

    @cached_property
    def releases(self) -> list[ResultRelease]:
        """The result that holds now of each round that closed in the year, in their order."""
        rounds = self.promise.rounds.published().prefetch_related("releases").order_by("closes_at", "pk")
        found = [each.releases.all()[0] for each in rounds if each.releases.all()]
        year = Period(Month(self.year, 1), 12)
        return [each for each in found if date.fromisoformat(each.content["last_day"]) in year]

    @cached_property
    def indicators(self) -> list[IndicatorYear]:
        return indicator_years(self.year)

    @property
    def summary(self) -> str:
        """The year's facts as a draft, one paragraph a kind."""
        return "\n\n".join(each for each in (self.months_sentence, self._done, *self._said, *self._numbers) if each)

    @property
    def _done(self) -> str:
        deeds = Deed.objects.published().standing().filter(action__promise=self.promise)
        count = deeds.done_between(self.first_day, self.end_day).count()
        met = Meeting.objects.published().held_between(self.first_day, self.end_day).filter(kind="residents").count()
        done = ngettext("%s insats är redovisad.", "%s insatser är redovisade.", count) % count
        held = ngettext("%s möte hölls med er som bor här.", "%s möten hölls med er som bor här.", met) % met
        return f"{done} {held}" if met else done

    @property
    def _said(self) -> Iterable[str]:
        return [f"{each.content['title']}: {sentence}" for each in self.releases if (sentence := said_in(each))]

    @property
    def _numbers(self) -> Iterable[str]:
        return [each.sentence for each in self.indicators if each.sentence]


def said_in(release: ResultRelease) -> str:
    """The main answer, and the change since the round before with how sure it is, as the release says it."""
    change = next((each for each in changes(release.content) if not each["label"]), None)
    sentences = [summary_sentence(release.content)]
    if change:
        words = {key: change[key] for key in ("before", "after")}
        sure = _("Förändringen är med 95 procents säkerhet %s.") % change["interval"]
        sentences += [_("Förra gången var det %(before)s %%, nu %(after)s %%.") % words, change["sentence"], sure]
    return " ".join(each for each in sentences if each)
