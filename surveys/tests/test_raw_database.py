"""With the whole database in hand, its files and its pages: what after the shuffle cannot be found there.

These tests read bytes, not models. They commit, as the portal does.
"""

import subprocess
import threading
import time
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from surveys import ballot_box, codes
from surveys.counting import erase_round
from surveys.models import FreeText, Invitation, Response
from surveys.tests.make import AFTER, answer, close_and_count, make_codes, make_round

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def alone_in_the_database(transactional_db):
    """A connection that an earlier test has left open may still see deleted rows, or hold a lock on them."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


# Twenty answers that can all be told apart.
DISTINCT = [{"safety": safety, "grade": str(grade)} for grade in range(1, 11) for safety in ("safe", "unsafe")]
PLACE_IN_THE_FILE = {"sqlite": "rowid", "postgresql": "ctid"}
BALLOT_BOX = (Response, FreeText, Invitation)


def answered_round():
    """A round with twenty answers by code, each with words of its own, and five codes that are not used."""
    survey_round = make_round()
    *used, _, _, _, _, _ = make_codes(survey_round, 25)
    for number, (code, choices) in enumerate(zip(used, DISTINCT, strict=True)):
        answer(survey_round, channel="c", code=code, texts={"words": f"kanariefågel {number}"}, **choices)
    return survey_round, used


def bytes_of(survey_round, code):
    """A code as it is written in the letter and as it is hashed, and the hash."""
    key = codes.code_hash(survey_round, code)
    return [code.encode(), codes.normalise(code).encode(), key.encode(), bytes.fromhex(key)]


# --- both databases ---


def test_the_ballot_box_has_no_column_of_time_address_agent_or_session():
    with connection.cursor() as cursor:
        for model, expected in [
            (Response, {"id", "round_id", "place", "channel", "answers"}),
            (FreeText, {"id", "round_id", "question_key", "text"}),
            (Invitation, {"code_hash", "batch_id"}),
        ]:
            described = connection.introspection.get_table_description(cursor, model._meta.db_table)
            assert {column.name for column in described} == expected


def test_after_the_shuffle_no_order_is_left_in_the_keys_or_on_the_pages():
    survey_round, _ = answered_round()
    ballot_box.shuffle(survey_round)
    given = [survey_round.book.encode(choices) for choices in DISTINCT]
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM surveys_response ORDER BY id")
        by_key = [answers for (answers,) in cursor.fetchall()]
        cursor.execute(f"SELECT answers FROM surveys_response ORDER BY {PLACE_IN_THE_FILE[connection.vendor]}")
        as_they_lie = [answers for (answers,) in cursor.fetchall()]
    assert sorted(by_key) == sorted(given)
    assert by_key not in (given, given[::-1])
    assert as_they_lie == by_key, "they lie in the order of their new keys, which are random"


def test_erasing_leaves_no_answer_and_no_word_behind():
    survey_round, _ = answered_round()
    close_and_count(survey_round)
    erase_round(survey_round, at=AFTER)
    assert "kanariefågel".encode() not in raw_bytes()


# --- SQLite ---


sqlite_only = pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's own files")


def raw_bytes(models=BALLOT_BOX) -> bytes:
    """All that the ballot box has on disk: the database file and its log, or PostgreSQL's pages of the three tables.

    SQLite's files are read by another process: if this one closed them, its locks on them would be gone (POSIX), and
    the next process to leave the database would take the log away from under us.
    """
    if connection.vendor == "sqlite":
        path = Path(str(connection.settings_dict["NAME"]))
        return subprocess.run(["/bin/cat", *path.parent.glob(path.name + "*")], capture_output=True, check=True).stdout
    return b"".join(pages_of(table) for table in tables_and_indexes(models))


@sqlite_only
def test_after_the_shuffle_the_file_and_its_log_hold_no_used_code_and_no_used_hash():
    survey_round, used = answered_round()
    assert any(each in raw_bytes() for each in bytes_of(survey_round, used[0])), "the test can see hashes at all"
    ballot_box.shuffle(survey_round)
    found = raw_bytes()
    for code in used:
        assert not any(each in found for each in bytes_of(survey_round, code))
    assert Invitation.objects.first().code_hash.encode() in found, "an unused hash is still there"


# --- PostgreSQL ---


def tables_and_indexes(models=BALLOT_BOX):
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pageinspect")
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid "
            "WHERE i.indrelid::regclass::text = ANY(%s)",
            [[model._meta.db_table for model in models]],
        )
        return [*(model._meta.db_table for model in models), *(name for (name,) in cursor.fetchall())]


def pages_of(relation) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size(%s) / 8192", [relation])
        (pages,) = cursor.fetchone()
        raw = b""
        for page in range(pages):
            cursor.execute("SELECT get_raw_page(%s, %s)", [relation, page])
            raw += bytes(cursor.fetchone()[0])
        return raw


def transactions(model, column="xmin"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column}::text FROM {model._meta.db_table}")
        return [number for (number,) in cursor.fetchall()]


def row_versions(model):
    """Every version of a row that pageinspect can see, dead ones too: who wrote it and who deleted it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t_xmin::text, t_xmax::text "
            "FROM generate_series(0, pg_relation_size(%s) / 8192 - 1) AS page, "
            "LATERAL heap_page_items(get_raw_page(%s, page::int)) WHERE t_xmin IS NOT NULL",
            [model._meta.db_table, model._meta.db_table],
        )
        return cursor.fetchall()


