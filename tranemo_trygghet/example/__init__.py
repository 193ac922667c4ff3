"""An example year, clearly marked as made up, so that the portal can be tried before there is anything to tell."""

from __future__ import annotations

from promises.models import User

EXAMPLE_ACCOUNTS = ("polis", "kommun", "admin")
EXAMPLE_EMAIL_DOMAIN = "exempel.invalid"


def has_example_data() -> bool:
    """Whether the database holds the example year: it is known by its accounts, which sign everything in it."""
    return User.objects.filter(email__endswith=f"@{EXAMPLE_EMAIL_DOMAIN}").exists()
