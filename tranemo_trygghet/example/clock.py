"""A clock that can be set, so that the example year is made by the same verbs as a real one, each on its own day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from unittest import mock

from django.utils import timezone


def at(day: date, hour: int = 12, minute: int = 0) -> datetime:
    """A moment in Swedish time."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)), timezone.get_default_timezone())


@contextmanager
def as_of(day: date, hour: int = 12, minute: int = 0) -> Iterator[None]:
    """Within this block it is `day` to everything that asks `timezone.now()`."""
    with mock.patch("django.utils.timezone.now", return_value=at(day, hour, minute)):
        yield
