"""The forecast: what will lapse at the pace seen so far, for the portfolio and a customer."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.http.access import viewer
from accounts.http.tables import csv_answer
from accounts.models import Customer, User
from accounts.rules.calendar_days import local_date
from accounts.rules.money import Money
from services.scheduling.queries.allowances import allowances, unallocated
from services.scheduling.queries.forecast import Item, forecast
from services.scheduling.queries.forecast_sums import (
    MonthSums,
    Sums,
    by_currency,
    by_customer,
    by_month,
    common_currency,
    sums_of,
)
from services.scheduling.views.forecast_rows import TRUST, forecast_bars, item_words, reason_words
from workorders.queries.locations import zone_of

ROWS = 50
# The columns of an allowance.
AMOUNTS = (
    ("allotted", gettext_lazy("Allotted")),
    ("forfeited", gettext_lazy("Taken back")),
    ("standing", gettext_lazy("Stands ready")),
    ("used", gettext_lazy("Used")),
    ("booked", gettext_lazy("Booked")),
    ("left", gettext_lazy("Left")),
    ("lapsing", gettext_lazy("Will lapse")),
)


def forecast_list(request: HttpRequest) -> HttpResponse:
    """The portfolio, who loses most first; somebody of one customer gets that customer's page."""
    person, now = viewer(request), timezone.now()
    if not person.manages_agreements:
        return _own(person)
    items = forecast(person, now=now)
    rows = by_customer(items)
    found = [row for row in rows if _is_wanted(request, row.customer)]
    shown = found if "all" in request.GET else found[:ROWS]
    today = timezone.localdate()
    context = _chart(by_month(items, today=today), today, "USD") | {
        "items": items,
        "sums": _money(sums_of(items)),
        "rows": [
            (row, _money(row.sums), TRUST[row.heaviest.outlook.trust.level],
             reason_words(row.heaviest))
            for row in shown
        ],
        "found": len(found),
        "wanted": request.GET.get("q", ""),
    }  # fmt: skip
    fragment = "#customers" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"scheduling/forecast_list.html{fragment}", context)


def forecast_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One customer: every entitlement, lot and allowance with its forecast."""
    person, now = viewer(request), timezone.now()
    customer = get_object_or_404(Customer.objects.visible_to(person), pk=pk)
    zone = zone_of(customer)
    today = local_date(now, zone)
    items = forecast(person, now=now, customer=customer)
    currency = common_currency(items)
    months = by_month(items, today=today, currency=currency)
    context = _chart(months, today, currency) | {
        "customer": customer,
        "zone": zone,
        "sums": _money(sums_of(items, currency=currency)),
        "rows": [item_words(item) for item in items],
        "totals": by_currency(items),
        "allowances": [
            (row, [(label, row.money(name)) for name, label in AMOUNTS])
            for row in allowances(person, customer, items, today=today)
        ],
        "unallocated": unallocated(person, customer),
        "may_book": person.manages_agreements,
        "may_request": person.may_act_for_customer,
    }
    return render(request, "scheduling/forecast_detail.html", context)


def forecast_export(request: HttpRequest) -> HttpResponse:
    """The rows behind a forecast as CSV: of one customer, or of the whole portfolio."""
    person, now = viewer(request), timezone.now()
    customer = None
    if named := request.GET.get("customer", ""):
        known = named if named.isdecimal() and len(named) < 19 else "0"
        customer = get_object_or_404(Customer.objects.visible_to(person), pk=known)
    header = (
        _("Customer"), _("Work order"), _("Service"), _("Location"), _("Unit"), _("Left"),
        _("Booked"), _("Requested"), _("Request until"), _("Lapses on"), _("Expected to be used"),
        _("Will lapse"), _("Currency"), _("Value left"), _("Value that will lapse"),
        _("US dollars that will lapse"), _("Confidence"), _("Why"),
    )  # fmt: skip
    rows = (_exported(item) for item in forecast(person, now=now, customer=customer))
    return csv_answer("forecast", header, rows)


def _exported(item: Item) -> tuple[object, ...]:
    words = item_words(item)
    unit = item.account.unit
    return (
        item.customer.name,
        item.order.number,
        words.name,
        words.place,
        _("minutes")
        if unit == "minute"
        else item.entitlement.get_unit_display()
        if item.entitlement
        else unit,
        item.left,
        item.booked,
        item.asked,
        item.request_until.isoformat(),
        item.last_day.isoformat(),
        item.outlook.expected,
        item.lapsing,
        item.value_left.currency,
        item.value_left.decimal_text,
        item.value_lapsing.decimal_text,
        "" if item.usd_lapsing is None else Money(item.usd_lapsing, "USD").decimal_text,
        str(words.trust.word),
        words.reason,
    )


def _own(person: User) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.visible_to(person)[:1])
    return redirect("scheduling:forecast-detail", customer.pk)


def _is_wanted(request: HttpRequest, customer: Customer) -> bool:
    words = request.GET.get("q", "").casefold().split()
    names = f"{customer.name} {customer.short_name}".casefold()
    return all(word in names for word in words)


def _money(sums: Sums) -> dict[str, Any]:
    """The sums as money; what couldn't be converted is counted beside."""
    names = ("left", "requestable", "expected", "lapsing", "certain", "uncertain")
    amounts = {name: Money(getattr(sums, name), sums.currency) for name in names}
    return amounts | {"unrated": sums.unrated}


def _chart(months: list[MonthSums], today: date, currency: str) -> dict[str, Any]:
    return {
        "bars": forecast_bars(months, today, currency),
        "months": [(month.first_day, _money(month.sums)) for month in months],
        "currency": currency,
    }
