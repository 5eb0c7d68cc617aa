"""Requests: which a person sees, until when they can be made, what stands against one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from accounts.models import Location, User
from accounts.rules.calendar_days import local_date, refuse_before
from accounts.rules.explained import Explained
from accounts.rules.refusal import Refused
from services.catalog.models import Offering
from services.catalog.queries import facts_of, terms_of
from services.catalog.rules.offering import credits_may_buy, request_deadline_binds
from services.scheduling.models import ServiceRequest, ServiceRequestQuerySet
from services.scheduling.queries.objections import check_left
from workorders.models import Entitlement, WorkOrder
from workorders.models.orders import Unit
from workorders.queries.locations import listed_locations, support_locations, zone_of
from workorders.queries.terms import last_day_of
from workorders.rules.locations import check_location
from workorders.rules.milestones import request_cutoff
from workorders.rules.requests import check_request
from workorders.rules.term import check_day_in_term

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A request that waits, with the days left until the last day of its order's cut-off."""

    request: ServiceRequest
    cutoff: date | None
    days_left: int | None


def requests_of(
    user: "User | AnonymousUser", *, waiting: bool | None = None
) -> ServiceRequestQuerySet:
    """The requests that `user` may see, with what a row shows; the oldest open one first."""
    found = ServiceRequest.objects.visible_to(user).select_related(
        "customer", "location", "offering", "order__edition", "entitlement__offering",
        "requested_by", "booking",
    ).prefetch_related("offering__limits")  # fmt: skip
    if waiting is None:
        return found.order_by("-requested_at", "-pk")
    if waiting:
        return found.waiting().order_by("requested_at", "pk")
    return found.filter(decided_at__isnull=False).order_by("-decided_at", "-pk")


def open_requests(rows: Iterable[ServiceRequest], *, now: datetime) -> list[OpenRequest]:
    """The rows with the days left to the cut-off; one query for the hosts' zones."""
    rows = list(rows)
    zones = zones_of({row.customer_id for row in rows})
    found = []
    for row in rows:
        zone = zones.get(row.customer_id, "UTC")
        due = cutoff_of(row, zone=zone)
        left = (due.result - local_date(now, zone)).days if due else None
        found.append(OpenRequest(row, due.result if due else None, left))
    return found


def zones_of(customers: Iterable[int]) -> dict[int, str]:
    """The hosts' time zones by customer, in one query."""
    hosts = Location.objects.filter(customer__in=customers, role=Location.Role.HOST)
    return dict(hosts.values_list("customer", "time_zone"))


def cutoff_of(request: ServiceRequest, *, zone: str = "") -> Explained[date] | None:
    """The last day for request and data, or None where no cut-off binds the service."""
    if not request_deadline_binds(facts_of(request.offering)):
        return None
    return cutoff_of_order(request.order, zone=zone)


def cutoff_of_order(order: WorkOrder, *, zone: str = "") -> Explained[date]:
    """The last day on which a service of the order can be requested (2.8-C20)."""
    return request_cutoff(
        terms_of(order.edition).request,
        order_end=last_day_of(order),
        zone=zone or zone_of(order.customer),
    )


def request_objections(
    entitlement: Entitlement,
    *,
    location: Location,
    offering: Offering | None,
    quantity: int,
    wanted: tuple[date, date],
    now: datetime,
) -> list[Refused]:
    """Everything that stands against asking for this; nothing moves."""
    service = offering or entitlement.offering
    checks: tuple[Callable[[], None], ...] = (
        lambda: _check_period(entitlement, wanted, location, now),
        lambda: _check_cutoff(entitlement.order, service, now),
        lambda: _check_service(entitlement, service),
        lambda: _check_place(entitlement, service, location),
        lambda: _check_left(entitlement, quantity),
    )
    found = []
    for check in checks:
        try:
            check()
        except Refused as refusal:
            found.append(refusal)
    return found


def _check_period(
    entitlement: Entitlement, wanted: tuple[date, date], location: Location, now: datetime
) -> None:
    """The period has begun when it ends today at the earliest, and touches the days of use."""
    first, last = wanted
    order = entitlement.order
    if order.executed_at is None:
        raise Refused("not_executed", clause="1-A4")
    if last < first:
        raise Refused("ends_before_start", field="wanted_until")
    refuse_before(local_date(now, location.time_zone), first, field="wanted_from")
    check_day_in_term(first, last_day=last_day_of(order), first_day=order.starts_on)
    if first > entitlement.usable_until:
        raise Refused(
            "too_late",
            clause="2.2-F4, 2.7-T10" if entitlement.flex_year else "2.7-T10",
            field="wanted_from",
            last_day=entitlement.usable_until,
        )
    if last > entitlement.usable_until:
        raise Refused(
            "too_late",
            clause="2.2-F4, 2.7-T10" if entitlement.flex_year else "2.7-T10",
            field="wanted_until",
            last_day=entitlement.usable_until,
        )


def _check_cutoff(order: WorkOrder, service: Offering, now: datetime) -> None:
    if request_deadline_binds(facts_of(service)):
        zone = zone_of(order.customer)
        due = cutoff_of_order(order, zone=zone)
        check_request(due.result, requested=now, data=now, zone=zone)


def _check_service(entitlement: Entitlement, service: Offering) -> None:
    """Credits buy defined additional services; anything else is asked for as itself."""
    if entitlement.unit == Unit.CREDIT:
        if not credits_may_buy(facts_of(service)):
            raise Refused("ineligible_target", clause="2.3-PC4", field="offering")
    elif service.pk != entitlement.offering_id:
        raise ValueError(f"{entitlement} isn't {service}")


def _check_place(entitlement: Entitlement, service: Offering, location: Location) -> None:
    order = entitlement.order
    place = support_locations(order, listed_locations(order)).get(location.pk)
    if place is None:
        raise ValueError("the location belongs to another customer")
    facts = facts_of(service)
    check_location(facts, place, under_own_order=place.own_work_order)
    if location.pk != entitlement.location_id and facts.is_additional:
        raise Refused(
            "other_location",
            clause="2.6-M8",
            field="location",
            location=entitlement.location.name,
        )


def _check_left(entitlement: Entitlement, quantity: int) -> None:
    if quantity < 1:
        raise Refused("quantity_invalid", field="quantity", quantity=quantity)
    check_left(entitlement, quantity)
