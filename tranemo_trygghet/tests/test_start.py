"""`make run`: settings and password are made once, are nobody else's business, and are never made again."""

import socket

import pytest

from scripts import start


def test_every_portal_gets_secrets_of_its_own(tmp_path):
    one, other = made_secrets(tmp_path / "one"), made_secrets(tmp_path / "other")
    assert len(one) == len(other) == len(start.SECRETS)
    assert not one & other
    assert all(len(line) > 50 for line in one | other)


def made_secrets(path):
    start.write_settings(path)
    return {line for line in path.read_text().splitlines() if line.startswith(start.SECRETS)}


def test_settings_and_password_can_be_read_by_their_owner_alone(tmp_path):
    start.write_settings(tmp_path / "env")
    start.remembered_password(tmp_path / "var" / "password")
    assert (tmp_path / "env").stat().st_mode & 0o077 == 0
    assert (tmp_path / "var" / "password").stat().st_mode & 0o077 == 0


def test_a_second_start_keeps_what_the_first_one_made(tmp_path, monkeypatch):
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    start.write_settings(tmp_path / "env")
    settings, password = (tmp_path / "env").read_text(), start.remembered_password(tmp_path / "password")
    start.write_settings(tmp_path / "env")
    monkeypatch.setenv("DEMO_PASSWORD", "another one")
    assert (tmp_path / "env").read_text() == settings
    assert start.remembered_password(tmp_path / "password") == password


def test_a_chosen_password_is_the_one_used(tmp_path, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "chosen")
    assert start.remembered_password(tmp_path / "password") == "chosen"


def test_a_taken_port_is_told_in_a_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit, match=f"Port {port} är upptagen"):
            start.refuse_a_taken_port(port)
