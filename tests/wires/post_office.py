"""A real SMTP server on loopback, and what came to it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller


@dataclass
class Office:
    """`url` is what FEEDHUB_SMTP_URL takes. `answer` is what it says to a recipient, None = welcome."""

    url: str = ""
    came: list[tuple[str, EmailMessage]] = field(default_factory=list)
    answer: str | None = None

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802  # aiosmtpd's name
        if self.answer:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802  # aiosmtpd's name
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.came += [(to, message) for to in envelope.rcpt_tos]
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [message for to, message in self.came if to == address]


@contextmanager
def post_office() -> Iterator[Office]:
    office = Office()
    with socket.socket() as door:  # the controller knocks at its own port, so it has to know it
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    office.url = f"smtp://127.0.0.1:{port}"
    try:
        yield office
    finally:
        controller.stop()
