"""With DEBUG off, what is unsafe stops the start with a sentence that says what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAFE = {
    "DEBUG": "off",
    "SECRET_KEY": "k" * 50,
    "CODE_PEPPER": "p" * 50,
    "ALLOWED_HOSTS": "trygghet.example",
    "SITE_URL": "https://trygghet.example",
    "DATABASE_URL": "sqlite://:memory:",
}


def start(**changes: str) -> subprocess.CompletedProcess[str]:
    """`manage.py check` in an environment of its own, where an existing .env decides nothing."""
    environment = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    command = [sys.executable, "manage.py", "check"]
    return subprocess.run(
        command, cwd=ROOT, env=environment | SAFE | changes, capture_output=True, text=True, check=False
    )


def test_it_starts_with_everything_set() -> None:
    assert start().returncode == 0


@pytest.mark.parametrize("name", ["SECRET_KEY", "CODE_PEPPER", "ALLOWED_HOSTS", "SITE_URL"])
def test_a_missing_setting_stops_the_start_with_a_sentence(name: str) -> None:
    stopped = start(**{name: ""})
    assert stopped.returncode == 1
    assert stopped.stderr.startswith(f"{name} saknas eller har ett osäkert värde.")
    assert "Traceback" not in stopped.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "CODE_PEPPER"])
def test_a_default_secret_stops_the_start(name: str) -> None:
    stopped = start(**{name: "osäker-nyckel-bara-för-utveckling"})
    assert stopped.returncode == 1
    assert name in stopped.stderr


def test_an_https_address_binds_browsers_to_it_and_closes_the_cookies() -> None:
    names = "SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS SECURE_HSTS_INCLUDE_SUBDOMAINS SESSION_COOKIE_SECURE"
    words = f"from tranemo_trygghet import settings; print([bool(getattr(settings, n)) for n in {names.split()}])"
    environment = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}} | SAFE
    said = subprocess.run(
        [sys.executable, "-c", words], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout == "[True, True, True, True]\n"
