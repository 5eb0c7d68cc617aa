"""The Celery application: a doorbell for the sweeps, never the memory of what is due."""

import gc
import logging.config
import os
import warnings
from typing import Any

from celery import Celery, Task, signals
from celery.platforms import SecurityWarning  # type: ignore[attr-defined]
from django.conf import settings
from django.core.cache import cache
from django_structlog.celery.steps import DjangoStructLogInitStep

from ussd_portal import filebroker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ussd_portal.settings")
filebroker.register()
# Celery warns root for the sake of pickled messages; ours are JSON and nothing else is accepted.
warnings.filterwarnings("ignore", category=SecurityWarning)


class PortalTask(Task):  # type: ignore[type-arg]
    """A task that leaves the moment of its last success, for `/readyz`."""

    abstract = True

    def on_success(self, retval: Any, task_id: str, args: Any, kwargs: Any) -> None:
        """Remember that this task came through."""
        cache.set(last_success_key(self.name), self.app.now().isoformat(), timeout=None)


def last_success_key(task: str) -> str:
    """Where the cache keeps the moment of the last success of `task`."""
    return f"task-success:{task}"


@signals.setup_logging.connect
def keep_the_portals_logging(**_options: object) -> None:
    """Celery would install its own; one format for all processes is easier to read."""
    logging.config.dictConfig(settings.LOGGING)


@signals.worker_ready.connect
@signals.beat_init.connect
def keep_what_is_loaded(**_options: object) -> None:
    """The collector passes over it from now on; a process told to end ends at once."""
    gc.freeze()


@signals.worker_ready.connect
def look_at_once(**_options: object) -> None:
    """A worker that starts doesn't wait for beat's next minute to see what is due."""
    for task in every_minute():
        app.send_task(task, expires=55)


def every_minute() -> list[str]:
    """The tasks that beat wakes each minute."""
    schedule: list[dict[str, Any]] = list(settings.CELERY_BEAT_SCHEDULE.values())
    return [entry["task"] for entry in schedule if entry["schedule"] == 60.0]


app = Celery("ussd_portal", task_cls=PortalTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)
