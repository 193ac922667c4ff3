"""Every list of the back office, from the registry: as many questions to the database for three rows as for one."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from followups.tests.make import make_meeting
from followups.tests.test_admin_month import logged_in
from promises.policy import Role
from promises.tests.make import make_organisation, make_user
from tranemo_trygghet.tests.make import TENTH_OF_MAY
from tranemo_trygghet.tests.matrix import make_world

pytestmark = pytest.mark.alike

FEWER_THAN = 12


@pytest.fixture
def three_of_each(db, clock) -> None:
    """Two partnerships with something of everything, and a third."""
    clock.move_to(TENTH_OF_MAY)
    make_world()


def test_every_list_asks_the_database_as_often_for_three_rows_as_for_one(three_of_each, monkeypatch) -> None:
    client = logged_in(make_user(make_organisation(), *Role.values))
    told: dict[str, tuple[int, int]] = {}
    for model, model_admin in admin.site._registry.items():
        counts = tuple(questions(client, model, model_admin, rows, monkeypatch) for rows in (1, 3))
        told[model._meta.label_lower] = counts
    assert len(told) > 20
    assert {label: counts for label, counts in told.items() if counts[0] != counts[1] or counts[1] >= FEWER_THAN} == {}


def questions(client: Any, model: type[models.Model], model_admin: Any, rows: int, monkeypatch: Any) -> int:
    whole = type(model_admin).get_queryset
    keys = list(model._base_manager.order_by("pk").values_list("pk", flat=True)[:rows])
    assert keys, f"make_world() makes no {model.__name__}"
    with monkeypatch.context() as patch:
        patch.setattr(type(model_admin), "get_queryset", lambda self, request: whole(self, request).filter(pk__in=keys))
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
    # The session is saved within the test's own transaction: that costs two more that are no questions.
    return sum("SAVEPOINT" not in each["sql"] for each in asked)


def test_a_cell_is_named_for_a_phone_and_says_yes_or_no_in_words(three_of_each) -> None:
    meetings = logged_in(make_user(make_organisation(), *Role.values)).get("/admin/followups/meeting/").content.decode()
    row = meetings[meetings.index("<tbody>") :].partition("</tr>")[0]
    assert re.findall(r'data-column="([^"]+)"', row) == ["Slag", "Börjar", "Läge", "Öppet för invånare"]
    assert re.search(r'data-column="Öppet för invånare"[^>]*>(Ja|Nej)</td>', row)
    assert 'alt="True"' not in meetings


def test_who_only_reads_is_told_yes_or_no_in_words(three_of_each) -> None:
    meeting, reader = make_meeting(date(2026, 5, 4), is_public=True), make_user(make_organisation(), Role.READER)
    page = logged_in(reader).get(reverse("admin:followups_meeting_change", args=[meeting.pk])).content.decode()
    assert re.search(r'field-is_public.*?<div class="readonly">Ja</div>', page, re.DOTALL)
    assert 'alt="True"' not in page
