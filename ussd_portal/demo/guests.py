"""Remote participation in the demo: people of another location in sessions that lie ahead."""

from datetime import datetime

from accounts.models import Location
from accounts.rules.refusal import Refused
from services.scheduling.actions import admit_guests
from services.scheduling.models import Booking
from services.scheduling.queries.guests import homes_of_guests
from ussd_portal.demo.portfolio import Stage

# One with Microsoft's permission, one that needs none; people of either.
WANTED = {False: 4, True: 2}
NOTE = "Operations team, questions by chat"


def play_guests(stage: Stage, *, now: datetime) -> None:
    """Let a location that the order doesn't list, and one that it lists, join a session each."""
    missing = dict(WANTED)
    ahead = Booking.objects.standing().filter(starts_at__gt=now).order_by("starts_at", "pk")
    for booking in ahead.select_related("booked_by", "order", "customer"):
        for home, seen in homes_of_guests(booking):
            people = missing.get(seen.is_designated)
            if people is not None and _admitted(booking, home, people, not seen.is_designated, now):
                del missing[seen.is_designated]
                break
        if not missing:
            return


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
