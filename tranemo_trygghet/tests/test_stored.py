"""The list of what is stored about people is whole, and what has a time of its own goes when it is out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import models
from django.utils import timezone

from promises.models import User
from subscriptions.models import Asking, Subscription
from subscriptions.tests.make import make_subscription
from surveys.codes import note_wrong_code
from surveys.models import WrongCodes
from tranemo_trygghet.backup.tables import all_models
from tranemo_trygghet.staff_login.models import Attempt
from tranemo_trygghet.stored import STORED

pytestmark = pytest.mark.django_db


def says_something_of_a_person(model: type[models.Model]) -> bool:
    """A row that points to a member of staff, or that holds an address, a session or what somebody answered."""
    fields = model._meta.concrete_fields
    points = any(field.is_relation and field.related_model is User for field in fields)
    holds = any(isinstance(field, models.EmailField) or field.name in ("session_key", "telephone") for field in fields)
    return points or holds or model is User


def test_every_table_about_people_is_in_the_list() -> None:
    listed = [label for each in STORED for label in each.tables]
    assert len(listed) == len(set(listed))
    about = {model._meta.label_lower for model in all_models() if says_something_of_a_person(model)}
    assert about - set(listed) == set()
    for label in listed:
        assert apps.get_model(label)


def test_the_list_shows_how_many_and_how_long_but_nobody(capsys) -> None:
    make_subscription("nils@exempel.se")
    call_command("stored_about_people")
    said = capsys.readouterr().out
    assert "subscriptions_subscription: 1 rader" in said
    assert "obekräftade adresser en vecka" in said
    assert "nils" not in said


def test_what_has_expired_goes_and_the_rest_stays(clock, capsys) -> None:
    make_subscription("foljer@exempel.se")
    make_subscription("glomd@exempel.se", confirmed=False, requested_at=timezone.now())
    session = SessionStore()
    session.create()
    note_wrong_code("192.0.2.1")
    Asking.objects.create(client_hash="x" * 64, hour=int(timezone.now().timestamp()) // 3600)
    Attempt.objects.create(account="a", place="b", is_known=False, step="password")
    call_command("clean_up")
    counts = [model.objects.count() for model in (Subscription, Session, WrongCodes, Asking, Attempt)]
    assert counts == [2, 1, 1, 1, 1]
    clock.shift(timedelta(days=8))
    call_command("clean_up")
    assert [model.objects.count() for model in (Subscription, Session, WrongCodes, Asking, Attempt)] == [1, 0, 0, 0, 0]
    assert "1 obekräftade adresser borttagna" in capsys.readouterr().out
