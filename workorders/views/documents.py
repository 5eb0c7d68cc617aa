"""What of an order can be taken away as a file, and the order itself as a table."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from accounts.http.access import viewer
from accounts.http.languages import in_language
from accounts.http.tables import csv_answer
from accounts.http.workbooks import Sheet, workbook_answer
from accounts.rules.money import Money
from accounts.wording import formats
from workorders.models import WorkOrder, WorkOrderLine
from workorders.models.orders import Unit
from workorders.rules.shares import shares
from workorders.views.access import order_of
from workorders.views.order_page import OrderPage, of_executed, order_page, sees_allowance
from workorders.wording.statements import file_name
from workorders.wording.units import unit_name

Row = tuple[object, ...]
STATEMENT = (("PDF", "statement-pdf"), ("XLSX", "statement-xlsx"), ("CSV", "statement-export"))
INVOICES = (("XLSX", "invoices-xlsx"), ("CSV", "invoices-export"))
ORDER = (("XLSX", "order-lines-xlsx"), ("CSV", "order-lines-export"))


@dataclass(frozen=True, slots=True)
class Paper:
    """A document with its files: language, form and address."""

    title: str
    detail: str
    files: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]


@require_safe
@of_executed
def order_documents(request: SignedInRequest, order: WorkOrder) -> HttpResponse:
    """Statements by date, invoices and the order, each in both languages."""
    page = order_page(request, order)
    context = page.context(request, "documents") | {
        "statements": [_statement(order, day, words) for day, words in _days(page)],
        "papers": _papers(order) if sees_allowance(viewer(request)) else [],
        "customer_statement": reverse("workorders:customer-statement", args=[order.customer_id]),
    }
    fragment = "#tab" if request.htmx else ""
    return render(request, f"workorders/order_documents.html{fragment}", context)


@require_safe
def order_file(request: SignedInRequest, pk: int, form: str) -> HttpResponse:
    """The order as a table: each line at each of its locations."""
    order = order_of(request, pk)
    if order.is_draft or not sees_allowance(viewer(request)):
        raise Http404
    with in_language(request) as language:
        name = file_name("order", order.number or order.pk, language)
        header = (
            _("Work order"), _("Line"), _("Service"), _("Code"), _("Location"), _("Quantity"),
            _("Unit"), _("Price"), _("Currency"), _("Paid with"), _("Contract year"),
            _("Starts on"), _("Ends on"),
        )  # fmt: skip
        rows = list(_lines(order))
        if form == "csv":
            plain = ([c.decimal if isinstance(c, Money) else c for c in row] for row in rows)
            return csv_answer(name, header, plain)
        return workbook_answer(name, [Sheet(_("Work order"), header, rows)])


def _days(page: OrderPage) -> Iterator[tuple[date, str]]:
    """Today, or the last day once it is over; and the ends of the contract years before."""
    latest = min(page.today, page.last)
    is_over = page.last < page.today
    yield (latest, _("At the end of the order") if is_over else _("As of today"))
    for year in reversed(page.years):
        if year.last_day < latest:
            yield year.last_day, _("At the end of contract year %(n)s") % {"n": year.number}


def _statement(order: WorkOrder, day: date, words: str) -> Paper:
    return Paper(words, formats.day(day), _files(order, STATEMENT, f"&as_of={day.isoformat()}"))


def _papers(order: WorkOrder) -> list[Paper]:
    return [
        Paper(
            _("Invoices"),
            _("what is billed and when, by product family"),
            _files(order, INVOICES),
        ),
        Paper(
            _("Work order"),
            _("each line at each location, with its price"),
            _files(order, ORDER),
        ),
    ]


def _files(
    order: WorkOrder, kinds: tuple[tuple[str, str], ...], query: str = ""
) -> tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]:
    return tuple(
        (
            code,
            name,
            tuple(
                (kind, f"{reverse(f'workorders:{to}', args=[order.pk])}?lang={code}{query}")
                for kind, to in kinds
            ),
        )
        for code, name in settings.LANGUAGES
    )


def _lines(order: WorkOrder) -> Iterator[Row]:
    if order.base_price_minor:
        yield (
            order.number, 0, _("Base package"), "", _("All designated locations"), 1, "",
            Money(order.base_price_minor, order.currency), order.currency, "", None,
            order.starts_on, order.ends_on,
        )  # fmt: skip
    lines = WorkOrderLine.objects.filter(order=order).select_related("offering")
    for line in lines.prefetch_related("allocations__location"):
        yield from _shares(order, line)


def _shares(order: WorkOrder, line: WorkOrderLine) -> Iterator[Row]:
    """A line at each of its locations; the prices add up to that of the line."""
    allotted = [(str(one.location), one.quantity) for one in line.allocations.all()]
    places = allotted or [(_("All designated locations"), 1)]
    prices = shares(line.price_minor, [quantity for _place, quantity in places])
    for (place, quantity), price in zip(places, prices, strict=True):
        count = Decimal(quantity) / 60 if line.unit == Unit.MINUTE else quantity
        yield (
            order.number, line.position + 1, str(line.offering), line.offering.code, place,
            count, unit_name(line.unit), Money(price, order.currency), order.currency,
            line.get_funding_display(), line.flex_year, line.starts_on or order.starts_on,
            line.ends_on or order.ends_on,
        )  # fmt: skip
