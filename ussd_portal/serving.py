"""Configuration of gunicorn: `gunicorn -c python:ussd_portal.serving ussd_portal.wsgi`."""

import gc
import os
import signal
from pathlib import Path
from typing import Any

from django.db import connections
from gunicorn.glogging import Logger
from prometheus_client import multiprocess

from ussd_portal.supervisor import end_with_parent


class PortalLogger(Logger):  # type: ignore[misc]
    """Gunicorn's lines in the portal's format, through the root handler."""

    def setup(self, cfg: Any) -> None:
        """Drop gunicorn's own handlers."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = 2
threads = 8
timeout = 60
graceful_timeout = 2
keepalive = 5
preload_app = True
accesslog = None  # django-structlog writes one line per request
logger_class = PortalLogger
control_socket_disable = True
# Django alone decides what a proxy may say (TRUSTED_PROXIES).
secure_scheme_headers: dict[str, str] = {}
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 (heartbeats only)


def when_ready(_server: Any) -> None:
    """What is loaded stays: workers share it, and ending walks none of it."""
    gc.freeze()


def post_fork(_server: Any, worker: Any) -> None:
    """A worker ends with its master; a connection opened while preloading isn't shared."""
    end_with_parent(signal.SIGTERM, worker.ppid)
    connections.close_all()


def child_exit(_server: Any, worker: Any) -> None:
    """Fold a dead worker's counters into the sums of `/metrics`."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.mark_process_dead(worker.pid)
