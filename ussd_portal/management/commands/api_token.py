"""`manage.py api_token EMAIL`"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.actions import keys
from accounts.models import User


class Command(BaseCommand):
    """A fresh API token, told this once."""

    help = "Print a fresh API token of a person; only its hash is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose token."""
        parser.add_argument("email", help="the person's e-mail address")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and print the secret alone, ready for a variable of a script."""
        user = User.objects.filter(email__iexact=options["email"], is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody who may sign in has the address {options['email']!r}.")
        _token, secret = keys.make_token(user=user, name="manage.py", now=timezone.now())
        self.stdout.write(secret)
