"""Clients that begin at the same moment, each with a connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from accounts.rules.refusal import Refused


def at_once(act: Callable[[int], Any], clients: int) -> list[Any]:
    """Let `clients` begin `act` at the same moment; answers, or the codes of refusals."""
    start = Barrier(clients)

    def client(number: int) -> Any:
        try:
            connection.ensure_connection()
            start.wait(timeout=30)
            return act(number)
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(client, range(clients)))
