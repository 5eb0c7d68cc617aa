"""What is looked at: every fetch of a page goes through here, so strangers get 404."""

from datetime import date, datetime

from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.http import SignedInRequest
from accounts.http.access import manager, viewer
from accounts.rules.calendar_days import local_date
from workorders.models import WorkOrder
from workorders.queries.locations import zone_of


def order_of(request: SignedInRequest, pk: int) -> WorkOrder:
    """The order, if this person may see it."""
    orders = WorkOrder.objects.visible_to(viewer(request))
    return get_object_or_404(orders.select_related("customer", "edition"), pk=pk)


def managed_order(request: SignedInRequest, pk: int) -> WorkOrder:
    """The order, if this person may change it."""
    manager(request)
    return order_of(request, pk)


def clock_of(order: WorkOrder) -> tuple[datetime, date, str]:
    """The instant, today and the zone in which the order's dates count (0-C13)."""
    now, zone = timezone.now(), zone_of(order.customer)
    return now, local_date(now, zone), zone
