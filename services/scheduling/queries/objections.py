"""Everything that stands against a proposed booking, as refusals; nothing moves."""

from collections.abc import Callable, Iterable
from datetime import datetime, time
from fractions import Fraction

from django.db.models import Sum

from accounts.queries.calendars import business_hours
from accounts.rules.business_time import BusinessHours
from accounts.rules.calendar_days import local_date, refuse_after
from accounts.rules.refusal import Refused
from services.catalog.rules.offering import DeliveryMode, choose_mode
from services.catalog.rules.terms import Terms
from services.scheduling.models import Booking, Work
from services.scheduling.queries.enrolment import (
    capacity_of,
    decision_of,
    holds_enrolment,
    is_by_seat,
)
from services.scheduling.queries.proposals import Proposal
from services.scheduling.rules.booking import check_seats, check_session, session_zone
from services.scheduling.rules.events import (
    check_event_eligibility,
    check_event_notice,
    events_needed,
)
from services.scheduling.rules.seats import check_sizes
from workorders.models import Account, Entitlement
from workorders.models.orders import Funding, Unit
from workorders.queries.locations import listed_locations, support_locations
from workorders.queries.programmes import intake_in_time
from workorders.queries.terms import flex_year_of
from workorders.rules.flex import check_flex_use
from workorders.rules.locations import check_location
from workorders.rules.mcsap import check_acceleration_work
from workorders.rules.purchase import Assistance, check_assistance, sells_assistance
from workorders.rules.requests import check_request
from workorders.rules.term import check_day_in_term

CUTOFF_CLAUSE = "2.8-C20"
MIDNIGHT_MINUTE = 24 * 60


def objections(proposal: Proposal, *, now: datetime, in_stock: bool = True) -> list[Refused]:
    """Every refusal that stands against `proposal` at `now`, in the order of a form.

    Without `in_stock` nobody looks whether enough is left: it is redeemed first.
    """
    if (turned := _raised(_check_span, proposal, now)) is not None:
        return [turned]
    checks: list[Check] = [*CHECKS, _check_stock] if in_stock else CHECKS
    found = (_raised(check, proposal, now) for check in checks)
    return [refusal for refusal in found if refusal is not None]


def mode_of(proposal: Proposal) -> DeliveryMode:
    """How it takes place and whether travel is billed; refuses as the rule does."""
    line = proposal.entitlement.line
    return choose_mode(
        proposal.facts,
        proposal.mode,  # type: ignore[arg-type]
        written_agreement=proposal.written_agreement,
        fee_recorded=proposal.fee_recorded,
        sold_as_onsite=bool(line and line.sold_onsite),
        visit_prepaid=proposal.visit_prepaid or None,
        onsite_in_region=proposal.onsite_here,
    )


def hours_that_bind(proposal: Proposal) -> BusinessHours | None:
    """The business hours in which it has to lie, or None where no hours bind it.

    Hours of an agreed zone are the edition's standard ones there; the location's own
    calendar counts in the location's zone.
    """
    line = proposal.entitlement.line
    zone = session_zone(
        proposal.facts.business_hours,
        location_zone=proposal.zone,
        agreed_zone=line.agreed_time_zone if line else None,
    )
    if zone is None or zone == proposal.zone:
        return business_hours(proposal.location) if zone else None
    return standard_hours(proposal.terms, zone)


def standard_hours(terms: Terms, zone: str) -> BusinessHours:
    """The edition's standard business hours in a zone that was agreed."""
    standard = terms.business_hours
    return BusinessHours(zone, _wall(standard.opens_minute), _wall(standard.closes_minute))


def left_of(entitlement: Entitlement) -> int:
    """The units that can still be booked."""
    available = Account.objects.filter(entitlement=entitlement, bucket=Account.Bucket.AVAILABLE)
    return available.aggregate(left=Sum("balance"))["left"] or 0


Check = Callable[[Proposal, datetime], None]


def _raised(check: Check, proposal: Proposal, now: datetime) -> Refused | None:
    try:
        check(proposal, now)
    except Refused as refusal:
        return refusal
    return None


