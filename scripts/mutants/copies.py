"""Guards of copies: whole or refused, and never bringing back what has been erased."""

from scripts.mutants.mutant import BACKUP, ERASED_AGAIN, Mutant

COPIES = [
    Mutant(
        "tranemo_trygghet/backup/restoring.py",
        '    if rows_in_all("default") and not replace:',
        "    if False:",
        f"{BACKUP}::test_a_database_in_use_is_not_replaced_by_mistake",
    ),
    Mutant(
        "tranemo_trygghet/backup/restoring.py",
        '        if (told["sha256"], told["rows"]) != digest(',
        '        if False and (told["sha256"], told["rows"]) != digest(',
        f"{BACKUP}::test_a_table_that_does_not_come_out_as_it_was_undoes_the_restore",
    ),
    Mutant(
        "tranemo_trygghet/backup/restoring.py",
        '    if copy.contents["migrations"] != migrations_of("default"):',
        "    if False:",
        f"{BACKUP}::test_a_copy_of_another_version_is_refused",
    ),
    Mutant(
        "tranemo_trygghet/backup/restoring.py",
        "    if not without_note and (",
        "    if False and (",
        f"{BACKUP}::test_without_the_note_of_what_was_erased_nothing_comes_back",
    ),
    Mutant(
        "tranemo_trygghet/backup/restoring.py",
        "    if rows_in_all(target):",
        "    if False:",
        f"{BACKUP}::test_everything_moves_to_another_database",
    ),
    Mutant(
        "tranemo_trygghet/backup/restoring.py",
        "            if here != there:",
        "            if False:",
        f"{BACKUP}::test_a_move_that_breaks_or_loses_a_row_leaves_an_empty_database_to_move_to_again",
    ),
    Mutant(
        "tranemo_trygghet/backup/restoring.py",
        "        content_withdrawn()\n",
        "",
        f"{BACKUP}::test_pages_from_before_the_restore_are_never_current_again",
    ),
    Mutant(
        "tranemo_trygghet/backup/restoring.py",
        "    copy.verify()\n",
        "",
        f"{BACKUP}::test_a_copy_that_somebody_has_edited_is_refused",
    ),
    Mutant(
        "tranemo_trygghet/backup/erased.py",
        '        if content["key"] != keyed("key", "check"):',
        "        if False:",
        f"{BACKUP}::test_without_the_note_of_what_was_erased_nothing_comes_back",
    ),
    Mutant(
        "tranemo_trygghet/backup/erased.py",
        '    Tally.objects.filter(round=told["id"]).delete()\n',
        "",
        f"{ERASED_AGAIN}::test_a_round_that_was_counted_in_the_copy_is_not_counted_twice",
    ),
    Mutant(
        "tranemo_trygghet/backup/tables.py",
        '            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608',
        "            pass",
        f"{ERASED_AGAIN}::test_a_round_that_was_counted_in_the_copy_is_not_counted_twice",
    ),
]
