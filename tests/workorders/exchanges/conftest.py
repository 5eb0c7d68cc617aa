"""What is given up: bought with money, with allowance, or left behind as value."""

from datetime import date
from decimal import Decimal

import pytest

from tests import factories
from tests.workorders.exchanges.acts import euros
from workorders.actions import holdings, orders


@pytest.fixture
def owed():
    """Four workshops of 1,000 euros each, bought with money."""
    return factories.holding()


@pytest.fixture
def funded():
    """Two years' allowance of 100,000 euros at 0.92 to the dollar: a ceiling of 46,000."""
    draft = factories.draft(ends_on=date(2027, 12, 31), units_per_usd=Decimal("0.92"))
    orders.set_flex_years(
        order=draft,
        allotments={1: 10_000_000, 2: 10_000_000},
        by=draft.created_by,
        now=factories.SIGNED,
    )
    draft.refresh_from_db()
    flex = {"funding": "flex", "flex_year": 1}
    factories.line(draft, quantity=6, price_minor=6_000_000, **flex)
    factories.line(draft, "proactive-credits", 300, price_minor=3_000_000, **flex)
    return factories.executed(draft)


@pytest.fixture
def left_behind(owed):
    """1,500 euros of exchange value that lasts with the order."""
    holdings.add_exchange_value(
        order=owed.order,
        location=owed.location,
        value=euros(1500),
        flex_year=None,
        subject_key="booking:1",
        by=None,
        on=date(2026, 2, 1),
        now=factories.SIGNED,
    )
    return owed.order
