"""Lines of a draft with their shares by location, their scopes and their tier tables."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import Max

from accounts.models import Location, User
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.models import Offering
from workorders.actions.orders.drafts import check_fields, count_edit, take_draft
from workorders.models import LineAllocation, LineScope, SpendTier, WorkOrder, WorkOrderLine
from workorders.models.orders import Funding
from workorders.queries.agreement import ProposedLine
from workorders.queries.fees import fee_of
from workorders.rules.amendment import check_amendment_funding
from workorders.rules.fees import Tier, check_tiers


@dataclass(frozen=True, slots=True)
class Scope:
    """What a line covers; `affiliate`: bought by the customer or an affiliate (2.4-AP3)."""

    kind: str
    identifier: str
    affiliate: bool = True


AMOUNTS = (
    "price_minor", "assessed_spend_usd_minor", "platform_price_minor", "floor_price_minor",
)  # fmt: skip
MOST_TIERS = 12

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
    platform_price_minor: int | None
    floor_price_minor: int | None
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
    tiers: Sequence[Tier] = (),
    version: int | None = None,
    **fields: Unpack[LineFields],
) -> WorkOrderLine:
    """Add a service to a draft. What stands against it is told by `check_order`.

    A line with a tier table and without a price takes the fee by that table (2.4-AP4).
    """
    draft = take_draft(order, version=version, by=by)
    last = WorkOrderLine.objects.filter(order=draft).aggregate(Max("position"))["position__max"]
    line = WorkOrderLine(
        order=draft, offering=offering, position=0 if last is None else last + 1, **fields
    )
    _save(draft, line, allocations, scopes, tiers)
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
    tiers: Sequence[Tier] | None = None,
    offering: Offering | None = None,
    version: int | None = None,
    **fields: Unpack[LineFields],
) -> WorkOrderLine:
    """Change a line of a draft; shares, scopes and tiers are replaced when they are given."""
    draft = take_draft(line.order, version=version, by=by)
    current = WorkOrderLine.objects.select_related("offering").get(pk=line.pk, order=draft)
    if offering is not None:
        current.offering = offering
    for name, value in fields.items():
        setattr(current, name, value)
    _save(draft, current, allocations, scopes, tiers)
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
    tiers: Sequence[Tier] = (),
    **fields: Unpack[LineFields],
) -> ProposedLine:
    """The line as it would be, for `check_order`; nothing is saved.

    Refuses what couldn't be saved at all, as `add_line` does.
    """
    row = WorkOrderLine(order=order, offering=offering, **fields)
    if line is not None:
        row.pk, row.position, row._state.adding = line.pk, line.position, False
    _check(row, allocations, scopes, tiers)
    _take_fee(row, tier_rows(row, tiers), order)
    return ProposedLine(
        row,
        tuple(allocations),
        tuple(
            LineScope(kind=s.kind, identifier=s.identifier, affiliate=s.affiliate) for s in scopes
        ),
        tier_rows(row, tiers),
    )


def tier_rows(line: WorkOrderLine, tiers: Sequence[Tier]) -> tuple[SpendTier, ...]:
    """A tier table as rows of its line, unsaved."""
    return tuple(
        SpendTier(
            line=line,
            up_to_usd_minor=None if tier.up_to is None else tier.up_to.minor,
            percent=tier.percent,
        )
        for tier in tiers
    )


def _save(
    draft: WorkOrder,
    line: WorkOrderLine,
    allocations: Shares | None,
    scopes: Scopes | None,
    tiers: Sequence[Tier] | None,
) -> None:
    if any(place.customer_id != draft.customer_id for place, _quantity in allocations or ()):
        raise ValueError("a line is allocated to locations of the order's customer")
    _check(line, allocations or (), scopes or (), tiers or ())
    kept = tuple(line.tiers.all()) if tiers is None and line.pk else tier_rows(line, tiers or ())
    _take_fee(line, kept, draft)
    line.save()
    if tiers is not None:
        line.tiers.all().delete()
        SpendTier.objects.bulk_create(kept)
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


def _take_fee(line: WorkOrderLine, tiers: Sequence[SpendTier], order: WorkOrder) -> None:
    """Where no price is agreed, the one that the tier table gives; none while it can't be told."""
    if not tiers or line.price_minor:
        return
    with suppress(Refused):
        line.price_minor = fee_of(line, tiers, order=order).result.minor


def _check(line: WorkOrderLine, allocations: Shares, scopes: Scopes, tiers: Sequence[Tier]) -> None:
    if line.funding == Funding.FLEX and line.flex_year is None:
        raise Refused("year_required", clause="2.2-F4", field="flex_year")
    if line.order.amends_id is not None:
        check_amendment_funding(line.funding)
    if line.funding != Funding.FLEX:
        line.flex_year = None
    for name in AMOUNTS:
        if (minor := getattr(line, name) or 0) < 0:
            currency = "USD" if name == "assessed_spend_usd_minor" else line.order.currency
            raise Refused("amount_invalid", field=name, amount=Money(minor, currency))
    check_fields(line)
    _check_tiers(line, tiers)
    _check_shares(allocations)
    _check_scopes(scopes)


def _check_shares(allocations: Shares) -> None:
    places = [place.pk for place, _quantity in allocations]
    if len(set(places)) < len(places):
        raise Refused("allocated_twice", clause="2.6-M4", field="allocations")
    for place, quantity in allocations:
        if quantity <= 0:
            raise Refused(
                "quantity_invalid",
                clause="2.6-M4",
                field="allocations",
                location=str(place),
                quantity=quantity,
            )
        check_fields(LineAllocation(quantity=quantity))


def _check_tiers(line: WorkOrderLine, tiers: Sequence[Tier]) -> None:
    if len(tiers) > MOST_TIERS:
        raise Refused("too_many_tiers", clause="2.4-AP4", field="tiers", most=MOST_TIERS)
    check_tiers(tiers)
    for row in tier_rows(line, tiers):
        check_fields(row)


def _check_scopes(scopes: Scopes) -> None:
    named = [(scope.kind, scope.identifier.strip()) for scope in scopes]
    if len(set(named)) < len(named):
        raise Refused("scope_twice", field="scopes")
    for kind, identifier in named:
        check_fields(LineScope(kind=kind, identifier=identifier))
