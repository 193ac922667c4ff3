"""Every component with made-up data, at /stil/ while DEBUG is on: the place to look before a component is changed."""

from datetime import date
from types import SimpleNamespace as Row
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

STANDINGS = {
    "ongoing": "Pågår",
    "done": "Genomförd",
    "behind": "Försenad",
    "not_started": "Inte påbörjad",
    "cancelled": "Avbruten",
}
MONTHS = [
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
]  # fmt: skip
STATUS_LABELS = {
    "reported": "redovisad",
    "missing": "saknas",
    "no_meeting": "inget möte, enligt beslut",
    "awaited": "redovisning väntas",
    "coming": "kommer",
}
SOME_BORDER = (
    "M92 20 L98 56 108 64 120 56 140 66 168 62 196 28 226 45 268 2 280 30 274 48 300 70 330 66 352 100 340 150 "
    "350 190 318 214 322 260 300 300 262 310 250 352 214 360 190 400 150 396 132 360 96 352 84 310 48 300 40 252 "
    "8 230 22 180 10 130 44 104 40 62 Z"
)


class ExampleForm(forms.Form):
    """The kinds of field that the portal asks with."""

    dark = forms.ChoiceField(
        label="Hur trygg eller otrygg känner du dig vid resecentrum när det är mörkt?",
        choices=[
            ("a", "Mycket trygg"),
            ("b", "Ganska trygg"),
            ("c", "Ganska otrygg"),
            ("d", "Mycket otrygg"),
            ("x", "Brukar inte vara där"),
        ],
        widget=forms.RadioSelect,
    )
    matters = forms.MultipleChoiceField(
        label="Vad är viktigast för att du ska känna dig tryggare?",
        choices=[("light", "Bättre belysning och skötsel"), ("adults", "Fler vuxna ute"), ("police", "Mer polis")],
        widget=forms.CheckboxSelectMultiple,
        help_text="Välj högst tre.",
        required=False,
    )
    words = forms.CharField(label="Vill du säga något mer?", widget=forms.Textarea, required=False)
    email = forms.EmailField(label="E-postadress", help_text="Vi skickar ett brev i månaden, inget annat.")


def ribbon_of(statuses: str, start: int = 0, year: int = 2026) -> list[Row]:
    """A ribbon from letters: r reported, m missing, n no meeting, a awaited, c coming; a capital is now."""
    codes = {"r": "reported", "m": "missing", "n": "no_meeting", "a": "awaited", "c": "coming"}
    ribbon = []
    for index, letter in enumerate(statuses):
        month, status = (start + index) % 12, codes[letter.lower()]
        of_year = year + (start + index) // 12
        ribbon.append(
            Row(
                url=f"#{of_year}-{month + 1:02}",
                short_label=MONTHS[month][:3],
                label=f"{MONTHS[month]} {of_year}",
                status=status,
                status_label=STATUS_LABELS[status],
                has_survey=index in (4, 9),
                has_meeting=index in (2, 8, 10),
                is_current=letter.isupper(),
                year_label=str(of_year) if len(statuses) > 12 and (index == 0 or month == 0) else "",
            )
        )
    return ribbon


def standing(code: str) -> Row:
    return Row(code=code, label=STANDINGS[code])


ROW_NAMES = ("number", "title", "url", "code", "count", "target", "text", "note")
ACTION_ROWS = [
    (1, "Trygghetsundersökningar på utvalda platser", "#1", "ongoing", 2, 3,
     "2 av 3 undersökningar, senast 14 oktober i Limmared", ""),
    (2, "Värdegrundsarbete i skolan", "#2", "behind", 1, 4,
     "1 av 4 skolor, senast 3 mars på Tranängskolan", "Vårens pass i Länghem skulle ha hållits senast 31 maj."),
    (3, "Gemensamma lägesbilder", "#3", "done", 10, 10, "10 av 10 lägesbilder, senast 28 oktober", ""),
    (4, "Polis på de platser som är utpekade som otrygga", "#4", "ongoing", 63, 80,
     "63 av 80 pass, senast i går kväll vid resecentrum", ""),
    (5, "Återkoppling till invånarna varje månad", "#5", "not_started", None, None, "Inget antal är bestämt", ""),
]  # fmt: skip


def the_action_rows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [dict(zip(ROW_NAMES, row, strict=True)) for row in ACTION_ROWS]
    return [row | {"standing": standing(row["code"])} for row in rows]


