"""What a plan stands on: the calendars of a customer's locations, and the days that are taken."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.models import Customer, Location, User
from accounts.queries.calendars import business_hours
from accounts.rules.business_time import BusinessHours, is_business_day
from accounts.rules.calendar_days import local_date
from services.scheduling.models import Booking
from workorders.models.orders import Unit


@dataclass(frozen=True, slots=True)
class Ground:
    """Calendars, days taken and how long services took.

    Days are taken by location, those of events apart from those of sessions; the length is
    that of the latest delivery of a service, in business days, by its code.
    """

    host_zone: str
    places: dict[int, Location]
    hours: dict[int, BusinessHours]
    taken: dict[tuple[int, bool], set[date]]
    lengths: dict[str, int]


def read_ground(
    viewer: User, customer: Customer, wanted: Collection[int], *, now: datetime
) -> Ground:
    """Two queries for the locations with their holidays, one for the bookings."""
    rows = Location.objects.filter(customer=customer).prefetch_related("own_holidays")
    places = {place.pk: place for place in rows}
    host = next((one for one in places.values() if one.role == Location.Role.HOST), None)
    hours = {pk: business_hours(place) for pk, place in places.items() if pk in wanted}
    taken: dict[tuple[int, bool], set[date]] = defaultdict(set)
    lengths: dict[str, int] = {}
    bookings = Booking.objects.visible_to(viewer).filter(customer=customer, cancelled_at=None)
    for booking in bookings.select_related("entitlement__offering", "location").order_by(
        "starts_at", "pk"
    ):
        days = list(_days_of(booking))
        is_event = booking.entitlement.unit == Unit.EVENT
        if booking.ends_at > now:
            taken[booking.location_id, is_event].update(days)
        if booking.location_id in hours and booking.entitlement.unit == Unit.EACH:
            worked = sum(is_business_day(hours[booking.location_id], day) for day in days)
            lengths[booking.entitlement.offering.code] = max(worked, 1)
    return Ground(host.time_zone if host else "UTC", places, hours, taken, lengths)


def _days_of(booking: Booking) -> Iterator[date]:
    """The days that it touches at its location; a day's end at midnight is the day before's."""
    zone = booking.location.time_zone
    day = local_date(booking.starts_at, zone)
    last = local_date(booking.ends_at - timedelta(microseconds=1), zone)
    while day <= last:
        yield day
        day += timedelta(days=1)
