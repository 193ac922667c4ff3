"""The figures as a page that people can read, docs/prestanda.md, and as a chart."""

from __future__ import annotations

import os
import platform
import time
from dataclasses import dataclass, field

from benchmarks.answering import A_SECOND, Answering
from benchmarks.counting import Counted
from benchmarks.pages import Figures
from benchmarks.processes import ROOT
from benchmarks.proxy import Proxied
from benchmarks.visitors import Speed

PAGE, CHART = ROOT / "docs" / "prestanda.md", ROOT / "docs" / "bilder" / "prestanda.svg"
BEGINS, ENDS = "<!-- make bench börjar här -->", "<!-- make bench slutar här -->"


@dataclass
class Results:
    """Everything that one run measured."""

    pages: dict[str, list[Figures]] = field(default_factory=dict)  # by database
    proxied: Proxied | None = None
    answering: Answering | None = None
    slow: dict[str, tuple[Speed, Speed]] = field(default_factory=dict)
    counted: dict[str, list[Counted]] = field(default_factory=dict)
    grown: dict[str, dict[str, float]] = field(default_factory=dict)  # by size


def number(value: float, decimals: int = 0) -> str:
    """As Swedish writes it."""
    return f"{value:,.{decimals}f}".replace(",", "\u00a0").replace(".", ",")


