"""`manage.py targets verify`: all running targets reckoned again in one batch."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from incidents.queries.reevaluation import Standing, reevaluate


class Command(BaseCommand):
    """Says how running targets stand, and which the calendars of today would set otherwise."""

    help = "Reckon all running targets again; change nothing, end with 1 when some differ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`verify [--json]`."""
        parser.add_argument("subcommand", choices=["verify"])
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, compare, tell."""
        standing = reevaluate(now=timezone.now())
        self.stdout.write(_as_json(standing) if options["json"] else _in_words(standing))
        if standing.differing:
            raise CommandError(f"{len(standing.differing)} would be set otherwise today.")


def _as_json(standing: Standing) -> str:
    content = {
        "running": standing.count,
        "used": {str(band): number for band, number in standing.bands.items()},
        "differing": [asdict(one) for one in standing.differing],
    }
    return json.dumps(content, indent=2, default=str)


def _in_words(standing: Standing) -> str:
    shares = ", ".join(f"{number} from {band} %" for band, number in standing.bands.items())
    lines = [f"{standing.count} targets run: {shares}."]
    lines += [
        f"{one.number}: kept {one.kept.isoformat()}, today {one.reckoned.isoformat()}"
        for one in standing.differing
    ]
    return "\n".join(lines)
