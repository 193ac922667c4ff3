"""What machines ask."""

from __future__ import annotations

from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.test import Client

pytestmark = pytest.mark.django_db


def test_health_is_plain_and_never_kept(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer.headers["Cache-Control"]


def test_health_says_so_when_the_database_is_gone(client: Client) -> None:
    with mock.patch.object(connection, "cursor", side_effect=OperationalError):
        assert client.get("/healthz").status_code == 503


def test_robots_leave_the_back_office_alone_and_find_the_map_of_the_site(client: Client, settings) -> None:
    settings.SITE_URL = "https://trygghet.example"
    robots = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/" in robots
    assert "Sitemap: https://trygghet.example/sitemap.xml" in robots
