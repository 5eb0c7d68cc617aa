"""Value at risk and pace."""

from datetime import UTC, date, datetime

import pytest

from accounts.rules.money import Money
from tests import factories
from tests.workorders.queries.reads import SIGNED, act, queries_of
from workorders.actions import holdings
from workorders.queries.risk import in_usd, paces, risk_by_month, value_at_risk

pytestmark = pytest.mark.django_db


def test_what_will_lapse_is_told_by_month_and_urgency(draft, host, csam):
    factories.line(draft, quantity=2, price_minor=184_000, funding="flex", flex_year=1, at=host)
    factories.line(draft, quantity=1, price_minor=92_000, at=host)
    factories.line(draft, "proactive-credits", 10, price_minor=46_000, at=host)
    factories.line(draft, "unified-enhanced-response", 1, unit="subscription", price_minor=9,
                   at=host)  # fmt: skip
    order = factories.executed(draft)
    booked = order.entitlements.get(granted=2)
    holdings.reserve_units(**act(booked, 1, date(2026, 3, 1)))
    items = value_at_risk(csam, now=datetime(2026, 12, 1, 9, tzinfo=UTC))
    assert [(one.last_day, one.value.minor, one.usd_minor, one.urgency) for one in items] == [
        (date(2026, 12, 31), 92_000, 100_000, "within_90_days"),
        (date(2027, 12, 31), 92_000, 100_000, "later"),
        (date(2027, 12, 31), 46_000, 50_000, "later"),
    ]
    late = value_at_risk(csam, now=datetime(2027, 11, 2, 9, tzinfo=UTC), order=order)
    # After the request cut-off only credits can still be turned into something.
    assert [(one.entitlement.unit, one.urgency) for one in late] == [
        ("each", "past_cutoff"),
        ("credit", "within_90_days"),
    ]
    (december,) = risk_by_month(late)
    assert (december.month, december.usd_minor, december.total_usd_minor) == (
        date(2027, 12, 1),
        {"past_cutoff": 100_000, "within_90_days": 50_000, "later": 0},
        150_000,
    )
    assert value_at_risk(csam, now=datetime(2028, 1, 1, 9, tzinfo=UTC)) == []
    assert value_at_risk(factories.csam(), now=SIGNED) == []


def test_exchange_value_is_at_risk_in_its_year(draft, host, csam):
    order = factories.executed(draft)
    for year in (1, None):
        holdings.add_exchange_value(
            order=order,
            location=host,
            value=Money(100, "EUR"),
            flex_year=year,
            subject_key="b",
            by=None,
            on=date(2026, 3, 1),
            now=SIGNED,
        )
    items = value_at_risk(csam, now=datetime(2026, 5, 1, tzinfo=UTC))
    assert [(one.last_day, one.entitlement) for one in items] == [
        (date(2026, 12, 31), None),
        (date(2027, 12, 31), None),
    ]


def test_dollars_need_a_rate(draft, host, paris):
    euros = Money(92, "EUR")
    assert in_usd(Money(7, "USD"), draft) == 7
    assert in_usd(euros, draft) == 100
    assert in_usd(Money(92, "CHF"), draft) is None
    paris.currency = "CHF"
    paris.save()
    draft.order_locations.filter(location=paris).update(units_per_usd="0.50")
    assert in_usd(Money(92, "CHF"), draft) == 184
    draft.units_per_usd = None
    assert in_usd(euros, draft) is None


def test_risk_costs_the_same_with_one_and_with_thirty_entitlements(draft, host, csam):
    order = factories.executed(draft)
    factories.holding(order)

    def read():
        return value_at_risk(csam, now=SIGNED)

    first = queries_of(read)
    for _n in range(29):
        factories.holding(order)
    assert queries_of(read) == first <= 8


def test_pace_compares_use_with_the_term(draft, host, paris, csam):
    factories.line(draft, quantity=4, price_minor=400_000, at=host)
    factories.line(draft, "proactive-credits", 10, price_minor=100_000, at=host)
    order = factories.executed(draft)
    assert [(p.term_percent, p.used_percent, p.booked_percent) for p in paces([order], now=SIGNED)] \
        == [(0, 0, 0)]  # fmt: skip
    owed = order.entitlements.get(granted=4)
    holdings.reserve_units(**act(owed, 3, date(2026, 3, 1)))
    holdings.deliver_units(**act(owed, 1, date(2026, 3, 2)))
    factories.credit_value("DE", 50_000)
    holdings.redeem_credits(
        order=order,
        location=host,
        lines=[(factories.offering("workshops", order.edition), Money(100_000, "EUR"))],
        approved_on=date(2026, 4, 1),
        by=csam,
        now=datetime(2026, 4, 1, 9, tzinfo=UTC),
    )
    (pace,) = paces([order], now=datetime(2026, 12, 31, 12, tzinfo=UTC))
    # 100,000 delivered and 2 of 10 credits redeemed, worth 20,000, of 500,000.
    assert (pace.term_percent, pace.used_percent, pace.booked_percent) == (50, 24, 40)
    empty = factories.executed(factories.draft())
    assert paces([empty], now=SIGNED)[0].used_percent is None
