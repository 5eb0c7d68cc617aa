"""Remote participation in the demo: people of another location in sessions that lie ahead."""

from collections import Counter
from datetime import datetime

from accounts.models import Location
from accounts.rules.refusal import Refused
from services.scheduling.actions import admit_guests
from services.scheduling.models import Booking
from services.scheduling.queries.guests import homes_of_guests
from ussd_portal.demo.portfolio import Stage

NOTE = "Operations team, questions by chat"
# So many sessions of a customer are joined from elsewhere.
EACH = 2


def play_guests(stage: Stage, *, now: datetime) -> None:
    """Let another location join the next sessions of each customer that has one.

    One that the order doesn't list joins by Microsoft's permission.
    """
    joined: Counter[int] = Counter()
    ahead = Booking.objects.standing().filter(starts_at__gt=now).order_by("starts_at", "pk")
    for booking in ahead.select_related("booked_by", "order", "customer"):
        if joined[booking.customer_id] == EACH:
            continue
        homes = sorted(homes_of_guests(booking), key=lambda home: home[1].is_designated)
        for home, seen in homes:
            people = 2 + 2 * joined[booking.customer_id]
            if _admitted(booking, home, people, not seen.is_designated, now):
                joined[booking.customer_id] += 1
                break


def _admitted(
    booking: Booking, home: Location, people: int, permitted: bool, now: datetime
) -> bool:
    try:
        admit_guests(
            booking=booking,
            location=home,
            people=people,
            note=NOTE if permitted else "",
            permitted=permitted,
            by=booking.booked_by,
            now=now,
        )
    except Refused:
        return False
    return True
