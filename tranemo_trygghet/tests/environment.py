"""The environment of every test, whatever a developer's own `.env` says.

A pytest plugin (pyproject.toml), because the settings are read before any conftest.py is.
Only DATABASE_URL may come from outside: `make test` gives it for PostgreSQL.
"""

import os

os.environ.update(
    DEBUG="on",
    SECRET_KEY="secret-of-the-tests",
    CODE_PEPPER="pepper-of-the-tests",
    SITE_URL="http://testserver",
    SITE_NAME="Tryggare Tranemo",
    ALLOWED_HOSTS="testserver,localhost",
    TRUSTED_PROXIES="0",
    EMAIL_URL="memorymail://",
    # A test sees what it has just written, in a transaction that the store's own connection cannot see into.
    PAGE_STORE="off",
    # Playwright keeps an event loop in the tests' own thread, where Django would refuse to touch the database.
    DJANGO_ALLOW_ASYNC_UNSAFE="1",
)
# A file that is never made: pytest's own folder takes its place (conftest.py). Not memory: the live server, which may
# start first, would see that and share one connection between threads.
os.environ.setdefault("DATABASE_URL", "sqlite:///tests-have-a-file-of-their-own.sqlite3")
