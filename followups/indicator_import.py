"""Readings from a file, a month and a value a row: all of it is taken, or nothing, with a sentence for each fault."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from followups.models import Indicator, Reading
from promises import policy
from promises.months import Month, today

if TYPE_CHECKING:
    from promises.models import User

MOST_BYTES, MOST_ROWS = 100_000, 1200  # a century of months
MOST_VALUE = 10_000_000
MOST_FAULTS = 20  # more would bury the first
SHOWN_OF_A_CELL = 30


@dataclass
class Table:
    """What a file says, and what is wrong with it."""

    values: dict[Month, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Import:
    """What came of it."""

    added: int
    replaced: int


def text_of(content: bytes) -> str:
    """The file's words, in the encoding of today or of an older Excel."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read(text: str) -> Table:
    """Read "2026-01;14" row by row; a first row of headings is passed over."""
    table = Table()
    if len(text) > MOST_BYTES:
        table.faults.append(_("Filen är för stor. Den ska ha en rad för varje månad."))
        return table
    for number, cells in rows_of(text):
        if number == 1 and is_heading(cells):
            continue
        read_row(number, cells, table)
    if not table.values and not table.faults:
        table.faults.append(
            _("Filen har inga rader. Skriv en månad och ett värde på varje rad, till exempel 2026-01;14.")
        )
    if len(table.faults) > MOST_FAULTS:
        left = len(table.faults) - MOST_FAULTS
        table.faults[MOST_FAULTS:] = [_("Och %s fel till.") % left]
    return table


def rows_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with its number in the file and its cells without the space around them."""
    lines = text.replace("\0", " ").splitlines()[: MOST_ROWS + 1]
    for number, line in enumerate(lines, start=1):
        if line.strip(" ;,\t"):
            separator = next((each for each in ";\t," if each in line), ";")
            cells = next(csv.reader([line], delimiter=separator))
            yield number, [each.strip() for each in cells]


def is_heading(cells: list[str]) -> bool:
    return cells[0].lower() in ("månad", "manad", "month", "period")


def read_row(number: int, cells: list[str], table: Table) -> None:
    faults = []
    month, value = month_of(cells[0]), value_of(cells[1]) if len(cells) > 1 else None
    if len([each for each in cells if each]) != 2:
        faults.append(_("ska ha två kolumner, månad och värde, till exempel 2026-01;14."))
    else:
        if month is None:
            faults.append(_("”%s” är ingen månad. Skriv år och månad så här: 2026-01.") % shortened(cells[0]))
        elif month.first_day > today():
            faults.append(_("%s har inte börjat än.") % month)
        elif month in table.values:
            faults.append(_("%s finns redan längre upp i filen.") % month)
        if value is None:
            faults.append(_("”%s” är inget antal. Skriv ett heltal med siffror.") % shortened(cells[1]))
    table.faults += [_("Rad %(number)s: %(fault)s") % {"number": number, "fault": fault} for fault in faults]
    if not faults and month and value is not None:
        table.values[month] = value


def month_of(cell: str) -> Month | None:
    """ "2026-01", or the first day of the month as a spreadsheet may have made of it."""
    try:
        return Month.parse(cell.removesuffix("-01") if len(cell) == 10 else cell)
    except ValueError:
        return None


def value_of(cell: str) -> int | None:
    digits = re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(\D|$))", "", cell)
    return int(digits) if re.fullmatch(r"[0-9]{1,8}", digits, re.ASCII) and int(digits) <= MOST_VALUE else None


def shortened(cell: str) -> str:
    return cell if len(cell) <= SHOWN_OF_A_CELL else f"{cell[:SHOWN_OF_A_CELL]}…"


def import_readings(indicator: Indicator, text: str, user: User, *, replace: bool = False) -> Import:
    """Take all of the file, or raise ValidationError with a sentence for each fault and take nothing.

    A month that has another value already is a fault, unless it is to be replaced.
    """
    policy.require(user, "change", indicator)
    table = read(text)
    with transaction.atomic():
        # Of two who take in the same file, the second finds what the first has stored.
        stored = Indicator.objects.select_for_update().get(pk=indicator.pk)
        old = {Month.of(each.first_day): each for each in stored.readings.all()}
        changed = [each for each, value in table.values.items() if each in old and old[each].value != value]
        if not replace:
            table.faults += [already(month, old[month].value, table.values[month]) for month in changed]
        if table.faults:
            raise ValidationError(table.faults)
        for month in changed:
            old[month].value = table.values[month]
            old[month].save()
        new = [month for month in table.values if month not in old]
        for month in new:
            Reading.objects.create(indicator=indicator, first_day=month.first_day, value=table.values[month])
    return Import(added=len(new), replaced=len(changed))


def already(month: Month, old: int, new: int) -> str:
    words = {"month": month, "old": old, "new": new}
    return _("%(month)s har redan värdet %(old)s. Kryssa i ”Ersätt” om det ska bli %(new)s.") % words
