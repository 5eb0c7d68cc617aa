"""Let staff of other locations take part remotely in a session, and take that back."""

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.actions.checks import require_account_manager, written
from accounts.models import Location, User
from accounts.rules.refusal import Refused
from services.scheduling.actions.checks import take
from services.scheduling.actions.followers import Change, Follower
from services.scheduling.actions.news import tell_guests
from services.scheduling.models import Booking, Guest, Mode
from services.scheduling.queries.guests import check_guests, guests_of

MOST = 100_000


@transaction.atomic
def admit_guests(
    *,
    booking: Booking,
    location: Location,
    by: User,
    now: datetime,
    mode: str = Mode.REMOTE,
    people: int = 1,
    note: str = "",
    permitted: bool = False,
) -> Guest:
    """Record that staff of `location` take part; `permitted` is Microsoft's word, given by `by`.

    Locations that the order names need no permission. Each location once: of two that
    admit it, the constraint lets one through (`guests_known`).

    Clause: 2.6-M14
    """
    require_account_manager(by)
    current = take(booking)
    if location.customer_id != current.customer_id:
        raise ValueError(f"{location} isn't a location of {current.customer}")
    if not 1 <= people <= MOST:
        raise Refused("quantity_invalid", field="people", quantity=people, most=MOST)
    needs_word = check_guests(current, location, mode=Mode(mode), permitted=permitted)
    words = written(note, field="note", limit=300)
    try:
        with transaction.atomic():
            guest = Guest.objects.create(
                booking=current,
                location=location,
                mode=mode,
                people=people,
                note=words,
                permitted_by=by if needs_word else None,
                added_at=now,
                added_by=by,
            )
    except IntegrityError:
        raise Refused(
            "guests_known", clause="2.6-M14", field="location", location=location.name
        ) from None
    tell_guests(guest, "admitted", by=by, now=now)
    return guest


@transaction.atomic
def withdraw_guests(*, guest: Guest, by: User, now: datetime) -> Guest:
    """Take the permission back: Microsoft keeps the right to decide; what was stays on record.

    Clause: 2.6-M14
    """
    require_account_manager(by)
    take(guest.booking)
    standing = Guest.objects.standing().filter(pk=guest.pk)
    if not standing.update(withdrawn_at=now, withdrawn_by=by):
        raise Refused("guests_withdrawn", clause="2.6-M14")
    current = Guest.objects.select_related("booking", "location").get(pk=guest.pk)
    tell_guests(current, "withdrawn", by=by, now=now)
    return current


def take_guests_along(old: Booking, new: Booking, change: Change) -> None:
    """Those who were admitted to a booking are so at its new date, and hear of it.

    Where the new date is at their own location they are guests no longer.
    """
    for guest in guests_of(old):
        if guest.location_id == new.location_id:
            continue
        moved = Guest.objects.create(
            booking=new,
            location=guest.location,
            mode=guest.mode,
            people=guest.people,
            note=guest.note,
            permitted_by=guest.permitted_by,
            added_at=change.now,
            added_by=change.by,
        )
        tell_guests(moved, "admitted", by=change.by, now=change.now)


def send_guests_away(booking: Booking, change: Change) -> None:
    """Tell the guests of a booking that it was cancelled."""
    for guest in guests_of(booking):
        guest.booking = booking
        tell_guests(guest, "cancelled", by=change.by, now=change.now)


GUESTS = Follower(moves=take_guests_along, falls=send_guests_away)
