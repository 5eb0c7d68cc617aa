"""What a session needs: business hours, seats, consent to be recorded, enrolment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from accounts.rules.business_time import (
    BusinessHours,
    business_minutes_between,
    is_business_day,
)
from accounts.rules.refusal import Refused

Sale: TypeAlias = Literal["attendee", "dedicated"]
Missing: TypeAlias = Literal["notice", "consent", "written_permission"]


def session_zone(
    business_hours: str, *, location_zone: str, agreed_zone: str | None = None
) -> str | None:
    """The zone in whose business hours a service is delivered; None where no hours bind it.

    `business_hours` is the catalogue's word: ``standard`` hours run at the delivery
    location, ``standard_agreed_zone`` in a zone agreed in writing, or at the location
    while none is agreed. Any other word binds no session.

    Clause: 2.3-OT5, 2.5-ED10, 2.5-RD15, 2.3-RE24, 0-C13
    """
    match business_hours:
        case "standard":
            return location_zone
        case "standard_agreed_zone":
            return agreed_zone or location_zone
    return None


def check_session(hours: BusinessHours, *, starts_at: datetime, ends_at: datetime) -> None:
    """Refuse a session that isn't open time from end to end (`outside_business_hours`).

    It may begin at opening and end at closing, to the second. Where it touches a holiday
    or a weekend, the first such day is named (`closed_on`). Raises `ValueError` when it
    doesn't end after it starts.

    Clause: 2.3-OT5, 2.5-ED10, 2.5-RD15, 2.3-RE24, 0-C6, 0-C9
    """
    if ends_at <= starts_at:
        raise ValueError(f"a session ends after it starts, not at {ends_at}")
    if business_minutes_between(hours, starts_at, ends_at) != ends_at - starts_at:
        raise Refused(
            "outside_business_hours",
            clause="A-BS21, 0-C6",
            field="starts_at",
            opens=hours.opens,
            closes=hours.closes,
            zone=hours.zone,
            **_closed(hours, starts_at, ends_at),
        )


def _closed(hours: BusinessHours, starts_at: datetime, ends_at: datetime) -> dict[str, Any]:
    """The first day that the session touches and that is no business day, if there is one."""
    place = ZoneInfo(hours.zone)
    day = starts_at.astimezone(place).date()
    last = (ends_at - timedelta(microseconds=1)).astimezone(place).date()
    while day <= last:
        if not is_business_day(hours, day):
            return {"closed_on": day}
        day += timedelta(days=1)
    return {}


def check_seats(sold_as: Sale, *, seats: int | None, registered: int) -> None:
    """Refuse one more attendee when all seats bought are taken (`seats_full`).

    A dedicated delivery has no seat count, nor has a session for which none is known.

    Clause: 2.3-TR8
    """
    if sold_as == "attendee" and seats is not None and registered >= seats:
        raise Refused("seats_full", clause="2.3-TR8", field="attendee", seats=seats)


def missing_for_recording(
    *,
    notice_given: bool,
    attendees: int,
    consents_given: int,
    region_needs_written_permission: bool = False,
    written_permission: bool = False,
) -> tuple[Missing, ...]:
    """What a recording still lacks; nothing lacking, it may start.

    Prior notice and the consent of every attendee, and written permission too where the
    region asks for it.

    Clause: 2.3-TR9
    """
    lacking: list[Missing] = []
    if not notice_given:
        lacking.append("notice")
    if consents_given < attendees:
        lacking.append("consent")
    if region_needs_written_permission and not written_permission:
        lacking.append("written_permission")
    return tuple(lacking)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """How a session stands against its minimum; staff decide, nothing happens by itself."""

    below_minimum: bool
    cancelled_automatically: bool = False


def enrolment(*, minimum: int | None, registered: int) -> Enrolment:
    """Whether fewer people are registered than the minimum; None: there is no minimum.

    Exactly the minimum is enough. Microsoft may cancel, at no fee for the customer.

    Clause: 2.7-T12
    """
    return Enrolment(below_minimum=minimum is not None and registered < minimum)
