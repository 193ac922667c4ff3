"""A copy is of one moment, is refused when it is damaged, and comes back whole."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from django.utils import timezone
from environ import Env

from promises.models import Contact, Promise, User
from promises.publishing import content_version
from promises.tests.make import make_contact, make_promise
from subscriptions.tests.make import make_subscription
from surveys.models import FreeText, Invitation, Response, Tally
from surveys.tests.make import answer
from tranemo_trygghet.backup import ballots, erased, making, restoring, tables
from tranemo_trygghet.backup.copies import Copy, DamagedError, copies_in
from tranemo_trygghet.backup.restoring import RefusedError
from tranemo_trygghet.tests.copying import open_round, restore
from tranemo_trygghet.tests.make import TENTH_OF_MAY, make_portal

pytestmark = pytest.mark.django_db(transaction=True)


def digests() -> dict[str, object]:
    return {each._meta.label_lower: tables.digest(tables.read(each, "default")) for each in tables.all_models()}


# --- whole, and of one moment ---


def test_every_table_comes_back_as_it_was_and_every_page_to_the_byte(folder, clock) -> None:
    clock.move_to(TENTH_OF_MAY)
    portal = make_portal()
    make_subscription()
    addresses = ["/", "/loften/2026/", "/uppfoljningar/2026-01/", "/enkater/", portal.survey_round.get_absolute_url()]
    before, pages = digests(), {each: Client().get(each).content for each in addresses}
    copy = making.make_copy(folder)
    Contact.objects.all().delete()
    make_promise(slug="senare")
    Tally.objects.all().delete()
    restore(copy)
    after = digests()
    # The version has gone on, so that no page from before the restore is taken for one from after it.
    assert {each for each in after if after[each] != before[each]} == {"promises.contentversion"}
    assert {each: Client().get(each).content for each in addresses} == pages


def test_after_a_restore_new_rows_get_new_numbers(folder) -> None:
    promise = make_promise()
    restore(making.make_copy(folder))
    assert make_promise().pk > promise.pk


def test_a_copy_is_of_one_moment_whoever_writes_meanwhile(folder, monkeypatch) -> None:
    make_promise(slug="forst")
    read = tables.read

    def read_slowly(model, using, **options):
        if using == tables.SNAPSHOT and not Promise.objects.filter(slug="under-tiden").exists():
            make_promise(slug="under-tiden")
        return read(model, using, **options)

    monkeypatch.setattr(making, "read", read_slowly)
    copy = making.make_copy(folder)
    assert Promise.objects.count() == 2
    restore(copy)
    assert [each.slug for each in Promise.objects.all()] == ["forst"]


def test_a_copy_is_tried_in_a_database_of_its_own(folder) -> None:
    make_promise()
    copy = making.make_copy(folder)
    assert making.try_copy(copy) > 20
    assert Promise.objects.count() == 1


def test_a_table_that_does_not_come_out_as_it_was_undoes_the_restore(folder, monkeypatch) -> None:
    make_contact(make_promise(slug="kopians").signing_partners()[0])
    copy = making.make_copy(folder)
    make_promise(slug="senare")
    write = restoring.write
    monkeypatch.setattr(restoring, "write", lambda model, rows, using: model is Contact or write(model, rows, using))
    with pytest.raises(RefusedError, match="blev inte som i kopian"):
        restore(copy)
    assert Promise.objects.count() == 2


def test_what_breaks_while_something_is_erased_again_undoes_the_restore(folder, monkeypatch) -> None:
    make_promise(slug="kopians")
    copy = making.make_copy(folder)
    make_promise(slug="senare")
    monkeypatch.setattr(restoring, "content_withdrawn", Mock(side_effect=InterruptedError))
    with pytest.raises(InterruptedError):
        restore(copy)
    assert Promise.objects.count() == 2


def test_pages_from_before_the_restore_are_never_current_again(folder) -> None:
    make_promise()
    copy = making.make_copy(folder)
    version = content_version()
    restore(copy)
    assert content_version() > version


def test_what_is_shorter_lived_than_a_copy_is_not_in_it(folder) -> None:
    make_subscription("ja@exempel.se")
    make_subscription("kanske@exempel.se", confirmed=False)
    copy = making.make_copy(folder)
    with zipfile.ZipFile(copy.path) as file:
        text = b"".join(file.read(name) for name in file.namelist())
    assert b"ja@exempel.se" in text
    assert b"kanske@exempel.se" not in text
    for label in ("sessions.session", "surveys.wrongcodes", "subscriptions.asking", "subscriptions.mail"):
        assert copy.contents["tables"][label]["rows"] == 0


# --- damage ---


def test_a_copy_is_its_owners_alone(folder) -> None:
    assert making.make_copy(folder).path.stat().st_mode & 0o077 == 0
    assert (folder / erased.NAME).stat().st_mode & 0o077 == 0


def test_a_damaged_copy_is_refused_wherever_the_damage_is(folder) -> None:
    make_promise(slug="kopians")
    whole = making.make_copy(folder).path.read_bytes()
    make_promise(slug="senare")
    damaged = folder / "skadad.backup"
    for place in range(40, len(whole), len(whole) // 20):
        damaged.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        try:
            restore(Copy(damaged))
        except DamagedError:
            assert Promise.objects.count() == 2
        else:
            # A byte that means nothing, such as a time in the zip's own list: every row was as it was written.
            assert Promise.objects.count() == 1
            make_promise(slug="senare")
    for length in (0, 10, len(whole) // 2, len(whole) - 1):
        damaged.write_bytes(whole[:length])
        with pytest.raises(DamagedError):
            restore(Copy(damaged))


def test_a_copy_that_somebody_has_edited_is_refused(folder) -> None:
    make_promise(slug="riktigt")
    copy, forged = making.make_copy(folder), folder / "forfalskad.backup"
    with zipfile.ZipFile(copy.path) as old, zipfile.ZipFile(forged, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"riktigt", b"falskt!"))
    with pytest.raises(DamagedError, match=r"promises\.promise"):
        restore(Copy(forged))


def test_a_full_disk_leaves_no_half_copy(folder, monkeypatch) -> None:
    monkeypatch.setattr(making, "count_by_round", lambda rows: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(OSError, match="No space left"):
        making.make_copy(folder)
    assert list(folder.iterdir()) == []


# --- refusals ---


def test_a_database_in_use_is_not_replaced_by_mistake(folder) -> None:
    make_promise()
    copy = making.make_copy(folder)
    with pytest.raises(RefusedError, match="--replace"):
        restore(copy, replace=False)


def test_a_copy_of_another_version_is_refused(folder, monkeypatch) -> None:
    copy = making.make_copy(folder)
    monkeypatch.setattr(restoring, "migrations_of", lambda using: [["promises", "0099_later"]])
    with pytest.raises(RefusedError, match="annan version"):
        restore(copy)


def test_without_the_note_of_what_was_erased_nothing_comes_back(folder, settings) -> None:
    copy = making.make_copy(folder)
    settings.SECRET_KEY = "another"
    with pytest.raises(erased.WrongKeyError):
        restore(copy)
    (folder / erased.NAME).unlink()
    with pytest.raises(RefusedError, match="--without-note"):
        restore(copy)
    assert restore(copy, without_note=True) == []


# --- expiry, commands ---


def test_copies_expire_but_never_the_newest(folder, clock, settings) -> None:
    for _ in range(3):
        making.make_copy(folder)
        clock.shift(timedelta(days=20))
    # 60, 40 and 20 days old
    assert making.remove_expired(folder) == 2
    clock.shift(timedelta(days=900))
    assert making.remove_expired(folder) == 0
    assert len(copies_in(folder)) == 1


def test_the_commands_say_what_they_did(folder, capsys) -> None:
    make_promise()
    call_command("backup")
    said = capsys.readouterr().out
    assert re.search(r"trygghet-.*\.backup \(provad, \d+ rader\)\. 0 gamla kopior", said)
    call_command("restore", str(copies_in(folder)[0].path), "--replace")
    assert "varje tabell är som i kopian" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("restore", str(copies_in(folder)[0].path))
    assert "--replace" in capsys.readouterr().err


def test_everything_moves_to_another_database(folder, tmp_path, capsys, clock) -> None:
    """To a SQLite of its own from either; deploy/try_it moves to PostgreSQL."""
    survey_round = open_round(clock)
    answer(survey_round, times=3, safety="safe")
    make_subscription(confirmed=False)
    call_command("move_database", f"sqlite:///{tmp_path}/target.sqlite3")
    assert "varje tabell är likadan" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("move_database", f"sqlite:///{tmp_path}/target.sqlite3")
    assert Response.objects.count() == 3


def test_a_move_that_breaks_or_loses_a_row_leaves_an_empty_database_to_move_to_again(tmp_path, monkeypatch) -> None:
    make_contact(make_promise().signing_partners()[0])
    write, told = restoring.write, Env.db_url_config(f"sqlite:///{tmp_path}/target.sqlite3")
    quick = {"OPTIONS": {"init_command": "PRAGMA synchronous=OFF;"}, "CONN_HEALTH_CHECKS": False}
    target = connections["default"].settings_dict | quick | told

    def write_until_it_breaks(model: Any, rows: Any, using: str) -> None:
        if model is User:
            raise InterruptedError
        write(model, rows, using)

    with tables.another_connection("target", target):
        call_command("migrate", database="target", verbosity=0, interactive=False)
        monkeypatch.setattr(
            restoring, "write", lambda model, rows, using: model is Contact or write(model, rows, using)
        )
        with pytest.raises(RefusedError, match="blev inte likadan"):
            restoring.move("target")
        monkeypatch.setattr(restoring, "write", write_until_it_breaks)
        with pytest.raises(InterruptedError):
            restoring.move("target")
        monkeypatch.setattr(restoring, "write", write)
        assert restoring.move("target") > 20


def test_every_table_is_copied_or_left_out_with_a_reason() -> None:
    labels = {each._meta.label_lower for each in tables.all_models()}
    assert set(tables.LEFT_OUT) <= labels
    assert all(reason for _condition, reason in tables.LEFT_OUT.values())
    in_database = set(connection.introspection.table_names()) - {"django_migrations"}
    assert in_database == {each._meta.db_table for each in tables.all_models()}
    assert datetime.fromisoformat(json.loads(tables.as_text([timezone.now()]))[0]).tzinfo
    assert (Response, FreeText, Invitation) == ballots.BALLOTS
