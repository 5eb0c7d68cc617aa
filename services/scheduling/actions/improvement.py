"""Service improvement plans: asked for, put on a day, delivered, declined, withdrawn."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.actions.checks import require_account_manager, require_acting_person, written
from accounts.models import Customer, User
from accounts.rules.calendar_days import local_date, refuse_after, refuse_before
from accounts.rules.refusal import Refused
from services.catalog.queries import terms_of
from services.scheduling.actions.lines import hold_line, require_in_force, require_mcsap
from services.scheduling.actions.plan_news import tell_of_plan
from services.scheduling.models import ImprovementPlan
from services.scheduling.rules.onboarding import sip_window
from workorders.actions.deadlines import Due, Subject, refresh_deadlines
from workorders.models import Deadline, WorkOrderLine
from workorders.queries.locations import zone_of
from workorders.queries.programmes import intake_in_time
from workorders.queries.terms import last_day_of
from workorders.rules.mcsap import check_acceleration_work, check_sip

# After these a plan no longer counts.
FREEING = frozenset({"declined", "withdrawn"})


@transaction.atomic
def request_plan(
    *,
    line: WorkOrderLine,
    title: str,
    focus: str,
    wanted_from: date,
    by: User,
    now: datetime,
) -> ImprovementPlan:
    """Ask for an improvement plan: at most two of a customer in any 12 months (2.4-AP29).

    It can be wanted from the day after the onboarding days, while the order lasts.
    """
    require_acting_person(by)
    words = written(title, field="title", limit=160, required=True)
    held = _hold(line)
    require_mcsap(held, clause="2.4-AP29")
    today = local_date(now, zone_of(held.order.customer))
    require_in_force(held, today, now)
    earlier = ImprovementPlan.objects.filter(customer=held.order.customer).counting()
    check_sip(
        terms_of(held.order.edition).mcsap,
        earlier=list(earlier.values_list("requested_on", flat=True)),
        on=today,
    )
    _check_day(held, wanted_from, now, field="wanted_from")
    plan = ImprovementPlan.objects.create(
        customer=held.order.customer,
        line=held,
        title=words,
        focus=focus,
        wanted_from=wanted_from,
        requested_on=today,
        requested_at=now,
        requested_by=by,
    )
    _set_window(held, today, now)
    tell_of_plan(plan, "requested", by=by, now=now)
    return plan


@transaction.atomic
def schedule_plan(*, plan: ImprovementPlan, on: date, by: User, now: datetime) -> ImprovementPlan:
    """Put the plan on a day, or on another one; never while the term is for onboarding."""
    require_account_manager(by)
    current = _open(plan)
    _check_day(current.line, on, now, field="on")
    return _changed(current, "scheduled", by=by, now=now, starts_on=on, decided_by=by)


@transaction.atomic
def deliver_plan(
    *, plan: ImprovementPlan, on: date, outcome: str, by: User, now: datetime
) -> ImprovementPlan:
    """Record that the plan was delivered, and what came of it."""
    require_account_manager(by)
    words = written(outcome, field="outcome", limit=4000, required=True)
    current = _open(plan)
    if current.starts_on is None:
        raise Refused("plan_not_scheduled", clause="2.4-AP29")
    refuse_after(local_date(now, zone_of(current.customer)), on, field="on")
    if on < current.starts_on:
        raise Refused("before_it_begins", field="on", first_day=current.starts_on)
    return _changed(current, "delivered", by=by, now=now, delivered_on=on, outcome=words)


@transaction.atomic
def decline_plan(*, plan: ImprovementPlan, reason: str, by: User, now: datetime) -> ImprovementPlan:
    """Say no with a reason that the customer sees; the plan doesn't count (2.4-AP29)."""
    require_account_manager(by)
    words = written(reason, field="reason", limit=300, required=True)
    current = _open(plan)
    return _changed(
        current, "declined", by=by, now=now, declined_at=now, reason=words, decided_by=by
    )


@transaction.atomic
def withdraw_plan(
    *, plan: ImprovementPlan, by: User, now: datetime, reason: str = ""
) -> ImprovementPlan:
    """Take the request back; it no longer counts (2.4-AP29)."""
    require_acting_person(by)
    words = written(reason, field="reason", limit=300)
    current = _open(plan)
    return _changed(
        current, "withdrawn", by=by, now=now, withdrawn_at=now, reason=words, decided_by=by
    )


def _hold(line: WorkOrderLine) -> WorkOrderLine:
    """The line with its order and its customer held: plans count over all of its orders."""
    held = hold_line(line)
    customers = Customer.objects.select_for_update(of=("self",), no_key=True)
    list(customers.filter(pk=held.order.customer_id).values_list("pk"))
    return held


def _open(plan: ImprovementPlan) -> ImprovementPlan:
    """The plan as it stands, held with its order; refused when it is over."""
    _hold(plan.line)
    current = ImprovementPlan.objects.select_related(
        "customer", "line__order__customer", "line__order__edition", "line__offering"
    ).get(pk=plan.pk)
    if current.declined_at or current.withdrawn_at or current.delivered_on:
        raise Refused("plan_over", clause="2.4-AP29")
    return current


def _check_day(line: WorkOrderLine, day: date, now: datetime, *, field: str) -> None:
    """Within the rest of the term, and after the onboarding days where they bind (2.4-AP12, X-33)."""
    order = line.order
    today = local_date(now, zone_of(order.customer))
    check_acceleration_work(
        terms_of(order.edition).mcsap,
        start=order.starts_on,
        on=day,
        intake_on_time=intake_in_time(line, now),
    )
    last_day = last_day_of(order)
    if day > last_day:
        raise Refused("order_ended", clause="2.7-T10", field=field, last_day=last_day)
    refuse_before(today, day, field=field)


def _set_window(line: WorkOrderLine, today: date, now: datetime) -> None:
    """While no plan is left, the day on which the next may be asked for is a date of its own."""
    customer = line.order.customer
    earlier = ImprovementPlan.objects.filter(customer=customer).counting()
    window = sip_window(
        terms_of(line.order.edition).mcsap,
        earlier=list(earlier.values_list("requested_on", flat=True)),
        on=today,
        zone=zone_of(customer),
    )
    dates = []
    if not window.left and window.next_on.result <= last_day_of(line.order):
        dates.append(Due(Deadline.Kind.SIP_WINDOW, Deadline.Owner.CUSTOMER, window.next_on))
    refresh_deadlines(
        subject=Subject(f"plans:{customer.pk}", str(line.offering), customer, order=line.order),
        dates=dates,
        kinds=[Deadline.Kind.SIP_WINDOW],
        now=now,
    )


def _changed(
    plan: ImprovementPlan, news: str, *, by: User, now: datetime, **columns: Any
) -> ImprovementPlan:
    for name, value in columns.items():
        setattr(plan, name, value)
    plan.save(update_fields=list(columns))
    if news in FREEING:
        _set_window(plan.line, local_date(now, zone_of(plan.customer)), now)
    tell_of_plan(plan, news, by=by, now=now)
    return plan