@pytest.mark.postgresql
def test_before_the_shuffle_a_transactions_number_joins_answer_code_and_words_and_after_it_nothing_does():
    survey_round, used = answered_round()
    tables_and_indexes()
    answering = set(transactions(Response))
    assert len(answering) == 20
    assert answering == set(transactions(FreeText)), "each answer is joined to its words"
    assert answering <= {deleted for _, deleted in row_versions(Invitation)}, "and to its code"

    ballot_box.shuffle(survey_round)

    assert len(set(transactions(Response))) == 1
    assert len(set(transactions(FreeText))) == 1
    assert not set(transactions(Response)) & set(transactions(FreeText))
    for model in BALLOT_BOX:
        versions = row_versions(model)
        assert not answering & {number for version in versions for number in version}
        assert len(versions) == model.objects.count(), "no dead row is left"
    found = raw_bytes()
    for code in used:
        assert not any(each in found for each in bytes_of(survey_round, code))


@pytest.mark.postgresql
def test_the_tables_are_in_new_files_so_that_no_page_has_room_for_remains():
    survey_round, used = answered_round()
    hashes = [codes.code_hash(survey_round, code).encode() for code in used]
    assert any(each in raw_bytes() for each in hashes)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM surveys_invitation")
    assert any(each in raw_bytes() for each in hashes), "a plain VACUUM leaves the bytes: that is why it is FULL"
    ballot_box.clear_what_lies_behind()
    assert not any(each in raw_bytes() for each in hashes)


@pytest.mark.postgresql
def test_the_clearing_waits_for_whoever_still_sees_what_was_deleted():
    survey_round, _ = answered_round()
    tables_and_indexes()
    looking = threading.Event()

    def look_back():
        with connection.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT count(*) FROM promises_place")  # no lock on our tables, only a snapshot
            looking.set()
            time.sleep(1)
            cursor.execute("ROLLBACK")
        connection.close()

    thread = threading.Thread(target=look_back)
    thread.start()
    looking.wait(10)
    ballot_box.shuffle(survey_round)
    thread.join()
    assert [len(row_versions(model)) for model in BALLOT_BOX] == [20, 20, 5]


@pytest.mark.postgresql
def test_the_clearing_waits_for_whoever_writes_in_a_neighbouring_database():
    survey_round, _ = answered_round()
    tables_and_indexes()
    # Another database of the same server. Our own view of what has ended reaches back to its transaction.
    neighbour = psycopg.connect(**connection.get_connection_params() | {"dbname": "template1"})
    neighbour.execute("SELECT pg_current_xact_id()")
    leaves = threading.Timer(1, neighbour.close)
    leaves.start()
    ballot_box.shuffle(survey_round)
    leaves.join()
    assert [len(row_versions(model)) for model in BALLOT_BOX] == [20, 20, 5]
