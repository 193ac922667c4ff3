"""What waits for a member of staff, over all rooms: the start page reads like a list that a colleague wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from followups.calendar import AWAITED, COMING, MISSING, PeriodStatus, calendar_on_record, not_all_told
from followups.models import CombinedResult, Deed, FollowUp, Meeting
from followups.record import Record
from followups.year_end import years_to_tell
from promises import policy
from promises.admin.lists import promises_of
from promises.models import Masking, Promise
from promises.months import Period, today
from promises.signing import SignedDocument
from promises.wording import capitalised, full_day, listed, short_day
from surveys.ballot_box import answered_in_words
from surveys.models import SurveyRound

if TYPE_CHECKING:
    from promises.models import User

# So long before its last day a promise's end is worth a line: a decision and signatures take their time.
END_IN_SIGHT = timedelta(days=60)
# Lines of a kind: what there is no room for comes up as those are done.
SO_MANY = 30


@dataclass(frozen=True)
class ToDo:
    """One line of the list, one click from done."""

    text: str
    link_text: str
    url: str
    is_post: bool = False
    is_late: bool = False


def waiting_for(user: User) -> list[ToDo]:
    """What waits for the user, the most pressing first; of each kind no more than somebody does in a day."""
    if not user.is_active or user.organisation_id is None:
        return []
    of_months = list(some(months(user)))
    told = {each.url for each in of_months}
    rest = (results, unreported_deeds, open_rounds, not_asked_yet, endings)
    return [
        *some(maskings(user)),
        *some(each for each in signatures(user) if each.url not in told),
        *of_months,
        *(line for kind in rest for line in some(kind(user))),
    ]


def some(lines: Iterator[ToDo]) -> Iterator[ToDo]:
    return islice(lines, SO_MANY)


# --- Masking ------------------------------------------------------------------------------------------


def maskings(user: User) -> Iterator[ToDo]:
    """Words that somebody else wants to take away: until the user says yes they stand in public."""
    if not policy.may(user, "add", "promises.masking"):
        return
    seen = set()
    for each in Masking.objects.filter(confirmed_at=None).exclude(proposed_by=user).select_related("proposed_by"):
        if (case := (each.proposed_by_id, each.proposed_at)) not in seen:
            seen.add(case)
            words = {"name": each.proposed_by.name_and_title, "reason": each.reason}
            text = _("%(name)s vill ta bort ord som är offentliga: %(reason)s.") % words
            yield ToDo(text, _("Läs och bekräfta"), admin_address(each), is_late=True)


# --- Signatures ---------------------------------------------------------------------------------------


def signatures(user: User) -> Iterator[ToDo]:
    """Texts that wait for the signature of the user's organisation, and that the user may sign."""
    for model in apps.get_models():
        if issubclass(model, SignedDocument) and policy.may(user, "sign", model._meta.label_lower):
            for document in model._default_manager.all().ready():
                if user.organisation in document.awaited_partners():
                    yield signature(document)


def signature(document: Any) -> ToDo:
    words = {"kind": capitalised(str(document._meta.verbose_name)), "name": document}
    return ToDo(
        _("%(kind)s väntar på ditt godkännande: %(name)s.") % words,
        _("Läs och godkänn"),
        admin_address(document, "sign"),
    )


# --- Months -------------------------------------------------------------------------------------------


def months(user: User) -> Iterator[ToDo]:
    """The months that are missing, awaited or going on, of the promises that the user writes about."""
    if not policy.may(user, "change", "followups.followup"):
        return
    record = Record(not_all_told(promises_of(user)))
    for promise in record.promises:
        ribbon = calendar_on_record(record, promise)
        # The last month is the one to write now; older gaps, newest first, after it, and the running month last.
        waiting = [each for each in reversed(ribbon) if each.status in (MISSING, AWAITED)]
        waiting += [each for each in ribbon if each.status == COMING and each.is_current]
        if waiting:
            yield from lines_of(user, promise, waiting)


def lines_of(user: User, promise: Promise, waiting: Sequence[PeriodStatus]) -> Iterator[ToDo]:
    first_day, end_day = span_of([each.period for each in waiting])
    reports = {each.first_day: each for each in promise.followups.with_signatures()}
    held = [each.day for each in Meeting.objects.held_between(first_day, end_day)]
    deeds = Deed.objects.standing().filter(action__promise=promise).done_between(first_day, end_day)
    logged = list(deeds.values_list("done_on", flat=True))
    for status in waiting:
        done = what_was_done([day for day in held if day in status.period], sum(day in status.period for day in logged))
        yield month(user, promise, status, reports.get(status.period.first_day), done)


def span_of(periods: Sequence[Period]) -> tuple[date, date]:
    """Half-open: the first day of the first, and the day after the last."""
    return min(each.first_day for each in periods), max(each.end_day for each in periods)


def month(user: User, promise: Promise, status: PeriodStatus, report: FollowUp | None, done: Iterable[str]) -> ToDo:
    text = " ".join([*where_it_stands(status, report), *done])
    is_late = status.status == MISSING
    if report is None:
        address = reverse("admin:followups_followup_begin", args=[promise.pk, status.period.first.iso])
        return ToDo(text, _("Skriv rapporten"), address, is_post=True, is_late=is_late)
    if waits_for(user, report):
        return ToDo(text, _("Läs och godkänn"), admin_address(report, "sign"), is_late=is_late)
    link_text = _("Fortsätt skriva") if report.is_draft else _("Öppna")
    return ToDo(text, link_text, admin_address(report), is_late=is_late)


