"""What stands against one line of an order: eligibility, money, places, quantities, papers."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeAlias
from zoneinfo import available_timezones

from accounts.models import Location
from accounts.rules.money import Money
from accounts.rules.refusal import Named, Refused
from accounts.wording.formats import country
from services.catalog.models import Offering
from services.catalog.rules.offering import Mode, choose_mode
from workorders.models import LineScope
from workorders.models.orders import Funding, Unit
from workorders.queries.agreement import Agreement, OrderedLine
from workorders.queries.fees import fee_of
from workorders.queries.findings import Finding, from_refusal
from workorders.queries.offered import unsold
from workorders.queries.spending import draws
from workorders.rules.flex import FlexUse, check_allocation
from workorders.rules.locations import check_assignment, check_planning
from workorders.rules.mcsap import mcsap_plus_eligible
from workorders.rules.purchase import (
    Assistance,
    Note,
    Quantity,
    check_assistance,
    check_purchase,
    sells_assistance,
)

Check: TypeAlias = Callable[[Agreement, OrderedLine], Iterator[Finding]]

# In what a service can be counted, by its unit of sale; anything else by deliveries.
UNITS_OF_SALE: dict[str, frozenset[str]] = {
    "hour": frozenset({Unit.MINUTE}),
    "predefined_or_hour": frozenset({Unit.EACH, Unit.MINUTE}),
    "day": frozenset({Unit.DAY}),
    "credit": frozenset({Unit.CREDIT}),
    "attendee_or_dedicated": frozenset({Unit.ATTENDEE, Unit.EACH}),
    "event": frozenset({Unit.EVENT}),
    "tenant": frozenset({Unit.TENANT}),
    "subscription": frozenset({Unit.SUBSCRIPTION}),
    "subscription_with_fixed_hours": frozenset({Unit.SUBSCRIPTION, Unit.MINUTE}),
    "tiered_fee_on_azure_spend": frozenset({Unit.SUBSCRIPTION, Unit.EACH}),
}
# Who is bound to a location before its delivery is planned (2.5-ED8).
EDE_FIRST = "2.5-ED8"
BY_DELIVERY = frozenset({Unit.EACH})


def line_findings(agreement: Agreement, one: OrderedLine) -> Iterator[Finding]:
    """What stands against this line, in the order in which people correct it."""
    seen: set[tuple[str, str]] = set()
    for check in CHECKS:
        for finding in check(agreement, one):
            if (finding.code, finding.field) not in seen:
                seen.add((finding.code, finding.field))
                yield finding


def units_for(offering: Offering) -> frozenset[str]:
    """The units in which an order can count this offering."""
    return UNITS_OF_SALE.get(offering.unit_of_sale, BY_DELIVERY)


def _offering(agreement: Agreement, one: OrderedLine) -> Iterator[Finding]:
    if one.facts.is_group:
        yield Finding("family_not_sold", clauses=("2.3-P1",), field="offering", line=one.line)
    if one.line.offering.edition_id != agreement.order.edition_id:
        editions = {
            "other": one.line.offering.edition.code,
            "edition": agreement.order.edition.code,
        }
        yield Finding("other_edition", "error", ("1-A1",), "offering", editions, one.line)


def _funding(agreement: Agreement, one: OrderedLine) -> Iterator[Finding]:
    funding = one.line.funding
    if funding == Funding.CREDITS:
        yield Finding("redeem_credits", clauses=("2.3-PC1",), field="funding", line=one.line)
    if funding != Funding.INCLUDED:
        return
    if one.facts.is_additional:
        yield Finding("not_included", clauses=("2.3-P1",), field="funding", line=one.line)
    elif one.price_minor:
        price = {"price": agreement.money(one.price_minor)}
        yield Finding("included_without_price", "error", ("2.3-P1",), "price", price, one.line)


def _value(agreement: Agreement, one: OrderedLine) -> Iterator[Finding]:
    """Exchange value pays what is there, for a line of an amendment (X-04)."""
    if one.line.funding != Funding.VALUE:
        return
    if one.price_minor <= 0:
        yield Finding("amount_required", clauses=("2.7-T22",), field="price", line=one.line)
        return
    try:
        draws(agreement, only=one)
    except Refused as refused:
        yield from_refusal(refused, line=one.line)


def _purchase(agreement: Agreement, one: OrderedLine) -> Iterator[Finding]:
    if one.line.funding == Funding.INCLUDED and not one.facts.is_additional:
        return
    places: list[tuple[Location | None, int]] = [*one.allocations] or [(None, 1)]
    for location, quantity in places:
        row = agreement.sold.get((one.facts.code, location.country)) if location else None
        bought = _bought(agreement, one, location) if location else 0
        try:
            notes = check_purchase(
                one.facts,
                on=agreement.purchase_day,
                base=agreement.base,
                request_terms=agreement.terms.request,
                listed=agreement.purchasable,
                available=row is None or row.is_sold(agreement.purchase_day) is not False,
                quantity=Quantity(quantity, bought, row.max_quantity if row else None),
                tenants=len(one.scopes_of(LineScope.Kind.TENANT)),
            )
        except Refused as refused:
            if refused.code == "not_available" and location is not None:
                refused = unsold(one.line.offering, location)
            yield from_refusal(refused, line=one.line)
            continue
        yield from _warnings(notes, one)
        if location is not None and row is None:
            where = {"country": Named(location.country, country(location.country))}
            yield Finding("ask_representative", "warning", ("1-A5",), "offering", where, one.line)


def _warnings(notes: Iterable[Note], one: OrderedLine) -> Iterator[Finding]:
    for note in notes:
        if note.code == "exhibit_expected":  # said by its own check, as an error
            continue
        figures = {"last_day": note.last_day} if note.last_day else {}
        yield Finding(note.code, "warning", _ids(note.clause), "offering", figures, one.line)


def _bought(agreement: Agreement, one: OrderedLine, location: Location) -> int:
    """What the customer has of it there already: by other orders and by lines above."""
    above = one.bought_above.get(location.pk, 0)
    return agreement.owned.get((one.facts.code, location.pk), 0) + above


def _flex(agreement: Agreement, one: OrderedLine) -> Iterator[Finding]:
    if one.line.funding != Funding.FLEX:
        return
    year = one.line.flex_year or 0
    if year not in {known.number for known in agreement.years}:
        yield Finding(
            "no_such_year",
            clauses=("2.2-F4", "0-C12"),
            field="flex_year",
            figures={"year": year, "years": len(agreement.years)},
            line=one.line,
        )
        return
    if one.price_minor <= 0:
        yield Finding("amount_required", clauses=("2.2-F1",), field="price", line=one.line)
        return
    try:
        check_allocation(
            agreement.terms.flex,
            FlexUse(one.facts, agreement.money(one.price_minor)),
            allocated=one.taken_above,
            allotment=agreement.allotments.get(year, agreement.money(0)),
            units_per_usd=agreement.order.units_per_usd,
        )
    except Refused as refused:
        yield from_refusal(refused, line=one.line)


def _places(agreement: Agreement, one: OrderedLine) -> Iterator[Finding]:
    if not one.allocations:
        if EDE_FIRST in one.facts.clauses and agreement.order.multi_country:
            yield from _planned_nowhere(agreement, one)
        elif one.facts.is_additional:
            yield Finding(
                "location_required", clauses=("2.6-M4",), field="allocations", line=one.line
            )
        return
    try:
        check_assignment(
            one.facts,
            [agreement.places[location.pk] for location, _number in one.allocations],
            under_own_order=agreement.is_own_order,
        )
    except Refused as refused:
        yield from_refusal(refused, line=one.line)


def _planned_nowhere(agreement: Agreement, one: OrderedLine) -> Iterator[Finding]:
    """Planning begins with the order at the latest, so its location is known before."""
    try:
        check_planning(multi_country=True, allocated_on=None, planning_on=agreement.order.starts_on)
    except Refused as refused:
        yield replace(from_refusal(refused, line=one.line), field="allocations")


def _quantities(agreement: Agreement, one: OrderedLine) -> Iterator[Finding]:
    expected = units_for(one.line.offering)
    if one.line.unit not in expected:
        yield Finding(
            "unit_mismatch",
            clauses=("2.6-M4",),
            field="unit",
            figures={"unit": Unit(one.line.unit), "expected": sorted(expected)},
            line=one.line,
        )
    elif sells_assistance(one.facts) and one.quantity:
        mode: Mode = "onsite" if one.line.sold_onsite else "remote"
        try:
            check_assistance(
                agreement.terms.assessment,
                Assistance(one.quantity, mode),
                onsite_in_region=_onsite_in_region(agreement, one),
            )
        except Refused as refused:
            yield from_refusal(refused, line=one.line)


def _onsite(agreement: Agreement, one: OrderedLine) -> Iterator[Finding]:
    if not one.line.sold_onsite:
        return
    try:
        choose_mode(
            one.facts,
            "onsite",
            sold_as_onsite=True,
            onsite_in_region=_onsite_in_region(agreement, one),
        )
    except Refused as refused:
        yield from_refusal(refused, line=one.line)


def _onsite_in_region(agreement: Agreement, one: OrderedLine) -> bool:
    rows = [agreement.sold.get((one.facts.code, place.country)) for place, _n in one.allocations]
    return all(row is None or row.onsite for row in rows)


def _papers(agreement: Agreement, one: OrderedLine) -> Iterator[Finding]:
    line = one.line
    if one.facts.exhibit == "required" and not line.exhibit_reference.strip():
        yield Finding(
            "exhibit_required", clauses=("2.4-G1", "2.5-G1"), field="exhibit_reference", line=line
        )
    zone = line.agreed_time_zone
    if zone and zone not in available_timezones():
        yield Finding(
            "unknown_time_zone",
            clauses=("2.3-RE24",),
            field="agreed_time_zone",
            figures={"zone": zone},
            line=line,
        )
    elif not zone and one.facts.business_hours == "standard_agreed_zone":
        yield Finding(
            "agreed_zone_required", clauses=("2.3-RE24",), field="agreed_time_zone", line=line
        )


def _scopes(agreement: Agreement, one: OrderedLine) -> Iterator[Finding]:
    enrolled = one.scopes_of(LineScope.Kind.SUBSCRIPTION)
    if one.is_mcsap and not any(scope.affiliate for scope in enrolled):
        yield Finding("subscription_required", clauses=("2.4-AP2",), field="scopes", line=one.line)
    for scope in one.scopes:
        if not scope.affiliate:
            yield Finding(
                "scope_excluded",
                "warning",
                ("2.4-AP3",),
                "scopes",
                {"identifier": scope.identifier},
                one.line,
            )
    if one.facts.subcategory == "designated" and not one.scopes_of(LineScope.Kind.PRODUCT):
        yield Finding("products_expected", "warning", ("2.5-ED11",), "scopes", {}, one.line)


def _plus(agreement: Agreement, one: OrderedLine) -> Iterator[Finding]:
    if one.is_mcsap_plus:
        spend = Money(one.line.assessed_spend_usd_minor or 0, "USD")
        eligible = mcsap_plus_eligible(
            agreement.terms.mcsap,
            spend_at_execution=spend,
            floor_price_paid=one.line.floor_price_paid,
            noted_on_order=one.line.plus_noted,
        )
        if not eligible.result:
            yield Finding(
                "plus_not_eligible",
                clauses=eligible.clauses,
                field="assessed_spend_usd_minor",
                figures=dict(eligible.inputs + eligible.steps),
                line=one.line,
            )


def _fee(agreement: Agreement, one: OrderedLine) -> Iterator[Finding]:
    """The price against the tier table and the floor price of the order (2.4-AP4, 2.4-AP6)."""
    line, floor = one.line, one.line.floor_price_minor
    if line.floor_price_paid and floor is None:
        yield Finding(
            "floor_price_expected", "warning", ("2.4-AP6",), "floor_price_minor", {}, line
        )
    elif line.floor_price_paid and one.price_minor < (floor or 0):
        yield Finding(
            "below_floor_price",
            clauses=("2.4-AP6",),
            field="price",
            figures={"floor": agreement.money(floor or 0)},
            line=line,
        )
    if not one.tiers:
        return
    try:
        fee = fee_of(line, one.tiers, order=agreement.order)
    except Refused as refused:
        yield from_refusal(refused, line=line)
        return
    if fee.result.minor != one.price_minor:
        figures = {"fee": fee.result, "price": agreement.money(one.price_minor)}
        yield Finding("fee_differs", "warning", ("2.4-AP4",), "price", figures, line)


def _days(agreement: Agreement, one: OrderedLine) -> Iterator[Finding]:
    """The line's own days within the term; MCSAP may outlive it, suspended (2.4-AP46)."""
    order, line = agreement.order, one.line
    first, last = line.starts_on or order.starts_on, line.ends_on or order.ends_on
    term = {
        "starts_on": first,
        "ends_on": last,
        "first_day": order.starts_on,
        "last_day": order.ends_on,
    }
    if not order.starts_on <= first <= order.ends_on:
        yield Finding("outside_term", "error", ("2.1-B8",), "starts_on", term, line)
    elif last < first:
        yield Finding("ends_before_start", "error", ("0-C16",), "ends_on", term, line)
    elif last > order.ends_on:
        outlives = one.facts.co_termination == "suspended"
        yield Finding(
            "suspended_without_base" if outlives else "ends_with_agreement",
            "warning",
            ("2.4-AP46",) if outlives else ("0-C16", "2.1-B1"),
            "ends_on",
            term,
            line,
        )
    yield from _funded_days(agreement, one)


def _funded_days(agreement: Agreement, one: OrderedLine) -> Iterator[Finding]:
    """A service paid with a year's allowance needs a day of that year to be used (2.2-F4)."""
    year = next((y for y in agreement.years if y.number == one.line.flex_year), None)
    if one.line.funding != Funding.FLEX or year is None:
        return
    figures = {"year": year.number, "first_day": year.first_day, "last_day": year.last_day}
    begins = max(one.line.starts_on or year.first_day, agreement.on)
    ends = one.line.ends_on or year.last_day
    if begins > year.last_day or ends < year.first_day:
        yield Finding("outside_contract_year", "error", ("2.2-F4",), "flex_year", figures, one.line)


def _ids(clause: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in clause.split(","))


CHECKS: tuple[Check, ...] = (
    _offering,
    _funding,
    _flex,
    _value,
    _purchase,
    _places,
    _quantities,
    _onsite,
    _papers,
    _scopes,
    _plus,
    _fee,
    _days,
)
