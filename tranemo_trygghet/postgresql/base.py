"""Django's backend for PostgreSQL, with our driver."""

from __future__ import annotations

from django.db.backends.postgresql import base

from tranemo_trygghet.postgresql import driver


class DatabaseWrapper(base.DatabaseWrapper):
    Database = driver
