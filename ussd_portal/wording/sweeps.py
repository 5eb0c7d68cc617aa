"""What each sweep is for, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

SWEEPS: Mapping[str, Any] = {
    "recalculate-dates": _("Dates after a change of zone or calendar"),
    "announce-deadlines": _("Reminders of deadlines"),
    "digest-deadlines": _("Weekly digests"),
    "lapse-entitlements": _("Lapse of what is over"),
    "warn-of-targets": _("Warnings before response targets"),
    "open-event-summaries": _("Summaries of Azure events"),
    "drain-outbox": _("Mail from the outbox"),
    "forget-old-keys": _("Old idempotency keys"),
}


def described(name: str) -> str:
    """The words for a sweep; one without words is shown by its name."""
    return str(SWEEPS.get(name, name))
