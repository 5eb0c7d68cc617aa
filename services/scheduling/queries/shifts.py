"""A booking at another time: what it would be, and what stands against it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from accounts.rules.refusal import Refused
from services.scheduling.models import Booking, EventBrief
from services.scheduling.queries.cancellations import Quote
from services.scheduling.queries.objections import left_of, objections, shortage
from services.scheduling.queries.proposals import Proposal
from services.scheduling.queries.terms import zone_of
from services.scheduling.rules.local_time import local_instant
from workorders.models import Entitlement


def moved(
    old: Booking,
    entitlement: Entitlement,
    starts_at: datetime,
    ends_at: datetime,
    changes: Mapping[str, Any],
) -> Proposal:
    """The old booking's wishes at the new time. A confirmation was for the old date."""
    kept = {
        "quantity": old.quantity,
        "location": old.location,
        "mode": old.mode,
        "language": old.language_wanted or old.language,
        "language_agreed": old.language_agreed,
        "written_agreement": old.written_agreement,
        "fee_recorded": old.fee_recorded,
        "visit_prepaid": old.visit_prepaid,
        "attendees": old.attendees,
        "minimum_attendees": old.minimum_attendees,
        "work": old.work,
        "event_solution": old.event_solution,
        "event_cloud": old.event_cloud,
        "fewer_events": EventBrief.objects.filter(
            booking=old, events_by_default__isnull=False
        ).exists(),
    }
    return Proposal(
        entitlement=entitlement, starts_at=starts_at, ends_at=ends_at, **{**kept, **changes}
    )


@dataclass(frozen=True, slots=True)
class Shifted:
    """A booking so many days later at the same times on the wall; None where one doesn't exist."""

    starts_at: datetime | None
    ends_at: datetime | None
    refusal: Refused | None


def shifted(booking: Booking, days: int, *, quoted: Quote, now: datetime) -> Shifted:
    """Where a move by `days` would put it, and the first refusal that stands against that.

    What the engineers' calendars and fresh credits say is known when it is moved.
    """
    zone = zone_of(booking)
    by = timedelta(days=days)
    try:
        starts_at, ends_at = (
            local_instant((wall + by).date(), wall.time(), zone, field=field, second=None)
            for field, wall in (
                ("starts_time", booking.starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)),
                ("ends_time", booking.ends_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)),
            )
        )
    except Refused as refusal:
        return Shifted(None, None, refusal)
    proposal = moved(booking, booking.entitlement, starts_at, ends_at, {})
    found = objections(proposal, now=now, in_stock=False)
    return Shifted(starts_at, ends_at, next(iter([*found, *_short(quoted)]), None))


def _short(quoted: Quote) -> list[Refused]:
    """That too little is left to book again, once the charge is kept."""
    booking = quoted.booking
    if quoted.redemption is not None:
        return []
    left = left_of(booking.entitlement) + quoted.outcome.released
    return (
        [shortage(booking.entitlement, left, booking.quantity)] if left < booking.quantity else []
    )
