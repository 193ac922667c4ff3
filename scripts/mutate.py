"""Takes each guard of the portal away in turn, and looks whether a test notices: `make faults`, or

    scripts/mutate [words of the file or guard …]

The list is written by hand (scripts/mutants.py). Each mutant is tried in a copy of the code, with the tests named
beside it; on PostgreSQL, where the guard is about people who come at the same moment, if DATABASE_URL names one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from scripts.mutants import MUTANTS, Mutant

ROOT = Path(__file__).resolve().parent.parent
# Two cores in a small machine; a test waits for the disk now and then.
AT_ONCE = 2
# Seconds. A mutant that hangs its test has been noticed.
PATIENCE = 300
TESTS_FAILED = 1
PYTEST = [str(ROOT / ".venv/bin/python"), "-m", "pytest", "-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider"]
EMPTY = "empty.sqlite3"


def main() -> None:
    wanted = [each for each in MUTANTS if all(word in str(each) for word in sys.argv[1:])]
    if not on_postgresql():
        wanted = [each for each in wanted if not each.postgresql]
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        make_database(Path(folder))
        copies = [copy_of_the_code(Path(folder) / str(number)) for number in range(AT_ONCE)]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            lists = [wanted[number::AT_ONCE] for number in range(AT_ONCE)]
            survivors = [each for found in pool.map(try_all, copies, lists) for each in found]
    print(f"{len(wanted)} guards taken away, {len(wanted) - len(survivors)} missed by a test, in ", end="")
    print(f"{time.monotonic() - began:.0f} s")
    sys.exit("\n".join(f"Nobody missed: {each}" for each in survivors) or 0)


def on_postgresql() -> bool:
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def copy_of_the_code(folder: Path) -> Path:
    """All that git knows of, as it stands, with the same environment."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


def make_database(folder: Path) -> None:
    """An empty database with all its tables, once: making it takes longer than most of the tests."""
    command = [*PYTEST, "--reuse-db", "promises/tests/test_keepers.py"]
    environment = without_database() | {"TEST_DATABASE": str(folder / EMPTY)}
    subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)


def without_database() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}


def try_all(folder: Path, mutants: Sequence[Mutant]) -> list[Mutant]:
    return [each for each in mutants if not is_missed(folder, each)]


def is_missed(folder: Path, mutant: Mutant) -> bool:
    """Whether a test fails without the guard. A guard or a test that is not found counts as nothing missed."""
    path = folder / mutant.file
    whole = path.read_text()
    try:
        path.write_text(mutant.without(whole))
        ended, said = run_tests(folder, mutant)
    except ValueError as fault:
        ended, said = -1, str(fault)
    finally:
        path.write_text(whole)
    print(f"{'missed  ' if ended == TESTS_FAILED else 'SURVIVED'} {mutant}", flush=True)
    if ended not in (0, TESTS_FAILED):
        print(said, flush=True)
    return ended == TESTS_FAILED


def run_tests(folder: Path, mutant: Mutant) -> tuple[int, str]:
    environment, command = without_database(), [*PYTEST, *mutant.tests.split()]
    if mutant.postgresql:
        # Two copies at once need a database each.
        environment["DATABASE_URL"] = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/mutant_{folder.name}"
    else:
        environment["TEST_DATABASE"] = str(shutil.copy(folder.parent / EMPTY, folder / EMPTY))
        command.append("--reuse-db")
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return TESTS_FAILED, "it hung"
    return done.returncode, done.stdout[-2_000:]


if __name__ == "__main__":
    main()
