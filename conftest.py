"""What all tests share: the database, a still clock, and a real browser that reports what went wrong in it."""

import gc
import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import segno
import time_machine
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.core.management.color import no_style
from django.db import connection
from django.test import TransactionTestCase
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from promises.tests.migrated_once import migrate_once
from scripts.chromium import OPTIONS

# --- Every test ---------------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    # Real password hashing is slow on purpose; no test is about that.
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Static files are found where they are written: tests need no collectstatic.
    django_settings.WHITENOISE_AUTOREFRESH = True
    TransactionTestCase._fixture_teardown = empty_what_was_filled  # type: ignore[attr-defined]
    config.pluginmanager.register(LongestFirst())


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


def pytest_collection_finish() -> None:
    """What is loaded by now stays: it need not be looked through again and again for rubbish."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


class LongestFirst:
    """After the shuffle: two workers end at the same time only if neither is left with a long test at the end."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    marks = {mark.name for mark in item.iter_markers()}
    if connection.vendor != "postgresql":
        if "postgresql" in marks:
            pytest.skip("needs PostgreSQL: make test runs it there")
    elif "browser" in marks:
        pytest.skip("a page looks the same on every database, and looking takes long: done on SQLite")
    elif "postgresql" not in marks and not needs_database(item):
        pytest.skip("asks no database: done on SQLite")


def needs_database(item: pytest.Item) -> bool:
    # Not django_db_blocker, which pytest-django hands to every test.
    asks = {"db", "transactional_db", "live_server", "django_db_setup"}
    return item.get_closest_marker("django_db") is not None or bool(asks & set(getattr(item, "fixturenames", ())))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A SQLite file, not memory: threads and the live server then lock and wait as they do in operation."""
    if connection.vendor == "sqlite":
        # TEST_DATABASE, with --reuse-db: one that is there already (scripts/mutate.py).
        own = os.environ.get("TEST_DATABASE") or str(tmp_path_factory.mktemp("database") / "test.sqlite3")
        connection.settings_dict["TEST"]["NAME"] = own
    migrate_once(folder_of_the_run(tmp_path_factory))


def folder_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What its workers share; those on the other database too, in make test (scripts/test)."""
    if named := os.environ.get("FOLDER_OF_THE_RUN"):
        return Path(named)
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def empty_what_was_filled(self: TransactionTestCase) -> None:
    """After a test that commits. Django's own empties every table, and makes all content types and permissions anew."""
    kept = {"django_migrations", "django_content_type", "auth_permission"}
    tables = sorted(set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - kept)
    with connection.cursor() as cursor:
        asked = [f"SELECT '{each}' WHERE EXISTS (SELECT 1 FROM {each})" for each in tables]  # noqa: S608
        cursor.execute(" UNION ALL ".join(asked))
        filled = [name for (name,) in cursor.fetchall()]
    if filled:
        # PostgreSQL truncates a table only with those that refer to it.
        refer = connection.vendor == "postgresql"
        connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), filled, allow_cascade=refer))


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A still clock: ten in the morning, Swedish time, on 16 March 2026, until the test moves it."""
    morning = datetime(2026, 3, 16, 10, 0, tzinfo=ZoneInfo("Europe/Stockholm"))
    with time_machine.travel(morning, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def second_factor_shown(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is logged in has shown a second factor, except in the tests of login itself (mark: real_login)."""
    if not request.node.get_closest_marker("real_login"):
        monkeypatch.setattr("tranemo_trygghet.staff_login.second_factor.is_excused", lambda user: True)


@pytest.fixture(autouse=True)
def any_pattern_of_a_code(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests of login draw a QR code for each who comes; of the eight that say the same, they take the first."""
    if request.node.get_closest_marker("real_login"):
        draw: Any = segno.encoder.find_and_apply_best_mask
        monkeypatch.setattr(
            "segno.encoder.find_and_apply_best_mask", lambda *matrix_and_mask: draw(*matrix_and_mask[:3], 0)
        )


@pytest.fixture(autouse=True)
def room_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process remembers how many have answered each round; in the next test another round has that number."""
    monkeypatch.setattr("surveys.crowd._rooms", {})


@pytest.fixture(autouse=True)
def patience_with_other_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their tests are long transactions on the same server; what is deleted can be cleared when those have ended."""
    monkeypatch.setattr("promises.remains.PATIENCE", 60.0)


# --- A real browser -----------------------------------------------------------------------------------
#
# A test asks for `page` and visits addresses of the portal: page.goto("/"). It fails at its end if the browser
# saw an error, a breach of the content security policy, or a request to another host. A test that provokes
# one on purpose looks for it in `browser_faults` and clears the list.
#
# Override by parametrising: `width` (390, 1280 …), `javascript` (False), `color_scheme` ("dark").


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, or the one that CHROMIUM names.

    Without its sandbox, which neither root nor a container can have: it visits nothing but our own pages.
    """
    path = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    if path is None:
        pytest.fail("Chromium is missing. Install it, name it in CHROMIUM, or leave it to make test.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=OPTIONS, chromium_sandbox=False)
        yield browser
        browser.close()


@pytest.fixture
def width() -> int:
    return 1280


@pytest.fixture
def javascript() -> bool:
    return True


@pytest.fixture
def color_scheme() -> str:
    return "light"


@pytest.fixture
def browser_faults() -> list[str]:
    """What went wrong in the browser during this test, one sentence each."""
    return []


@pytest.fixture
def browser_context(
    chromium: Browser, live_server, settings, width, javascript, color_scheme, browser_faults
) -> Iterator[BrowserContext]:
    """A fresh browser profile on the live portal; for tests that need two visitors or two tabs."""
    settings.SITE_URL = live_server.url
    context = chromium.new_context(
        base_url=live_server.url,
        viewport={"width": width, "height": 844},
        java_script_enabled=javascript,
        color_scheme=color_scheme,
        locale="sv-SE",
        timezone_id="Europe/Stockholm",
        reduced_motion="reduce",
    )
    context.set_default_timeout(30_000)
    context.on("console", lambda message: note_console(message, browser_faults))
    context.on("weberror", lambda error: browser_faults.append(f"script error: {error.error}"))
    context.on("request", lambda request: note_stranger(request, live_server.url, browser_faults))
    yield context
    context.close()
    assert not browser_faults, "the browser saw: " + "; ".join(browser_faults)


@pytest.fixture
def page(browser_context: BrowserContext) -> Page:
    return browser_context.new_page()


def note_console(message, faults: list[str]) -> None:
    """Breaches of the policy and files that are missing are told on the console, as errors."""
    if message.type in ("error", "warning"):
        faults.append(f"{message.type} on {message.location.get('url', 'the page')}: {message.text}")


def note_stranger(request: Request, own_url: str, faults: list[str]) -> None:
    address = urlsplit(request.url)
    if address.scheme in ("http", "https", "ws", "wss") and address.netloc != urlsplit(own_url).netloc:
        faults.append(f"request to another host: {request.url}")


# What the law asks (EN 301 549: WCAG 2.1 AA), what we promise (2.2 AA), and axe's own good practice.
AXE_OPTIONS = {
    "resultTypes": ["violations"],
    # Fetching stylesheets that import others, axe writes inline styles into the page, and the policy rightly objects.
    "preload": False,
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


@pytest.fixture
def assert_accessible():
    """A function that fails with axe's own words if the page breaks a rule that a machine can try."""

    def assert_accessible(page: Page) -> None:
        results = Axe().run(page, options=AXE_OPTIONS)
        assert results.violations_count == 0, results.generate_report()

    return assert_accessible
