"""What must be true before the portal starts."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError


def example_year_in_operation() -> bool:
    """Whether made-up figures are about to be shown as real ones."""
    from tranemo_trygghet.example import has_example_data

    try:
        return not settings.DEBUG and has_example_data()
    except DatabaseError:  # not migrated yet, or gone: then no page shows the example either
        return False


def refuse_example_year() -> None:
    """Stop the server, with a sentence, if DEBUG is off and the database holds the example year."""
    if example_year_in_operation():
        raise ImproperlyConfigured(EXAMPLE_IN_OPERATION)


EXAMPLE_IN_OPERATION = (
    "Databasen innehåller exempelåret, men DEBUG är avstängt. "
    "Börja med en tom databas (DATABASE_URL), kör migrate och load_promise, och starta igen."
)


@register(Tags.database)
def check_example_year(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    return [Error(EXAMPLE_IN_OPERATION, id="tranemo.E001")] if databases and example_year_in_operation() else []


@register(deploy=True)
def check_database_engine(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        hint = "Sätt DATABASE_URL till en PostgreSQL-databas, version 15 eller senare."
        return [Warning("SQLite räcker för att pröva portalen, inte för drift.", hint=hint, id="tranemo.W001")]
    return []


# No wider than a host and what lies below it, and nothing that would end the header's directive and begin another.
A_HOST = re.compile(r"https://(?:\*\.)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?")


@register()
def check_embed_hosts(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Whoever may frame a page of ours is named whole."""
    wrong = [host for host in settings.EMBED_HOSTS if not A_HOST.fullmatch(host)]
    hint = "Skriv varje webbplats som https://www.example.se, eller https://*.example.se för alla under den."
    return [Error(f"EMBED_HOSTS: {host!r} är ingen webbplats.", hint=hint, id="tranemo.E002") for host in wrong]
