"""Bookings as entries of a calendar, in the language and zone active while they are read."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.wording import formats
from accounts.wording.calendars import CalendarEvent, uid_of
from services.scheduling.models import Booking


def booking_event(booking: Booking, *, earlier: Sequence[tuple[int, int]] = ()) -> CalendarEvent:
    """The booked times; `earlier` are key and version of the bookings it was moved from.

    The first of them gives the entry its name, so that a move changes it and doesn't add one.
    """
    first = earlier[0][0] if earlier else booking.pk
    return CalendarEvent(
        uid=uid_of("booking", first),
        sequence=booking.version + sum(version for _pk, version in earlier),
        modified=_modified(booking),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        summary=f"{booking.customer.short_name or booking.customer}: {booking.heading}",
        description="\n".join(_lines(booking)),
        url=settings.BASE_URL + reverse("scheduling:booking-detail", args=[booking.pk]),
        location=str(booking.location),
        is_cancelled=booking.cancelled_at is not None,
        category=str(booking.customer),
    )


def _modified(booking: Booking) -> datetime:
    moments = (booking.delivered_at, booking.cancelled_at)
    return max([booking.booked_at, *(one for one in moments if one is not None)])


def _lines(booking: Booking) -> list[str]:
    zone = booking.location.time_zone
    span = (
        formats.instant(booking.starts_at, zone, year=True),
        formats.instant(booking.ends_at, zone, year=True),
    )
    return [
        f"{booking.customer.name} · {booking.reference}",
        str(booking.entitlement.offering),
        _("At %(place)s: %(start)s to %(end)s")
        % {"place": booking.location, "start": span[0], "end": span[1]},
        f"{booking.get_mode_display()} · {formats.language(booking.language)}",
    ]
