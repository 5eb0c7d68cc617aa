"""A workshop's enrolment as pages and API tell it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from services.scheduling.models import Attendee, Booking, Workshop
from services.scheduling.rules.booking import Missing, enrolment, missing_for_recording
from workorders.models import Deadline

State = Attendee.State


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Who takes part, who waits, and what stands in the way of a recording."""

    workshop: Workshop
    attendees: list[Attendee]
    waiting: list[Attendee]
    consents: int
    missing: tuple[Missing, ...]
    due: Deadline | None
    is_open: bool

    @property
    def free(self) -> int | None:
        """Seats that nobody has; None where there is no limit."""
        capacity = self.workshop.capacity
        return None if capacity is None else capacity - self.workshop.taken

    @property
    def is_full(self) -> bool:
        """No seat is free."""
        return self.free == 0

    @property
    def falls_short(self) -> bool:
        """Fewer have a seat than the minimum (2.7-T12)."""
        minimum = self.workshop.minimum
        return enrolment(minimum=minimum, registered=self.workshop.taken).below_minimum

    @property
    def short_by(self) -> int:
        """How many more are needed."""
        return max((self.workshop.minimum or 0) - self.workshop.taken, 0)


def enrolment_of(booking: Booking, *, now: datetime) -> Enrolment | None:
    """The enrolment of a booking; None where nobody is enrolled in it."""
    workshop = (
        Workshop.objects.select_related("decided_by", "recorded_by").filter(pk=booking.pk).first()
    )
    if workshop is None:
        return None
    listed = list(workshop.attendees.listed().order_by("pk"))
    attendees = [one for one in listed if one.state == State.ENROLLED]
    due = Deadline.objects.current().filter(
        kind=Deadline.Kind.MINIMUM_ENROLMENT, subject_key=f"booking:{booking.pk}"
    )
    return Enrolment(
        workshop=workshop,
        attendees=attendees,
        waiting=[one for one in listed if one.state == State.WAITING],
        consents=sum(one.agrees for one in attendees),
        missing=missing(workshop, len(attendees), sum(one.agrees for one in attendees)),
        due=due.first(),
        is_open=booking.cancelled_at is None
        and booking.delivered_at is None
        and now < booking.starts_at,
    )


def missing_of(workshop: Workshop) -> tuple[Missing, ...]:
    """What a recording still lacks (2.3-TR9)."""
    enrolled = workshop.attendees.enrolled()
    return missing(workshop, enrolled.count(), enrolled.with_consent().count())


def missing(workshop: Workshop, attendees: int, consents: int) -> tuple[Missing, ...]:
    """The same from how many have a seat and how many of them agree."""
    return missing_for_recording(
        notice_given=workshop.notice_at is not None,
        attendees=attendees,
        consents_given=consents,
        region_needs_written_permission=workshop.permission_needed,
        written_permission=workshop.permission_at is not None,
    )


# Why a row can't be entered, or where it goes.
Verdict = str
SEAT, WAITS = "seat", "waits"
FINE = frozenset({SEAT, WAITS})


def verdicts(
    workshop: Workshop, people: Sequence[tuple[str, str]], *, may_wait: bool
) -> list[Verdict]:
    """For each (name, e-mail) what would become of it, in order; nothing is written.

    `seat` and `waits` are fine; everything else is the code of a refusal.
    """
    known = set(workshop.attendees.listed().values_list("email", flat=True))
    free = None if workshop.capacity is None else workshop.capacity - workshop.taken
    told = []
    for name, email in people:
        verdict = _verdict(name, email, known)
        if not verdict:
            has_seat = free is None or free > 0
            verdict = SEAT if has_seat else WAITS if may_wait else "seats_full"
            known.add(email)
            free = free - 1 if free is not None and has_seat else free
        told.append(verdict)
    return told


def _verdict(name: str, email: str, known: set[str]) -> Verdict:
    if not name or len(name) > 120:
        return "name_missing" if not name else "too_long"
    try:
        validate_email(email)
    except ValidationError:
        return "email_malformed"
    return "already_enrolled" if email in known else ""