def waits_for(user: User, report: FollowUp) -> bool:
    """Whether the user can sign the report, for an organisation that has not."""
    may_sign = report.is_ready and policy.may(user, "sign", report._meta.label_lower)
    return may_sign and user.organisation in report.awaited_partners()


def where_it_stands(status: PeriodStatus, report: FollowUp | None) -> list[str]:
    name = {"month": capitalised(status.label), "day": full_day(status.due_on)}
    if status.status == MISSING:
        sentences = [_("%(month)s saknas. Den skulle ha redovisats senast %(day)s.") % name]
    elif status.status == AWAITED:
        sentences = [_("%(month)s är inte klar än. Den ska redovisas senast %(day)s.") % name]
    else:
        sentences = [_("%(month)s pågår.") % name]
    if report and report.is_ready:
        sentences.append(_("Väntar på godkännande från %s.") % listed(report.awaited_partners()))
    elif report:
        sentences.append(_("Utkastet är påbörjat."))
    return sentences


def what_was_done(held: Sequence[date], logged: int) -> list[str]:
    """ "Möte hölls 28 oktober. 3 insatser är loggade." """
    sentences = [_("Möte hölls %s.") % listed(short_day(day) for day in held)] if held else []
    if logged:
        sentences.append(ngettext("%s insats är loggad.", "%s insatser är loggade.", logged) % logged)
    return sentences


# --- The year -----------------------------------------------------------------------------------------


def results(user: User) -> Iterator[ToDo]:
    """Years that are over, or that the promise's last day ended, without a published combined result."""
    if not policy.may(user, "change", "followups.combinedresult"):
        return
    day = today()
    for promise in promises_of(user).in_brief().prefetch_related("results"):
        there = {each.year: each for each in promise.results.all()}
        for year in years_to_tell(promise):
            result = there.get(year)
            is_over = year < day.year or promise.last_day < day
            if is_over and not (result and result.is_published):
                yield year_end(promise, year, result)


def year_end(promise: Promise, year: int, result: CombinedResult | None) -> ToDo:
    words = {"title": promise.title, "year": year}
    text = _("Det sammanlagda resultatet för %(year)s är inte publicerat: %(title)s.") % words
    if result:
        return ToDo(text, _("Fortsätt skriva") if result.is_draft else _("Öppna"), admin_address(result))
    begin = reverse("admin:followups_combinedresult_begin", args=[promise.pk, year])
    return ToDo(text, _("Skriv sammanlagt resultat"), begin, is_post=True)


# --- The rest -----------------------------------------------------------------------------------------


def unreported_deeds(user: User) -> Iterator[ToDo]:
    """The organisation's own deeds that no published report has told of."""
    if not policy.may(user, "view", "followups.deed"):
        return
    # In a promise that is told of to its last month there is none: its deeds need not be looked at.
    left = Deed.objects.standing().done_for(not_all_told(promises_of(user))).unreported()
    if count := list(left.order_by().values_list("organisation", flat=True)).count(user.organisation_id):
        text = ngettext(
            "%s insats är loggad men inte redovisad än.", "%s insatser är loggade men inte redovisade än.", count
        )
        yield ToDo(text % count, _("Se insatserna"), f"{reverse('admin:followups_deed_changelist')}?redovisad=nej")


def open_rounds(user: User) -> Iterator[ToDo]:
    """The rounds that take answers, with as much as may be told of how many have answered."""
    if not policy.may(user, "view", "surveys.surveyround"):
        return
    for each in SurveyRound.objects.published().filter(state=SurveyRound.State.LOCKED):
        if each.is_open:
            words = {"title": each.title, "day": full_day(each.last_day), "count": answered_in_words(each)}
            text = _("Enkäten ”%(title)s” är öppen till och med %(day)s. Hittills har %(count)s svarat.") % words
            yield ToDo(text, _("Öppna"), admin_address(each))
        elif each.has_ended:
            text = _("Enkäten ”%s” har slutat ta emot svar på webben. Stäng den när ni är klara.") % each.title
            yield ToDo(text, _("Öppna"), admin_address(each))


def not_asked_yet(user: User) -> Iterator[ToDo]:
    """Places where an action is reported done, and nobody has planned to ask residents whether they noticed."""
    from tranemo_trygghet.pages.places import done_and_not_asked

    if not policy.may(user, "change", "surveys.survey"):
        return
    for place, title in done_and_not_asked():
        words = {"title": title, "place": place}
        text = _("”%(title)s” är redovisad som genomförd på %(place)s. Fråga i nästa enkät om någon har märkt av det.")
        yield ToDo(text % words, _("Välj frågan i en enkät"), reverse("admin:surveys_survey_changelist"))


def endings(user: User) -> Iterator[ToDo]:
    """Promises whose last day is near: what comes then is decided before it."""
    if not policy.may(user, "change", "promises.promise"):
        return
    day = today()
    for promise in Promise.objects.in_force_on(day).with_partner(user.organisation_id):
        if promise.last_day - day <= END_IN_SIGHT:
            words = {"title": promise.title, "day": full_day(promise.last_day)}
            text = _("Löftet ”%(title)s” gäller till och med %(day)s. Förläng det, eller skriv nästa.") % words
            yield ToDo(text, _("Öppna löftet"), admin_address(promise))


def admin_address(row: Any, name: str = "change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{name}", args=[row.pk])
