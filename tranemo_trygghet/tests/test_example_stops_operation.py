"""The example year is never shown as a real one."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import override_settings

from promises.tests.make import make_organisation, make_user
from tranemo_trygghet.checks import check_example_year, refuse_example_year
from tranemo_trygghet.example import EXAMPLE_EMAIL_DOMAIN

pytestmark = [pytest.mark.django_db, pytest.mark.alike]


def test_with_debug_off_a_database_with_the_example_year_stops_the_start() -> None:
    make_user(make_organisation(), email=f"polis@{EXAMPLE_EMAIL_DOMAIN}")
    with override_settings(DEBUG=False):
        with pytest.raises(ImproperlyConfigured, match="Börja med en tom databas"):
            refuse_example_year()
        assert [each.id for each in check_example_year(None, databases=["default"])] == ["tranemo.E001"]
    with override_settings(DEBUG=True):
        refuse_example_year()


def test_a_database_without_it_starts() -> None:
    make_user(make_organisation(), email="polis@polisen.example")
    with override_settings(DEBUG=False):
        refuse_example_year()


@override_settings(DEBUG=False)
def test_the_example_year_cannot_be_loaded_in_operation() -> None:
    with pytest.raises(CommandError, match="påhittat"):
        call_command("load_example")
