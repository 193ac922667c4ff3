"""The outbox against a real SMTP server that behaves badly: each has its mail afterwards, and has it once."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from subscriptions import sending
from subscriptions.models import LEASE, LONGEST_PAUSE, MOST_REFUSALS, Mail
from subscriptions.sending import Run
from subscriptions.tests.mail_server import OK, MailServer
from subscriptions.tests.make import make_outbox

pytestmark = pytest.mark.django_db


def run_later(pause: timedelta = LONGEST_PAUSE) -> sending.Outcome:
    """A run when every pause is over."""
    with time_machine.travel(timezone.now() + pause + timedelta(seconds=1), tick=True):
        return Run().empty_the_outbox()


def assert_each_has_one(server: MailServer, number: int) -> None:
    assert not Mail.objects.exists()
    assert len(server.copies) == number
    assert set(server.copies.values()) == {1}


def test_two_hundred_get_one_mail_each_over_a_few_connections(mail_server) -> None:
    make_outbox(200)
    outcome = Run().empty_the_outbox()
    assert (outcome.sent, outcome.has_server_fault) == (200, False)
    assert_each_has_one(mail_server, 200)
    assert mail_server.connections == 2
    assert Run().empty_the_outbox().sent == 0


@pytest.mark.parametrize("has_taken_it", [False, True])
def test_a_server_that_dies_in_the_middle_of_two_hundred_loses_nobody(mail_server, has_taken_it) -> None:
    make_outbox(200)

    def die_at_the_hundredth(server: MailServer, smtp) -> str | None:
        if len(server.messages) != 99:
            return OK
        if has_taken_it:
            server.keep(smtp.envelope)
        return None

    mail_server.on_data = die_at_the_hundredth
    outcome = Run().empty_the_outbox()
    assert outcome.sent == 99
    assert outcome.has_server_fault
    assert Mail.objects.count() == 101
    assert run_later().sent == 0  # still dead
    mail_server.is_dead, mail_server.on_data = False, lambda server, smtp: OK
    assert run_later(LONGEST_PAUSE * 2).sent == 101
    assert not Mail.objects.exists()
    assert len(mail_server.copies) == 200
    # A second copy only where the server died after accepting, and it is the same mail.
    assert sum(mail_server.copies.values()) == (201 if has_taken_it else 200)
    assert len({message["Message-ID"] for _to, message in mail_server.messages}) == 200


def test_nobody_is_lost_while_no_server_answers(mail_server) -> None:
    make_outbox(5)
    mail_server.stop()
    for _day in range(20):
        outcome = run_later()
        assert outcome.has_server_fault
    assert Mail.objects.waiting().filter(tries=0).count() == 5
    mail_server.start()
    assert run_later(LONGEST_PAUSE * 2).sent == 5
    assert_each_has_one(mail_server, 5)


@pytest.fixture
def silent_server(settings, mail_server) -> Iterator[socket.socket]:
    """Takes the call and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = listening.getsockname()[1], 0.2
        yield listening


def test_a_server_that_takes_the_call_and_says_nothing_holds_nobody_up(settings, mail_server, silent_server) -> None:
    make_outbox(3)
    assert Run().empty_the_outbox().has_server_fault
    settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = mail_server.port, 10
    assert Run().empty_the_outbox().sent == 3
    assert_each_has_one(mail_server, 3)


def test_a_server_that_says_one_letter_now_and_then_is_cut_off(
    settings, monkeypatch, mail_server, silent_server
) -> None:
    make_outbox(1)
    monkeypatch.setattr(sending, "DEADLINE", 1)
    settings.EMAIL_TIMEOUT = 10
    is_over = threading.Event()

    def trickle() -> None:
        line, _address = silent_server.accept()
        with line:
            while not is_over.wait(0.1):
                try:
                    line.send(b"2")
                except OSError:
                    return

    talking = threading.Thread(target=trickle)
    talking.start()
    assert Run().empty_the_outbox().has_server_fault
    is_over.set()
    talking.join()
    assert Mail.objects.waiting().count() == 1


def test_a_server_that_hangs_over_one_mail_gets_it_again_with_the_same_message_id(settings, mail_server) -> None:
    make_outbox(1)
    settings.EMAIL_TIMEOUT, mail_server.hangs_for = 0.2, 0.5
    outcome = Run().empty_the_outbox()
    assert (outcome.sent, outcome.postponed) == (0, 1)
    mail_server.hangs_for = 0
    assert run_later().sent == 1
    assert len({message["Message-ID"] for _to, message in mail_server.messages}) == 1


