"""Ten years of a municipality, and 290 municipalities: what a page, a list or a command then costs."""

from __future__ import annotations

from pathlib import Path

from benchmarks.portal import loaded, within

# So many promises beside the example's own, each with 12 reports, 500 deeds and (the first ten) 20 rounds.
SIZES = {"exempelåret": 0, "tio år: 10 löften, 120 rapporter, 5 000 insatser, 200 omgångar": 10}
MOST = {"290 gånger rapporterna och insatserna": 2_900}


def measure(folder: Path, *, is_full: bool) -> dict[str, dict[str, float]]:
    """Milliseconds of processor time by size and by what was asked; on SQLite."""
    figures = {}
    for number, (name, promises) in enumerate((SIZES | (MOST if is_full else {})).items()):
        place = folder / f"grown-{number}"
        environment = loaded(place, f"sqlite:///{place}.sqlite3")
        figures[name] = within(environment, "benchmarks.grow", str(promises))
    return figures
