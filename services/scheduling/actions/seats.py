"""The enrolment of a booking: begun with it, sized, carried along, ended."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from accounts.actions.checks import require_account_manager
from accounts.models import User
from accounts.rules.calendar_days import local_date
from accounts.rules.explained import Explained
from accounts.rules.refusal import Refused
from services.scheduling.actions.checks import take
from services.scheduling.actions.dates import drop_dates, subject_of
from services.scheduling.actions.followers import Change, Follower
from services.scheduling.actions.seat_news import tell_attendee, tell_of_free_seat
from services.scheduling.models import Attendee, AttendeeQuerySet, Booking, Workshop
from services.scheduling.queries.cancellations import event_day
from services.scheduling.queries.enrolment import (
    capacity_of,
    decision_of,
    holds_enrolment,
    is_by_seat,
)
from services.scheduling.queries.proposals import Proposal
from services.scheduling.queries.terms import frozen_terms, zone_of
from services.scheduling.rules.cancellation import last_free_day
from services.scheduling.rules.seats import check_sizes, decision_day
from services.scheduling.wording.seats import AttendeeNews
from workorders.actions.deadlines import set_deadline
from workorders.actions.holdings import release_units, reserve_units
from workorders.models import Deadline
from workorders.queries.entitlements import worth
from workorders.queries.locations import zone_of as host_zone_of

State = Attendee.State


def open_enrolment(booking: Booking, proposal: Proposal, *, now: datetime) -> None:
    """Begin the enrolment of what is booked, and write by when to decide on it (2.7-T12)."""
    if not holds_enrolment(proposal.facts):
        return
    Workshop.objects.create(
        booking=booking,
        by_seat=is_by_seat(proposal.entitlement),
        capacity=capacity_of(proposal),
        minimum=proposal.minimum_attendees or None,
        decide_on=proposal.decide_on,
    )
    if proposal.minimum_attendees:
        _set_decision_date(booking, decision_of(proposal, now), now=now)


def _set_decision_date(booking: Booking, due: Explained[date], *, now: datetime) -> None:
    set_deadline(
        kind=Deadline.Kind.MINIMUM_ENROLMENT,
        subject_key=subject_of(booking),
        subject_label=f"{booking.heading} · {booking.reference}",
        customer=booking.customer,
        order=booking.order,
        location=booking.location,
        due=due,
        zone=zone_of(booking),
        owner=Deadline.Owner.CSAM,
        now=now,
    )


def take_workshop(booking: Booking, *, now: datetime) -> tuple[Booking, Workshop]:
    """Both, kept until the transaction ends; refused once the workshop is over or has begun."""
    current = take(booking)
    workshop = Workshop.objects.filter(pk=current.pk).first()
    if workshop is None:
        raise ValueError(f"{current} enrols nobody")
    if now >= current.starts_at:
        raise Refused("workshop_begun", clause="2.7-T12", starts_at=current.starts_at)
    return current, workshop


@transaction.atomic
def change_seats(
    *,
    booking: Booking,
    capacity: int | None,
    minimum: int | None,
    decide_on: date | None = None,
    by: User,
    now: datetime,
) -> Workshop:
    """Set capacity, minimum and decision day anew; the waiting get what becomes free.

    By seat the ledger follows: more seats are reserved from what is left, fewer are
    released until the last free day to cancel (`seats_fixed`, 2.7-T17). Never below what is
    taken (`seats_in_use`). The decision day can't be changed once it was decided.
    """
    require_account_manager(by)
    current, workshop = take_workshop(booking, now=now)
    if capacity is not None and capacity < workshop.taken:
        raise Refused("seats_in_use", field="capacity", taken=workshop.taken)
    check_sizes(capacity=capacity, minimum=minimum)
    if workshop.by_seat:
        if capacity is None:
            raise Refused("capacity_required", clause="2.3-TR8", field="capacity")
        _set_aside(current, capacity, by=by, now=now)
    facts = {"capacity": capacity, "minimum": minimum, "decide_on": decide_on}
    Workshop.objects.filter(pk=workshop.pk).update(**facts)
    Booking.objects.filter(pk=current.pk).update(
        attendees=capacity, minimum_attendees=minimum, version=current.version + 1
    )
    if not workshop.decision:
        _refresh_decision_date(current, minimum, decide_on, now=now)
    workshop.refresh_from_db()
    fill_free_seats(workshop, current, now=now)
    return workshop


def _set_aside(booking: Booking, seats: int, *, by: User, now: datetime) -> None:
    """Let the booking hold so many seats of the entitlement, worth what they are worth."""
    more = seats - booking.quantity
    if not more:
        return
    free = last_free_day(frozen_terms(booking), starts_on=event_day(booking))
    today = local_date(now, zone_of(booking))
    if more < 0 and (free is None or today > free.result):
        refusal = Refused(
            "seats_fixed", clause="2.7-T17, 2.3-TR8", field="capacity", seats=booking.quantity
        )
        if free is not None:
            refusal.figures["last_day"] = free.result
        raise refusal
    move = reserve_units if more > 0 else release_units
    move(
        entitlement=booking.entitlement,
        quantity=abs(more),
        subject_key=subject_of(booking),
        by=by,
        on=local_date(now, host_zone_of(booking.customer)),
        now=now,
        clauses=("2.3-TR8",),
    )
    Booking.objects.filter(pk=booking.pk).update(
        quantity=seats, fee_minor=worth(booking.entitlement, seats)
    )


def _refresh_decision_date(
    booking: Booking, minimum: int | None, chosen: date | None, *, now: datetime
) -> None:
    if not minimum:
        drop_dates(booking, kind=Deadline.Kind.MINIMUM_ENROLMENT, now=now)
        return
    free = last_free_day(frozen_terms(booking), starts_on=event_day(booking))
    due = decision_day(
        starts_on=event_day(booking),
        free_until=free.result if free else None,
        today=local_date(now, zone_of(booking)),
        minimum=minimum,
        chosen=chosen,
        zone=zone_of(booking),
    )
    _set_decision_date(booking, due, now=now)


def fill_free_seats(workshop: Workshop, booking: Booking, *, now: datetime) -> list[Attendee]:
    """Give what is free to those who wait, the first first, and tell them."""
    promoted = []
    for attendee in workshop.attendees.waiting().select_related("entered_by"):
        if not take_seat(workshop):
            break
        attendee.state, attendee.promoted_at = State.ENROLLED, now
        attendee.save(update_fields=["state", "promoted_at"])
        tell_of_free_seat(attendee, booking, now=now)
        promoted.append(attendee)
    if promoted:
        stop_incomplete_recording(workshop)
    return promoted


def take_seat(workshop: Workshop) -> bool:
    """One conditional UPDATE: of two who want the last seat, one changes the row."""
    rows = Workshop.objects.with_room().filter(pk=workshop.pk)
    return bool(rows.update(taken=F("taken") + 1))


def stop_incomplete_recording(workshop: Workshop) -> None:
    """Without the consent of everybody who takes part nothing is recorded (2.3-TR9)."""
    lacking = workshop.attendees.enrolled().without_consent().exists()
    if lacking:
        Workshop.objects.filter(pk=workshop.pk).update(recorded_since=None, recorded_by=None)


def carry_enrolment(old: Booking, new: Booking, change: Change) -> None:
    """A moved workshop keeps its attendees, their seats, order and consents."""
    people = list(Attendee.objects.filter(workshop=old.pk).listed())
    begun = Workshop.objects.filter(pk=new.pk).first()
    if not people or begun is None:
        return
    before = Workshop.objects.get(pk=old.pk)
    if begun.capacity is not None and begun.capacity < before.taken:
        raise Refused("seats_in_use", field="attendees", taken=before.taken)
    Attendee.objects.filter(pk__in=[one.pk for one in people]).update(workshop=begun)
    names = ("notice_at", "notice_by", "permission_needed", "permission_at", "permission_by")
    kept = {name: getattr(before, name) for name in names}
    Workshop.objects.filter(pk=begun.pk).update(taken=before.taken, **kept)
    Workshop.objects.filter(pk=before.pk).update(taken=0)
    taken_along = Attendee.objects.filter(workshop=begun).listed()
    tell_everybody(taken_along, new, "moved", now=change.now)


def end_enrolment(booking: Booking, change: Change) -> None:
    """Tell everybody on the list that the session doesn't take place."""
    people = Attendee.objects.filter(workshop=booking.pk).listed()
    tell_everybody(people, booking, "cancelled", now=change.now)


def tell_everybody(
    people: AttendeeQuerySet, booking: Booking, news: AttendeeNews, *, now: datetime
) -> None:
    """The same news to each of them."""
    for attendee in people:
        tell_attendee(attendee, booking, news, now=now)


ENROLMENT = Follower(moves=carry_enrolment, falls=end_enrolment)
