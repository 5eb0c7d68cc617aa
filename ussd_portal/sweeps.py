"""What beat would do, in one place: `manage.py sweep` runs it here and now.

Each sweep does what is due at a moment and says how much that was. One sweep may make work for
another (a deadline announced is a message to send), so rounds go on until nothing is due.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.conf import settings

from accounts.actions import keys, outbox
from accounts.actions.operations import note_success
from incidents.actions import aftermath, recalculation, warnings
from workorders.actions import digests, lapses, reminders

Sweep = Callable[[datetime], int]

MOST_ROUNDS = 1000


class NeverDone(Exception):
    """A sweep finds work round after round: it doesn't mark what it has done."""


SWEEPS: Mapping[str, Sweep] = {
    "recalculate-dates": lambda now: recalculation.recalculate_dates(now=now),
    "announce-deadlines": lambda now: reminders.announce_deadlines(now=now),
    "digest-deadlines": lambda now: digests.write_digests(now=now),
    "lapse-entitlements": lambda now: lapses.lapse_entitlements(now=now),
    "warn-of-targets": lambda now: warnings.warn_of_targets(now=now),
    "open-event-summaries": lambda now: aftermath.open_event_summaries(now=now),
    "drain-outbox": lambda now: outbox.drain(now=now),
    "forget-old-keys": lambda now: keys.forget_answers(before=now - timedelta(days=30)),
}


def sweep_until_done(now: datetime, sweeps: Mapping[str, Sweep] = SWEEPS) -> dict[str, int]:
    """Run all sweeps at `now` until none finds anything; how much each did.

    What fails for good (a message to an address that refuses it) is no longer due.
    """
    done = dict.fromkeys(sweeps, 0)
    for _round in range(MOST_ROUNDS):
        found = {name: sweep(now) for name, sweep in sweeps.items()}
        for name, count in found.items():
            done[name] += count
        if not any(found.values()):
            _note(done, now)
            return done
    raise NeverDone(", ".join(name for name, count in found.items() if count))


def _note(done: Mapping[str, int], now: datetime) -> None:
    """Each came through, under the name of the task that does the same."""
    tasks = {name: str(entry["task"]) for name, entry in settings.CELERY_BEAT_SCHEDULE.items()}
    for name, count in done.items():
        if name in tasks:
            note_success(name=tasks[name], did=count, now=now)
