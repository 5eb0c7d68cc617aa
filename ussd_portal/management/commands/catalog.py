"""`manage.py catalog load FILE`, `export CODE` and `publish CODE`: editions and files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.rules.refusal import Refused
from accounts.wording.refusals import refusal_words
from incidents.models import Chart
from services.catalog import editions as files
from services.catalog.models import Edition, Offering
from ussd_portal import editions
from ussd_portal.wording.files import refused_file


class Command(BaseCommand):
    """Loads, exports and publishes editions of the services description."""

    help = "Load an edition of the services description from a file, export or publish one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`load FILE`, `export CODE`, `publish CODE`."""
        subcommands = parser.add_subparsers(dest="subcommand", required=True)
        load = subcommands.add_parser("load", help="Load a file as a draft.")
        load.add_argument("file", type=Path, help="YAML, like the shipped 2024-09.yaml")
        export = subcommands.add_parser("export", help="Write an edition as such a file.")
        export.add_argument("code")
        publish = subcommands.add_parser("publish", help="Put a draft in force.")
        publish.add_argument("code")

    def handle(self, *args: Any, subcommand: str, **options: Any) -> None:
        """Do it, or say what stands against it."""
        if subcommand == "load":
            self.load(options["file"])
            return
        edition = Edition.objects.filter(code=options["code"]).first()
        if edition is None:
            raise CommandError(f"{options['code']}: there is no such edition.")
        if subcommand == "export":
            self.stdout.write(editions.file_of(edition), ending="")
        else:
            self.publish(edition)

    def load(self, path: Path) -> None:
        """Loads an edition; what is loaded already stays as it is."""
        source = None
        before = set(Edition.objects.values_list("code", "content_hash"))
        try:
            source = files.read(path)
            edition = editions.load_edition(source.data)
        except Refused as refused:
            told = refused_file(refused, path.name, source)
            raise CommandError(f"{told} ({refused.code})") from None
        if (edition.code, edition.content_hash) in before:
            self.stdout.write(f"{edition.code}: loaded already, nothing changed ({edition.state}).")
        else:
            offerings = Offering.objects.filter(edition=edition).count()
            charts = Chart.objects.filter(edition=edition).count()
            self.stdout.write(
                f"{edition.code}: {offerings} offerings and {charts} charts loaded as a draft."
            )

    def publish(self, edition: Edition) -> None:
        """From now on in force for new work orders."""
        try:
            editions.publish_edition(edition=edition, by=None, now=timezone.now())
        except Refused as refused:
            sentence = refusal_words(refused).sentence
            raise CommandError(f"{edition.code}: {sentence} ({refused.code})") from None
        self.stdout.write(f"{edition.code}: published.")
