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
MATRIX = "tranemo_trygghet/tests/test_admin_matrix.py::test_everybody_gets_the_answer_of_the_table"
MASKING = "tranemo_trygghet/tests/test_masking.py"
FROZEN = "followups/tests/test_frozen.py"
WHOLE = "tranemo_trygghet/tests/test_all_or_nothing.py::test_whatever_breaks_in_the_middle_nothing_is_stored"
LOADED = "tranemo_trygghet/tests/test_all_or_nothing.py::test_a_long_load_that_breaks_at_its_end_has_loaded_nothing"
SECOND = "tranemo_trygghet/tests/test_one_after_the_other.py::test_who_comes_second_waits_before_looking"
POLICY = "promises/tests/test_policy.py"
WITHIN = f"{POLICY}::test_rows_within_a_page_are_shown_and_written_by_the_policy_for_their_own_kind"
BACKUP = "tranemo_trygghet/tests/test_backup.py"
ERASED_AGAIN = "tranemo_trygghet/tests/test_backup_erased.py"
DISCLOSURE = "surveys/tests/test_disclosure.py"
LAST_CHANGE = "tranemo_trygghet/tests/test_last_change.py"
GUESSING = "tranemo_trygghet/tests/test_login_guessing.py"
INVITED = "tranemo_trygghet/tests/test_login_invitations.py"
SENDING = "subscriptions/tests/test_sending.py"
READS = "tranemo_trygghet/tests/test_backoffice.py::test_who_only_reads_begins_nothing"
# How the verbs of what is signed begin.
SIGNED = "            document = self._locked()\n            policy.require(user, "
