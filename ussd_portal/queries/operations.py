"""How the outbox and the sweeps are doing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min, Q

from accounts.models import Message, SweepRun
from ussd_portal.celery import every_minute

LATE = timedelta(minutes=5)
LONGEST_WAIT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class SweepState:
    """One sweep as it stands."""

    name: str
    task: str
    run: SweepRun | None
    is_late: bool
    is_failing: bool


@dataclass(frozen=True, slots=True)
class Operations:
    """The figures of the page."""

    queued: int
    waiting: int
    oldest: datetime | None
    retrying: int
    dead: int
    sent_today: int
    sweeps: list[SweepState]

    @property
    def is_stuck(self) -> bool:
        """Nothing goes out though it could."""
        return any(sweep.is_late for sweep in self.sweeps)


def read_operations(now: datetime) -> Operations:
    """Queue length, the oldest mail that is due, retries, dead letters, and the sweeps."""
    mails = Message.objects.filter(channel=Message.Channel.EMAIL)
    unsent = Q(sent_at=None, dead_at=None)
    counts = mails.filter(unsent).aggregate(
        queued=Count("pk", filter=Q(due_at__lte=now)),
        waiting=Count("pk", filter=Q(due_at__gt=now)),
        oldest=Min("due_at", filter=Q(due_at__lte=now)),
        retrying=Count("pk", filter=~Q(last_error="")),
    )
    return Operations(
        **counts,
        dead=mails.filter(dead_at__isnull=False).count(),
        sent_today=mails.filter(sent_at__gte=now - timedelta(days=1)).count(),
        sweeps=sweep_states(now),
    )


def sweep_states(now: datetime) -> list[SweepState]:
    """Each sweep of beat's schedule with its last success and failure."""
    runs = {run.name: run for run in SweepRun.objects.all()}
    each_minute = set(every_minute())
    states = []
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        task = str(entry["task"])
        run = runs.get(task)
        done = run.done_at if run else None
        is_late = task in each_minute and (done is None or now - done > LATE)
        states.append(SweepState(name, task, run, is_late, bool(run and run.failures)))
    return states


def dead_letters() -> "list[Message]":
    """What is not tried any more, the latest first; its words are not shown here."""
    rows = Message.objects.filter(dead_at__isnull=False).defer("text", "html", "calendar")
    return list(rows.select_related("recipient").order_by("-dead_at", "-pk")[:100])
