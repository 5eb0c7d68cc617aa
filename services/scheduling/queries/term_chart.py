"""The term of a customer's orders with everything that takes place or falls due in it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from accounts.models import Customer, User
from accounts.rules.calendar_days import local_date
from services.catalog.models import Offering
from services.scheduling.models import Booking
from services.scheduling.queries.schedule import Wanted, schedule
from workorders.models import Deadline, Entitlement, WorkOrder
from workorders.models.orders import STANDING_UNITS
from workorders.queries.lapsing import zones_of
from workorders.queries.terms import last_day_of, years_of

Kind = Deadline.Kind
# Each booking brings these of its own; the booking itself is on the chart.
OF_BOOKINGS = (Kind.DELIVERY, Kind.FREE_CANCELLATION)
MOST_LANES, MOST_DEADLINES, MOST_BOOKINGS = 60, 100, 1000


@dataclass(slots=True)
class Lane:
    """A service at a location: when it can be used, and its bookings, the first first."""

    offering: Offering
    place: str
    first_day: date
    last_day: date
    bookings: list[Booking] = field(default_factory=list)


@dataclass(slots=True)
class TermOrder:
    """An order with its lanes; `years` begin with the second contract year."""

    order: WorkOrder
    last_day: date
    years: tuple[date, ...]
    lanes: list[Lane]


@dataclass(frozen=True, slots=True)
class TermChart:
    """Orders, deadlines and the days that they span; `is_cut`: there is more than is shown."""

    customer: Customer
    zone: str
    today: date
    first: date
    last: date
    orders: list[TermOrder]
    deadlines: list[Deadline]
    is_cut: bool


def term_chart(viewer: User, wanted: Wanted, *, now: datetime) -> TermChart | None:
    """The orders in force of the customer looked for, or the order; None without any.

    Without one in force the next to come, else the latest. A fixed number of queries.
    """
    if wanted.customer is None:
        return None
    customer = wanted.customer
    zone = zones_of([customer.pk]).get(customer.pk, "UTC")
    today = local_date(now, zone)
    orders = _orders(viewer, wanted, today)
    if not orders:
        return None
    first = min(order.starts_on for order in orders)
    last = max(last_day_of(order) for order in orders)
    lanes = _lanes(viewer, wanted, orders)
    found = _bookings(viewer, wanted, orders, now)
    for booking in found[:MOST_BOOKINGS]:
        key = (booking.order_id, booking.entitlement.offering_id, booking.location_id)
        if key not in lanes:
            lanes[key] = Lane(
                booking.entitlement.offering,
                booking.location.name,
                booking.entitlement.usable_from,
                booking.entitlement.usable_until,
            )
        lanes[key].bookings.append(booking)
    shown = dict(list(lanes.items())[:MOST_LANES])
    deadlines = _deadlines(viewer, orders)
    return TermChart(
        customer=customer,
        zone=zone,
        today=today,
        first=first,
        last=last,
        orders=[
            TermOrder(
                order,
                last_day_of(order),
                tuple(year.first_day for year in years_of(order)[1:]),
                [lane for (pk, *_rest), lane in shown.items() if pk == order.pk],
            )
            for order in orders
        ],
        deadlines=deadlines[:MOST_DEADLINES],
        is_cut=len(lanes) > MOST_LANES
        or len(deadlines) > MOST_DEADLINES
        or len(found) > MOST_BOOKINGS,
    )


def _orders(viewer: User, wanted: Wanted, today: date) -> list[WorkOrder]:
    rows = list(
        WorkOrder.objects.visible_to(viewer)
        .executed()
        .filter(customer=wanted.customer)
        .order_by("starts_on", "pk")
    )
    if wanted.order is not None:
        return [order for order in rows if order == wanted.order]
    current = [order for order in rows if order.starts_on <= today <= last_day_of(order)]
    later = [order for order in rows if order.starts_on > today]
    return current or later[:1] or rows[-1:]


def _lanes(
    viewer: User, wanted: Wanted, orders: list[WorkOrder]
) -> dict[tuple[int, int, int], Lane]:
    """What is called off, by order, service and location; one query."""
    rows = (
        Entitlement.objects.visible_to(viewer)
        .filter(order__in=orders)
        .exclude(unit__in=STANDING_UNITS)
        .select_related("offering", "location")
        .order_by("order__starts_on", "order", "offering__position", "location__name", "pk")
    )
    if wanted.location is not None:
        rows = rows.filter(location=wanted.location)
    if wanted.offering:
        rows = rows.filter(offering__code=wanted.offering)
    lanes: dict[tuple[int, int, int], Lane] = {}
    for one in rows:
        key = (one.order_id, one.offering_id, one.location_id)
        lane = lanes.setdefault(
            key, Lane(one.offering, one.location.name, one.usable_from, one.usable_until)
        )
        lane.first_day = min(lane.first_day, one.usable_from)
        lane.last_day = max(lane.last_day, one.usable_until)
    return lanes


def _bookings(
    viewer: User, wanted: Wanted, orders: list[WorkOrder], now: datetime
) -> list[Booking]:
    found = schedule(viewer, wanted, now=now).filter(order__in=orders)
    return list(found.order_by("starts_at", "pk")[: MOST_BOOKINGS + 1])


def _deadlines(viewer: User, orders: list[WorkOrder]) -> list[Deadline]:
    rows = (
        Deadline.objects.visible_to(viewer)
        .current()
        .filter(order__in=orders)
        .exclude(kind__in=OF_BOOKINGS)
        .order_by("due_at", "pk")
    )
    return list(rows[: MOST_DEADLINES + 1])


def days_of(booking: Booking) -> tuple[date, date]:
    """Its first and last day at its location; ending at midnight belongs to the day before."""
    zone = booking.location.time_zone
    last = booking.ends_at - timedelta(microseconds=1)
    return local_date(booking.starts_at, zone), local_date(last, zone)
