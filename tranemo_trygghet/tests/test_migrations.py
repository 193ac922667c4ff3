"""A database of the first version, with ten thousand answers in it, comes to today's version with every row as it was.

While it is being brought there, the code before goes on running: so no step may take from it what it reads or writes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection, migrations, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from tranemo_trygghet.backup.tables import all_models, another_connection

OURS = ["promises", "surveys", "followups", "subscriptions", "staff_login"]
REFERRED_TO = ["contenttypes", "auth"]
OLD = "a_database_of_the_first_version"
ANSWERS = 10_000
FIRST_DAY, NOON = date(2020, 1, 1), datetime(2020, 1, 1, 12, tzinfo=UTC)

# Where the database's own rules ask for more than any value: by model and field, of row n.
VALUES: dict[str, Any] = {
    "promises.contentversion.id": lambda n: 1,
    "promises.promise.followup_months": lambda n: 1,
    "promises.promise.predecessor": lambda n: None,
    "promises.target.rhythm": lambda n: None,
    "promises.target.due_on": lambda n: None,
    "promises.masking.confirmed_by": lambda n: None,
    "promises.masking.confirmed_at": lambda n: None,
    "followups.combinedresult.year": lambda n: 2020 + n % 900,
    "surveys.question.kind": lambda n: "text",
    "surveys.question.scale": lambda n: None,
    "surveys.question.max_choices": lambda n: None,
    "surveys.question.is_background": lambda n: False,
    "surveys.earliershare.percent": lambda n: 40,
    "surveys.earliershare.in_words": lambda n: "",
    "surveys.surveyround.takes_codes": lambda n: True,
    "surveys.tally.group_question": lambda n: "",
    "surveys.tally.group_option": lambda n: "",
    "surveys.response.answers": lambda n: f"{n:05d}abc",
}
ROWS = dict.fromkeys(["surveys.freetext", "surveys.invitation"], 1_000)
ROWS |= {"surveys.response": ANSWERS, "promises.contentversion": 1}


# --- the first version, filled ---


@pytest.fixture
def database(tmp_path, transactional_db) -> Iterator[BaseDatabaseWrapper]:
    """An empty one, beside the tests' own."""
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        with another_connection(OLD, {**told, "NAME": str(tmp_path / "old.sqlite3")}) as old:
            yield old
        return
    of = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    with psycopg.connect(**{each: of[each] for each in names if each in of}, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {OLD}")
        with another_connection(OLD, {**told, "NAME": OLD}) as old:
            yield old
        server.execute(f"DROP DATABASE {OLD}")


def first_of(loader: MigrationLoader) -> list[tuple[str, str]]:
    return sorted(key for key in loader.graph.nodes if key[0] in OURS and key[1].startswith("0001_"))


def fill(state: ProjectState, first: int) -> None:
    """Rows of every table of that state of the code, and references from each to the one of the same number."""
    registry = state.apps
    waiting = [each for each in all_models(registry) if each._meta.app_label in [*OURS, *REFERRED_TO]]
    keys: dict[Any, list[Any]] = {}
    while waiting:
        model = next(each for each in waiting if not needs(each) & set(waiting))
        waiting.remove(model)
        number = ROWS.get(model._meta.label_lower, 3) if first == 0 else 3
        rows = [model(**values_of(model, first + n, keys)) for n in range(number)]
        if first and number_is_one(model):
            continue
        model._base_manager.using(OLD).bulk_create(rows, batch_size=2_000)
        keys[model] = list(model._base_manager.using(OLD).order_by("pk").values_list("pk", flat=True))[-number:]


def number_is_one(model: type[models.Model]) -> bool:
    return ROWS.get(model._meta.label_lower) == 1


def needs(model: type[models.Model]) -> set[Any]:
    fields = model._meta.concrete_fields
    return {f.related_model for f in fields if f.is_relation and not f.null and f.related_model is not model}


def values_of(model: type[models.Model], n: int, keys: dict[Any, list[Any]]) -> dict[str, Any]:
    return {
        field.attname: value_of(field, f"{model._meta.label_lower}.{field.name}", n, keys)
        for field in model._meta.concrete_fields
        if not isinstance(field, models.AutoField)
    }


def value_of(field: models.Field, name: str, n: int, keys: dict[Any, list[Any]]) -> Any:
    if name in VALUES:
        return VALUES[name](n)
    if field.is_relation:
        rows = keys.get(field.related_model)
        return rows[n % len(rows)] if rows else None
    is_later = any(word in field.name for word in ("ends", "end_", "closes", "last", "until"))
    later = timedelta(days=40 if is_later else 0)
    if isinstance(field, models.DateTimeField):
        return NOON + timedelta(days=n) + later
    if isinstance(field, models.DateField):
        month = date(FIRST_DAY.year + n // 12, n % 12 + 1, 1)
        return month + later
    if isinstance(field, models.BooleanField):
        return n % 2 == 0
    if field.primary_key and field.has_default():
        return field.get_default()
    if isinstance(field, (models.IntegerField, models.FloatField, models.DecimalField)):
        return n % 80 + 1
    if isinstance(field, models.JSONField):
        return {"ord": f"år {n}"}
    if isinstance(field, models.BinaryField):
        return n.to_bytes(16, "big")
    if field.choices:
        return field.flatchoices[0][0]
    return f"{'a' * 40}{n:05d}"[-(field.max_length or 40) :]


# --- what is in it ---


def digests(state: ProjectState) -> dict[str, tuple[int, str]]:
    """For each table of that state: how many rows, and a digest of what the state's own columns hold."""
    return {each._meta.label_lower: digest(each) for each in all_models(state.apps) if each._meta.app_label in OURS}


def digest(model: type[models.Model]) -> tuple[int, str]:
    names = [field.attname for field in model._meta.concrete_fields]
    rows = [repr(row) for row in model._base_manager.using(OLD).order_by("pk").values_list(*names)]
    return len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()


@pytest.mark.slow
def test_nothing_is_lost_from_the_first_version_to_this_and_the_first_code_runs_on(database) -> None:
    first = first_of(MigrationLoader(database))
    executor = MigrationExecutor(database)
    executor.migrate(first)
    state = executor.loader.project_state(first)
    fill(state, first=0)
    before = digests(state)
    assert before["surveys.response"][0] == ANSWERS
    assert min(rows for rows, _digest in before.values()) >= 1

    executor = MigrationExecutor(database)
    executor.migrate(executor.loader.graph.leaf_nodes())
    assert digests(state) == before
    for model in all_models(apps):
        if model._meta.label_lower in before:
            assert len(list(model._base_manager.using(OLD).all())) == before[model._meta.label_lower][0]

    fill(state, first=5_000)
    response = state.apps.get_model("surveys", "response")
    assert response.objects.using(OLD).count() == ANSWERS + 3
    assert response.objects.using(OLD).update(place=2) == ANSWERS + 3
    state.apps.get_model("surveys", "freetext").objects.using(OLD).all().delete()


# --- every step after the first version ---

# Agreed exceptions, with the reason: nothing that runs uses the thing any longer.
AGREED: dict[tuple[str, str], str] = {}
TAKES_AWAY = (
    migrations.RemoveField,
    migrations.RenameField,
    migrations.DeleteModel,
    migrations.RenameModel,
    migrations.AlterModelTable,
    migrations.RunSQL,
)


def fault_of(operation: Operation, state: ProjectState, app: str) -> str:
    """What the step would do to code that does not know of it, or nothing."""
    if isinstance(operation, TAKES_AWAY):
        return "takes away, or hides from us, what the code before may use"
    if isinstance(operation, migrations.AddField):
        field = operation.field
        if not (field.null or field.has_db_default() or field.many_to_many):
            return f"{operation.name}: the code before cannot write a row without it (null or db_default)"
    if isinstance(operation, migrations.AlterField):
        before = state.models[app, operation.model_name_lower].fields[operation.name]
        return narrowed(before, operation.field)
    if isinstance(operation, migrations.RunPython) and not operation.reversible:
        return "cannot be undone"
    return ""


def narrowed(before: models.Field, after: models.Field) -> str:
    if before.null and not after.null and not after.has_db_default():
        return f"{before.name}: the code before leaves it empty"
    if after.max_length and (before.max_length or 10**9) > after.max_length:
        return f"{before.name}: the code before writes more"
    return ""


def faults_of(migration: migrations.Migration, state: ProjectState) -> list[str]:
    found = []
    for operation in migration.operations:
        found.append(fault_of(operation, state, migration.app_label))
        operation.state_forwards(migration.app_label, state)
    has_data = [isinstance(each, migrations.RunPython) for each in migration.operations]
    if any(has_data) and not all(has_data):
        found.append("a data step stands apart from changes to the tables")
    return [each for each in found if each]


def test_no_step_after_the_first_version_takes_anything_from_the_code_before() -> None:
    loader = MigrationLoader(None)
    later = [key for key in loader.graph.nodes if key[0] in OURS and not key[1].startswith("0001_")]
    assert later
    for key in later:
        if key not in AGREED:
            state = loader.project_state(key, at_end=False)
            assert faults_of(loader.graph.nodes[key], state) == [], f"{key}: see Migrations in CONTRIBUTING.md"


WRONG = [
    migrations.RemoveField("promise", "lead"),
    migrations.RenameField("promise", "lead", "intro"),
    migrations.DeleteModel("Term"),
    migrations.RunSQL("SELECT 1"),
    migrations.AddField("promise", "mood", models.CharField(max_length=9, default="glad")),
    migrations.AlterField("promise", "title", models.CharField(max_length=3)),
    migrations.RunPython(lambda apps, editor: None),
]
RIGHT = [
    migrations.AddField("promise", "mood", models.CharField(max_length=9, default="glad", db_default="glad")),
    migrations.AddField("promise", "mood", models.DateField(null=True)),
    migrations.AlterField("promise", "title", models.CharField(max_length=900)),
]


@pytest.mark.parametrize("operation", WRONG + RIGHT, ids=lambda each: each.describe())
def test_a_step_is_judged_by_what_the_code_before_would_meet(operation) -> None:
    migration = migrations.Migration("0002_made_up", "promises")
    migration.operations = [operation]
    state = MigrationLoader(None).project_state(("promises", "0001_promises"))
    assert bool(faults_of(migration, state)) == (operation in WRONG)
