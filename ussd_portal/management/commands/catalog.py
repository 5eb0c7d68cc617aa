"""`manage.py catalog load FILE`: an edition from a file, as a draft."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.rules.refusal import Refused
from accounts.wording.refusals import refusal_words
from incidents.models import Chart
from services.catalog import editions as files
from services.catalog.models import Edition, Offering
from ussd_portal import editions


class Command(BaseCommand):
    """Loads an edition; what is loaded already stays as it is."""

    help = "Load an edition of the services description from a file, as a draft."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`load FILE`."""
        subcommands = parser.add_subparsers(dest="subcommand", required=True)
        load = subcommands.add_parser("load", help=self.help)
        load.add_argument("file", type=Path, help="YAML, like the shipped 2024-09.yaml")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Load, or say which line or field is wrong."""
        source = None
        before = set(Edition.objects.values_list("code", "content_hash"))
        try:
            source = files.read(file)
            edition = editions.load_edition(source.data)
        except Refused as refused:
            raise CommandError(_told(refused, file, source)) from None
        if (edition.code, edition.content_hash) in before:
            self.stdout.write(f"{edition.code}: loaded already, nothing changed ({edition.state}).")
        else:
            offerings = Offering.objects.filter(edition=edition).count()
            charts = Chart.objects.filter(edition=edition).count()
            self.stdout.write(
                f"{edition.code}: {offerings} offerings and {charts} charts loaded as a draft."
            )


def _told(refused: Refused, path: Path, source: files.EditionFile | None) -> str:
    """``FILE, line N: what is wrong (code)``; the line as near as the field tells."""
    name, line = str(refused.figures.get("file", path.name)), refused.figures.get("line")
    found = source.place_of(refused.field) if source and refused.field else None
    if found:
        name, line = found
    place = f"{name}, line {line}" if line else name
    return f"{place}: {refusal_words(refused).sentence} ({refused.code})"
