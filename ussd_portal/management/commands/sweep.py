"""`manage.py sweep [--now ISO]`"""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from ussd_portal.sweeps import sweep_until_done


class Command(BaseCommand):
    """Everything that beat would do, once, in this process, until nothing is due."""

    help = "Do what is due now, without worker and beat: deadlines, lapses, messages."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--now` plays another moment; for demo data alone."""
        parser.add_argument("--now", metavar="ISO", help="play this moment (only with DEMO=1)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the sweeps and print what each did."""
        now = self._moment(options["now"])
        done = sweep_until_done(now)
        self.stdout.write(f"Swept at {now.isoformat(timespec='seconds')}.")
        for name, count in done.items():
            self.stdout.write(f"{count:>8}  {name}")

    def _moment(self, text: str | None) -> datetime:
        if text is None:
            return timezone.now()
        if not settings.DEMO:
            raise CommandError(
                "--now plays another moment and would send real reminders: "
                "it is refused unless DEMO=1."
            )
        try:
            moment = parse_datetime(text)
        except ValueError:
            moment = None
        if moment is None or not 2000 <= moment.year < 2200:
            raise CommandError(f"--now takes a moment such as 2025-03-01T09:00:00Z, not {text!r}.")
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
