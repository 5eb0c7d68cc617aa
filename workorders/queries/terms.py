"""The term of an order: its last day, its contract years, its state at an instant."""

from collections.abc import Iterable
from datetime import date, datetime

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


def state_of(order: WorkOrder, *, now: datetime, zone: str = "") -> term.OrderState:
    """Draft, executed, in force, expired or terminated: from facts and clock alone.

    `zone` is that of the host location, looked up when it isn't given.
    """
    zone = zone or zone_of(order.customer)
    executed_on = local_date(order.executed_at, zone) if order.executed_at else None
    return term.order_state(
        on=local_date(now, zone),
        start=order.starts_on,
        end=order.ends_on,
        executed_on=executed_on,
        terminated_on=order.terminated_on,
    )


def states_of(orders: Iterable[WorkOrder], *, now: datetime) -> dict[int, term.OrderState]:
    """The states of several orders by id; one query for the zones of all."""
    orders = list(orders)
    hosts = Location.objects.filter(
        customer__in={order.customer_id for order in orders}, role=Location.Role.HOST
    )
    zones = dict(hosts.values_list("customer", "time_zone"))
    return {
        order.pk: state_of(order, now=now, zone=zones.get(order.customer_id, "UTC"))
        for order in orders
    }
