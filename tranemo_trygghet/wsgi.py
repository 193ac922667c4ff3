"""The entry point for gunicorn."""

import os

from tranemo_trygghet.page_store.front import portal

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tranemo_trygghet.settings")
# For PostgreSQL, and for the web processes alone: the commands may copy and clear for as long as it takes. A query that
# waits for a lock would otherwise hold its thread for ever, and thirty-two of them hold the portal. Nothing that a page
# asks takes a tenth of a second; who has waited for ten is better told to come back (503).
os.environ.setdefault("PGOPTIONS", "-c statement_timeout=10s")
application = portal()

from tranemo_trygghet.checks import refuse_example_year  # noqa: E402  (needs the apps)

refuse_example_year()
