"""Customers: the list, and everything about one."""

from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.actions.customers import may_add_customers
from accounts.http.addresses import numbered_page
from accounts.http.requests import SignedInRequest
from accounts.models import Assignment, Customer, Location
from accounts.queries.calendars import business_hours
from accounts.rules.business_time import is_open
from ussd_portal.queries.customer_home import read_customer_home
from ussd_portal.queries.timeline import timeline_of
from ussd_portal.queries.today import read_portfolio
from workorders.models import WorkOrder

PER_PAGE = 25


def customer_list(request: SignedInRequest) -> HttpResponse:
    """The customers in reach, found by name or location."""
    wanted = request.GET.get("q", "").replace("\0", "").strip()[:100]
    rows = (
        Customer.objects.visible_to(request.user)
        .prefetch_related(Prefetch("locations", Location.objects.order_by("-role", "name")))
        .prefetch_related(
            Prefetch("assignments", Assignment.objects.active().select_related("user"))
        )
        .annotate(
            open_incidents=Count("incidents", filter=Q(incidents__closed_at=None), distinct=True)
        )
        .order_by("name", "pk")  # a grouped query forgets the model's own order
    )
    if wanted:
        named = Q(name__icontains=wanted) | Q(short_name__icontains=wanted)
        at = Location.objects.filter(name__icontains=wanted).values("customer")
        rows = rows.filter(named | Q(pk__in=at))
    page = numbered_page(request, rows, PER_PAGE)
    now = timezone.now()
    context = {
        "page_obj": page,
        "rows": read_portfolio(request.user, list(page), now=now, today=timezone.localdate()),
        "wanted": wanted,
        "now": now,
        "may_lead": may_add_customers(request.user),
    }
    template = "workspace/customer_list.html" + ("#rows" if request.htmx else "")
    return render(request, template, context)


def customer_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One customer from all sides, with everything that happened."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    now = timezone.now()
    locations = (
        Location.objects.visible_to(request.user)
        .filter(customer=customer)
        .prefetch_related("own_holidays")
    )
    return render(
        request,
        "workspace/customer_detail.html",
        {
            "customer": customer,
            "now": now,
            "home": read_customer_home(
                request.user, now=now, today=timezone.localdate(), customer=customer
            ),
            "places": [(place, is_open(business_hours(place), now)) for place in locations],
            "orders": WorkOrder.objects.visible_to(request.user)
            .without_scenarios()
            .filter(customer=customer)
            .select_related("edition"),
            "timeline": timeline_of(request.user, customer),
            "may_lead": may_add_customers(request.user),
        },
    )
