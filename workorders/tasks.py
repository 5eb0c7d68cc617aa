"""What beat wakes: no logic here, no arguments; safe to run twice and in many workers."""

from celery import shared_task
from django.utils import timezone

from workorders.actions import digests, lapses, reminders


@shared_task
def announce_deadlines() -> int:
    """Write the reminders that are due; woken every minute."""
    return reminders.announce_deadlines(now=timezone.now())


@shared_task
def digest_deadlines() -> int:
    """Write the weekly digests that are due; woken every minute."""
    return digests.write_digests(now=timezone.now())


@shared_task
def lapse_entitlements() -> int:
    """Lapse what was not used by its last day; woken every minute."""
    return lapses.lapse_entitlements(now=timezone.now())
