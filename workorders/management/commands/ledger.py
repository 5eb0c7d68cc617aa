"""`manage.py ledger verify [--json]`"""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workorders.queries.ledger import Verification, verify_ledger


class Command(BaseCommand):
    """Recompute all balances from the transfers; exit code 1 on any difference."""

    help = "Recompute every balance from the transfers and compare; exit code 1 on a difference."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, and whether a program reads the answer."""
        parser.add_argument("what", choices=["verify"])
        parser.add_argument("--json", action="store_true", help="print the answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was found."""
        found = verify_ledger()
        if options["json"]:
            self.stdout.write(json.dumps({"in_order": found.in_order} | asdict(found), indent=2))
        else:
            self._tell(found)
        if not found.in_order:
            raise CommandError("The ledger is not in order.", returncode=1)

    def _tell(self, found: Verification) -> None:
        for one in found.differences:
            self.stdout.write(
                f"{one.account}: stands at {one.balance}, its transfers add up to {one.recomputed}"
            )
        for sums in found.imbalances:
            self.stdout.write(
                f"order {sums.order}, {sums.unit}: {sums.issued} issued, {sums.held} held"
            )
        for name in found.missing_triggers:
            self.stdout.write(f"trigger {name} is missing; manage.py migrate --skip-checks")
        self.stdout.write(f"{found.accounts} accounts, {found.transfers} transfers recomputed.")
