"""Notes on the sweeps, and dead letters brought back into the queue."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from accounts.actions import outbox
from accounts.actions.doorbell import ring
from accounts.models import Message, SweepRun, User
from accounts.rules.refusal import Refused

DRAIN = "accounts.tasks.drain_outbox"


def note_success(*, name: str, did: int, now: datetime) -> None:
    """The sweep came through; how much it did is kept of the last time it did anything."""
    changed = {"done_at": now, "failures": 0}
    if did:
        changed |= {"worked_at": now, "did": did}
    SweepRun.objects.update_or_create(name=name, defaults=changed)


def note_failure(*, name: str, error: str, now: datetime) -> None:
    """The sweep failed; how often since its last success is counted."""
    SweepRun.objects.get_or_create(name=name)
    SweepRun.objects.filter(name=name).update(
        failed_at=now, last_error=error[:300], failures=F("failures") + 1
    )


@transaction.atomic
def resend_messages(*, by: User, now: datetime, message: Message | None = None) -> int:
    """Bring one dead letter, or all of them, back into the queue; the number brought back.

    For system administrators; what is no longer dead is left alone.
    """
    if by.role != User.Role.SYSTEM_ADMINISTRATOR:
        raise Refused("not_allowed", role=by.role)
    chosen = Q(pk=message.pk) if message is not None else Q()
    dead = list(Message.objects.filter(chosen, dead_at__isnull=False))
    for one in dead:
        outbox.resend(message=one, now=now)
    if dead:
        ring(DRAIN)
    return len(dead)
