"""`manage.py runportal`: web, worker and beat in the foreground, as one."""

import contextlib
import errno
import fcntl
import gc
import http.client
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils import timezone

from ussd_portal.preparation import demo_sign_ins, has_unapplied_migrations, prepare
from ussd_portal.supervisor import NeverReady, Part, Supervisor, end_with_parent

# Time that the remains of a portal that was killed a moment ago get to leave.
PATIENCE = 3.0


class Command(BaseCommand):
    """Supervise gunicorn, a Celery worker and beat until Ctrl-C or SIGTERM."""

    help = "Run the portal: web, worker and beat in the foreground; Ctrl-C stops all."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """All have defaults that suit one machine."""
        parser.add_argument(
            "--first-run", action="store_true", help="prepare what is missing first"
        )
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--workers", type=int, default=2, help="web processes")
        parser.add_argument("--threads", type=int, default=8, help="threads of each")
        parser.add_argument(
            "--with-parent", action="store_true", help="stop when the starting process ends"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, start, stay, stop."""
        if options["with_parent"]:
            end_with_parent(signal.SIGTERM, os.getppid())
        try:
            with only_one_here():
                wait_for_port(options["host"])
                self._run(options)
        except KeyboardInterrupt:
            raise SystemExit(130) from None

    def _run(self, options: dict[str, Any]) -> None:
        if options["first_run"]:
            prepare(self._say, now=timezone.now())
        elif has_unapplied_migrations():
            raise CommandError("The database is behind the code: run `manage.py migrate` first.")
        elif not (settings.STATIC_ROOT / "staticfiles.json").is_file():
            raise CommandError("Static files are missing: run `manage.py collectstatic` first.")
        connections.close_all()
        metrics = fresh_folder(settings.DATA_DIR / "metrics")
        host = options["host"]
        supervisor = Supervisor(
            parts(options, metrics),
            is_ready=lambda: answers(host),
            when_ready=self._welcome,
        )
        gc.freeze()  # what is loaded stays; a tenth of the time to end
        try:
            supervisor.run()
        except NeverReady as failure:
            raise CommandError(f"{failure} does not start; the reason stands above.") from None
        self._say("Stopped.")

    def _welcome(self) -> None:
        self._say(f"\nThe portal runs at {settings.BASE_URL} (Ctrl-C stops it).")
        if settings.DEMO:
            self._say("\n".join(demo_sign_ins()))

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def parts(options: dict[str, Any], metrics: Path) -> list[Part]:
    """The three programs. Worker and beat hold nothing: a killed supervisor takes them along."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--quiet", "-A", "ussd_portal"]
    return [
        Part(
            "web",
            [
                *[*python, "gunicorn", "-c", "python:ussd_portal.serving"],
                *["--bind", f"{options['host']}:{settings.PORT}"],
                *["--workers", str(options["workers"]), "--threads", str(options["threads"])],
                "ussd_portal.wsgi",
            ],
            {"PROMETHEUS_MULTIPROC_DIR": str(metrics)},
        ),
        Part(
            "worker",
            [
                *[*celery, "worker", "--pool", "threads", "--concurrency", "4"],
                *["--without-gossip", "--without-mingle", "--without-heartbeat"],
                *["--loglevel", "info"],
            ],
            death_signal=signal.SIGKILL,
        ),
        Part(
            "beat",
            [*celery, "beat", "--loglevel", "info"],
            death_signal=signal.SIGKILL,
        ),
    ]


@contextlib.contextmanager
def only_one_here() -> Iterator[None]:
    """Hold the lock of DATA_DIR; the kernel frees it however this process ends."""
    path = settings.DATA_DIR / "portal.lock"
    with path.open("a+") as file:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    file.seek(0)
                    raise CommandError(
                        f"The portal already runs on {settings.DATA_DIR} "
                        f"(process {file.read().strip() or 'unknown'}). "
                        "Stop that one, or choose another DATA_DIR and PORT."
                    ) from None
                time.sleep(0.1)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def wait_for_port(host: str) -> None:
    """Return when the port can be listened on, refuse when it stays taken."""
    deadline = time.monotonic() + PATIENCE
    port = settings.PORT
    if not 1 <= port <= 65535:
        raise CommandError(f"PORT is a number from 1 to 65535, not {port}.")
    while (problem := port_problem(host)) is not None:
        if problem != errno.EADDRINUSE:
            raise CommandError(f"Can't listen on {host}:{port}: {os.strerror(problem)}.")
        if time.monotonic() > deadline:
            raise CommandError(
                f"Port {port} is in use by another program. "
                f"Choose another one, for example: PORT={port + 1} make run"
            )
        time.sleep(0.1)


def port_problem(host: str) -> int | None:
    """The error number of listening there, None when it can be done."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, settings.PORT))
        except socket.gaierror:
            return errno.EADDRNOTAVAIL
        except OSError as failure:
            return failure.errno
    return None


def answers(host: str) -> bool:
    """Whether the web part answers yet."""
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    connection = http.client.HTTPConnection(local, settings.PORT, timeout=1)
    try:
        connection.request("GET", "/healthz", headers={"Host": urlsplit(settings.BASE_URL).netloc})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def fresh_folder(path: Path) -> Path:
    """An empty folder: counters of processes that are gone count no more."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path
