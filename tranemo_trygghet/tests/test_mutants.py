"""The guards that `scripts/mutate` takes away in turn still stand where its list says."""

from django.conf import settings

from scripts.mutants import MUTANTS


def test_every_guard_of_the_list_stands_in_the_code_once_and_has_tests() -> None:
    for mutant in MUTANTS:
        assert mutant.without((settings.BASE_DIR / mutant.file).read_text())
        files = [word for word in mutant.tests.split() if "/" in word]
        assert files, mutant
        assert all((settings.BASE_DIR / file.partition("::")[0]).exists() for file in files), mutant


def test_no_guard_is_taken_away_twice() -> None:
    taken = [(mutant.file, mutant.before, mutant.after) for mutant in MUTANTS]
    assert len(taken) == len(set(taken))
