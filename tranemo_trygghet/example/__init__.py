"""An example year, clearly marked as made up, so that the portal can be tried before there is anything to tell.

It is made by the same verbs and forms as a real one, each on its own day, around the day when it is loaded.
"""

from __future__ import annotations

from promises.models import User

EXAMPLE_EMAIL_DOMAIN = "exempel.invalid"


def has_example_data() -> bool:
    """Whether the database holds the example year: known by the accounts that sign everything in it."""
    return User.objects.filter(email__endswith=f"@{EXAMPLE_EMAIL_DOMAIN}").exists()
