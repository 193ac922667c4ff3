"""Taking a copy, trying whether it can be restored, and removing the copies that have expired."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from surveys.ballot_box import has_enough_to_shuffle, shuffle
from surveys.models import Response, SurveyRound
from tranemo_trygghet.backup import erased
from tranemo_trygghet.backup.ballots import BALLOTS, Ballots, count_by_round
from tranemo_trygghet.backup.copies import Copy, DamagedError, Writing, copies_in
from tranemo_trygghet.backup.restoring import fill, migrations_of
from tranemo_trygghet.backup.tables import all_models, another_connection, one_moment, read

TRIAL = "backup_trial"


def make_copy(folder: Path) -> Copy:
    """Take a copy of the portal as it is at one moment, and note what has been erased until then."""
    before = newest_good(folder)
    for survey_round in SurveyRound.objects.with_answers_left():
        if has_enough_to_shuffle(survey_round):
            shuffle(survey_round)
    with Writing(folder, timezone.now()) as writing, one_moment() as using:
        writing.contents["migrations"] = migrations_of(using)
        ballots = Ballots.of(using, before)
        for model in all_models():
            writing.table(model, ballots.rows(model) if model in BALLOTS else read(model, using))
        writing.contents["answers"] = count_by_round(ballots.rows(Response))
        copy = writing.finish()
    # After the copy: what was erased while it was taken stands in the note too.
    erased.note(folder)
    return copy


def newest_good(folder: Path) -> Copy | None:
    for copy in reversed(copies_in(folder)):
        try:
            copy.verify()
        except DamagedError:
            continue
        return copy
    return None


def try_copy(copy: Copy) -> int:
    """Restore the copy into a database of its own, and compare every table. Returns how many rows there are."""
    copy.verify()
    with tempfile.TemporaryDirectory() as folder:
        database = connections["default"].settings_dict | {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(Path(folder, "trial.sqlite3")),
            # No care for power cuts: it is thrown away.
            "OPTIONS": {"init_command": "PRAGMA synchronous=OFF;"},
            "CONN_MAX_AGE": 0,
            "CONN_HEALTH_CHECKS": False,
        }
        with another_connection(TRIAL, database):
            call_command("migrate", database=TRIAL, verbosity=0, interactive=False)
            fill(copy, TRIAL)
    return sum(table["rows"] for table in copy.contents["tables"].values())


def remove_expired(folder: Path) -> int:
    """Remove the copies that are older than BACKUP_DAYS, but never the newest."""
    oldest = timezone.now() - timedelta(days=settings.BACKUP_DAYS)
    stamp = oldest.strftime("trygghet-%Y-%m-%dT%H%M%S")
    expired = [copy for copy in copies_in(folder)[:-1] if copy.path.name < stamp]
    for copy in expired:
        copy.path.unlink()
    for draft in folder.glob("*.draft"):
        if draft.stat().st_mtime < oldest.timestamp():
            draft.unlink()
    return len(expired)
