"""Run by `make bench` and `make bench-full`: a portal as deployed, and what it is compared with, on loopback alone."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import answering, counting, growth, pages, proxy, report, slow_clients
from benchmarks.portal import loaded, within
from benchmarks.report import Results

SIZES, MOST = [1_000, 10_000, 100_000], 1_000_000
CODES = 20_000
PARTS = ("pages", "proxy", "answering", "slow", "counting", "growth")


def main(arguments: list[str]) -> None:
    sizes = [*SIZES, MOST] if "--full" in arguments else SIZES
    parts = [each for each in arguments if each in PARTS] or list(PARTS)
    with tempfile.TemporaryDirectory() as name:
        results = measure(Path(name), sizes, parts)
    report.write(results)
    print(report.as_markdown(results))


def measure(folder: Path, sizes: list[int], parts: list[str]) -> Results:
    """Each part in its turn, and the report after each, so that what has been measured outlives what fails later."""
    results = Results()
    tell("två portaler med exempelåret")
    urls = {"SQLite": f"sqlite:///{folder}/benchmark.sqlite3", "PostgreSQL": os.environ["DATABASE_URL"]}
    environments = {database: loaded(folder / database, url) for database, url in urls.items()}
    surveys = {
        database: within(environment, "benchmarks.open_survey", str(CODES))
        for database, environment in environments.items()
    }
    sqlite = environments["SQLite"]
    for database, environment in environments.items():
        if "pages" in parts:
            tell(f"sidor på {database}")
            kept_too = database == "SQLite"
            results.pages[database] = pages.measure(environment, surveys[database]["address"], kept_too=kept_too)
            report.write(results)
    if "proxy" in parts:
        tell("genom nginx")
        results.proxied = proxy.measure(sqlite, folder / "nginx")
        report.write(results)
    if "answering" in parts:
        tell("svar på enkäten")
        results.answering = answering.measure(environments, surveys, folder)
        report.write(results)
    if "slow" in parts:
        tell("långsamma klienter")
        results.slow = slow_clients.measure(sqlite)
        report.write(results)
    for database, environment in environments.items():
        if "counting" in parts:
            tell(f"räkning på {database}")
            results.counted[database] = counting.measure(environment, sizes)
            report.write(results)
    if "growth" in parts:
        tell("tio år och mer")
        results.grown = growth.measure(folder, is_full=MOST in sizes)
    return results


began = time.monotonic()


def tell(what: str) -> None:
    print(f"[{time.monotonic() - began:4.0f} s] {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
