"""Keeps in the database how each task fared, for the operations page."""

from contextlib import suppress
from typing import Any

from celery.signals import task_failure, task_success
from django.db import DatabaseError

from accounts.actions.operations import note_failure, note_success


@task_success.connect
def keep_success(sender: Any, result: Any = None, **_more: object) -> None:
    """The task came through; what it returns is how much it did."""
    did = result if isinstance(result, int) else 0
    with suppress(DatabaseError):
        note_success(name=sender.name, did=did, now=sender.app.now())


@task_failure.connect
def keep_failure(sender: Any, exception: Any = None, **_more: object) -> None:
    """What went wrong; the next minute tries again."""
    error = f"{type(exception).__name__}: {exception}"
    with suppress(DatabaseError):
        note_failure(name=sender.name, error=error, now=sender.app.now())
