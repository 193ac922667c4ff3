"""The example's meetings: Trygg och Säker kommun each month, residents now and then, SAMFU twice."""

from __future__ import annotations

from datetime import date, timedelta

from followups.models import Meeting
from promises.models import Place, Promise
from promises.months import Month
from tranemo_trygghet.example.clock import as_of, at

MONTH_WITHOUT_MEETING = 5  # counted from the promise's first, which is 0

RESIDENTS = (
    # months after the first, day, venue, place, what was said
    (1, 19, "Folkets hus, Limmared", "resecentrum", "Sjuttio kom. Många ville ha bättre ljus vid busshållplatserna."),
    (6, 10, "Biblioteket, Tranemo", "centrumtorget", "Trettio kom. De flesta hade märkt av patrullerna på kvällarna."),
)


def hold_meetings(promise: Promise, today: date) -> None:
    """Meetings on their days: those that have been are held, and the next ones are planned."""
    first = Month.of(promise.starts_on)
    for number in range(12):
        day = first.plus(number).first_day + timedelta(days=26)
        if number == MONTH_WITHOUT_MEETING:
            _meeting("tsk", day, today, cancelled="Ingen kunde ses under semestern.")
        else:
            _meeting("tsk", day, today)
    for number, day_of_month, venue, place, said in RESIDENTS:
        day = first.plus(number).first_day + timedelta(days=day_of_month - 1)
        _meeting("residents", day, today, venue=venue, place=place, said=said)
    for number in (2, 7):
        _meeting("samfu", first.plus(number).first_day + timedelta(days=12), today)
    coming = today + timedelta(days=11)
    _meeting("residents", coming, today, venue="Bygdegården, Dalstorp", place="skolgarden")


def _meeting(
    kind: str, day: date, today: date, *, venue: str = "", place: str = "", said: str = "", cancelled: str = ""
) -> None:
    hour = 18 if kind == "residents" else 13
    invited_on = min(day, today) - timedelta(days=14)
    meeting = Meeting(
        kind=kind,
        title="Trygghetsmöte med invånare" if kind == "residents" else "",
        starts_at=at(day, hour, 30),
        ends_at=at(day, hour + 2),
        venue=venue,
        place=Place.objects.filter(slug=place).first(),
        is_public=kind == "residents",
        # A field's default asks the real clock.
        changed_at=at(invited_on),
    )
    with as_of(invited_on):
        meeting.full_clean()
        meeting.save()
    if cancelled:
        with as_of(min(day, today) - timedelta(days=2)):
            meeting.cancel(cancelled)
    elif day < today:
        with as_of(day + timedelta(days=1)):
            meeting.hold(said)
