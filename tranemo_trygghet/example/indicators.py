"""The example's indicator: reported thefts, month by month, with a year before to compare with."""

from __future__ import annotations

from datetime import date

from followups.models import Indicator, Reading
from promises.months import Month

THEFTS = (14, 12, 15, 11, 13, 16, 12, 15, 14, 17, 13, 15, 13, 14, 12, 12, 10, 13, 11, 9, 10)


def read_indicators(today: date) -> None:
    """One reading a month for the last 21 months."""
    indicator = Indicator.objects.create(
        name="Anmälda stölder",
        slug="anmalda-stolder",
        unit="anmälda stölder",
        definition="Stölder och snatterier som har anmälts i kommunen under månaden.",
        source="Påhittade siffror för exempelåret",
        caution="Antal anmälda brott är inte antal brott. Fler anmälningar kan betyda att fler anmäler.",
    )
    first = Month.of(today).plus(-len(THEFTS))
    for number, value in enumerate(THEFTS):
        Reading.objects.create(indicator=indicator, first_day=first.plus(number).first_day, value=value)
    indicator.publish()
