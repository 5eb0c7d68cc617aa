"""One entitlement: where its units stand, what moved them, how to ask for it."""

from datetime import date

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import SignedInRequest, refusal_status
from accounts.http.access import viewer
from accounts.http.keys import key_for, key_of
from accounts.models import Location, User
from accounts.rules.calendar_days import days_before_end, local_date
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.queries import facts_of, terms_of
from services.catalog.rules.offering import request_deadline_binds
from workorders.actions.holdings import allocate_hours
from workorders.forms.holdings import AllocateForm
from workorders.models import Account, Entitlement, Transfer
from workorders.queries.entitlements import Standing, are_the_hosts_hours, can_be_left
from workorders.queries.locations import listed_locations, zone_of
from workorders.queries.terms import last_day_of, state_of
from workorders.views.access import clock_of
from workorders.views.order_page import bookings_url, trail_of
from workorders.wording.units import quantity_words

Bucket = Account.Bucket
# Buckets as one reads them: what came in, where it stands, what left.
SHOWN = (
    Bucket.AVAILABLE, Bucket.RESERVED, Bucket.DELIVERED, Bucket.CHARGED, Bucket.REDEEMED,
    Bucket.TRANSFERRED, Bucket.EXCHANGED, Bucket.LAPSED,
)  # fmt: skip


@require_safe
def entitlement_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Balances, every movement with its clause, the way to the schedule."""
    return _page(request, _entitlement(request, pk))


@require_POST
def hours_allocate(request: SignedInRequest, pk: int) -> HttpResponse:
    """Hours of the host for another location; what was typed stays when it is refused."""
    entitlement = _entitlement(request, pk)
    person = viewer(request)
    if not _may_allocate(person, entitlement):
        raise Http404
    _now, today, _zone = clock_of(entitlement.order)
    form = AllocateForm(request.POST, locations=_other_locations(entitlement))
    refusal = None
    if form.is_valid():
        try:
            given = allocate_hours(
                entitlement=entitlement,
                target=form.cleaned_data["target"],
                minutes=form.cleaned_data["minutes"],
                by=person,
                on=today,
                now=timezone.now(),
                idempotency_key=key_of(request),
            )
        except Refused as refused:
            refusal = refused
        else:
            said = _("%(place)s has %(hours)s more.") % {
                "place": given.location,
                "hours": quantity_words(given.granted, given.unit),
            }
            messages.success(request, said)
            return redirect("workorders:entitlement-detail", entitlement.pk)
    status = refusal_status(refusal) if refusal else 422
    return _page(request, entitlement, form=form, refusal=refusal, status=status)


def _entitlement(request: SignedInRequest, pk: int) -> Entitlement:
    related = ("order__customer", "order__edition", "offering", "location", "line")
    rows = Entitlement.objects.visible_to(viewer(request)).select_related(*related)
    return get_object_or_404(rows, pk=pk)


def _may_allocate(person: User, entitlement: Entitlement) -> bool:
    """The host's administrator distributes, its account manager manages (2.5-UE24)."""
    acts = person.manages_agreements or person.role == User.Role.CUSTOMER_ADMINISTRATOR
    at_host = entitlement.location.role == Location.Role.HOST
    return acts and at_host and are_the_hosts_hours(entitlement)


def _other_locations(entitlement: Entitlement) -> list[Location]:
    listed = listed_locations(entitlement.order)
    return [place for place in listed if place.pk != entitlement.location_id]


def _page(
    request: SignedInRequest,
    entitlement: Entitlement,
    *,
    form: AllocateForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
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
        "refusal": refusal,
    }
    others = _other_locations(entitlement) if _may_allocate(request.user, entitlement) else []
    if others and context["is_open"] and not context["is_over"]:
        context["form"] = form or AllocateForm(locations=others)
        context["key"] = key_for(request)
    return render(request, "workorders/entitlement_detail.html", context, status=status)


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
