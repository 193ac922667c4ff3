"""The example's deeds and reports: months that are told, missing, half signed, or without a meeting by decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import cast

from django.utils import timezone

from followups.models import ActionUpdate, Deed, FollowUp
from followups.prefill import begin_report
from promises.models import Correction, Organisation, Place, Promise
from promises.months import Month, Period
from tranemo_trygghet.example.clock import as_of
from tranemo_trygghet.example.promise import sign
from tranemo_trygghet.example.staff import Staff

ONGOING, NOT_STARTED = ActionUpdate.Reported.ONGOING, ActionUpdate.Reported.NOT_STARTED


@dataclass(frozen=True)
class ExampleDeed:
    day: int
    kind: str
    what: str
    place: str = ""
    quantity: int = 1
    participants: int | None = None
    audiences: tuple[str, ...] = ()
    by_police: bool = True


@dataclass(frozen=True)
class ExampleMonth:
    summary: str
    updates: Mapping[str, str] = field(default_factory=dict)  # the kind of the action → what happened; else unchanged
    deeds: tuple[ExampleDeed, ...] = ()
    signers: int = 2
    no_meeting: str = ""


def patrols(first: int, second: int) -> tuple[ExampleDeed, ...]:
    return (
        ExampleDeed(first, "hotspot", "Fotpatruller kvällstid vid stationen", "resecentrum", quantity=2),
        ExampleDeed(second, "hotspot", "Fotpatruller kvällstid vid torget", "centrumtorget", quantity=2),
    )


def lesson(day: int, what: str, pupils: int, *audiences: str) -> ExampleDeed:
    return ExampleDeed(day, "school", what, participants=pupils, audiences=audiences or ("pupils",), by_police=False)


# By month, counted from the promise's first, which is 0. What stands in no row has no report: it is missing.
MONTHS: Mapping[int, ExampleMonth] = {
    0: ExampleMonth(
        "Löftet har börjat gälla. Vi har valt tre platser där ni säger att ni känner er otrygga. På två av dem går "
        "polisen nu till fots. Den första enkäten är skickad.",
        {
            "survey": "Vi har skickat en enkät till boende nära Resecentrum, Centrumtorget och Skolgården.",
            "school": "Vi planerar träffarna med skolorna.",
            "situation": "Kommunen och polisen har gjort den första gemensamma lägesbilden.",
            "hotspot": "Polisen patrullerar till fots vid Resecentrum och Centrumtorget.",
            "meeting": "Det första mötet i Trygg och Säker kommun är hållet.",
        },
        (*patrols(9, 19), ExampleDeed(20, "situation", "Gemensam lägesbild för vintern", by_police=False)),
    ),
    1: ExampleMonth(
        "Sjuttio av er kom till trygghetsmötet i Limmared. Ni ville ha bättre ljus vid busshållplatserna. "
        "Kommunen har beställt nya lampor.",
        {
            "school": "Vi har träffat årskurs 7 och deras föräldrar.",
            "hotspot": "Fyra patruller. Två personer har fått hjälp att lämna platsen efter bråk.",
        },
        (*patrols(6, 20), lesson(11, "Värdegrundsträff i årskurs 7", 62), lesson(18, "Föräldramöte", 35, "guardians")),
    ),
    2: ExampleMonth(
        "De nya lamporna vid Resecentrum är på plats. Vi har träffat alla klasser i årskurs 6.",
        {"school": "Tre träffar är gjorda under kvartalet."},
        (*patrols(8, 22), lesson(15, "Värdegrundsträff i årskurs 6", 71)),
    ),
    4: ExampleMonth(
        "Fältgruppen har varit ute varje fredag inför skolavslutningen. Det var lugnt på alla tre platserna.",
        {"situation": "Lägesbilden är ny inför sommaren.", "school": "En träff, med pedagogerna."},
        (
            *patrols(5, 12),
            lesson(3, "Samtal med pedagoger om sociala medier", 24, "teachers"),
            ExampleDeed(9, "situation", "Gemensam lägesbild för sommaren", by_police=False),
        ),
    ),
    5: ExampleMonth(
        "",
        no_meeting="Inget möte hölls, därför att för få kunde ses under semestern. Polisen patrullerade som vanligt.",
    ),
    6: ExampleMonth(
        "Trettio av er kom till mötet i Tranemo. De flesta hade märkt av patrullerna på kvällarna. "
        "Den andra enkäten går ut i nästa vecka.",
        {"survey": "Den andra enkäten går ut till boende nära Resecentrum, Centrumtorget och Skolgården."},
        (*patrols(14, 21), lesson(25, "Värdegrundsträff i årskurs 8", 58)),
    ),
    7: ExampleMonth(
        "Vi har fått in svaren på den andra enkäten och räknar dem nu.",
        {"survey": "Den andra enkäten är avslutad."},
        (*patrols(4, 18), lesson(23, "Värdegrundsträff i årskurs 9", 54)),
        signers=1,
    ),
    8: ExampleMonth(
        "Fler av er känner er trygga vid Resecentrum än när löftet började. Skolträffarna ligger efter: vi "
        "har inte hunnit med alla, och tar igen det före jul.",
        {
            "survey": "Två enkäter är klara och resultaten finns här på webbplatsen. Den tredje är öppen nu.",
            "school": "Vi hann inte med den tredje träffen. Den är bokad i nästa månad.",
            "situation": "Lägesbilden är ny inför vintern.",
        },
        (*patrols(8, 22), ExampleDeed(16, "situation", "Gemensam lägesbild för hösten", by_police=False)),
    ),
}
DEEDS_OF_THE_MONTH = patrols(3, 10)  # logged, and waiting for this month's report


def tell_the_months(promise: Promise, today: date, staff: Staff) -> None:
    """Log each month's deeds on their days, and write its report on the tenth of the next month."""
    first = Month.of(promise.starts_on)
    for number, example in sorted(MONTHS.items()):
        month = first.plus(number)
        for deed in example.deeds:
            log(promise, month, deed, staff)
        written_on = month.plus(1).first_day + timedelta(days=9)
        if written_on < today:
            report(promise, month, example, staff, written_on)
    for deed in DEEDS_OF_THE_MONTH:
        if month_day(Month.of(today), deed.day) < today:
            log(promise, Month.of(today), deed, staff)
    log_late(promise, first.plus(4), staff)
    correct(promise, first.plus(1), staff)


