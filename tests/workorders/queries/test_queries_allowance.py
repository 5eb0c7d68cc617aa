"""The gauge of the flex allowance: each year and its use."""

from datetime import date

import pytest

from tests import factories
from tests.workorders.queries.reads import SIGNED, act
from workorders.actions import holdings, orders
from workorders.queries.flex import flex_gauges

pytestmark = pytest.mark.django_db


@pytest.mark.clause("2.2-F3", "2.2-F4", "2.2-F7")
def test_the_gauge_tells_each_years_allowance_and_its_use(draft, host):
    flex = {"funding": "flex", "flex_year": 1}
    factories.line(draft, quantity=3, price_minor=210_000, at=host, **flex)
    factories.line(draft, "custom-proactive-services", 1, price_minor=90_000, at=host, **flex)
    assert [
        (g.year.number, g.committed.minor, g.unallocated.minor) for g in flex_gauges(draft)
    ] == [
        (1, 300_000, 100_000),
        (2, 0, 400_000),
    ]
    order = factories.executed(draft)
    owed = order.entitlements.get(granted=3)
    holdings.reserve_units(**act(owed, 2, date(2026, 3, 1)))
    holdings.deliver_units(**act(owed, 1, date(2026, 3, 2)))
    first, second = flex_gauges(order)
    assert (first.year.first_day, first.year.last_day) == (date(2026, 1, 1), date(2026, 12, 31))
    assert (first.capped.minor, first.ceiling.result.minor) == (90_000, 400_000)
    assert [one.minor for one in (first.delivered, first.booked, first.open, first.lapsed)] == [
        70_000,
        70_000,
        160_000,
        0,
    ]
    assert (first.forfeited.result.minor, second.forfeited.result.minor) == (100_000, 400_000)


def test_without_a_rate_there_is_no_ceiling_to_show(draft):
    orders.change_order(order=draft, units_per_usd=None, by=draft.created_by, now=SIGNED)
    draft.refresh_from_db()
    assert [gauge.ceiling for gauge in flex_gauges(draft)] == [None, None]