def _check_span(proposal: Proposal, now: datetime) -> None:
    if proposal.ends_at <= proposal.starts_at:
        raise Refused("ends_before_start", field="ends_at")


def _check_past(proposal: Proposal, now: datetime) -> None:
    if proposal.starts_at <= now:
        raise Refused("in_the_past", field="starts_at", until=proposal.starts_at, now=now)


def _check_term(proposal: Proposal, now: datetime) -> None:
    """First and last day lie in the order's term; what a year pays for, in that year."""
    entitlement = proposal.entitlement
    order = entitlement.order
    if order.executed_at is None:
        raise Refused("not_executed", clause="1-A4")
    for day in (proposal.first_date, proposal.last_date):
        check_day_in_term(day, last_day=proposal.last_day, first_day=order.starts_on)
    if entitlement.funding == Funding.FLEX and entitlement.flex_year:
        check_flex_use(flex_year_of(order, entitlement.flex_year), proposal.last_date)
    elif not entitlement.usable_from <= proposal.first_date:
        raise Refused("too_early", clause="2.3-P4", field="date", first_day=entitlement.usable_from)
    if proposal.last_date > entitlement.usable_until:
        raise Refused("too_late", clause="2.7-T10", field="date", last_day=entitlement.usable_until)


def _check_cutoff(proposal: Proposal, now: datetime) -> None:
    if proposal.has_cutoff:
        check_request(
            proposal.cutoff.result,
            requested=proposal.requested_at or now,
            data=proposal.data_at or now,
            zone=proposal.host_zone,
        )


def _check_place(proposal: Proposal, now: datetime) -> None:
    """The location is listed, and it is the one that these units were allocated to."""
    order, location = proposal.entitlement.order, proposal.location
    places = support_locations(order, listed_locations(order))
    place = places.get(location.pk)
    if place is None:
        raise ValueError("the location belongs to another customer")
    check_location(proposal.facts, place, under_own_order=place.own_work_order)
    if location.pk == proposal.entitlement.location_id or not proposal.facts.is_additional:
        return
    if proposal.facts.location_constraint != "all_locations":
        single = proposal.facts.location_constraint == "single_designated"
        raise Refused(
            "single_location" if single else "other_location",
            clause="2.5-ED12" if single else "2.6-M8",
            field="location",
            location=proposal.entitlement.location.name,
        )


def _check_hours(proposal: Proposal, now: datetime) -> None:
    hours = hours_that_bind(proposal)
    if hours is not None:
        check_session(hours, starts_at=proposal.starts_at, ends_at=proposal.ends_at)


def _check_apart(proposal: Proposal, now: datetime) -> None:
    """The hours of one designated engineer aren't spent twice at a time."""
    if proposal.entitlement.unit != Unit.MINUTE or not _is_designated(proposal):
        return
    there = (
        Booking.objects.filter(entitlement=proposal.entitlement.pk, cancelled_at=None)
        .between(proposal.starts_at, proposal.ends_at)
        .order_by("starts_at", "pk")
        .first()
    )
    if there is not None:
        raise Refused(
            "sessions_overlap",
            clause="2.7-T11",
            field="starts_at",
            starts_at=there.starts_at,
            ends_at=there.ends_at,
            reference=there.reference,
        )


def _is_designated(proposal: Proposal) -> bool:
    """Designated engineering, enhanced and reactive too: one engineer for one location."""
    return proposal.facts.location_constraint == "single_designated"


def _check_mode(proposal: Proposal, now: datetime) -> None:
    mode_of(proposal)


def _check_days(proposal: Proposal, now: datetime) -> None:
    """Paid help with an assessment is limited in days, parts of a day included."""
    if sells_assistance(proposal.facts):
        parts = Fraction(proposal.quantity)
        if proposal.entitlement.unit != Unit.DAY:
            parts = Fraction(proposal.days)
        check_assistance(
            proposal.terms.assessment,
            Assistance(parts, proposal.mode),  # type: ignore[arg-type]
            onsite_in_region=proposal.onsite_here,
        )


