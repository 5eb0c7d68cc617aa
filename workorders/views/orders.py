"""The list of work orders, on the screen and as a file."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.http import SignedInRequest
from accounts.http.access import viewer
from accounts.http.addresses import marked_page
from accounts.http.tables import csv_answer
from accounts.models import Customer
from accounts.rules.calendar_days import local_date
from accounts.rules.money import half_up
from workorders.forms.filters import OrderFilters
from workorders.models import WorkOrder
from workorders.models.orders import WorkOrderQuerySet
from workorders.queries.portfolio import in_state, over_last, with_zone
from workorders.queries.terms import state_of
from workorders.wording.states import ORDER_STATES, Shown
from workorders.wording.term import days_until

# How the list can be sorted; the last key makes the order of rows definite.
SORTS = {
    "": ("is_over", "last_day", "pk"),
    "-ends_on": ("-last_day", "-pk"),
    "-starts_on": ("-starts_on", "-pk"),
    "number": ("number", "pk"),
    "customer": ("customer__name", "last_day", "pk"),
}
EXPORTED_AT_MOST = 10_000


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order of the list."""

    order: WorkOrder
    state: Shown
    last_day: date
    elapsed: int
    ends: str
    locations: int


def order_list(request: SignedInRequest) -> HttpResponse:
    """Work orders of all customers in reach: filtered, sorted, by pages."""
    now = timezone.now()
    form, orders = _filtered(request, now)
    sort = form.value("sort") or ""
    page = marked_page(
        request,
        orders,
        SORTS[sort],
    )
    context = {
        "form": form,
        "page": page,
        "rows": [_row(order, now) for order in page.rows],
        "may_draft": viewer(request).manages_agreements,
        "is_filtered": any(request.GET.get(name) for name in ("q", "customer", "state")),
    }
    fragment = "#results" if request.htmx else ""
    return render(request, f"workorders/order_list.html{fragment}", context)


def order_export(request: SignedInRequest) -> HttpResponse:
    """The same rows with the same filters, all pages, as CSV."""
    now = timezone.now()
    form, orders = _filtered(request, now)
    rows = orders.order_by(*SORTS[form.value("sort") or ""])[:EXPORTED_AT_MOST]
    header = (
        _("Work order"), _("Title"), _("Customer"), _("State"), _("Starts on"),
        _("Last day in force"), _("Locations"), _("Currency"), _("Edition"),
    )  # fmt: skip
    return csv_answer(
        "work-orders",
        header,
        (
            (
                row.order.number, row.order.title, row.order.customer.name, row.state.word,
                row.order.starts_on, row.last_day, row.locations, row.order.currency,
                row.order.edition.code,
            )
            for row in (_row(order, now) for order in rows)
        ),
    )  # fmt: skip


def _filtered(request: SignedInRequest, now: datetime) -> tuple[OrderFilters, WorkOrderQuerySet]:
    person = viewer(request)
    form = OrderFilters(request.GET, customers=Customer.objects.visible_to(person).order_by("name"))
    visible = WorkOrder.objects.visible_to(person).without_scenarios()
    visible = visible.select_related("customer", "edition")
    orders = over_last(with_zone(visible), now=now)
    if not form.is_valid():
        return form, orders.none()
    data = form.cleaned_data
    if data["q"]:
        orders = orders.filter(
            Q(number__icontains=data["q"])
            | Q(title__icontains=data["q"])
            | Q(customer__name__icontains=data["q"])
            | Q(customer__short_name__icontains=data["q"])
        )
    if data["customer"]:
        orders = orders.filter(customer=data["customer"])
    if data["state"]:
        orders = in_state(orders, data["state"], now=now)
    return form, orders.annotate(locations=Count("order_locations"))


def _row(order: WorkOrder, now: datetime) -> OrderRow:
    zone, last = order.zone, order.last_day  # type: ignore[attr-defined] # of with_zone
    today = local_date(now, zone)
    days = max((last - order.starts_on).days + 1, 1)
    elapsed = half_up(Fraction((today - order.starts_on).days * 100, days))
    return OrderRow(
        order,
        ORDER_STATES[state_of(order, now=now, zone=zone)],
        last,
        min(max(elapsed, 0), 100),
        days_until(last, today),
        order.locations,  # type: ignore[attr-defined] # annotated
    )
