"""The schedule: which bookings a person sees, filtered, in the state that facts give them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

from django.db.models import Q

from accounts.models import Customer, Location, User
from accounts.rules.calendar_days import start_of_day
from services.scheduling.models import Booking, BookingQuerySet, Engineer
from workorders.models import WorkOrder

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

State: TypeAlias = Literal["planned", "unrecorded", "delivered", "cancelled", "standing", "all"]
FILTERED_STATES = ("planned", "unrecorded", "delivered", "cancelled", "standing")
# What lies ahead is read from the next one on, everything else from the latest back.
AHEAD = frozenset({"planned", "unrecorded"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; `since` and `until` are both included, in `zone`."""

    state: State = "all"
    customer: Customer | None = None
    location: Location | None = None
    order: WorkOrder | None = None
    offering: str = ""
    engineer: Engineer | None = None
    since: date | None = None
    until: date | None = None
    text: str = ""
    zone: str = "UTC"


def schedule(user: "User | AnonymousUser", wanted: Wanted, *, now: datetime) -> BookingQuerySet:
    """The bookings that `user` may see and looks for, with all that a row shows."""
    found = Booking.objects.visible_to(user).select_related(
        "customer", "order", "location", "entitlement__offering"
    )
    exact = {
        "customer": wanted.customer,
        "location": wanted.location,
        "order": wanted.order,
        "entitlement__offering__code": wanted.offering,
        "engineer_assignments__engineer": wanted.engineer,
    }
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if wanted.since:
        found = found.filter(ends_at__gt=start_of_day(wanted.since, wanted.zone))
    if wanted.until:
        after = start_of_day(wanted.until + timedelta(days=1), wanted.zone)
        found = found.filter(starts_at__lt=after)
    for word in wanted.text.split():
        found = found.filter(
            Q(reference__icontains=word)
            | Q(title__icontains=word)
            | Q(customer__name__icontains=word)
            | Q(location__name__icontains=word)
            | Q(order__number__iexact=word)
        )
    found = in_state(found, wanted.state, now=now)
    if wanted.state in AHEAD:
        return found.order_by("starts_at", "pk")
    return found.order_by("-starts_at", "-pk")


def in_state(found: BookingQuerySet, state: str, *, now: datetime) -> BookingQuerySet:
    """Those that stand so at `now`; any other word filters nothing."""
    match state:
        case "planned":
            return found.standing().filter(ends_at__gt=now)
        case "unrecorded":
            return found.standing().filter(ends_at__lte=now)
        case "delivered":
            return found.filter(delivered_at__isnull=False)
        case "cancelled":
            return found.filter(cancelled_at__isnull=False)
        case "standing":
            return found.filter(cancelled_at=None)
    return found


def state_of(booking: Booking, now: datetime) -> str:
    """How a booking stands, from its facts and the clock, never stored.

    `planned`, `unconfirmed` (an event without its written confirmation), `running`,
    `unrecorded` (over, but not recorded), `delivered`, `moved` or `cancelled`.
    """
    if booking.delivered_at:
        return "delivered"
    if booking.cancelled_at:
        return "moved" if booking.moved_to_id else "cancelled"
    if now < booking.starts_at:
        waits = bool(booking.event_cloud) and booking.event_confirmed_on is None
        return "unconfirmed" if waits else "planned"
    return "running" if now < booking.ends_at else "unrecorded"