def _check_people(proposal: Proposal, now: datetime) -> None:
    if is_by_seat(proposal.entitlement) and proposal.attendees:
        check_seats("attendee", seats=proposal.quantity, registered=proposal.attendees - 1)


def _check_enrolment(proposal: Proposal, now: datetime) -> None:
    """The minimum fits, and there is a day on which to decide whether it is reached."""
    if holds_enrolment(proposal.facts) and proposal.minimum_attendees:
        check_sizes(capacity=capacity_of(proposal), minimum=proposal.minimum_attendees)
        decision_of(proposal, now)


def _check_mcsap(proposal: Proposal, now: datetime) -> None:
    if proposal.is_mcsap and proposal.work != Work.ONBOARDING:
        check_acceleration_work(
            proposal.terms.mcsap,
            start=proposal.entitlement.order.starts_on,
            on=proposal.first_date,
            intake_on_time=intake_in_time(proposal.entitlement.line, now),
        )


def _check_event(proposal: Proposal, now: datetime) -> None:
    """Cloud, length and notice. An event may be confirmed later while there is time."""
    if not proposal.is_event:
        return
    check_event_eligibility(
        cloud=proposal.event_cloud, restricted_staff_required=proposal.restricted_staff
    )
    needed = events_needed(
        proposal.terms.event, first_day=proposal.first_date, last_day=proposal.last_date
    )
    if needed.result > proposal.quantity and not proposal.fewer_events:
        raise Refused(
            "event_too_long",
            clause="2.4-AE10, 2.4-AE11",
            field="ends_on",
            maximum=proposal.terms.event.max_days,
            needed=needed.result,
        )
    today = local_date(now, proposal.zone)
    if proposal.event_confirmed_on is not None:
        confirmed = proposal.event_confirmed_on
        refuse_after(today, confirmed, field="event_confirmed_on", clause="2.4-AE13")
    if proposal.event_confirmed_on is not None or today > proposal.confirmation_due.result:
        check_event_notice(
            proposal.terms.event,
            activity_start=proposal.first_date,
            confirmed_on=proposal.event_confirmed_on,
            short_notice_agreed=proposal.short_notice_agreed,
        )


def _check_stock(proposal: Proposal, now: datetime) -> None:
    check_left(proposal.entitlement, proposal.quantity)


# Which refusal says that too little is left, and the clause it rests on.
SHORTAGES = {
    Unit.CREDIT: ("insufficient_credits", "2.3-PC3"),
    Unit.MINUTE: ("insufficient_hours", "2.5-ED3"),
}


def check_left(entitlement: Entitlement, quantity: int) -> None:
    """Refuse more than can still be booked; the ledger refuses it again when it moves."""
    left = left_of(entitlement)
    if left < quantity:
        raise shortage(entitlement, left, quantity)


def shortage(entitlement: Entitlement, left: int, asked: int) -> Refused:
    """The refusal that says that too little is left."""
    unit = Unit(entitlement.unit)
    code, clause = SHORTAGES.get(unit, ("insufficient_units", "2.6-M8"))
    return Refused(code, clause=clause, field="quantity", left=left, asked=asked, unit=unit.value)


CHECKS: list[Check] = [
    _check_past,
    _check_term,
    _check_cutoff,
    _check_place,
    _check_hours,
    _check_apart,
    _check_mode,
    _check_days,
    _check_people,
    _check_enrolment,
    _check_mcsap,
    _check_event,
]


def is_late_request(refusal: Refused) -> bool:
    """Whether this is the one refusal that staff may answer with a written reason (2.8-C20)."""
    return refusal.code == "too_late" and refusal.clauses == (CUTOFF_CLAUSE,)


def without_late_request(refusals: Iterable[Refused]) -> list[Refused]:
    """The refusals that no reason can answer."""
    return [refusal for refusal in refusals if not is_late_request(refusal)]


def _wall(minute: int) -> time:
    """A minute of the day on the wall; the day's end is its last microsecond."""
    if minute >= MIDNIGHT_MINUTE:
        return time.max
    return time(*divmod(minute, 60))
