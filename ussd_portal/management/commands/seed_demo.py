"""Make the demo portfolio."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from services.catalog.models import Edition
from ussd_portal.demo import script
from ussd_portal.demo.credentials import sign_ins
from ussd_portal.demo.seeding import seed
from ussd_portal.editions import publish_shipped_edition


class Command(BaseCommand):
    """``seed_demo [--customers N] [--seed S] [--json]``; a second call changes nothing."""

    help = "Make the deterministic demo portfolio and print its sign-ins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many customers, from which seed, in which form the sign-ins are printed."""
        parser.add_argument("--customers", type=int, default=len(script.PORTFOLIO))
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed and print."""
        if not 1 <= options["customers"] <= 1000:
            raise CommandError("--customers takes a whole number from 1 to 1000.")
        now = timezone.now()
        if not Edition.objects.exists():
            publish_shipped_edition(now=now)
        try:
            made = seed(
                today=timezone.localdate(),
                now=now,
                customers=options["customers"],
                seed_number=options["seed"],
            )
        except ValueError as error:
            raise CommandError(f"{error}: publish one under Administration first.") from None
        people = sign_ins()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(one) for one in people], ensure_ascii=False))
            return
        if options["verbosity"]:
            self.stdout.write("Demo portfolio made." if made else "The demo portfolio is there.")
            for one in people:
                where = " · ".join(part for part in (one.customer, one.location) if part)
                self.stdout.write(f"{one.email:40} {one.role:24} {where}")
            self.stdout.write(f"Everybody's password: {people[0].password if people else ''}")
