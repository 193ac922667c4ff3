"""A real SMTP server that does what a test tells it to: takes mail, refuses, hangs, dies."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

OK = "250 OK"


class MailServer:
    """Keeps what it has taken in `messages`, in order. `on_data` decides, and may do anything, before it answers."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, EmailMessage]] = []
        self.connections = 0
        self.is_dead = False
        self.hangs_for = 0.0
        self.on_recipient: Callable[[str], str] = lambda address: OK
        self.on_data: Callable[[MailServer, SMTP], str | None] = lambda server, smtp: OK
        self.port = free_port()
        self.controller: Controller | None = None
        self.start()

    # --- what aiosmtpd calls ---

    async def handle_EHLO(  # noqa: N802
        self, smtp: SMTP, session: Session, envelope: Envelope, name: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        if self.is_dead:
            smtp.transport.abort()
        session.host_name = name
        return responses

    async def handle_RCPT(  # noqa: N802
        self, smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.on_recipient(address)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, smtp: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.hangs_for:
            await asyncio.sleep(self.hangs_for)
        answer = self.on_data(self, smtp)
        if answer is None:  # dies without having taken it
            return self.die(smtp)
        if answer == OK:
            self.keep(envelope)
        return answer

    # --- what tests say ---

    def start(self) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=10)
        self.controller.start()

    def stop(self) -> None:
        """Whoever calls after this is refused by the machine itself."""
        if self.controller is not None:
            self.controller.stop()
        self.controller = None

    def keep(self, envelope: Any) -> None:
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.messages.append((envelope.rcpt_tos[0], message))

    def die(self, smtp: SMTP) -> str:
        """Hang up in the middle of a sentence, and do the same with whoever calls again, until it is risen."""
        self.is_dead = True
        smtp.transport.abort()
        return OK

    @property
    def copies(self) -> Counter[str]:
        """How many times each address has been sent to."""
        return Counter(address for address, _message in self.messages)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]
