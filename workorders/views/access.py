"""Who looks at what: every fetch of a page goes through here, so strangers get 404."""

from datetime import date, datetime

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.http import SignedInRequest
from accounts.models import User
from accounts.rules.calendar_days import local_date
from workorders.models import WorkOrder
from workorders.queries.locations import zone_of


def viewer(request: SignedInRequest) -> User:
    """The person signed in; `LoginRequiredMiddleware` lets nobody else through."""
    return request.user


def manager(request: SignedInRequest) -> User:
    """A person who manages agreements; for everybody else the page doesn't exist."""
    person = viewer(request)
    if not person.manages_agreements:
        raise Http404
    return person


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
