"""Azure events: plan one for its solutions, list its risks, cancel it for want of resources."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.actions.checks import require_account_manager, require_acting_person, written
from accounts.models import Location, User
from accounts.rules.calendar_days import local_date, start_of_day
from accounts.rules.refusal import Refused
from services.catalog.queries import terms_of
from services.scheduling.actions.bookings import book_service
from services.scheduling.actions.cancelling import fall
from services.scheduling.actions.checks import take
from services.scheduling.actions.dates import subject_of
from services.scheduling.actions.event_news import tell_of_risks
from services.scheduling.models import Booking, EventBrief, EventRisk
from services.scheduling.queries.cancellations import quote
from services.scheduling.queries.events import is_event
from services.scheduling.queries.objections import check_left
from services.scheduling.queries.terms import zone_of
from services.scheduling.rules.events import EventPlan, check_solutions, events_needed
from workorders.actions.orders import override_refusal
from workorders.models import Deadline, Entitlement


@transaction.atomic
def plan_event(
    *,
    entitlement: Entitlement,
    plan: EventPlan,
    by: User,
    now: datetime,
    location: Location | None = None,
) -> list[Booking]:
    """Book the activity: one booking for each solution, as many events as its windows take.

    All of them or none. Refused as `book_service` refuses; `ends_before_start`,
    `solution_missing` and `solution_twice` for the plan itself, `reason_required` for fewer
    events without a reason.
    """
    require_account_manager(by)
    place = location or entitlement.location
    kind = EventBrief.Kind(plan.kind)
    goal = written(plan.goal, field="goal", limit=300, required=True)
    scope = written(plan.scope, field="scope", limit=500)
    solutions = check_solutions(plan.solutions)
    default = _needed(entitlement, plan)
    each = default if plan.events is None else plan.events
    is_fewer = each < default
    if is_fewer:
        written(plan.fewer_reason, field="fewer_reason", limit=300, required=True)
    check_left(entitlement, each * len(solutions))
    booked = []
    for solution in solutions:
        booking = book_service(
            entitlement=entitlement,
            location=place,
            starts_at=start_of_day(plan.first_day, place.time_zone),
            ends_at=start_of_day(plan.last_day + timedelta(days=1), place.time_zone),
            quantity=each,
            by=by,
            now=now,
            title=goal[:160],
            event_solution=written(solution, field="solutions", limit=160),
            event_cloud=plan.cloud,
            event_confirmed_on=plan.confirmed_on,
            short_notice_agreed=plan.short_notice_agreed,
            restricted_staff=plan.restricted_staff,
            fewer_events=is_fewer,
        )
        EventBrief.objects.create(
            booking=booking,
            customer=booking.customer,
            kind=kind,
            goal=goal,
            scope=scope,
            events_by_default=default if is_fewer else None,
        )
        if is_fewer:
            _overridden(booking, "fewer_events", plan.fewer_reason, by=by, now=now)
        booked.append(booking)
    return booked


@transaction.atomic
def record_risk(
    *,
    booking: Booking,
    area: str,
    title: str,
    owner: str,
    by: User,
    now: datetime,
    advice: str = "",
    owner_name: str = "",
) -> EventRisk:
    """Put a risk that the assessment found on the event's list, before its window begins."""
    require_account_manager(by)
    current = _event(booking)
    if now >= current.starts_at:
        raise Refused("event_begun", clause="2.4-AE2", starts_at=current.starts_at)
    return EventRisk.objects.create(
        booking=current,
        customer=current.customer,
        area=EventRisk.Area(area),
        title=written(title, field="title", limit=160, required=True),
        advice=written(advice, field="advice", limit=500),
        owner=Deadline.Owner(owner),
        owner_name=written(owner_name, field="owner_name", limit=120),
        found_at=now,
        found_by=by,
    )


@transaction.atomic
def tell_risks(*, booking: Booking, by: User, now: datetime) -> int:
    """Send the customer every risk that it wasn't told of yet; how many (2.4-AE3).

    Refuses `nothing_to_tell`.
    """
    require_account_manager(by)
    current = _event(booking)
    untold = list(EventRisk.objects.filter(booking=current, told_at=None))
    if not untold:
        raise Refused("nothing_to_tell", clause="2.4-AE3")
    EventRisk.objects.filter(pk__in=[risk.pk for risk in untold]).update(told_at=now)
    tell_of_risks(current, untold, by=by, now=now)
    return len(untold)


@transaction.atomic
def settle_risk(
    *, risk: EventRisk, settled_as: str, note: str, by: User, now: datetime
) -> EventRisk:
    """Say that a risk is mitigated, or that the customer accepts it; once.

    The customer's people settle their own, staff all of them.
    """
    require_acting_person(by)
    words = written(note, field="note", limit=300, required=True)
    booking = _event(risk.booking)
    current = EventRisk.objects.select_for_update(of=("self",)).get(pk=risk.pk)
    if by.is_customer and current.owner != Deadline.Owner.CUSTOMER:
        raise Refused("not_allowed", role=by.role)
    if current.settled_on is not None:
        raise Refused("already_recorded", clause="2.4-AE3")
    current.settled_on = local_date(now, zone_of(booking))
    current.settled_as = EventRisk.Outcome(settled_as)
    current.settled_note = words
    current.settled_by = by
    current.save(update_fields=["settled_on", "settled_as", "settled_note", "settled_by"])
    return current


@transaction.atomic
def cancel_event(
    *, booking: Booking, reason: str, keeps_charge: bool, by: User, now: datetime
) -> Booking:
    """Microsoft cancels because the customer can't supply resources or responses (2.4-AE15).

    No fee follows from the text: everything goes back, unless staff decide to keep what the
    customer's own cancellation would cost on this day. Decision and reason are kept.
    """
    require_account_manager(by)
    why = written(reason, field="reason", limit=300, required=True)
    current = _event(booking)
    quoted = quote(current, now=now, party="customer" if keeps_charge else "microsoft")
    _overridden(current, "customer_resources", why, by=by, now=now)
    return fall(current, quoted, party=Booking.Party.MICROSOFT, reason=why, by=by, now=now)


def _needed(entitlement: Entitlement, plan: EventPlan) -> int:
    """The default for one solution."""
    if plan.last_day < plan.first_day:
        raise Refused("ends_before_start", field="last_day")
    terms = terms_of(entitlement.order.edition).event
    return events_needed(terms, first_day=plan.first_day, last_day=plan.last_day).result


def _event(booking: Booking) -> Booking:
    """The event as it stands, held."""
    current = take(booking)
    if not is_event(current):
        raise ValueError(f"{current} is no Azure event")
    return current


def _overridden(booking: Booking, code: str, reason: str, *, by: User, now: datetime) -> None:
    override_refusal(
        customer=booking.customer,
        subject_key=subject_of(booking),
        code=code,
        reason=reason,
        by=by,
        now=now,
    )
