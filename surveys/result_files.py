"""A published result as files: every number that the page shows, one a row, and what each column means.

Like the page they read the frozen snapshot alone. A file is the same bytes each time it is made.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from surveys import wording
from surveys.models import ResultRelease
from surveys.released import POSITIVE, snapshots
from surveys.residents import living_there
from surveys.result_words import answer_in_words, population_in_words, questions_of
from surveys.shown import ShownBreakdown, ShownGroup, ShownShare

KEYS = {POSITIVE: "positive"}
# Excel reads a cell that begins so as a formula, whoever wrote the words in it; the wide signs too, in some languages.
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Row:
    """One share of one group of respondents, or the reason why the group is not shown."""

    omgang: str
    version: int
    svarsvag: str
    fraga_nyckel: str
    fraga_version: int | None
    fraga: str
    uppdelning: str
    grupp: str
    antal_svar: int | None
    svar_nyckel: str
    svar: str
    andel: str
    andel_fran: int | None
    andel_till: int | None
    osaker_fran: float | None
    osaker_till: float | None
    visas_inte: str
    boende: int | None
    publicerad: str


def columns() -> dict[str, str]:
    """What each column holds, in its order."""
    return {
        "omgang": _("Omgångens adressnamn, som i resultatets webbadress."),
        "version": _("Vilken version av resultatet det är. En rättelse är en ny version."),
        "svarsvag": _("Svar med kod, eller självvalda svar (öppen länk och papper utan kod). De läggs aldrig ihop."),
        "fraga_nyckel": _("Frågans nyckel. Samma nyckel och version är samma fråga i alla omgångar."),
        "fraga_version": _("Frågans version. En ändrad ordalydelse är en ny version."),
        "fraga": _("Frågan som den ställdes. Tom på rader om hur många som svarade på enkäten."),
        "uppdelning": _("Vad svaren är uppdelade efter, till exempel plats. Tom för alla som svarade."),
        "grupp": _("Gruppen som raden gäller. Tom för alla som svarade."),
        "antal_svar": _("Hur många i gruppen som svarade på frågan; de andelen är en andel av. Tom om det inte visas."),
        "svar_nyckel": _("Svarets nyckel. positive är de positiva svaren tillsammans."),
        "svar": _("Svaret i ord."),
        "andel": _("Andelen som den står på sidan, i procent eller som ungefärligt tal."),
        "andel_fran": _("Andelens nedre gräns i procent. Lika med den övre om andelen är en hel procent."),
        "andel_till": _("Andelens övre gräns i procent."),
        "osaker_fran": _("Osäkerhetens nedre gräns i procent: Wilsons intervall, 95 procents säkerhet."),
        "osaker_till": _("Osäkerhetens övre gräns i procent."),
        "visas_inte": _("Varför gruppen eller frågan inte visas. Tom om den visas."),
        "boende": _("Hur många som bor på platsen i gruppen, på rader om hur många som svarade. Tom om det är okänt."),
        "publicerad": _("Dagen då resultatet publicerades. Ej publicerat: filen är ett utkast och får inte spridas."),
    }


def rows(release: ResultRelease) -> list[Row]:
    return list(_Rows(release).all())


class _Rows:
    def __init__(self, release: ResultRelease) -> None:
        self.release = release
        self.questions = questions_of(release.content)
        self.population = ""

    def all(self) -> Iterator[Row]:
        for snapshot in snapshots(self.release.content):
            self.population = snapshot.population
            if snapshot.n is None:
                yield self.row("", ShownGroup("", ""), reason=_("Färre än tio svarade. Därför visas inte resultatet."))
                continue
            yield self.row("", ShownGroup("", "", snapshot.n))
            for breakdown in snapshot.who_answered:
                yield from self.who_answered(breakdown)
            for question in snapshot.questions:
                yield from self.group(question.key, question.whole)
                for breakdown in question.breakdowns:
                    yield from self.breakdown(question.key, breakdown)

    def who_answered(self, shown: ShownBreakdown) -> Iterator[Row]:
        if shown.withheld:
            yield from self.breakdown("", shown)
        for group in shown.groups:
            living = living_there(self.release.content, shown.key, group.key) if group.n else None
            yield replace(self.row("", group, within=shown.label), boende=living)

    def breakdown(self, key: str, shown: ShownBreakdown) -> Iterator[Row]:
        if shown.withheld:
            yield self.row(key, ShownGroup("", "", withheld=shown.withheld), within=shown.label)
        for group in shown.groups:
            yield from self.group(key, group, within=shown.label)

    def group(self, key: str, group: ShownGroup, within: str = "") -> Iterator[Row]:
        if not group.shares:
            yield self.row(key, group, within=within)
        for share in group.shares:
            yield self.row(key, group, share, within=within)

    def row(
        self, key: str, group: ShownGroup, share: ShownShare | None = None, within: str = "", reason: str = ""
    ) -> Row:
        question = self.questions.get(key, {})
        interval = share.interval() if share else None
        return Row(
            omgang=self.release.content["slug"],
            version=self.release.number,
            svarsvag=population_in_words(self.population),
            fraga_nyckel=key,
            fraga_version=question.get("version"),
            fraga=question.get("text", ""),
            uppdelning=within,
            grupp=group.label,
            antal_svar=group.n,
            svar_nyckel=KEYS.get(share.key, share.key) if share else "",
            svar=answer_in_words(question, share.key) if share else "",
            andel=wording.per_cent(share) if share else "",
            andel_fran=share.low if share else None,
            andel_till=share.high if share else None,
            osaker_fran=round(100 * interval.low, 1) if interval else None,
            osaker_till=round(100 * interval.high, 1) if interval else None,
            visas_inte=reason or (wording.why_withheld(group.withheld) if group.withheld else ""),
            boende=None,
            publicerad=published_in_words(self.release),
        )


def published_in_words(release: ResultRelease) -> str:
    """The day, or that it is only a draft: it stands on every row, so that a part of a file still says so."""
    return localtime(release.published_at).date().isoformat() if release.is_published else _("Ej publicerat")


NAMES = [field.name for field in fields(Row)]


def as_csv(release: ResultRelease) -> bytes:
    return csv_file(NAMES, ([getattr(row, name) for name in NAMES] for row in rows(release)))


def csv_file(names: Iterable[str], lines: Iterable[Iterable[str | float | None]]) -> bytes:
    """For a Swedish Excel: a mark of UTF-8 first, semicolons between, commas in the figures."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([_in_csv(value) for value in line] for line in lines)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _in_csv(value: str | float | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if isinstance(value, str):
        # An apostrophe in front makes Excel and LibreOffice read the cell as words.
        return f"'{value}" if value.startswith(BEGINS_A_FORMULA) else value
    return str(value).replace(".", ",")