@pytest.mark.parametrize("answer", ["451 Try again later", "452 Mailbox full"])
@pytest.mark.parametrize("when", ["on_recipient", "on_data"])
def test_who_is_told_to_come_back_comes_back_ever_more_seldom_and_never_gives_up(mail_server, when, answer) -> None:
    make_outbox(3)
    setattr(mail_server, when, lambda *_anything: answer)
    pauses = []
    for _try in range(9):
        assert Run().empty_the_outbox().sent == 0
        waits = max(mail.due_at for mail in Mail.objects.all()) - timezone.now()
        pauses.append(round(waits.total_seconds() / 60))
        Mail.objects.update(due_at=timezone.now())
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert set(Mail.objects.values_list("last_code", flat=True)) == {int(answer[:3])}
    setattr(mail_server, when, lambda *_anything: OK)
    assert run_later().sent == 3
    assert_each_has_one(mail_server, 3)


def test_a_server_that_wants_no_mail_now_is_left_alone_until_the_next_run(mail_server) -> None:
    make_outbox(40)
    mail_server.on_recipient = lambda address: "451 Greylisted"
    assert Run().empty_the_outbox().postponed == sending.MOST_POSTPONED
    assert Run().empty_the_outbox().postponed == 40 - sending.MOST_POSTPONED
    mail_server.on_recipient = lambda address: OK
    assert run_later().sent == 40
    assert_each_has_one(mail_server, 40)


def test_a_refused_address_is_tried_some_times_and_then_given_up_on_record_while_the_others_get_theirs(
    mail_server,
) -> None:
    make_outbox(4)
    mail_server.on_recipient = lambda address: "550 No such user" if address.startswith("foljare-002") else OK
    assert Run().empty_the_outbox().sent == 3
    for attempt in range(1, MOST_REFUSALS):
        assert run_later(timedelta(days=attempt)).refused == 1
    given_up = Mail.objects.given_up().get()
    assert (given_up.refusals, given_up.last_code) == (MOST_REFUSALS, 550)
    assert run_later(timedelta(days=30)).refused == 0
    # It was the server's fault after all.
    mail_server.on_recipient = lambda address: OK
    call_command("send_mail", again=True)
    assert_each_has_one(mail_server, 4)


@pytest.mark.parametrize("answer", ["550 5.7.1 We do not know you", "421 Too many connections"])
def test_a_server_that_refuses_the_sender_costs_no_receiver_their_mail(mail_server, answer, monkeypatch) -> None:
    make_outbox(6)

    async def refuse(smtp, session, envelope, address, options) -> str:
        return answer

    mail_server.handle_MAIL = refuse  # aiosmtpd looks for its hooks when it starts a conversation
    assert Run().empty_the_outbox().postponed == sending.MOST_FAULTS, "then the server is left alone"
    for attempt in range(2 * MOST_REFUSALS):
        assert run_later(timedelta(hours=2 * attempt)).sent == 0
    assert Mail.objects.waiting().count() == 6
    del mail_server.handle_MAIL
    assert run_later(timedelta(days=2)).sent == 6
    assert_each_has_one(mail_server, 6)


def test_one_mail_that_fells_the_server_does_not_stand_in_the_way_of_the_others(mail_server) -> None:
    make_outbox(10)
    fatal = "foljare-000@exempel.se"

    def fall(server: MailServer, smtp) -> str | None:
        if smtp.envelope.rcpt_tos == [fatal]:
            smtp.transport.abort()
            return "451 Falling"
        return OK

    mail_server.on_data = fall
    Mail.objects.filter(subscription__address=fatal).update(due_at=timezone.now() - timedelta(days=1))
    assert Run().empty_the_outbox().sent == 9
    assert Mail.objects.get().subscription.address == fatal


def test_what_is_being_sent_is_nobody_elses_until_the_lease_is_over(mail_server) -> None:
    make_outbox(1)
    assert Mail.objects.claim() is not None
    assert Run().empty_the_outbox().sent == 0
    assert run_later(LEASE).sent == 1


@pytest.mark.django_db(transaction=True)
def test_many_runs_at_once_send_each_mail_once(mail_server) -> None:
    make_outbox(60)
    together = threading.Barrier(6)
    faults = []

    def run() -> None:
        try:
            together.wait(10)
            Run().empty_the_outbox()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert_each_has_one(mail_server, 60)


def test_unsubscribing_while_the_mail_is_on_its_way_leaves_nothing_behind(mail_server) -> None:
    make_outbox(1)

    def leave(address: str) -> str:
        return "451 Later"

    mail_server.on_recipient = leave
    mail = Mail.objects.claim()
    assert mail is not None
    mail.subscription.end()
    mail.postpone(451)
    mail.refused(550)
    mail.release()
    mail.sent()
    assert not Mail.objects.exists()


def test_the_command_tells_numbers_and_no_address(mail_server, capfd) -> None:
    make_outbox(4)
    mail_server.on_recipient = lambda address: f"550 <{address}> is unknown here" if "002" in address else OK
    call_command("send_mail")
    mail_server.on_data = lambda server, smtp: None
    Mail.objects.update(due_at=timezone.now())
    mail_server.on_recipient = lambda address: OK
    call_command("send_mail")
    told = "".join(capfd.readouterr())
    assert "3 mejl skickade, 1 väntar" in told
    assert "E-postservern svarade inte" in told
    assert "@" not in told
