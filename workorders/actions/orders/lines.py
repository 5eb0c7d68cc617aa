"""Lines of a draft with their shares by location and their scopes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import Max

from accounts.models import Location, User
from accounts.rules.refusal import Refused
from services.catalog.models import Offering
from workorders.actions.orders.drafts import check_fields, count_edit, take_draft
from workorders.models import LineAllocation, LineScope, WorkOrder, WorkOrderLine
from workorders.models.orders import Funding
from workorders.queries.agreement import ProposedLine


@dataclass(frozen=True, slots=True)
class Scope:
    """What a line covers; `affiliate`: bought by the customer or an affiliate (2.4-AP3)."""

    kind: str
    identifier: str
    affiliate: bool = True


Shares = Sequence[tuple[Location, int]]
Scopes = Sequence[Scope]


class LineFields(TypedDict, total=False):
    """What people write on a line."""

    unit: str
    price_minor: int
    funding: str
    flex_year: int | None
    starts_on: date | None
    ends_on: date | None
    sold_as: str
    sold_onsite: bool
    agreed_time_zone: str
    exhibit_reference: str
    assessed_spend_usd_minor: int | None
    floor_price_paid: bool
    plus_noted: bool
    note: str


@transaction.atomic
def add_line(
    *,
    order: WorkOrder,
    offering: Offering,
    by: User,
    now: datetime,
    allocations: Shares = (),
    scopes: Scopes = (),
    version: int | None = None,
    **fields: Unpack[LineFields],
) -> WorkOrderLine:
    """Add a service to a draft. What stands against it is told by `check_order`."""
    draft = take_draft(order, version=version, by=by)
    last = WorkOrderLine.objects.filter(order=draft).aggregate(Max("position"))["position__max"]
    line = WorkOrderLine(
        order=draft, offering=offering, position=0 if last is None else last + 1, **fields
    )
    _save(draft, line, allocations, scopes)
    count_edit(draft, by=by, now=now, change=f"line added: {offering.code}")
    return line


@transaction.atomic
def change_line(
    *,
    line: WorkOrderLine,
    by: User,
    now: datetime,
    allocations: Shares | None = None,
    scopes: Scopes | None = None,
    offering: Offering | None = None,
    version: int | None = None,
    **fields: Unpack[LineFields],
) -> WorkOrderLine:
    """Change a line of a draft; shares and scopes are replaced when they are given."""
    draft = take_draft(line.order, version=version, by=by)
    current = WorkOrderLine.objects.select_related("offering").get(pk=line.pk, order=draft)
    if offering is not None:
        current.offering = offering
    for name, value in fields.items():
        setattr(current, name, value)
    _save(draft, current, allocations, scopes)
    count_edit(draft, by=by, now=now, change=f"line changed: {current.offering.code}")
    return current


@transaction.atomic
def remove_line(
    *, line: WorkOrderLine, by: User, now: datetime, version: int | None = None
) -> WorkOrder:
    """Take a line off a draft."""
    draft = take_draft(line.order, version=version, by=by)
    current = WorkOrderLine.objects.select_related("offering").get(pk=line.pk, order=draft)
    code = current.offering.code
    current.delete()
    return count_edit(draft, by=by, now=now, change=f"line removed: {code}")


def propose_line(
    *,
    order: WorkOrder,
    offering: Offering,
    line: WorkOrderLine | None = None,
    allocations: Shares = (),
    scopes: Scopes = (),
    **fields: Unpack[LineFields],
) -> ProposedLine:
    """The line as it would be, for `check_order`; nothing is saved.

    Refuses what couldn't be saved at all, as `add_line` does.
    """
    row = WorkOrderLine(order=order, offering=offering, **fields)
    if line is not None:
        row.pk, row.position, row._state.adding = line.pk, line.position, False
    _check(row, allocations, scopes)
    return ProposedLine(
        row,
        tuple(allocations),
        tuple(
            LineScope(kind=s.kind, identifier=s.identifier, affiliate=s.affiliate) for s in scopes
        ),
    )


def _save(
    draft: WorkOrder, line: WorkOrderLine, allocations: Shares | None, scopes: Scopes | None
) -> None:
    if any(place.customer_id != draft.customer_id for place, _quantity in allocations or ()):
        raise ValueError("a line is allocated to locations of the order's customer")
    _check(line, allocations or (), scopes or ())
    line.save()
    if allocations is not None:
        line.allocations.all().delete()
        LineAllocation.objects.bulk_create(
            LineAllocation(line=line, location=place, quantity=quantity)
            for place, quantity in allocations
        )
    if scopes is not None:
        line.scopes.all().delete()
        LineScope.objects.bulk_create(
            LineScope(
                line=line,
                kind=scope.kind,
                identifier=scope.identifier.strip(),
                affiliate=scope.affiliate,
            )
            for scope in scopes
        )


def _check(line: WorkOrderLine, allocations: Shares, scopes: Scopes) -> None:
    if line.funding == Funding.FLEX and line.flex_year is None:
        raise Refused("year_required", clause="2.2-F4", field="flex_year")
    if line.funding != Funding.FLEX:
        line.flex_year = None
    if line.price_minor < 0:
        raise Refused("amount_invalid", field="price_minor")
    check_fields(line)
    _check_shares(allocations)
    _check_scopes(scopes)


def _check_shares(allocations: Shares) -> None:
    places = [place.pk for place, _quantity in allocations]
    if len(set(places)) < len(places):
        raise Refused("allocated_twice", clause="2.6-M4", field="allocations")
    for place, quantity in allocations:
        if quantity <= 0:
            raise Refused(
                "quantity_invalid", clause="2.6-M4", field="allocations", location=str(place)
            )
        check_fields(LineAllocation(quantity=quantity))


def _check_scopes(scopes: Scopes) -> None:
    named = [(scope.kind, scope.identifier.strip()) for scope in scopes]
    if len(set(named)) < len(named):
        raise Refused("scope_twice", field="scopes")
    for kind, identifier in named:
        check_fields(LineScope(kind=kind, identifier=identifier))
