"""Purchases, uses and totals of a statement in words."""

from collections.abc import Iterable

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.wording import formats
from workorders.models import Account
from workorders.wording.units import unit_name

_BOOKING = "booking:"


def lot_words(number: int) -> str:
    """``Purchase 2``."""
    return _("Purchase %(n)s") % {"n": number}


def payment_words(parts: Iterable[tuple[int, int]]) -> str:
    """``paid with 20 credits of purchase 1, 11 credits of purchase 2``."""
    said = [
        ngettext("%(count)s credit of purchase %(n)s", "%(count)s credits of purchase %(n)s", count)
        % {"count": formats.number(count), "n": number}
        for number, count in parts
    ]
    return _("paid with %(parts)s") % {"parts": formats.beside(*said)}


def subject_words(key: str) -> str:
    """``BK-0012``, the reference of the booking that a movement belongs to; empty for other subjects."""
    if not key.startswith(_BOOKING):
        return ""
    return f"BK-{int(key.removeprefix(_BOOKING)):04d}"


def holding_words(holding: Account.Holding, unit: str) -> str:
    """``credit``; ``flex allowance, EUR``: what a total is the total of."""
    if holding == Account.Holding.ENTITLEMENT:
        return unit_name(unit)
    return formats.beside(holding.label, unit_name(unit))


def file_name(kind: str, *parts: object) -> str:
    """``statement-wo-25-0117-a1-2026-11-23-en``: safe in every file system."""
    said = [slugify(str(part)) for part in parts]
    return "-".join(part for part in (kind, *said) if part)
