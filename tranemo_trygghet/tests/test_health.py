"""What machines ask."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.test import Client

from tranemo_trygghet.pages.health import SECURITY_TXT_EXPIRES

pytestmark = pytest.mark.django_db


def test_health_is_plain_and_never_kept(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer.headers["Cache-Control"]


def test_health_says_so_when_the_database_is_gone(client: Client) -> None:
    with mock.patch.object(connection, "cursor", side_effect=OperationalError):
        assert client.get("/healthz").status_code == 503


def test_security_txt_says_where_to_write(client: Client, settings) -> None:
    settings.SITE_URL, settings.SECURITY_CONTACT = "https://trygghet.example", "mailto:it@example.se"
    answer = client.get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert fields["Contact"] == "mailto:it@example.se"
    assert fields["Canonical"] == "https://trygghet.example/.well-known/security.txt"
    assert datetime.fromisoformat(fields["Expires"]) == SECURITY_TXT_EXPIRES


def test_security_txt_is_renewed_before_it_expires() -> None:
    """By the real clock. When this fails, see that the contact is right, and set a day at most a year ahead."""
    left = SECURITY_TXT_EXPIRES - datetime.now(UTC)
    assert timedelta(days=30) < left < timedelta(days=366)


def test_robots_leave_the_back_office_alone_and_find_the_map_of_the_site(client: Client, settings) -> None:
    settings.SITE_URL = "https://trygghet.example"
    robots = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/" in robots
    assert "Sitemap: https://trygghet.example/sitemap.xml" in robots
