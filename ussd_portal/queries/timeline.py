"""Everything that happened at a customer, merged into one line, the newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Customer, User
from accounts.wording import formats
from incidents.models import Incident
from services.scheduling.models import Booking
from workorders.models import WorkOrder

LENGTH = 12


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened."""

    at: datetime
    icon: str
    text: str
    detail: str
    url: str


def timeline_of(user: User, customer: Customer) -> list[Event]:
    """The latest events that `user` may see; three queries."""
    events = [*_orders(user, customer), *_bookings(user, customer), *_incidents(user, customer)]
    return sorted(events, key=lambda event: event.at, reverse=True)[:LENGTH]


def _orders(user: User, customer: Customer) -> Iterator[Event]:
    rows = WorkOrder.objects.visible_to(user).executed().filter(customer=customer)
    for order in rows.select_related("executed_by")[:LENGTH]:
        if order.executed_at is None:
            continue
        yield Event(
            order.executed_at,
            "file-check",
            _("Work order %(number)s executed") % {"number": order.number},
            str(order.executed_by),
            reverse("workorders:order-detail", args=[order.pk]),
        )


def _bookings(user: User, customer: Customer) -> Iterator[Event]:
    rows = Booking.objects.visible_to(user).filter(customer=customer)
    rows = rows.select_related("location", "entitlement__offering")
    for booking in rows.order_by("-booked_at")[:LENGTH]:
        url = reverse("scheduling:booking-detail", args=[booking.pk])
        for at, icon, what in (
            (booking.booked_at, "calendar-plus", _("Booked")),
            (booking.cancelled_at, "calendar-x", _("Booking cancelled")),
            (booking.delivered_at, "calendar-check", _("Delivered")),
        ):
            if at:
                detail = formats.beside(what, booking.location)
                yield Event(at, icon, booking.heading, detail, url)


def _incidents(user: User, customer: Customer) -> Iterator[Event]:
    rows = Incident.objects.visible_to(user).filter(customer=customer)
    for incident in rows.order_by("-submitted_at")[:LENGTH]:
        url = reverse("incidents:incident-detail", args=[incident.pk])
        severity = _("severity %(severity)s") % {"severity": incident.opened_severity}
        detail = formats.beside(incident.number, severity)
        yield Event(incident.submitted_at, "alert-circle", incident.title, detail, url)
        if incident.closed_at:
            closed = _("%(number)s closed") % {"number": incident.number}
            yield Event(incident.closed_at, "circle-check", incident.title, closed, url)
