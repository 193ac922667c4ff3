"""The guards that `scripts/mutate` takes away in turn: each stands where its list says, and none is left out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from itertools import takewhile
from pathlib import Path

from django.conf import settings

from scripts.mutants import MUTANTS, Mutant

ROOMS = ("promises", "surveys", "followups", "subscriptions", "tranemo_trygghet")
SAVING = {"save_model", "save_formset", "save_related", "delete_model", "delete_queryset"}
REFUSALS = {
    *("PermissionDenied", "SigningError", "FrozenError", "RefusedError"),
    *("BallotError", "RefusedCodeError", "RoundNotOpenError"),
}
ORDERED = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)

# What looks like a guard and is none, or has another behind it: how its line begins, and why nobody would miss it.
ROOM, WORDS = "how much has room, on a page or in memory", "a sentence instead of what the database would say"
NOT_TAKEN_AWAY = {
    "promises/admin/guarded.py: def has_module_permission": "saves questions: each kind is asked for itself too",
    "promises/admin/lists.py: return self.found": ROOM,
    "surveys/admin/printing.py: if cleaned": ROOM,
    "followups/admin/indicator.py: if file": WORDS,
    "followups/indicator_import.py: return": WORDS,
    "subscriptions/sending.py: if self.sent_on_connection": "hangs up now and then, as servers like it",
    "tranemo_trygghet/backoffice.py: if promise.last_day": "reminds only",
    "tranemo_trygghet/backup/restoring.py: with connection": "restore() holds one, and what is tried is thrown away",
    "tranemo_trygghet/page_store/disk.py: if room": ROOM,
    "tranemo_trygghet/page_store/edition.py: if now": "how often the database is asked, never what is shown",
    "tranemo_trygghet/page_store/edition.py: has_waited": "how long a server is waited for: test_silent_server",
    "tranemo_trygghet/postgresql/driver.py: if silent": "asks less often; whether the server is gone decides",
    "tranemo_trygghet/picture.py: if months": ROOM,
}


@cache
def text_of(file: str) -> str:
    return (settings.BASE_DIR / file).read_text()


def test_every_guard_of_the_list_stands_in_the_code_once_and_has_tests() -> None:
    for mutant in MUTANTS:
        assert mutant.without(text_of(mutant.file))
        tests = [word for word in mutant.tests.split() if "/" in word]
        assert tests, mutant
        for file, _colons, name in (test.partition("::") for test in tests):
            assert f"def {name.partition('[')[0]}" in text_of(file), mutant


def test_no_guard_is_taken_away_twice() -> None:
    taken = [(mutant.file, mutant.before, mutant.after) for mutant in MUTANTS]
    assert len(taken) == len(set(taken))


# --- And none is left out -----------------------------------------------------------------------------


def looks_like_a_guard(node: ast.AST) -> bool:
    """A transaction, a lock, a deletion, a question of who may, a refusal, or a number that something may not pass."""
    match node:
        case ast.Attribute(value=ast.Name(id="transaction"), attr="atomic"):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super")))):
            return False
        case ast.Call(func=ast.Attribute(attr="select_for_update" | "delete")):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id="policy"), attr="require")):
            return True
        case ast.Constant(value=str(words)):
            return words.startswith("DELETE FROM")
        case ast.FunctionDef(name=name):
            return name in SAVING or (name.startswith("has_") and name.endswith("_permission"))
        case ast.If(body=[ast.Raise(exc=ast.Name(id=name) | ast.Call(func=ast.Name(id=name)))]):
            return name in REFUSALS
        case ast.Compare(left=left, ops=[*ops], comparators=[*others]):
            is_bounded = any(isinstance(each, ast.Name) and each.id.isupper() for each in (left, *others))
            # How long a text or a list is, is a matter of room.
            is_length = any(ast.unparse(each).startswith("len(") for each in (left, *others))
            return is_bounded and not is_length and all(isinstance(each, ORDERED) for each in ops)
    return False


def taken_away(mutant: Mutant) -> range:
    """The characters of the file that the mutant changes."""
    start = text_of(mutant.file).index(mutant.before)
    before = common_length(mutant.before, mutant.after)
    after = common_length(mutant.before[before:][::-1], mutant.after[before:][::-1])
    return range(start + before, max(start + len(mutant.before) - after, start + before + 1))


def common_length(one: str, other: str) -> int:
    """How many characters they begin with alike."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))))


def place_of(node: ast.AST, text: str) -> range:
    """The characters of the file that the node is written with."""
    lines = text.splitlines(keepends=True)

    def at(line: int, byte: int) -> int:
        return sum(map(len, lines[: line - 1])) + len(lines[line - 1].encode()[:byte].decode())

    assert isinstance(node, ast.expr | ast.stmt)
    return range(at(node.lineno, node.col_offset), at(node.end_lineno or 0, node.end_col_offset or 0))


def guards_left_out(file: str) -> Iterator[str]:
    text = text_of(file)
    taken = [taken_away(each) for each in MUTANTS if each.file == file]
    for node in ast.walk(ast.parse(text)):
        if looks_like_a_guard(node):
            place = place_of(node, text)
            if not any(each.start < place.stop and place.start < each.stop for each in taken):
                yield f"{file}: {text[text.rfind(chr(10), 0, place.start) + 1 :].partition(chr(10))[0].strip()}"


def code() -> Iterator[str]:
    for room in ROOMS:
        for path in sorted(Path(settings.BASE_DIR / room).rglob("*.py")):
            if not {"tests", "migrations"} & set(path.parts):
                yield path.relative_to(settings.BASE_DIR).as_posix()


def test_every_guard_of_the_code_is_taken_away_or_has_a_reason_not_to_be() -> None:
    left_out = {line for file in code() for line in guards_left_out(file)}
    new = [line for line in left_out if not line.startswith(tuple(NOT_TAKEN_AWAY))]
    assert not sorted(new), "write a mutant in scripts/mutants, with the test that it fells"
    gone = [begins for begins in NOT_TAKEN_AWAY if not any(line.startswith(begins) for line in left_out)]
    assert not gone
