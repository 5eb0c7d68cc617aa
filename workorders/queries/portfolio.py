"""Work orders across customers, by the state in which they are now."""

from datetime import date, datetime, timedelta

from django.db.models import Case, CharField, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Least

from accounts.models import Location
from accounts.rules.calendar_days import local_date
from workorders.models import WorkOrder
from workorders.models.orders import WorkOrderQuerySet


def with_zone(orders: WorkOrderQuerySet) -> WorkOrderQuerySet:
    """Each order with its last day, `zone`, the host location's, in which dates count, and
    `renewed_on`, the first day of its executed renewal."""
    host = Location.objects.filter(customer=OuterRef("customer"), role=Location.Role.HOST)
    zone = Coalesce(
        Subquery(host.order_by().values("time_zone")[:1]), Value("UTC"), output_field=CharField()
    )
    renewals = WorkOrder.objects.executed().filter(renews=OuterRef("pk")).order_by("starts_on")
    return orders.annotate(
        zone=zone,
        last_day=Coalesce(Least("terminated_on", "ends_on"), "ends_on"),
        renewed_on=Subquery(renewals.values("starts_on")[:1]),
    )


def over_last(orders: WorkOrderQuerySet, *, now: datetime) -> WorkOrderQuerySet:
    """Those of `with_zone` with `is_over`: 1 where the last day is over everywhere on earth."""
    yesterday = now.date() - timedelta(days=1)
    return orders.annotate(is_over=Case(When(last_day__lt=yesterday, then=1), default=0))


def in_state(orders: WorkOrderQuerySet, state: str, *, now: datetime) -> WorkOrderQuerySet:
    """Those of `with_zone` in a state now, each by the day that it is at its host location."""
    if state in ("draft", "in_review"):
        return orders.filter(executed_at=None, submitted_at__isnull=state == "draft")
    zones = orders.order_by().values_list("zone", flat=True).distinct()  # type: ignore[misc]
    wanted = Q(pk=None)
    for zone in zones:
        wanted |= Q(zone=zone) & _on(state, local_date(now, zone))
    return orders.executed().filter(wanted)


def _on(state: str, today: date) -> Q:
    """The same boundaries as `rules.term.order_state`: both ends of the term are in force."""
    ended_early = Q(terminated_on__isnull=False, terminated_on__lt=F("ends_on"))
    renewed = Q(renewed_on__isnull=False, renewed_on__lte=today)
    match state:
        case "executed":
            return Q(starts_on__gt=today, last_day__gte=today)
        case "in_force":
            return Q(starts_on__lte=today, last_day__gte=today)
        case "terminated":
            return Q(last_day__lt=today) & ended_early & ~renewed
        case "expired":
            return Q(last_day__lt=today) & ~ended_early & ~renewed
        case "superseded":
            return Q(last_day__lt=today) & renewed
    return Q()