def as_xlsx(release: ResultRelease) -> bytes:
    """Two sheets: the numbers, and what the columns mean."""
    file = io.BytesIO()
    # Words are never read as formulas, figures or addresses, whatever they begin with.
    words = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, {"in_memory": True, **words})
    made = localtime(release.published_at or timezone.now()).replace(tzinfo=None)
    book.set_properties({"title": release.content["title"], "created": made})
    head = book.add_format({"bold": True, "bottom": 1})
    title = _("Resultat") if release.is_published else _("Ej publicerat")
    numbers, meaning = book.add_worksheet(title), book.add_worksheet(_("Kolumner"))
    _write(numbers, head, [NAMES, *([getattr(row, name) for name in NAMES] for row in rows(release))])
    _write(meaning, head, [[_("kolumn"), _("vad den betyder")], *map(list, columns().items())])
    meaning.set_column(0, 0, 16)
    meaning.set_column(1, 1, 90)
    book.close()
    return file.getvalue()


def _write(sheet: Any, head: Any, lines: list[list[Any]]) -> None:
    sheet.freeze_panes(1, 0)
    for number, line in enumerate(lines):
        for place, value in enumerate(line):
            if value is not None:
                sheet.write(number, place, value, *((head,) if number == 0 else ()))


def as_json(release: ResultRelease) -> bytes:
    """The same rows with names, and what explains them."""
    content = release.content
    data = {
        "omgang": content["slug"],
        "rubrik": content["title"],
        "forsta_dag": content["first_day"],
        "sista_dag": content["last_day"],
        "version": release.number,
        "publicerad": published_in_words(release),
        "skal_till_ny_version": release.reason,
        "platser": [place["name"] for place in content["places"]],
        "inbjudna": content["invited"],
        "utelamnad_svarsvag": content["left_out"]["reason"],
        "rattad_stavning": content["spelling_corrections"],
        "teman": content.get("themes", []),
        "boende_kalla": (content.get("residents") or {}).get("source", ""),
        "boende_dag": (content.get("residents") or {}).get("counted_on", ""),
        "kolumner": columns(),
        "rader": [{name: getattr(row, name) for name in NAMES} for row in rows(release)],
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


@dataclass(frozen=True)
class FileKind:
    """One way to write the rows down."""

    ending: str
    make: Callable[[ResultRelease], bytes]
    content_type: str


FILES = {
    each.ending: each
    for each in (
        FileKind("csv", as_csv, "text/csv; charset=utf-8"),
        FileKind("xlsx", as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        FileKind("json", as_json, "application/json; charset=utf-8"),
    )
}
