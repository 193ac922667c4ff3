"""Takes each guard of the portal away in turn, and looks whether a test notices: `make faults`, or

    scripts/mutate [words of the file or guard …]

The list is written by hand (scripts/mutants/). Each mutant is tried in a copy of the code, with the tests named
beside it; on PostgreSQL, where the guard is about people who come at the same moment, if DATABASE_URL names one.
"""

from __future__ import annotations

import importlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from importlib.util import cache_from_source
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest

from scripts.mutants import MUTANTS, Mutant

ROOT = Path(__file__).resolve().parent.parent
# Two cores in a small machine; a test waits for the disk now and then.
AT_ONCE = 2
# Seconds. A test that hangs has not said that it misses anything.
PATIENCE = 120
TESTS_FAILED, NEVER_RAN, HUNG = 1, 98, 99
PYTEST = ["-x", "-q", "--tb=line", "--reuse-db", "-p", "no:randomly", "-p", "no:cacheprovider", "-m", ""]
PYTEST += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # of what is loaded beforehand
EMPTY = "empty.sqlite3"
# What our own code and its tests lean on. Loaded once, since every mutant is tried in a fork of this process.
LOADED = """django.contrib.admin.sites django.contrib.staticfiles.finders django.core.management django.db.models
django.test playwright.sync_api axe_playwright_python.sync_playwright icalendar psycopg markdown_it nh3 segno
cryptography.fernet fido2.utils xlsxwriter PIL.ImageDraw whitenoise.middleware environ asyncio http.server
django.contrib.postgres.search django.contrib.syndication.views django.views.generic hypothesis.strategies
hypothesis.internal.conjecture.engine sqlite3 smtplib xml.etree.ElementTree"""


@dataclass(frozen=True)
class Tried:
    """A guard that was taken away, and what the tests said."""

    mutant: Mutant
    ended: int
    said: str
    seconds: float

    @property
    def is_missed(self) -> bool:
        """A guard or a test that is not found counts as nothing missed."""
        return self.ended == TESTS_FAILED

    def __str__(self) -> str:
        if not self.is_missed:
            return f"SURVIVED {self.mutant}" + (f"\n{self.said}" if self.ended else "")
        by = re.search(r"^(?:FAILED|ERROR) \S*?(\w+(?:\[.*?\])?)(?: - |$)", self.said, re.MULTILINE)
        return f"missed   {self.mutant}  ({by[1] if by else '?'}, {self.seconds:.0f} s)"


def main() -> None:
    wanted = [each for each in MUTANTS if all(word in str(each) for word in sys.argv[1:])]
    if not on_postgresql():
        wanted = [each for each in wanted if not each.postgresql]
    began = time.monotonic()
    for name in LOADED.split():
        importlib.import_module(name)
    with tempfile.TemporaryDirectory() as folder:
        copies = [copy_of_the_code(Path(folder) / str(number)) for number in range(AT_ONCE)]
        process = get_context("fork")
        free = process.SimpleQueue()
        for each in copies:
            free.put(each)
        with ProcessPoolExecutor(AT_ONCE, process, initializer=work_in, initargs=(free,)) as pool:
            make_databases(pool, copies)
            tried = list(pool.map(try_one, wanted))
    survivors = [each.mutant for each in tried if not each.is_missed]
    print(f"{len(wanted)} guards taken away, {len(wanted) - len(survivors)} missed by a test, in ", end="")
    print(f"{time.monotonic() - began:.0f} s")
    sys.exit("\n".join(f"Nobody missed: {each}" for each in survivors) or 0)


def on_postgresql() -> bool:
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def copy_of_the_code(folder: Path) -> Path:
    """All that git knows of, as it stands."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    # Some tests start the portal's own commands.
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder


def make_databases(pool: Executor, copies: Sequence[Path]) -> None:
    """Empty ones with all their tables, once: making them takes longer than most of the tests."""
    places = [{"TEST_DATABASE": str(copies[0].parent / EMPTY)}]
    if on_postgresql():
        places.append({"DATABASE_URL": postgresql("empty")})
    list(pool.map(make_database, places))
    if on_postgresql():
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            for each in copies:
                connection.execute(f"CREATE DATABASE test_mutant_{each.name} TEMPLATE test_mutant_empty".encode())


def make_database(place: dict[str, str]) -> None:
    ended, said = run_in_a_fork(Path.cwd(), ["promises/tests/test_keepers.py"], **place)
    if ended:
        raise RuntimeError(said)


def postgresql(name: str) -> str:
    """The address of a database of that name, before which Django puts test_."""
    return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/mutant_{name}"


def work_in(free: SimpleQueue[Path]) -> None:
    """Each process of the pool takes a copy of its own."""
    os.chdir(free.get())


def try_one(mutant: Mutant) -> Tried:
    folder, began = Path.cwd(), time.monotonic()
    path = folder / mutant.file
    whole = path.read_text()
    try:
        path.write_text(mutant.without(whole))
        ended, said = run_tests(folder, mutant)
        tried = Tried(mutant, ended, said, time.monotonic() - began)
    except ValueError as fault:
        tried = Tried(mutant, -1, str(fault), 0)
    finally:
        path.write_text(whole)
        # Python tells one text from another by its length and its second.
        Path(cache_from_source(str(path))).unlink(missing_ok=True)
    print(tried, flush=True)
    return tried


def run_tests(folder: Path, mutant: Mutant) -> tuple[int, str]:
    if mutant.postgresql:
        # Two copies at once need a database each.
        return run_in_a_fork(folder, mutant.tests.split(), DATABASE_URL=postgresql(folder.name))
    own = str(shutil.copy(folder.parent / EMPTY, folder / EMPTY))
    return run_in_a_fork(folder, mutant.tests.split(), TEST_DATABASE=own)


def run_in_a_fork(folder: Path, tests: Sequence[str], **environment: str) -> tuple[int, str]:
    """What pytest answered in the folder, and the end of what it said."""
    with tempfile.TemporaryFile() as told:
        if (child := os.fork()) == 0:
            be_pytest(folder, tests, environment, told.fileno())
        ended = wait_for(child)
        told.seek(0)
        return ended, told.read().decode(errors="replace")[-3_000:]


def be_pytest(folder: Path, tests: Sequence[str], environment: dict[str, str], told: int) -> NoReturn:
    ended = NEVER_RAN
    try:
        os.setsid()
        os.dup2(told, 1)
        os.dup2(told, 2)
        os.chdir(folder)
        sys.path[:] = [str(folder), *(each for each in sys.path if each not in ("", str(ROOT)))]
        os.environ.pop("DATABASE_URL", None)
        os.environ.update(environment)
        sys.dont_write_bytecode = False
        ended = int(pytest.main([*PYTEST, *tests]))
        sys.stdout.flush()
    except BaseException:
        traceback.print_exc()
    finally:
        # Not by sys.exit: this is a copy of a process that has more to do.
        os._exit(ended)


def wait_for(child: int) -> int:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.killpg(child, 9)
    os.waitpid(child, 0)
    return HUNG


if __name__ == "__main__":
    main()
