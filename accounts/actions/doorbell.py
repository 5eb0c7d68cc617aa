"""Wake a sweep now instead of within the minute; a lost ring costs that minute at most."""

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)
FORGET_AFTER = 55  # seconds; by then beat has rung


def ring(task: str) -> None:
    """Ask a worker to run `task` once the present transaction stands."""
    transaction.on_commit(partial(_ring, task))


def _ring(task: str) -> None:
    try:
        current_app.send_task(task, expires=FORGET_AFTER, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("doorbell for %s not heard: %s", task, error)
