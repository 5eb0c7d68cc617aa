"""The statement of an order as of a date, on the screen and as a file."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from accounts.http.tables import csv_answer
from accounts.models import Location
from accounts.rules.money import Money
from workorders.forms.filters import StatementForm
from workorders.models import Account, WorkOrder
from workorders.models.orders import Unit
from workorders.queries.statement import Movement, Section, Statement, statement
from workorders.views.access import clock_of, order_of, viewer
from workorders.views.order_page import trail_of
from workorders.wording.units import unit_name

Bucket = Account.Bucket


@require_safe
def order_statement(request: SignedInRequest, pk: int) -> HttpResponse:
    """What stood, what moved and why, what stands, for one location or all."""
    order = order_of(request, pk)
    now, today, zone = clock_of(order)
    form, found = _statement(request, order, today)
    trail = trail_of(request, order)
    context = {
        "order": order,
        "edition_code": order.edition.code,
        "form": form,
        "statement": found,
        "now": now,
        "zone": zone,
        "today": today,
        "trail": [
            *trail[:-1],
            (reverse("workorders:order-detail", args=[order.pk]), order.number),
            ("", _("Statement")),
        ],
    }
    fragment = "#results" if request.htmx else ""
    return render(request, f"workorders/order_statement.html{fragment}", context)


@require_safe
def statement_export(request: SignedInRequest, pk: int) -> HttpResponse:
    """The same statement as CSV, one line a movement, with opening and closing balances."""
    order = order_of(request, pk)
    _now, today, _zone = clock_of(order)
    _form, found = _statement(request, order, today)
    header = (
        _("Location"), _("What"), _("Unit"), _("Counts on"), _("Movement"), _("From bucket"),
        _("To bucket"), _("Quantity"), _("Change of what is left"), _("Left"), _("By"),
        _("Clauses"), _("Reason"),
    )  # fmt: skip
    name = f"statement-{order.pk}-{found.as_of if found else today}"
    return csv_answer(name, header, _lines(found) if found else ())


def _statement(
    request: SignedInRequest, order: WorkOrder, today: date
) -> tuple[StatementForm, Statement | None]:
    person = viewer(request)
    locations = Location.objects.visible_to(person).filter(order_locations__order=order)
    form = StatementForm(
        {"as_of": today.isoformat(), **request.GET.dict()}, order=order, locations=locations
    )
    if not form.is_valid():
        return form, None
    data: dict[str, Any] = form.cleaned_data
    found = statement(
        order,
        viewer=person,
        as_of=data["as_of"] or today,
        since=data["since"],
        location=data["location"],
    )
    return form, found


def _lines(found: Statement) -> Iterator[tuple[object, ...]]:
    for section in found.sections:
        yield _balance(section, found.since, _("Opening balance"), section.opening_left)
        for movement in section.movements:
            yield _line(section, movement)
        yield _balance(section, found.as_of, _("Closing balance"), section.closing_left)


def _head(section: Section) -> tuple[object, object, object]:
    what = section.offering or _("Flex allowance, year %(n)s") % {"n": section.flex_year}
    return section.location or "", what, unit_name(section.unit)


def _balance(section: Section, day: date, words: str, left: int) -> tuple[object, ...]:
    place, what, unit = _head(section)
    shown = _figure(left, section.unit)
    return (str(place), str(what), str(unit), day, words, "", "", "", "", shown, "", "", "")


def _line(section: Section, movement: Movement) -> tuple[object, ...]:
    place, what, unit = _head(section)
    row = movement.transfer
    return (
        str(place), str(what), str(unit), row.on, row.get_kind_display(),
        Bucket(movement.from_bucket).label, Bucket(movement.to_bucket).label,
        _figure(row.amount, section.unit), _figure(movement.change, section.unit),
        _figure(movement.left, section.unit), str(row.by or ""), " ".join(row.clauses),
        row.reason,
    )  # fmt: skip


def _figure(amount: int, unit: str) -> object:
    """As a spreadsheet reckons with it: hours for minutes, major units for money."""
    if unit == Unit.MINUTE:
        return Decimal(amount) / 60
    if unit not in Unit.values:
        return Money(amount, unit).decimal
    return amount
