"""Enrol people in a workshop, and withdraw them; nobody takes a seat that isn't there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.actions.checks import require_acting_person, written
from accounts.models import User
from accounts.rules.refusal import Refused
from services.scheduling.actions.seat_news import tell_attendee
from services.scheduling.actions.seats import (
    fill_free_seats,
    stop_incomplete_recording,
    take_seat,
    take_workshop,
)
from services.scheduling.models import Attendee, Booking, Workshop
from services.scheduling.rules.seats import check_place

State = Attendee.State


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to enrol."""

    name: str
    email: str


@transaction.atomic
def enrol_attendees(
    *,
    booking: Booking,
    people: Sequence[Person],
    by: User,
    now: datetime,
    may_wait: bool = False,
) -> list[Attendee]:
    """Give each of them a seat, or with `may_wait` a place on the waiting list; all or none.

    Refused when no seat is free (`seats_full`, `workshop_full`), for somebody who is on the
    list already (`already_enrolled`) and once the workshop has begun. A refusal names the
    row, counted from 1, when there are several.
    """
    require_acting_person(by)
    if not people:
        raise Refused("nobody_named", field="people")
    current, workshop = take_workshop(booking, now=now)
    entered = []
    for row, person in enumerate(people, start=1):
        try:
            entered.append(_enter(workshop, person, by=by, now=now, may_wait=may_wait))
        except Refused as refusal:
            if len(people) > 1:
                refusal.figures["row"] = row
            raise
    stop_incomplete_recording(workshop)
    for attendee in entered:
        news = "enrolled" if attendee.state == State.ENROLLED else "waiting"
        tell_attendee(attendee, current, news, now=now)  # type: ignore[arg-type]
    return entered


def _enter(
    workshop: Workshop, person: Person, *, by: User, now: datetime, may_wait: bool
) -> Attendee:
    name = written(person.name, field="name", limit=120)
    email = person.email.strip().lower()
    if not name:
        raise Refused("name_missing", field="name")
    try:
        validate_email(email)
    except ValidationError:
        raise Refused("email_malformed", field="email", email=email[:254]) from None
    state = State.ENROLLED if take_seat(workshop) else State.WAITING
    if state == State.WAITING and not may_wait:
        workshop.refresh_from_db()
        sold_as = "attendee" if workshop.by_seat else "dedicated"
        check_place(sold_as, capacity=workshop.capacity, taken=workshop.taken)  # type: ignore[arg-type]
    try:
        with transaction.atomic():
            return Attendee.objects.create(
                workshop=workshop,
                name=name,
                email=email,
                state=state,
                entered_at=now,
                entered_by=by,
            )
    except IntegrityError:
        raise Refused("already_enrolled", field="email", email=email) from None


@transaction.atomic
def withdraw_attendee(*, attendee: Attendee, by: User, now: datetime) -> Attendee:
    """Take somebody off the list; the first who waits gets a seat that becomes free.

    The seat itself stays set aside for the session. Once: the second time is refused
    (`attendee_withdrawn`); so it is once the workshop has begun.
    """
    require_acting_person(by)
    booking = Booking.objects.get(workshop__attendees=attendee)
    current, workshop = take_workshop(booking, now=now)
    before = Attendee.objects.get(pk=attendee.pk)
    facts = {"state": State.WITHDRAWN, "withdrawn_at": now, "withdrawn_by": by}
    if not Attendee.objects.listed().filter(pk=before.pk, state=before.state).update(**facts):
        raise Refused("attendee_withdrawn", name=before.name)
    if before.state == State.ENROLLED:
        Workshop.objects.filter(pk=workshop.pk).update(taken=F("taken") - 1)
        workshop.refresh_from_db()
        fill_free_seats(workshop, current, now=now)
    gone = Attendee.objects.get(pk=before.pk)
    had_seat = before.state == State.ENROLLED
    tell_attendee(gone, current, "withdrawn", now=now, had_seat=had_seat)
    return gone
