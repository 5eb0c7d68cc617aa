"""The findings of a draft, and what brings them about."""

from datetime import UTC, date, datetime

from services.catalog.models import Availability
from tests import factories
from workorders.actions import orders
from workorders.actions.orders import check_order

TODAY = date(2025, 12, 20)
NOW = datetime(2025, 12, 20, 9, tzinfo=UTC)
CLEAN: list[str] = []


def place_of(draft):
    return draft.order_locations.first().location


def found(draft, severity="error", on=TODAY):
    return [one.code for one in check_order(draft, on) if one.severity == severity]


def only(draft, code, on=TODAY):
    """The one finding of this code."""
    (finding,) = [one for one in check_order(draft, on) if one.code == code]
    return finding


def sold(code, **fields):
    """The offering is sold in Germany, with these particulars."""
    fields = {"available": True, "onsite": True, **fields}
    return Availability.objects.create(offering_code=code, country="DE", **fields)


def flex_line(draft, code="workshops", minor=1_000_000, **fields):
    return factories.line(draft, code, 1, funding="flex", flex_year=1, price_minor=minor, **fields)


def allot(draft, **years):
    return orders.set_flex_years(
        order=draft,
        allotments={int(year[1:]): amount for year, amount in years.items()},
        by=draft.created_by,
        now=NOW,
    )


def with_paris(draft, listed=True, **fields):
    paris = factories.location(draft.customer, name="Paris", country="FR", **fields)
    if listed:
        locations = {place_of(draft): None, paris: None}
        orders.set_locations(order=draft, locations=locations, by=draft.created_by, now=NOW)
        orders.change_order(order=draft, multi_country=True, by=draft.created_by, now=NOW)
        draft.refresh_from_db()
    return paris
