"""What is looked at: every fetch of a page goes through here, so strangers get 404."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.http.access import viewer
from accounts.models import Customer
from services.scheduling.models import Booking, ServiceRequest


def booking_of(request: HttpRequest, pk: int) -> Booking:
    """The booking, if this person may see it."""
    bookings = Booking.objects.visible_to(viewer(request)).with_agreement()
    told = bookings.select_related("booked_by", "cancelled_by", "delivered_by", "moved_to")
    return get_object_or_404(told, pk=pk)


def request_of(request: HttpRequest, pk: int) -> ServiceRequest:
    """The service request, if this person may see it."""
    requests = ServiceRequest.objects.visible_to(viewer(request)).select_related(
        "customer",
        "location",
        "offering",
        "order__customer",
        "order__edition",
        "entitlement__location",
        "entitlement__offering",
        "requested_by",
        "decided_by",
        "booking",
    )
    return get_object_or_404(requests, pk=pk)


def customer_named(request: HttpRequest) -> Customer | None:
    """The customer that the address names, or the only one there is to choose."""
    reachable = Customer.objects.visible_to(viewer(request))
    given = request.POST.get("customer") or request.GET.get("customer") or ""
    if given.isdecimal() and len(given) < 19:
        return reachable.filter(pk=int(given)).first()
    order = request.GET.get("order", "")
    if order.isdecimal() and len(order) < 19:
        return reachable.filter(work_orders=int(order)).first()
    few = list(reachable[:2])
    return few[0] if len(few) == 1 else None
