"""A copy is of one moment, tells of no fewer than ten, and comes back whole without what was erased since."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from django.utils import timezone
from environ import Env

from promises.models import Contact, Masking, Promise, User
from promises.policy import Role
from promises.publishing import content_version
from promises.tests.make import make_contact, make_organisation, make_promise, make_user
from subscriptions.models import Subscription
from subscriptions.tests.make import make_subscription
from surveys.counting import erase_round
from surveys.models import FreeText, Invitation, Response, SurveyRound, Tally
from surveys.tests.make import MIDWAY, answer, close_and_count, make_codes, make_round
from tranemo_trygghet.backup import ballots, erased, making, restoring, tables
from tranemo_trygghet.backup.copies import Copy, DamagedError, copies_in
from tranemo_trygghet.backup.restoring import RefusedError
from tranemo_trygghet.tests.make import TENTH_OF_MAY, make_portal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder(tmp_path, settings) -> Path:
    settings.BACKUP_DIR = tmp_path / "copies"
    return settings.BACKUP_DIR


def restore(copy: Copy, **options) -> list[str]:
    chosen = {"replace": True, "without_note": False, "until": timezone.now()} | options
    return restoring.restore(copy, **chosen)


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


# --- answers ---


def contents_of(copy: Copy) -> tuple[list, list, list]:
    return tuple(list(copy.rows(model)) for model in (Response, FreeText, Invitation))


def open_round(clock) -> SurveyRound:
    clock.move_to(MIDWAY)
    return make_round()


def test_two_copies_never_tell_of_fewer_than_ten_answers_or_codes(folder, clock) -> None:
    survey_round = open_round(clock)
    codes = make_codes(survey_round, 40)
    copies = []
    for number in (9, 1, 3, 6, 1, 12):
        for _ in range(number):
            answer(survey_round, channel="c", code=codes.pop(), safety="safe", texts={"words": "Mörkt."})
        clock.shift(timedelta(hours=1))
        copies.append(contents_of(making.make_copy(folder)))
    assert [len(answers) for answers, _texts, _codes in copies] == [0, 10, 10, 10, 20, 32]
    for before, after in pairwise(copies[1:]):
        for earlier, later in zip(before, after, strict=True):
            gone = {json.dumps(row) for row in earlier} ^ {json.dumps(row) for row in later}
            assert len(gone) == 0 or len(gone) >= 10


def test_who_answered_after_the_copy_can_answer_again_after_a_restore(folder, clock) -> None:
    survey_round = open_round(clock)
    codes = make_codes(survey_round, 15)
    for code in codes[:10]:
        answer(survey_round, channel="c", code=code, safety="safe")
    making.make_copy(folder)
    answer(survey_round, channel="c", code=codes[10], safety="unsafe")
    clock.shift(timedelta(hours=1))
    restore(making.make_copy(folder))
    assert (Response.objects.count(), Invitation.objects.count()) == (10, 5)
    answer(survey_round, channel="c", code=codes[10], safety="unsafe")
    assert (Response.objects.count(), Invitation.objects.count()) == (11, 4)


def test_codes_written_since_the_copy_before_are_in_the_next_one(folder, clock) -> None:
    survey_round = open_round(clock)
    answer(survey_round, times=10, channel="c", safety="safe")
    making.make_copy(folder)
    answer(survey_round, safety="safe")
    make_codes(survey_round, 7)
    clock.shift(timedelta(hours=1))
    answers, _texts, codes = contents_of(making.make_copy(folder))
    assert (len(answers), len(codes)) == (10, 7)


def test_answers_lie_in_the_copy_in_the_order_of_their_random_keys(folder, clock) -> None:
    survey_round = open_round(clock)
    answer(survey_round, times=12, safety="safe")
    answers, _texts, _codes = contents_of(making.make_copy(folder))
    keys = [row[0] for row in answers]
    assert len(keys) == 12
    assert keys == sorted(keys)


def test_a_counted_round_is_copied_whole_but_its_unused_codes_are_not(folder, clock) -> None:
    survey_round = open_round(clock)
    make_codes(survey_round, 5)
    answer(survey_round, times=3, safety="safe")
    close_and_count(survey_round)
    answers, _texts, codes = contents_of(making.make_copy(folder))
    assert (len(answers), len(codes)) == (3, 0)


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


# --- what was erased stays erased ---


def test_who_ended_a_subscription_gets_no_mail_after_a_restore(folder, clock) -> None:
    make_subscription("kvar@exempel.se")
    make_subscription("slutar@exempel.se").places.set([])
    copy = making.make_copy(folder)
    Subscription.objects.get(address="slutar@exempel.se").end()
    clock.shift(timedelta(minutes=5))
    erased.note(folder)
    assert "slutar" not in (folder / erased.NAME).read_text()
    restore(copy)
    assert [each.address for each in Subscription.objects.all()] == ["kvar@exempel.se"]


def test_an_accident_is_not_taken_for_everybodys_wish(folder, clock) -> None:
    make_subscription("kvar@exempel.se")
    copy = making.make_copy(folder)
    clock.shift(timedelta(hours=1))
    before_the_accident = timezone.now()
    clock.shift(timedelta(hours=1))
    Subscription.objects.all().delete()
    erased.note(folder)
    restore(copy, until=before_the_accident)
    assert Subscription.objects.count() == 1


def test_a_closed_account_stays_closed(folder, clock) -> None:
    user = make_user(make_organisation(), Role.EDITOR)
    copy = making.make_copy(folder)
    clock.shift(timedelta(minutes=5))
    User.objects.filter(pk=user.pk).update(is_active=False)
    erased.note(folder)
    restore(copy)
    assert not User.objects.get(pk=user.pk).is_active


def test_an_erased_round_is_erased_again_and_keeps_its_tallies(folder, clock) -> None:
    survey_round = open_round(clock)
    make_codes(survey_round, 12)
    answer(survey_round, times=12, safety="safe", texts={"words": "Mörkt."})
    copy = making.make_copy(folder)
    answer(survey_round, times=3, safety="unsafe")
    close_and_count(survey_round)
    clock.move_to(MIDWAY + timedelta(days=60))
    erase_round(survey_round)
    told = list(Tally.objects.order_by("question", "option").values_list("question", "option", "count"))
    erased.note(folder)
    restore(copy)
    assert SurveyRound.objects.get().state == SurveyRound.State.ERASED
    assert not Response.objects.exists()
    assert not FreeText.objects.exists()
    assert not Invitation.objects.exists()
    assert list(Tally.objects.order_by("question", "option").values_list("question", "option", "count")) == told


def test_a_round_that_was_counted_in_the_copy_is_not_counted_twice(folder, clock) -> None:
    survey_round = open_round(clock)
    answer(survey_round, times=12, safety="safe")
    close_and_count(survey_round)
    clock.move_to(MIDWAY + timedelta(days=60))
    counted, copy = Tally.objects.count(), making.make_copy(folder)
    clock.shift(timedelta(hours=1))
    erase_round(survey_round)
    erased.note(folder)
    restore(copy)
    assert not Response.objects.exists()
    assert Tally.objects.count() == counted


def test_masked_words_do_not_come_back(folder, clock) -> None:
    clock.move_to(TENTH_OF_MAY)
    portal = make_portal()
    report = portal.january
    type(report)._base_manager.filter(pk=report.pk).update(summary="Kalle Karlsson kom.")
    report.refresh_from_db()
    proposer, other = (make_user(partner, Role.EDITOR) for partner in report.signing_partners())
    masking = Masking.objects.create(
        row=report, field="summary", words="Kalle Karlsson", reason="personuppgift", proposed_by=proposer
    )
    log = LogEntry.objects.log_actions(proposer.pk, [report], CHANGE, "Kalle Karlsson kom.", single_object=True)
    copy = making.make_copy(folder)
    clock.shift(timedelta(hours=1))
    masking.confirm(other)
    erased.note(folder)
    restore(copy)
    report.refresh_from_db()
    assert "Kalle" not in report.summary
    assert "borttaget" in report.summary
    assert not Masking.objects.filter(words__contains="Kalle").exists()
    assert "Kalle" not in LogEntry.objects.get(pk=log.pk).change_message
    assert report.published_digest == report.frozen_digest()


def test_pages_from_before_the_restore_are_never_current_again(folder) -> None:
    make_promise()
    copy = making.make_copy(folder)
    version = content_version()
    restore(copy)
    assert content_version() > version


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