def month_day(month: Month, day: int) -> date:
    return month.first_day + timedelta(days=day - 1)


def log(promise: Promise, month: Month, example: ExampleDeed, staff: Staff, *, late_days: int = 1) -> None:
    user = staff.police if example.by_police else staff.municipality
    done_on = month_day(month, example.day)
    with as_of(done_on + timedelta(days=late_days), 8):
        Deed.objects.log(
            user,
            action=promise.actions.get(kind=example.kind),
            what=example.what,
            done_on=done_on,
            place=Place.objects.filter(slug=example.place).first(),
            quantity=example.quantity,
            participants=example.participants,
            audiences=example.audiences,
        )


def report(promise: Promise, month: Month, example: ExampleMonth, staff: Staff, written_on: date) -> None:
    with as_of(written_on, 8):
        followup = begin_report(promise, Period(month), staff.municipality)
        followup.summary = example.summary
        if example.no_meeting:
            followup.kind, followup.no_meeting_reason = FollowUp.Kind.NO_MEETING, example.no_meeting
        followup.full_clean()
        followup.save()
        for update in followup.updates.select_related("action"):
            words = example.updates.get(update.action.kind)
            update.is_unchanged = words is None
            update.text = words or update.text
            waiting = update.action.kind == "school" and month == Month.of(promise.starts_on)
            update.reported = NOT_STARTED if waiting else ONGOING
            update.save()
    sign(followup, staff, written_on, signers=example.signers)


def log_late(promise: Promise, month: Month, staff: Staff) -> None:
    """A deed that was forgotten, and shows in its month as a dated addition."""
    walk = ExampleDeed(
        17, "hotspot", "Trygghetsvandring med boende", "resecentrum", participants=18, audiences=("residents",)
    )
    log(promise, month, walk, staff, late_days=70)


def correct(promise: Promise, month: Month, staff: Staff) -> None:
    followup = FollowUp.objects.published().get(promise=promise, first_day=month.first_day)
    with as_of(month.plus(1).first_day + timedelta(days=24), 9):
        Correction.objects.create(
            document=followup,
            text="Lamporna var beställda, men inte betalda av kommunen ensam: regionen står för hälften.",
            organisation=cast("Organisation", staff.municipality.organisation),
            made_by=staff.municipality,
            made_at=timezone.now(),
        )
