"""What stands between a fresh clone and the first page; each step does nothing the second time."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import User
from services.catalog.models import Edition
from ussd_portal.demo.credentials import demo_password, demo_people
from ussd_portal.editions import publish_shipped_edition
from ussd_portal.storage import PortalStaticFiles, fingerprint

Say = Callable[[str], None]


def prepare(say: Say, *, now: datetime) -> None:
    """Bring database, static files, catalogue and (with DEMO) the demo portfolio up to date."""
    with _static_files_meanwhile(say):
        if has_unapplied_migrations():
            with _told(say, "Database"):
                call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
        if not settings.REDIS_URL:
            call_command("createcachetable", verbosity=0)
        if not Edition.objects.exists():
            with _told(say, "Catalogue"):
                publish_shipped_edition(now=now)
        if settings.DEMO and not User.objects.exists():
            with _told(say, "Demo portfolio"):
                call_command("seed_demo", verbosity=0)


@contextmanager
def _static_files_meanwhile(say: Say) -> Iterator[None]:
    """Collect changed static files in a process beside this one: most machines have two cores."""
    marker = Path(settings.STATIC_ROOT) / ".collected"
    wanted = fingerprint(PortalStaticFiles.ignore_patterns)
    if marker.is_file() and marker.read_text() == wanted:
        yield
        return
    with _told(say, "Static files"):
        command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--clear", "-v0"]
        process = subprocess.Popen(command, cwd=settings.BASE_DIR)  # noqa: S603 (our own words)
        try:
            yield
        finally:
            status = process.wait()
        if status:
            raise CommandError("Static files could not be collected; the reason stands above.")
        marker.write_text(wanted)


def has_unapplied_migrations() -> bool:
    """Whether the database is behind the code."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def demo_sign_ins() -> list[str]:
    """One line per demo person to try first; none when this is no demo portfolio."""
    people = demo_people()
    if not people:
        return []
    wide = max(len(person.email) for person in people)
    lines = [f"  {person.email:{wide}}  {person.get_role_display()}" for person in people]
    return [f"Sign in with the password {demo_password()} as", *lines]


@contextmanager
def _told(say: Say, what: str) -> Iterator[None]:
    begun = monotonic()
    yield
    say(f"{what}: ready ({monotonic() - begun:.1f} s)")
