"""A real SMTP server on this machine, and the portal's outbox set to it."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from bench.kills import free_port


class Mailbox:
    """Keeps what arrives, in order."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.server = Controller(self, hostname="127.0.0.1", port=free_port())

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """One mail has arrived."""
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 kept"

    def of(self, address: str, about: str) -> str:
        """The text of the only mail to somebody whose subject begins with that."""
        (found,) = [
            mail
            for mail in self.mails
            if mail["To"] == address and mail["Subject"].strip().startswith(about)
        ]
        return str(found.get_body(("plain",)).get_content())
