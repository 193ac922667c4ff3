"""Whatever is published and changed by any other way than the portal's own is found: raw SQL, in every column."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from followups.models import Reading
from followups.tests.make import make_indicator
from promises.digests import Digested
from promises.publishing import Frozen, PartOfDocument, ShowsAtOnce
from promises.signing import SignedDocument
from tranemo_trygghet.tests.make import TENTH_OF_MAY, Portal, make_portal

pytestmark = pytest.mark.django_db

AS_IT_IS_NOW = "shows what staff say now: every edit is meant to be seen, and is in the log"
# What is shown to the public and carries no digest.
WITHOUT = {
    **dict.fromkeys(["Municipality", "Locality", "Place", "PlaceReason", "Organisation", "Section"], AS_IT_IS_NOW),
    **dict.fromkeys(["Contact", "Term", "InformationPage", "EarlierText", "Meeting", "ActionPlace"], AS_IT_IS_NOW),
    **dict.fromkeys(["Answering", "Translation", "EarlierSurvey", "EarlierShare", "SpellingCorrection"], AS_IT_IS_NOW),
    **dict.fromkeys(["Survey", "Question", "Scale"], "is shown from the round's codebook, which is digested"),
}


@pytest.fixture
def portal(clock) -> Portal:
    clock.move_to(TENTH_OF_MAY)
    portal = make_portal()
    indicator, another_one = make_indicator(), make_indicator()
    indicator.publish(), another_one.publish()
    indicator.readings.create(first_day=date(2026, 1, 1), value=3)
    return portal


def test_everything_published_carries_a_digest_or_has_a_reason() -> None:
    shown = [each for each in apps.get_models() if issubclass(each, (Frozen, ShowsAtOnce))]
    found = {each.__name__ for each in shown if not issubclass(each, (SignedDocument, PartOfDocument, Digested))}
    assert found - set(WITHOUT) == set()
    assert set(WITHOUT) <= {each.__name__ for each in shown}
    for each in shown:
        assert hasattr(each._default_manager.all(), "tampered") is issubclass(each, (SignedDocument, Digested)), each


# What says how far a row has come, and follows the clock and the portal's own work.
STANDING = {"id", "digest", "state", "published_at", "closed_at", "counted_at", "erased_at", "answers_at_shuffle"}


def digested() -> list[type[Digested]]:
    return [each for each in apps.get_models() if issubclass(each, Digested)]


def test_what_the_portal_saves_fits_its_digest(portal: Portal) -> None:
    out = StringIO()
    call_command("verify", stdout=out)
    assert out.getvalue().startswith("Allt stämmer: ")
    for model in digested():
        assert model._default_manager.all().published().exists(), model


def test_a_digest_is_of_every_column_but_the_standing() -> None:
    for model in digested():
        columns = {field.attname for field in model._meta.concrete_fields}
        assert columns - set(model.digested) <= STANDING, model


@pytest.mark.parametrize("model", digested(), ids=lambda model: model.__name__)
def test_raw_sql_in_any_column_is_found(portal: Portal, model: type[Digested]) -> None:
    row = model._default_manager.all().published().first()
    for name in model.digested:
        with transaction.atomic():
            if change_behind_the_portal(row, name):
                assert [each.pk for each in model._default_manager.all().tampered()] == [row.pk], name
            transaction.set_rollback(True)
    assert model._default_manager.all().tampered() == []


def change_behind_the_portal(row: models.Model, name: str) -> bool:
    """Whether the database let us: some changes it refuses by itself."""
    field: Any = next(each for each in row._meta.concrete_fields if each.attname == name)
    with suppress(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        table, column = (connection.ops.quote_name(each) for each in (row._meta.db_table, field.column))
        value = field.get_db_prep_save(another(getattr(row, name), field), connection)
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, row.pk])
        return True
    return False


def another(value: Any, field: models.Field) -> Any:
    if isinstance(field, models.JSONField):
        return [*value, "x"] if isinstance(value, list) else {**value, "x": 1}
    if value is None:
        return {"DateField": date(2030, 1, 1)}.get(field.get_internal_type(), 1)
    if isinstance(value, bool):
        return not value
    if isinstance(value, datetime | date):
        return value + timedelta(days=1)
    return value + ("x" if isinstance(value, str) else 1)


def test_verify_names_what_was_changed_and_fails(portal: Portal) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE promises_correction SET text = 'Det var tre lampor.'")
    told = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify", stderr=told)
    assert "Rättelse" in told.getvalue()
    assert "Det var tre lampor." in told.getvalue()


def test_rows_that_are_written_many_at_a_time_fit_too(portal: Portal) -> None:
    indicator = make_indicator()
    indicator.publish()
    rows = Reading.objects.bulk_create(
        Reading(indicator=indicator, first_day=date(2026, month, 1), value=month) for month in (1, 2, 3)
    )
    Reading.objects.filter(indicator=indicator).update(value=7)
    for row in rows:
        row.value = 8
    Reading.objects.bulk_update(rows, ["value"])
    assert set(Reading.objects.filter(indicator=indicator).values_list("value", flat=True)) == {8}
    assert Reading.objects.tampered() == []
