"""Celery's broker for the embedded profile: one folder, one file per message.

Kombu's own file transport writes a message in place, so that a reader may meet half of it, and
keeps its bindings in files with the same weakness. Here a message is written under a hidden name
and renamed, and whoever manages to delete it has it. A message is only a doorbell: what is due
stands in the database, so a message lost with a killed worker costs a minute at most.
"""

import logging
import os
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, virtual
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)

SCHEME = "files"
LONGEST_WAIT = 0.3


class Channel(virtual.Channel):
    """Messages of all queues in one folder, `<time>-<id>.<queue>.msg`, oldest first."""

    @property
    def folder(self) -> Path:
        """Where the messages lie; made when missing."""
        client: Any = self.connection.client
        folder = Path(client.transport_options["folder"])
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _put(self, queue: str, message: dict[str, Any], **_options: object) -> None:
        name = f"{time.time_ns():020d}-{uuid.uuid4().hex}.{queue}.msg"
        hidden = self.folder / f".{name}"
        with hidden.open("w", encoding="utf-8") as file:
            file.write(dumps(message))
            file.flush()
            os.fsync(file.fileno())
        hidden.rename(self.folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        for path in self._waiting(queue):
            try:
                text = path.read_text(encoding="utf-8")
                path.unlink()
            except FileNotFoundError:  # another worker was quicker
                continue
            try:
                return loads(text)
            except ValueError:
                logger.warning("Dropped an unreadable message: %s", path.name)
        raise Empty

    def _size(self, queue: str) -> int:
        return sum(1 for _ in self._waiting(queue))

    def _purge(self, queue: str) -> int:
        paths = list(self._waiting(queue))
        for path in paths:
            path.unlink(missing_ok=True)
        return len(paths)

    def _waiting(self, queue: str) -> Iterator[Path]:
        for path in sorted(self.folder.iterdir()):
            if path.name.endswith(f".{queue}.msg") and not path.name.startswith("."):
                yield path


class Transport(virtual.Transport):
    """Kombu's view of the folder; direct queues only, nothing is broadcast."""

    Channel = Channel
    implements = virtual.Transport.implements.extend(
        asynchronous=False, exchange_type=frozenset(["direct", "topic"])
    )
    global_state = virtual.BrokerState()
    default_port = 0
    driver_type = SCHEME
    driver_name = SCHEME

    def __init__(self, client: Any, **options: Any) -> None:
        super().__init__(client, **options)
        self.state = self.global_state

    def drain_events(self, connection: Any, timeout: float | None = None, **options: Any) -> Any:
        """Wait a short while only, so that a worker soon notices that it shall stop."""
        return super().drain_events(connection, LONGEST_WAIT if timeout else timeout, **options)

    def driver_version(self) -> str:
        """Kombu asks every transport; there is no driver here."""
        return "1"


def register() -> None:
    """Make `files://` known to kombu."""
    TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"
