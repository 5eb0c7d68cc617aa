"""One search over customers, orders, incidents, bookings and the catalogue."""

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.http.requests import SignedInRequest
from accounts.models import Contact, Customer
from incidents.models import Component, Incident
from incidents.queries.chart_sheets import search_charts
from incidents.queries.components import search_components
from services.catalog.models import Offering
from services.catalog.queries import current_edition
from services.catalog.queries import search as search_offerings
from services.scheduling.models import Booking
from workorders.models import WorkOrder

MOST = 10


def search(request: SignedInRequest) -> HttpResponse:
    """What the person may see and what contains the words."""
    wanted = request.GET.get("q", "").replace("\0", "").strip()[:100]
    found = _found(request, wanted) if wanted else {}
    return render(
        request,
        "workspace/search.html",
        {"wanted": wanted, "found": found, "any": any(found.values()), "now": timezone.now()},
    )


def _found(request: SignedInRequest, wanted: str) -> dict[str, object]:
    user = request.user
    edition = current_edition()
    return {
        "customers": Customer.objects.visible_to(user).filter(
            Q(name__icontains=wanted) | Q(short_name__icontains=wanted)
        )[:MOST],
        "orders": WorkOrder.objects.visible_to(user)
        .without_scenarios()
        .filter(Q(number__icontains=wanted) | Q(title__icontains=wanted))
        .select_related("customer")[:MOST],
        "incidents": Incident.objects.visible_to(user)
        .filter(Q(number__icontains=wanted) | Q(title__icontains=wanted))
        .select_related("customer")[:MOST],
        "bookings": Booking.objects.visible_to(user)
        .filter(Q(reference__icontains=wanted) | Q(title__icontains=wanted))
        .select_related("customer")[:MOST],
        "contacts": Contact.objects.visible_to(user)
        .filter(Q(name__icontains=wanted) | Q(email__icontains=wanted))
        .select_related("customer", "location")[:MOST],
        "offerings": search_offerings(Offering.objects.filter(edition=edition), wanted)[:MOST]
        if edition
        else [],
        "charts": search_charts(edition, wanted)[:MOST] if edition else [],
        "components": search_components(Component.objects.filter(edition=edition), wanted)[:MOST]
        if edition
        else [],
    }
