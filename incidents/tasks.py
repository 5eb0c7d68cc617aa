"""What beat wakes: no logic here, no arguments; safe to run twice and in many workers."""

from celery import shared_task
from django.utils import timezone

from incidents.actions import aftermath, recalculation, warnings


@shared_task
def warn_of_targets() -> int:
    """Tell of targets that come close or have passed; woken every minute."""
    return warnings.warn_of_targets(now=timezone.now())


@shared_task
def recalculate_dates() -> int:
    """Reckon open dates again where a zone or a calendar changed; woken every minute."""
    return recalculation.recalculate_dates(now=timezone.now())


@shared_task
def open_event_summaries() -> int:
    """Make the task of a summary for events that are over; woken every minute."""
    return aftermath.open_event_summaries(now=timezone.now())
