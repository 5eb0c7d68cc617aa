"""The cancellation terms that a booking keeps for life, and the dates that follow."""

from typing import Any

from accounts.rules.money import Money
from services.catalog.models import Edition
from services.catalog.queries import terms_of
from services.catalog.rules.terms import CancellationTerms, CancellationTier
from services.scheduling.models import Booking


def terms_to_freeze(edition: Edition, zone: str) -> dict[str, Any]:
    """The scale of `edition` and the zone whose dates count, as a booking keeps them."""
    return {
        "edition": edition.code,
        "zone": zone,
        "tiers": [
            {"min_lead_days": tier.min_lead_days, "percent": tier.percent, "clause": tier.clause}
            for tier in terms_of(edition).cancellation.tiers
        ],
    }


def frozen_terms(booking: Booking) -> CancellationTerms:
    """The scale that was frozen when the service was booked."""
    return CancellationTerms(
        tuple(
            CancellationTier(tier["min_lead_days"], tier["percent"], tier["clause"])
            for tier in booking.terms["tiers"]
        )
    )


def zone_of(booking: Booking) -> str:
    """The zone in which the dates of this booking count (0-C13)."""
    return str(booking.terms["zone"])


def fee_of(booking: Booking) -> Money:
    """What the booked units are worth; a late cancellation is reckoned on it."""
    return Money(booking.fee_minor, booking.currency)
