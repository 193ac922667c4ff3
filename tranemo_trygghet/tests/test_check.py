"""What decides whether a change may land can say no."""

import subprocess

from django.conf import settings

from conftest import needs_database

FUNCTION = "sed -n '/^run_tests() {/,/^}/p' \"$SCRIPTS/test\""


def test_a_failure_is_remembered_in_a_shell_of_any_kind(tmp_path):
    """pg_virtualenv runs the tests in a plain shell, in which a pipe's last word would stand for all of it."""
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    for status, remembered in [(0, False), (1, True)]:
        python.write_text(f"#!/bin/sh\nexit {status}\n")
        python.chmod(0o755)
        subprocess.run(
            ["/bin/bash", "-c", f'source <({FUNCTION}); run_tests PostgreSQL "not slow"'],
            cwd=tmp_path,
            env={"SCRIPTS": str(settings.BASE_DIR / "scripts"), "results": str(tmp_path), "PATH": "/usr/bin:/bin"},
            check=False,
        )
        assert (tmp_path / "failed").exists() == remembered


def test_a_test_that_asks_no_database_is_told_from_one_that_does(request):
    """Else it is run on both, and the check takes longer than anybody waits."""
    assert not needs_database(request.node)


def test_a_test_that_asks_the_database_is_run_on_both(db, request):
    assert needs_database(request.node)
