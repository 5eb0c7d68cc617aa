"""One entitlement: where its units stand, what moved them, how to ask for it."""

from datetime import date

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from accounts.http import SignedInRequest
from accounts.rules.calendar_days import days_before_end, local_date
from accounts.rules.money import Money
from services.catalog.queries import facts_of, terms_of
from services.catalog.rules.offering import request_deadline_binds
from workorders.models import Account, Entitlement, Transfer
from workorders.queries.entitlements import Standing, can_be_left
from workorders.queries.locations import zone_of
from workorders.queries.terms import last_day_of, state_of
from workorders.views.access import viewer
from workorders.views.order_page import bookings_url, trail_of

Bucket = Account.Bucket
# Buckets as one reads them: what came in, where it stands, what left.
SHOWN = (
    Bucket.AVAILABLE, Bucket.RESERVED, Bucket.DELIVERED, Bucket.CHARGED, Bucket.REDEEMED,
    Bucket.TRANSFERRED, Bucket.EXCHANGED, Bucket.LAPSED,
)  # fmt: skip


def entitlement_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Balances, every movement with its clause, the way to the schedule."""
    person = viewer(request)
    related = ("order__customer", "order__edition", "offering", "location", "line")
    entitlement = get_object_or_404(
        Entitlement.objects.visible_to(person).select_related(*related), pk=pk
    )
    order, now = entitlement.order, timezone.now()
    zone = zone_of(order.customer)
    balances = dict(
        Account.objects.filter(entitlement=entitlement).values_list("bucket", "balance")
    )
    standing = Standing()
    standing.add(entitlement, balances)
    movements = (
        Transfer.objects.filter(
            Q(debit__entitlement=entitlement) | Q(credit__entitlement=entitlement)
        )
        .select_related("debit", "credit", "by")
        .order_by("on", "pk")
    )
    context = {
        "entitlement": entitlement,
        "order": order,
        "edition_code": order.edition.code,
        "standing": standing,
        "buckets": [
            (Bucket(bucket).label, balances.get(bucket, 0))
            for bucket in SHOWN
            if balances.get(bucket) or bucket == Bucket.AVAILABLE
        ],
        "value_left": Money(standing.value_left_minor, entitlement.currency),
        "runs_on": not can_be_left(entitlement),
        "movements": movements,
        "trail": [*trail_of(request, order)[:-1], *_steps(entitlement)],
        "request_by": _request_by(entitlement),
        "is_over": local_date(now, zone) > entitlement.usable_until,
        "today": local_date(now, zone),
        "zone": zone,
        "now": now,
        "is_open": state_of(order, now=now, zone=zone) in ("executed", "in_force"),
        "bookings_url": bookings_url(order),
    }
    return render(request, "workorders/entitlement_detail.html", context)


def _steps(entitlement: Entitlement) -> list[tuple[str, str]]:
    order = entitlement.order
    page = reverse("workorders:order-detail", args=[order.pk])
    return [(page, order.number), ("", str(entitlement.offering))]


def _request_by(entitlement: Entitlement) -> date | None:
    """The last day to ask for it, where the request deadline binds it (2.8-C20)."""
    if not request_deadline_binds(facts_of(entitlement.offering)):
        return None
    cutoff = terms_of(entitlement.order.edition).request.cutoff_days
    return days_before_end(last_day_of(entitlement.order), cutoff)
