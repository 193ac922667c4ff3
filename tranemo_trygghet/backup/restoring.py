"""The way back: all of a copy or nothing of it, compared table by table before anything is made to last."""

from __future__ import annotations

from datetime import datetime

from django.apps import apps
from django.db import connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from promises.publishing import content_withdrawn
from surveys.ballot_box import shuffle
from surveys.models import SurveyRound
from tranemo_trygghet.backup import erased
from tranemo_trygghet.backup.copies import Copy
from tranemo_trygghet.backup.tables import all_models, count_on, digest, empty, one_moment, read, rows_in_all, write


class RefusedError(Exception):
    """Nothing has been changed. Its words say what to do."""


def restore(copy: Copy, *, replace: bool, without_note: bool, until: datetime) -> list[str]:
    """Put the copy in the portal's own database, and erase again what has been erased since; returns that in words."""
    copy.verify()
    refuse_other_schema(copy)
    if rows_in_all("default") and not replace:
        raise RefusedError("Databasen är inte tom. Ta en kopia av den först, och återställ sedan med --replace.")
    found = find_note(copy, without_note)
    with transaction.atomic():
        fill(copy, "default")
        told = erased.erase_again(found, copy.taken_at, until) if found else []
        # Pages that were kept before the restore must not be shown again.
        content_withdrawn()
    for survey_round in SurveyRound.objects.with_answers_left():
        shuffle(survey_round)
    return told


def fill(copy: Copy, using: str) -> None:
    """Replace every row by the copy's, in one transaction that ends well only if every table is the copy's."""
    connection = connections[using]
    with connection.constraint_checks_disabled(), transaction.atomic(using=using):
        empty(apps, using)
        for model in all_models():
            write(model, copy.rows(model), using)
        count_on(apps, using)
        connection.check_constraints()
        compare(copy, using)


def compare(copy: Copy, using: str) -> None:
    for model in all_models():
        told = copy.contents["tables"][model._meta.label_lower]
        if (told["sha256"], told["rows"]) != digest(read(model, using, whole=True)):
            raise RefusedError(f"Tabellen {model._meta.label_lower} blev inte som i kopian. Inget har ändrats.")


def refuse_other_schema(copy: Copy) -> None:
    if copy.contents["migrations"] != migrations_of("default"):
        raise RefusedError(
            "Kopian togs med en annan version av portalen än den som körs nu. Kör den versionens kod, migrate och "
            "restore mot en tom databas, och uppgradera sedan som vanligt."
        )


def find_note(copy: Copy, without_note: bool) -> erased.Note | None:
    found = erased.Note.read(copy.path.parent)
    if not without_note and (found is None or found.noted_at < copy.taken_at):
        raise RefusedError(
            f"{erased.NAME} saknas bredvid kopian eller är äldre än den. Utan den kan det som har gallrats sedan dess "
            "komma tillbaka. Hämta filen, eller återställ med --without-note om den är borta för alltid."
        )
    return None if without_note else found


def migrations_of(using: str) -> list[list[str]]:
    return sorted([app, name] for app, name in MigrationRecorder(connections[using]).applied_migrations())


def move(target: str) -> int:
    """Copy every row to an empty database as it is, and compare. Returns how many rows."""
    if rows_in_all(target):
        raise RefusedError("Databasen som ska ta över är inte tom.")
    rows = 0
    with one_moment() as using, connections[target].constraint_checks_disabled(), transaction.atomic(using=target):
        empty(apps, target)
        for model in all_models():
            write(model, read(model, using, whole=True), target)
        count_on(apps, target)
        connections[target].check_constraints()
        for model in all_models():
            here, there = (digest(read(model, each, whole=True)) for each in (using, target))
            if here != there:
                raise RefusedError(f"Tabellen {model._meta.label_lower} blev inte likadan. Inget har flyttats.")
            rows += here[1]
    return rows
