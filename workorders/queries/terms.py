"""The term of an order: its last day, its contract years, its state at an instant."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Min

from accounts.models import Location
from accounts.rules.calendar_days import ContractYear, contract_years, local_date
from services.catalog.queries import terms_of
from workorders.models import WorkOrder
from workorders.queries.locations import zone_of
from workorders.rules import term
from workorders.rules.flex import flex_period


def last_day_of(order: WorkOrder) -> date:
    """The last day on which the order can be used: its end, or an earlier termination."""
    return term.last_day_in_force(order.ends_on, order.terminated_on).result


def years_of(order: WorkOrder) -> tuple[ContractYear, ...]:
    """The contract years of the order as agreed."""
    return contract_years(order.starts_on, order.ends_on)


def flex_year_of(order: WorkOrder, number: int) -> ContractYear:
    """The days on which a service of this year's allowance can be delivered (2.2-F4)."""
    return flex_period(
        terms_of(order.edition).flex,
        order_start=order.starts_on,
        order_end=last_day_of(order),
        funded_year=number,
    ).result


def is_in_review(order: WorkOrder) -> bool:
    """Submitted and not executed: nobody edits it until it is returned or taken back."""
    return order.submitted_at is not None and order.executed_at is None


def state_of(order: WorkOrder, *, now: datetime, zone: str = "") -> term.OrderState:
    """From a draft to expired, terminated or superseded: from facts and clock alone.

    `zone` is that of the host location, looked up when it isn't given; so is the first
    day of a renewal, for an order that is over and doesn't bring it (`renewed_on`).
    """
    zone = zone or zone_of(order.customer)
    today = local_date(now, zone)
    return _state(order, today, zone, _renewed_on(order, today))


def _state(order: WorkOrder, today: date, zone: str, renewed_on: date | None) -> term.OrderState:
    return term.order_state(
        on=today,
        start=order.starts_on,
        end=order.ends_on,
        executed_on=local_date(order.executed_at, zone) if order.executed_at else None,
        terminated_on=order.terminated_on,
        submitted_on=local_date(order.submitted_at, zone) if order.submitted_at else None,
        renewed_on=renewed_on,
    )


def _renewed_on(order: WorkOrder, today: date) -> date | None:
    """The first day of its executed renewal; nothing is read for an order in force."""
    if hasattr(order, "renewed_on"):
        return order.renewed_on  # type: ignore[no-any-return] # of with_zone
    if order.is_draft or today <= last_day_of(order):
        return None
    renewals = WorkOrder.objects.executed().filter(renews=order)
    return renewals.order_by("starts_on").values_list("starts_on", flat=True).first()


def states_of(orders: Iterable[WorkOrder], *, now: datetime) -> dict[int, term.OrderState]:
    """The states of several orders by id; one query for all zones, one for all renewals."""
    orders = list(orders)
    hosts = Location.objects.filter(
        customer__in={order.customer_id for order in orders}, role=Location.Role.HOST
    )
    zones = dict(hosts.values_list("customer", "time_zone"))
    renewals = WorkOrder.objects.executed().filter(renews__in=[order.pk for order in orders])
    renewed = dict(renewals.order_by().values_list("renews").annotate(Min("starts_on")))
    states = {}
    for order in orders:
        zone = zones.get(order.customer_id, "UTC")
        states[order.pk] = _state(order, local_date(now, zone), zone, renewed.get(order.pk))
    return states
