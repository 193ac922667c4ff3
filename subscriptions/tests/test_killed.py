"""A run that is killed outright, as a machine that loses its power would: nobody is lost, and nobody gets two by it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from subscriptions.models import LEASE, Mail
from subscriptions.sending import Run
from subscriptions.tests.mail_server import OK
from subscriptions.tests.make import make_outbox

pytestmark = pytest.mark.django_db(transaction=True)

# Killed between the server's yes and our taking note of it, at the fifth mail.
KILLED_AT_THE_WORST_MOMENT = """
import os, signal, django
django.setup()
from django.core.management import call_command
from subscriptions.models import Mail
sent, number = Mail.sent, iter(range(1, 1000))
def sent_or_killed(mail):
    if next(number) == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    sent(mail)
Mail.sent = sent_or_killed
call_command("send_mail")
"""
IN_PEACE = "import django; django.setup(); from django.core.management import call_command; call_command('send_mail')"


def start_run(port: int, script: str = IN_PEACE) -> subprocess.Popen:
    """A run in a process of its own, on the same database and mail server."""
    environment = os.environ | {
        "DATABASE_URL": address_of_database(),
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "tranemo_trygghet.settings",
    }
    return subprocess.Popen([sys.executable, "-c", script], env=environment)


def address_of_database() -> str:
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**settings)


def run_when_the_lease_is_over() -> None:
    with time_machine.travel(timezone.now() + LEASE + timedelta(seconds=1), tick=True):
        Run().empty_the_outbox()


def test_a_run_killed_in_the_middle_of_a_batch_loses_nobody_and_sends_nothing_twice(mail_server) -> None:
    make_outbox(40)
    is_halfway, is_killed = threading.Event(), threading.Event()

    def wait_at_the_twentieth(server, smtp) -> str:
        if len(server.messages) == 20 and not is_killed.is_set():
            is_halfway.set()
            is_killed.wait(20)
            smtp.transport.abort()
            return "451 Too late"
        return OK

    mail_server.on_data = wait_at_the_twentieth
    run = start_run(mail_server.port)
    assert is_halfway.wait(60)
    run.kill()
    assert run.wait(20) == -signal.SIGKILL
    is_killed.set()
    assert Run().empty_the_outbox().sent == 19  # at once: all but the one that the dead run holds
    run_when_the_lease_is_over()
    assert not Mail.objects.exists()
    assert len(mail_server.copies) == 40
    assert set(mail_server.copies.values()) == {1}


def test_a_run_killed_after_the_servers_yes_sends_that_mail_again_as_the_same_mail(mail_server) -> None:
    make_outbox(10)
    assert start_run(mail_server.port, KILLED_AT_THE_WORST_MOMENT).wait(60) == -signal.SIGKILL
    assert len(mail_server.messages) == 5
    run_when_the_lease_is_over()
    assert not Mail.objects.exists()
    assert len(mail_server.copies) == 10
    assert sum(mail_server.copies.values()) == 11
    assert len({message["Message-ID"] for _to, message in mail_server.messages}) == 10


def test_two_processes_at_once_send_each_mail_once(mail_server) -> None:
    make_outbox(40)
    runs = [start_run(mail_server.port) for _ in range(2)]
    assert [run.wait(60) for run in runs] == [0, 0]
    assert not Mail.objects.exists()
    assert set(mail_server.copies.values()) == {1}
    assert len(mail_server.copies) == 40