def table(headers: list[str], rows: list[list[str]]) -> str:
    lines = [headers, ["---", *["---:"] * (len(headers) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


# --- the parts ----------------------------------------------------------------------------------------


def pages_table(figures: list[Figures]) -> str:
    headers = ["sida", "svar/s som andel av hej (min, median, max)", "p50 ms", "p99 ms", "CPU ms", "CPU × hej"]
    rows = [
        [
            each.name,
            ", ".join(number(value, 2) for value in (min(each.ratios), each.middle_ratio, max(each.ratios))),
            number(each.middle("p50"), 1),
            number(each.middle("p99"), 1),
            number(each.middle("cpu"), 2),
            number(each.cpu_ratio, 1),
            number(each.size),
            number(each.sent),
            number(each.memory),
        ]
        for each in figures
    ]
    return table([*headers, "byte", "skickat", "MB"], rows)


def answering_table(figures: Answering) -> str:
    def row(name: str, speed: Speed, beside: Speed) -> list[str]:
        ratio = speed.a_second / beside.a_second if beside.a_second else 0.0
        values = (speed.a_second, speed.p50, speed.p99, speed.cpu)
        return [name, *(number(value, 1) for value in values), str(speed.errors), number(ratio, 2)]

    rows = [row("hej", figures.hello, figures.hello)]
    for database, (hello, speed) in figures.submit.items():
        rows.append(row(f"inlämning, {database}", speed, hello))
    for clients, speed in figures.other_complete.items():
        rows.append(row(f"dsr: hela svaret, {clients} klienter", speed, figures.hello))
    for database, speeds in figures.complete.items():
        for clients, speed in speeds.items():
            rows.append(row(f"hela svaret, {database}, {clients} klienter", speed, figures.hello))
    rows.append(row(f"disken: en hållbar skrivning, {A_SECOND}/s", figures.disk_at_rate, figures.disk_at_rate))
    for database, (hello, speed) in figures.at_rate.items():
        rows.append(row(f"hej, {A_SECOND}/s", hello, hello))
        rows.append(row(f"inlämning, {database}, {A_SECOND}/s", speed, hello))
    return table(["vad", "per sekund", "p50 ms", "p99 ms", "CPU ms", "fel", "andel av hej"], rows)


def slow_table(figures: dict[str, tuple[Speed, Speed]]) -> str:
    rows = [
        [name, number(alone.a_second), number(beside.a_second), number(beside.p99, 1), str(beside.errors)]
        for name, (alone, beside) in figures.items()
    ]
    return table(["gunicorn", "svar/s ensamt", "svar/s bredvid 20 långsamma", "p99 ms", "fel"], rows)


def counted_table(figures: list[Counted]) -> str:
    headers = ["svar", "stänga och blanda s", "räkna ihop s", "räkna och spara s", "publicera s", "byte/svar", "MB"]
    rows = [
        [
            number(each.answers),
            *(number(value, 2) for value in (each.close, each.aggregate, each.count, each.publish)),
            number(each.bytes_an_answer, 1),
            number(each.memory),
        ]
        for each in figures
    ]
    if len(figures) > 1:
        last, before = figures[-1], figures[-2]
        names = ("close", "aggregate", "count", "publish")
        growth = [number(getattr(last, name) / max(getattr(before, name), 1e-4), 1) + " ×" for name in names]
        times = number(last.answers / before.answers)
        rows.append([f"{times} gånger fler svar", *growth, "", ""])
    return table(headers, rows)


def grown_table(figures: dict[str, dict[str, float]]) -> str:
    names = next(iter(figures.values()))
    rows = [[name, *(number(each[name], 1) for each in figures.values())] for name in names]
    return table(["CPU ms, gjord på nytt", *figures], rows)


# --- what must be reached -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Goal:
    what: str
    goal: str
    got: str
    is_reached: bool
    why: str = ""


def goals(results: Results) -> list[Goal]:
    return [*page_goals(results), *proxy_goals(results), *answer_goals(results), *count_goals(results)]


def page_goals(results: Results) -> list[Goal]:
    figures = {each.name: each for each in results.pages.get("SQLite", [])}
    if not figures:
        return []
    kept = [each for name, each in figures.items() if name.endswith(", sparad")]
    made = [each for each in results.pages["SQLite"] if each.name.endswith("gjord på nytt")]
    least, same = min(kept, key=lambda each: each.middle_ratio), figures["förstasidan, oförändrad (304)"]
    dearest = max(made, key=lambda each: each.cpu_ratio)
    memory = max([*(each.memory for each in kept), *(results.answering.memory.values() if results.answering else ())])
    through = figures["hej genom portalens alla lager"].cpu_ratio
    # The processor's time is the same on a busy machine, where the speeds of a moment are not.
    why_kept = f"{least.name}, som tar {number(least.cpu_ratio, 1)} gånger så mycket processortid som hej"
    return [
        at_least("publicerad sida, som sparad, av hej", 1.0, least.middle_ratio, why_kept),
        at_least("oförändrad sida (304), av hej", 1.1, same.middle_ratio),
        at_most(
            "sida som görs på nytt, CPU gånger hej",
            12,
            dearest.cpu_ratio,
            f"{dearest.name}. Frågorna till databasen, som Django skriver, ställer och gör till objekt, kostar ensamma "
            f"mer än så, och portalens lager {number(through, 1)} gånger hej. En sida görs en gång per ändring och "
            "process, aldrig per läsare",
        ),
        at_most("största arbetsprocessens minne som driftsatt, efter sidor och svar, MB", 120, memory),
    ]


WHY_PROXY = (
    "sidans sidhuvuden ligger i den sparade filen, och nginx läser och tolkar dem varje gång; en egen fil har inga. "
    "Att skicka dem kostar inget som märks. Hur mycket just läsningen kostar är inte mätt"
)


def proxy_goals(results: Results) -> list[Goal]:
    if results.proxied is None:
        return []
    page = results.proxied.page[1]
    return [
        at_least("sida genom nginx, av nginx egen fil", 0.9, page.middle_ratio, WHY_PROXY),
        Goal(
            "sida medan varje Python-process är stoppad",
            "100 av 100",
            results.proxied.when_killed,
            results.proxied.when_killed == results.proxied.when_stopped == "100 av 100",
        ),
    ]


WHY_SUBMIT = (
    "varje svar prövas för sig: varifrån formuläret skickades, om koden gissas, varje fråga mot sina villkor, och "
    "under lås om enkäten är öppen; sedan en hållbar transaktion"
)


def answer_goals(results: Results) -> list[Goal]:
    figures = results.answering
    if figures is None:
        return []
    _hello, rivals, form = figures.forms
    why = f"gunicorn sätter gränsen: formuläret lämnas {number(form.middle_ratio, 2)} gånger så fort som hej"
    found = [at_least("enkätens formulär, gånger dsr", 90, form.middle_ratio / rivals.middle_ratio, why)]
    for database, (hello, speed) in figures.submit.items():
        complete, rival = figures.complete[database], figures.other_complete[8]
        found += [
            at_least(f"inlämning, av hej, {database}", 0.25, speed.a_second / hello.a_second, WHY_SUBMIT),
            at_least(f"hela svaret, gånger dsr, {database}", 10, complete[8].a_second / rival.a_second, WHY_SUBMIT),
            rate_goal(database, *figures.at_rate[database], figures.disk_at_rate),
            at_most(f"fel med 64 klienter, {database}", 0, complete[64].errors),
        ]
    return found


def rate_goal(database: str, hello: Speed, submit: Speed, disk: Speed) -> Goal:
    why = (
        f"hej {number(hello.p99, 1)} ms, svaret {number(submit.p99, 1)} ms. "
        f"En hållbar skrivning tar disken ensam {number(disk.p99, 1)} ms (p99)"
        f"{', mer än gränsen' if disk.p99 > 2.5 * hello.p99 else ''}"
    )
    return at_most(f"p99 vid {A_SECOND}/s, gånger hej, {database}", 2.5, submit.p99 / max(hello.p99, 0.001), why)


WHY_BYTES = (
    "PostgreSQL skriver 28 byte om varje rad. Till det kommer nyckel (8), omgång (8), plats (2), kanal (2), svar (18) "
    "och utfyllnad till jämna åtta: 68. Med plats och kanal inne i svaret och en omgång på 4 byte blir det 60,2, "
    "men då kan versionen före inte skriva bredvid"
)


def speed(results: Results) -> str:
    """Why seconds say little: how fast the machine was, as what hello took of it."""
    hello = [each.middle("cpu") for each in results.pages.get("SQLite", []) if each.name == "hej"]
    return (
        f"på en maskin där hej kostar {number(hello[0], 2)} ms; gränsen sattes där det kostar 0,2 ms" if hello else ""
    )


def count_goals(results: Results) -> list[Goal]:
    found = []
    for database, figures in results.counted.items():
        last = figures[-1]
        found.append(at_most(f"byte per svar, {database}", 60, last.bytes_an_answer, WHY_BYTES))
        if last.answers == 1_000_000:
            limit = 1.0 if database == "SQLite" else 0.5
            found.append(
                at_most(f"en miljon svar räknas ihop, sekunder, {database}", limit, last.aggregate, speed(results))
            )
            before = figures[-2].aggregate
            why = (
                f"{number(before, 2)} och {number(last.aggregate, 2)} s. En del är högst 200 000 svar och tar lika "
                "lång tid hur många delarna än är; hur många svar det är i allt frågas för sig, och tar en tiondel"
            )
            growth = last.aggregate / before
            found.append(at_most(f"tio gånger fler svar, gånger längre tid, {database}", 11, growth, why))
    return found


def at_least(what: str, goal: float, got: float, why: str = "") -> Goal:
    return Goal(what, f"minst {number(goal, 2)}", number(got, 2), got >= goal, why)


def at_most(what: str, goal: float, got: float, why: str = "") -> Goal:
    return Goal(what, f"högst {number(goal, 2)}", number(got, 2), got <= goal, why)


def goals_table(results: Results) -> str:
    rows = [
        [each.what, each.goal, each.got, "ja" if each.is_reached else f"nej: {each.why}" if each.why else "nej"]
        for each in goals(results)
    ]
    return table(["mål", "gräns", "uppmätt", "nått"], rows)


# --- the page -----------------------------------------------------------------------------------------


def write(results: Results) -> None:
    """Put the figures between the marks; what people have written around them stays."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGINS)
    after = rest.partition(ENDS)[2]
    PAGE.write_text(f"{before}{BEGINS}\n\n{as_markdown(results)}\n{ENDS}{after}", encoding="utf-8")
    CHART.write_text(as_chart(results), encoding="utf-8")


def as_markdown(results: Results) -> str:
    load = ", ".join(number(each, 1) for each in os.getloadavg())
    machine = f"{os.cpu_count()} kärnor, Python {platform.python_version()}, last {load}"
    parts = [f"Uppmätt {time.strftime('%Y-%m-%d')} med `make bench`: {machine}.\n"]
    parts += [
        "### Målen\n",
        goals_table(results),
        "![Sidor som andel av en vy som bara säger hej](bilder/prestanda.svg)\n",
    ]
    for database, figures in results.pages.items():
        parts += [f"### Sidor, {database}\n", pages_table(figures)]
    if results.proxied:
        proxied = results.proxied
        parts += ["### Genom nginx\n", pages_table(proxied.page)]
        parts.append(
            f"Svar från nginx medan Pythons processer står stilla: {proxied.when_stopped}; "
            f"när de är dödade: {proxied.when_killed}.\n"
        )
    if results.answering:
        parts += ["### Enkätens formulär, bredvid dsr\n", pages_table(results.answering.forms)]
        parts += ["### Svar på enkäten\n", answering_table(results.answering)]
    if results.slow:
        parts += ["### Långsamma klienter\n", slow_table(results.slow)]
    for database, counted in results.counted.items():
        parts += [f"### Stänga, räkna, publicera, {database}\n", counted_table(counted)]
    if results.grown:
        parts += ["### Större\n", grown_table(results.grown)]
    return "\n".join(parts)


ROW, LEFT, WIDTH = 26, 250, 640


def as_chart(results: Results) -> str:
    """Bars beside hello, with the numbers on them; it prints in grey."""
    figures = next(iter(results.pages.values()), [])
    most = max((each.middle_ratio for each in figures), default=1.0)
    rows = []
    for index, each in enumerate(figures):
        y, width = 14 + index * ROW, (WIDTH - LEFT - 60) * each.middle_ratio / most
        fill = "#8a8f88" if each.name.startswith("hej") else "#1f5a46" if "sparad" in each.name else "#8fb3a4"
        rows.append(
            f'<text x="{LEFT - 8}" y="{y + 13}" text-anchor="end">{each.name}</text>'
            f'<rect x="{LEFT}" y="{y}" width="{max(width, 1):.0f}" height="18" fill="{fill}"/>'
            f'<text x="{LEFT + max(width, 1) + 6:.0f}" y="{y + 13}">{number(each.middle_ratio, 2)}</text>'
        )
    height = 20 + len(figures) * ROW
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'font-family="sans-serif" font-size="13" role="img"><title>Svar i sekunden, som andel av en vy som bara säger '
        f'hej</title><rect width="{WIDTH}" height="{height}" fill="#fff"/>{"".join(rows)}</svg>\n'
    )
