"""Who hears of a booking or a request: the CSAMs, the administrators, the location's people."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from accounts.actions.messages import tell
from accounts.models import Location, User
from accounts.rules.money import Money
from accounts.wording.calendars import calendar_text
from services.scheduling.models import Booking, Guest, Series, ServiceRequest
from services.scheduling.queries.cancellations import event_day
from services.scheduling.queries.moves import moved_from
from services.scheduling.queries.terms import frozen_terms
from services.scheduling.rules.cancellation import last_free_day
from services.scheduling.wording.calendars import booking_event
from workorders.models import WorkOrder
from workorders.queries.recipients import contacts_of, people_of_order


def tell_of_booking(booking: Booking, news: str, *, by: User, now: datetime) -> None:
    """Write `news` (booked, moved, cancelled) to everybody concerned but its author."""
    free = last_free_day(frozen_terms(booking), starts_on=event_day(booking))
    words = {
        "booking": booking,
        "by": by,
        "charge": Money(booking.charge_minor or 0, booking.currency),
        "free_until": free.result if free else None,
        "base_url": settings.BASE_URL,
    }
    earlier = moved_from([booking])[booking.pk]

    def entry() -> str:
        return calendar_text([booking_event(booking, earlier=earlier)])

    for person in _concerned(booking.order, booking.location, by, now):
        tell(
            recipient=person,
            subject_key=f"booking:{booking.pk}:{news}",
            template=f"scheduling/messages/{news}",
            context=words,
            now=now,
            link=reverse("scheduling:booking-detail", args=[booking.pk]),
            customer=booking.customer,
            calendar=entry,
        )


def tell_of_series(series: Series, news: str, *, by: User, now: datetime) -> None:
    """Write of all sessions of a series at once to everybody concerned but its author."""
    sessions = list(series.bookings.order_by("starts_at", "pk"))
    for person in _concerned(series.order, series.location, by, now):
        tell(
            recipient=person,
            subject_key=f"series:{series.pk}:{news}",
            template=f"scheduling/messages/{news}",
            context={
                "series": series,
                "sessions": sessions,
                "by": by,
                "base_url": settings.BASE_URL,
            },
            now=now,
            link=reverse("scheduling:series-detail", args=[series.pk]),
            customer=series.customer,
        )


def tell_of_request(request: ServiceRequest, news: str, *, by: User, now: datetime) -> None:
    """Write `news` (requested, declined, withdrawn) to everybody concerned but its author."""
    for person in _concerned(request.order, request.location, by, now):
        tell(
            recipient=person,
            subject_key=f"request:{request.pk}:{news}",
            template=f"scheduling/messages/{news}",
            context={"service_request": request, "by": by, "base_url": settings.BASE_URL},
            now=now,
            link=reverse("scheduling:request-detail", args=[request.pk]),
            customer=request.customer,
        )


def tell_guests(guest: Guest, news: str, *, by: User, now: datetime) -> None:
    """Write `news` (admitted, withdrawn, cancelled) to the people of the guests' location."""
    booking = guest.booking
    for person in contacts_of(guest.location):
        if person.pk == by.pk:
            continue
        tell(
            recipient=person,
            subject_key=f"guest:{guest.pk}:{news}",
            template=f"scheduling/messages/guests_{news}",
            context={"guest": guest, "booking": booking, "base_url": settings.BASE_URL},
            now=now,
            link=reverse("scheduling:guest-detail", args=[guest.pk]),
            customer=booking.customer,
        )


def _concerned(order: WorkOrder, location: Location, by: User, now: datetime) -> list[User]:
    people = {person.pk: person for person in people_of_order(order, now=now)}
    people.update({person.pk: person for person in contacts_of(location)})
    people.pop(by.pk, None)
    return list(people.values())
