"""What beat wakes: no logic here, no arguments; safe to run twice and in many workers."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from accounts.actions import keys, outbox


@shared_task
def drain_outbox() -> int:
    """Send what is due until nothing is; woken every minute."""
    sent = 0
    while some := outbox.drain(now=timezone.now()):
        sent += some
    return sent


@shared_task
def forget_old_keys() -> int:
    """Forget the answers kept under idempotency keys; woken every night."""
    return keys.forget_answers(before=timezone.now() - timedelta(days=30))
