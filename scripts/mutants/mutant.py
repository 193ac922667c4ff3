"""What a guard is, and where the tests lie that most of them are missed by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One guard taken away: `before` stands exactly once in the file."""

    file: str
    before: str
    after: str
    tests: str
    postgresql: bool = False

    def without(self, whole: str) -> str:
        if whole.count(self.before) != 1:
            raise ValueError(f"{self.file}: {self.before!r} stands there {whole.count(self.before)} times")
        return whole.replace(self.before, self.after)

    def __str__(self) -> str:
        lines = [line.strip() for line in self.before.splitlines() if line.strip()]
        return f"{self.file}: {' '.join(lines[:2])}"


BALLOTS = "surveys/tests/test_ballot_box.py"
RACES = "surveys/tests/test_races.py"
SIGNING = "promises/tests/test_signing.py"
MATRIX = "tranemo_trygghet/tests/test_admin_matrix.py"
MASKING = "tranemo_trygghet/tests/test_masking.py"
FROZEN = "followups/tests/test_frozen.py"
WHOLE = "tranemo_trygghet/tests/test_all_or_nothing.py::test_whatever_breaks_in_the_middle_nothing_is_stored"
