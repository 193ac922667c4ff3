"""Where a round stands, what is missing, how many have answered, and what can be done now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from promises.models import User
from promises.months import swedish_day, today
from promises.policy import may_touch
from promises.wording import clock, full_day, listed, short_day
from surveys import codes, planning, themes
from surveys.ballot_box import answered_in_words
from surveys.codebook import problems
from surveys.models import Channel, SpellingCorrection, SurveyRound

State = SurveyRound.State


@dataclass(frozen=True)
class Verb:
    """One thing that can be done, as a button. At most one is the thing to do next."""

    label: str
    url: str
    is_next: bool = False


def standing(survey_round: SurveyRound) -> str:
    """Where a round stands, in a word: what is locked is called open while it takes answers."""
    return _("Öppen") if survey_round.is_open else str(survey_round.get_state_display())


class RoundPanel:
    """What the page of a round says above its fields."""

    def __init__(self, survey_round: SurveyRound, user: User) -> None:
        self.round = survey_round
        self.may_change = may_touch(user, "change", survey_round)

    # --- standing ---

    @property
    def heading(self) -> str:
        return standing(self.round)

    @property
    def is_draft(self) -> bool:
        return self.round.state == State.DRAFT

    @property
    def sentence(self) -> str:
        """What has happened, and what happens next."""
        each = self.round
        if self.is_draft:
            return _("Omgången planeras. Ingen ser den förrän den är låst.")
        if each.is_coming:
            return _("Öppnar %(day)s %(time)s.") % {"day": full_day(each.opens_at), "time": clock(each.opens_at)}
        if each.is_open:
            return _("Stänger %(day)s %(time)s.") % {"day": full_day(each.closes_at), "time": clock(each.closes_at)}
        sentences = {
            State.LOCKED: _("Tiden för att svara på webben är slut."),
            State.CLOSED: _("Webben är stängd. Svaren är inte räknade."),
            State.COUNTED: _("Svaren är räknade. De finns kvar tills de gallras."),
            State.ERASED: _("Svaren är räknade och gallrade. Räkningen finns kvar."),
        }
        return sentences[State(each.state)]

    @property
    def progress(self) -> str:
        """As of the last shuffle: a live number would tell who just answered."""
        if self.round.state not in (State.LOCKED, State.CLOSED):
            return ""
        return _("%s har svarat (vid senaste blandningen).") % answered_in_words(self.round).capitalize()

    @property
    def paper(self) -> str:
        """Until when paper forms are entered."""
        if self.round.state not in (State.LOCKED, State.CLOSED):
            return ""
        return _("Pappersenkäter matas in till och med %s.") % full_day(self.last_paper_day)

    @property
    def last_paper_day(self):  # type: ignore[no-untyped-def]
        return self.round.paper_until or swedish_day(self.round.closes_at)

    @cached_property
    def missing(self) -> list[str]:
        """What must be there before the round can be locked."""
        if not self.is_draft:
            return []
        return [*self.round.missing_before_lock(), *problems(self.round.book)]

    @cached_property
    def warnings(self) -> list[str]:
        """What stops nothing, but should be known."""
        found = planning.why_not_comparable(self.round)
        if self.is_draft and self.round.closes_at <= timezone.now():
            found.append(_("Tiden för att svara har redan gått."))
        if self.round.state == State.LOCKED and codes.is_somebody_guessing():
            found.append(_("Ovanligt många felaktiga koder har skrivits den senaste timmen. Någon kan pröva sig fram."))
        return [*found, *self._crowded()]

    def _crowded(self) -> Iterator[str]:
        """Somebody may have flooded the open link; what to do about it is theirs to judge, until it is published."""
        days = [short_day(each.day) for each in self.round.crowded_days.all()]
        if days and not self.round.result_url:
            yield _(
                "Den öppna länken fick svar snabbare än folk brukar svara: %s. Det kan vara en skolklass, eller en "
                "robot. Jämför med svaren med kod innan ni publicerar. Den öppna länken kan utelämnas."
            ) % listed(days)

    @cached_property
    def planning(self) -> list[str]:
        return planning.what_can_be_seen(self.round) if self.is_draft else []

    @property
    def left_out(self) -> str:
        if not self.round.left_out:
            return ""
        words = {"channel": Channel(self.round.left_out).label, "reason": self.round.left_out_reason}
        return _("Utelämnad kanal: %(channel)s. %(reason)s") % words

    @property
    def batches(self) -> str:
        """How many codes have been made; never how many of them are used."""
        made = sum(each.size for place in self.round.round_places.all() for each in place.invitation_batches.all())
        return ngettext("%s kod är skapad.", "%s koder är skapade.", made) % made if made else ""

    @cached_property
    def corrections(self) -> list[SpellingCorrection]:
        return list(self.round.spelling_corrections.all())

    # --- what can be done ---

    def verbs(self) -> list[Verb]:
        return [*self._look(), *(self._act() if self.may_change else ()), self._verb(_("Historik"), "history")]

    def _look(self) -> Iterator[Verb]:
        yield self._verb(_("Förhandsgranska och prova"), "try")
        if not self.is_draft and self.round.takes_open and not self.round.has_ended:
            yield self._verb(_("Skriv ut affischer"), "posters")
        if self.round.state in (State.DRAFT, State.LOCKED):
            yield self._verb(_("Skriv ut pappersenkäten"), "paper")
        if self.round.result_url:
            yield Verb(_("Se det publicerade resultatet"), self.round.result_url)

    def _act(self) -> Iterator[Verb]:
        state, ended = self.round.state, self.round.has_ended
        if self.is_draft:
            yield self._verb(_("Lås omgången"), "lock", is_next=not self.missing)
        if state == State.LOCKED and not ended and self.round.takes_codes:
            yield self._verb(_("Skapa koder"), "codes")
        if self.takes_paper:
            yield self._verb(_("Mata in pappersenkäter"), "entry")
        if state in (State.LOCKED, State.CLOSED, State.COUNTED) and not self.round.result_url:
            yield self._verb(_("Rätta stavning"), "spelling")
        if state == State.LOCKED:
            yield self._verb(_("Stäng"), "close", is_next=ended)
        if state == State.CLOSED:
            yield self._verb(_("Räkna"), "count", is_next=self.may_count)
        if state in (State.CLOSED, State.COUNTED, State.ERASED) and not self.round.result_url:
            yield self._verb(_("Utelämna en kanal"), "leave_out")
        if state == State.COUNTED and themes.text_questions(self.round.book):
            yield self._verb(_("Läs svaren i egna ord"), "free_text")
        if state in (State.CLOSED, State.COUNTED, State.ERASED):
            yield self._verb(_("Skriv in vilka som bor där"), "residents")
        if self.round.is_counted:
            again = _("Publicera en ny version av resultatet")
            label = again if self.round.result_url else _("Granska och publicera resultatet")
            yield self._verb(label, "publish", is_next=not self.round.result_url)
        if self.round.result_url:
            is_answered = self.round.answerings.exists()
            yield self._verb(_("Välj åtgärder som svarar på resultatet"), "answering", is_next=not is_answered)
        if state == State.COUNTED:
            yield self._verb(_("Gallra"), "erase")

    @property
    def takes_paper(self) -> bool:
        begun = self.round.state in (State.LOCKED, State.CLOSED) and self.round.opens_at <= timezone.now()
        return begun and today() <= self.last_paper_day

    @property
    def may_count(self) -> bool:
        return self.round.paper_until is None or today() > self.round.paper_until

    @property
    def may_be_counted_from(self) -> str:
        if self.round.state != State.CLOSED or self.may_count or self.round.paper_until is None:
            return ""
        return _("Den kan räknas från och med %s.") % full_day(self.round.paper_until + timedelta(days=1))

    def _verb(self, label: str, name: str, *, is_next: bool = False) -> Verb:
        return Verb(label, reverse(f"admin:surveys_surveyround_{name}", args=[self.round.pk]), is_next)
