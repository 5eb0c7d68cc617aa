"""The deadlines that hang on a booking: set when it is booked, gone when it falls."""

from dataclasses import replace
from datetime import date, datetime

from accounts.models import User
from accounts.rules.calendar_days import local_date
from accounts.rules.explained import Explained
from services.scheduling.models import Booking
from services.scheduling.queries.cancellations import charge_after
from services.scheduling.queries.proposals import Proposal
from workorders.actions.deadlines import meet_deadline, set_deadline, withdraw_deadlines
from workorders.models import Deadline

Kind = Deadline.Kind
Owner = Deadline.Owner


def subject_of(booking: Booking) -> str:
    """The key under which ledger, deadlines and messages know the booking."""
    return f"booking:{booking.pk}"


def label_of(booking: Booking) -> str:
    """What a deadline's mail calls it; events for several solutions differ in the solution."""
    solution = booking.event_solution if booking.event_solution != booking.heading else ""
    return " · ".join(filter(None, (booking.heading, solution, booking.reference)))


def set_dates(booking: Booking, proposal: Proposal, *, now: datetime) -> None:
    """The last free day to cancel, the delivery, and an event's written confirmation."""
    starts = Explained(
        proposal.first_date,
        inputs=(("starts_at", booking.starts_at), ("ends_at", booking.ends_at)),
        clauses=("2.3-P4",),
        readings=("0-C13",),
        zone=proposal.zone,
    )
    due = [(Kind.DELIVERY, starts, Owner.MICROSOFT)]
    free = proposal.free_until
    if free is not None and free.result >= local_date(now, proposal.zone):
        due.append((Kind.FREE_CANCELLATION, _with_charge(free, booking), Owner.CUSTOMER))
    if proposal.is_event and proposal.event_confirmed_on is None:
        due.append((Kind.EVENT_CONFIRMATION, proposal.confirmation_due, Owner.CSAM))
    for kind, day, owner in due:
        set_deadline(
            kind=kind,
            subject_key=subject_of(booking),
            subject_label=label_of(booking),
            customer=booking.customer,
            order=booking.order,
            location=booking.location,
            due=day,
            zone=proposal.zone,
            owner=owner,
            now=now,
        )


def _with_charge(free: Explained[date], booking: Booking) -> Explained[date]:
    """The last free day, and what cancelling costs from the next day on: its reminder says so."""
    _percent, charge = charge_after(booking, free.result)
    return replace(free, inputs=(*free.inputs, ("charge_from_next_day", charge)))


def meet_date(booking: Booking, kind: str, *, by: User, now: datetime) -> None:
    """What was due for the booking has been done."""
    due = Deadline.objects.open().filter(subject_key=subject_of(booking), kind=kind)
    for deadline in due:
        meet_deadline(deadline=deadline, by=by, now=now)


def drop_dates(booking: Booking, *, now: datetime, kind: str = "") -> None:
    """Nothing is due for the booking any more."""
    withdraw_deadlines(subject_key=subject_of(booking), kind=kind, now=now)