def the_charts() -> dict[str, Any]:
    return {
        "shares": [
            Row(label="Mycket trygg", text="23 %", low=23, high=23, tone=2),
            Row(label="Ganska trygg", text="51 %", low=51, high=51, tone=1),
            Row(label="Ganska otrygg", text="17 %", low=17, high=17, tone=-1),
            Row(label="Mycket otrygg", text="<5 %", low=0, high=5, tone=-2),
            Row(label="Går inte ut ensam på grund av otrygghet", text="7 %", low=7, high=7, tone=-2),
        ],
        "choices": [
            Row(label="Bättre belysning och skötsel", text="54 %", low=54, high=54, interval_low=47, interval_high=61),
            Row(label="Något att göra för unga", text="38 %", low=38, high=38, interval_low=31, interval_high=45),
            Row(label="Annat", text="<5 %", low=0, high=5),
        ],
        "rounds": [
            Row(label="2019", text="80 %", value=80, low=75, high=84, n=272, is_joined=False),
            Row(label="våren 2026", text="62 %", value=62, low=55, high=69, n=188, is_joined=False),
            Row(label="hösten 2026", text="74 %", value=74, low=68, high=79, n=223, is_joined=True),
        ],
        "table_headers": ["Svar", "Andel", "Osäkerhet"],
        "table_rows": [
            ["Mycket trygg", "23 %", "18–29 %"],
            ["Ganska trygg", "51 %", "44–57 %"],
            ["Mycket otrygg", "<5 %", "–"],
        ],
    }


def the_map() -> dict[str, Any]:
    return {
        "view_box": "0 0 360 410",
        "border_path": SOME_BORDER,
        "localities": [
            Row(x=150, y=330, label="Ambjörnarp", label_x=158, label_y=334, anchor="start"),
            Row(x=262, y=150, label="Ljungsarp", label_x=270, label_y=154, anchor="start"),
        ],
        "places": [
            Row(
                x=120,
                y=210,
                label="Resecentrum",
                label_x=138,
                label_y=208,
                anchor="start",
                url="#a",
                standing=standing("ongoing"),
            ),
            Row(
                x=118,
                y=140,
                label="Limmared",
                label_x=136,
                label_y=138,
                anchor="start",
                url="#b",
                standing=standing("behind"),
            ),
            Row(
                x=60,
                y=262,
                label="Länghem",
                label_x=78,
                label_y=260,
                anchor="start",
                url="#c",
                standing=standing("not_started"),
            ),
        ],
    }


def the_months() -> list[Row]:
    return [
        Row(label="Oktober", url="#10", status="reported", status_label="redovisad 4 november", events=[
            Row(day="14 okt", kind="survey", kind_label="Enkät", text="Resecentrum, 223 svar", url="#e"),
            Row(day="28 okt", kind="meeting", kind_label="Möte", text="Trygg och Säker kommun", url=""),
        ]),
        Row(label="November", url="#11", status="missing", status_label="saknas sedan 10 december", events=[
            Row(day="3 nov", kind="deed", kind_label="Insats", text="Trygghetsvandring i Limmared", url="#d"),
        ]),
        Row(label="December", url="", status="no_meeting", status_label="inget möte, enligt beslut", events=[]),
        Row(label="Januari", url="", status="coming", status_label="kommer", events=[]),
    ]  # fmt: skip


def style_guide(request: HttpRequest) -> HttpResponse:
    wrong = ExampleForm({"email": "inte en adress"}, prefix="wrong")
    context = {
        "ribbon": ribbon_of("rrmrrrnrrAcc"),
        "long_ribbon": ribbon_of("rrmrrrnrrrmrrrRccccccccc", start=9),
        "standings": [standing(code) for code in STANDINGS],
        "action_rows": the_action_rows(),
        "form": ExampleForm(),
        "wrong": wrong,
        "signatures": [
            Row(organisation="Polisen", name="Anna Exempel", role="kommunpolis", signed_on=date(2026, 11, 3)),
            Row(organisation="Tranemo kommun", name="", role="", signed_on=None),
        ],
        "awaited": ["Tranemo kommun har inte godkänt texten. Den väntar sedan 4 april."],
        "crumbs": [Row(label="Start", url="/"), Row(label="Månader", url="#m"), Row(label="Oktober 2026", url="")],
        "meetings": [(date(2026, 12, 3), False), (date(2026, 9, 17), True)],
        "months": the_months(),
        "map": the_map(),
        "colours": [
            "paper",
            "paper-deep",
            "sheet",
            "ink",
            "ink-soft",
            "rule",
            "edge",
            "forest",
            "lake",
            "late",
            "late-wash",
            "alarm",
        ],
        **the_charts(),
    }
    return render(request, "style_guide.html", context)
