"""Use it or lose it: on the day after the last one, at the host location, once."""

from datetime import UTC, date, datetime

import pytest

from accounts.rules.money import Money
from services.catalog.queries import terms_of
from tests import factories
from workorders.actions import holdings, orders
from workorders.actions.lapses import lapse_entitlements
from workorders.models import Account, Transfer
from workorders.queries.lapsing import holdings_over
from workorders.queries.ledger import verify_ledger

pytestmark = [pytest.mark.django_db, pytest.mark.clause("2.7-T10", "2.2-F4", "0-C16")]


@pytest.fixture
def order():
    host = factories.host(time_zone="Asia/Shanghai")
    return factories.executed(factories.draft(host.customer, ends_on=date(2027, 12, 31)))


def standing(entitlement):
    rows = Account.objects.filter(entitlement=entitlement).exclude(balance=0)
    return dict(rows.values_list("bucket", "balance"))


NEW_YEAR = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)  # midnight in Shanghai


def test_nothing_lapses_on_the_last_day_and_all_of_it_on_the_next(order):
    owed = factories.holding(order, usable_until=date(2026, 12, 31), flex_year=1, funding="flex")
    longer = factories.holding(order)
    assert lapse_entitlements(now=NEW_YEAR.replace(hour=15, minute=59)) == 0
    assert lapse_entitlements(now=NEW_YEAR) == 1
    assert (standing(owed), standing(longer)) == (
        {"issued": 4, "lapsed": 4},
        {"issued": 4, "available": 4},
    )
    lapse = Transfer.objects.get(kind="lapse")
    assert (lapse.on, lapse.at, lapse.by, lapse.clauses) == (
        date(2027, 1, 1),
        NEW_YEAR,
        None,
        ["2.2-F4", "2.7-T10"],
    )
    assert verify_ledger().in_order


def test_a_second_sweep_finds_nothing(order):
    factories.holding(order, usable_until=date(2026, 12, 31))
    assert [lapse_entitlements(now=NEW_YEAR) for _ in range(2)] == [1, 0]


def test_a_late_sweep_dates_the_lapse_on_its_day(order):
    factories.holding(order, usable_until=date(2026, 6, 30))
    lapse_entitlements(now=NEW_YEAR)
    assert Transfer.objects.get(kind="lapse").on == date(2026, 7, 1)


def test_what_is_booked_lapses_once_it_is_released(order):
    owed = factories.holding(order, usable_until=date(2026, 12, 31))
    act = {"entitlement": owed, "subject_key": "b", "by": None, "now": NEW_YEAR}
    holdings.reserve_units(quantity=3, on=date(2026, 12, 1), **act)
    assert lapse_entitlements(now=NEW_YEAR) == 1
    assert standing(owed) == {"issued": 4, "reserved": 3, "lapsed": 1}
    holdings.release_units(quantity=3, on=date(2027, 1, 2), **act)
    later = datetime(2027, 1, 3, 9, tzinfo=UTC)
    assert lapse_entitlements(now=later) == 1
    assert standing(owed) == {"issued": 4, "lapsed": 4}
    assert Transfer.objects.filter(kind="lapse").latest("pk").on == date(2027, 1, 3)


def test_a_terminated_order_takes_everything_with_it(order):
    begun = factories.holding(order, usable_until=date(2026, 12, 31))
    later = factories.holding(order, usable_from=date(2027, 1, 1))
    orders.terminate_order(
        order=order,
        on=date(2026, 3, 15),
        reason="Merged",
        by=order.created_by,
        now=datetime(2026, 3, 1, tzinfo=UTC),
    )
    assert lapse_entitlements(now=datetime(2026, 3, 15, 15, 59, tzinfo=UTC)) == 0
    assert lapse_entitlements(now=datetime(2026, 3, 15, 16, 0, tzinfo=UTC)) == 2
    assert standing(begun) == standing(later) == {"issued": 4, "lapsed": 4}


def test_a_subscription_served_to_its_end_is_delivered_not_lost(order):
    owed = factories.holding(order, unit="subscription", quantity=1, usable_until=date(2026, 6, 30))
    lapse_entitlements(now=NEW_YEAR)
    assert standing(owed) == {"issued": 1, "delivered": 1}


@pytest.mark.parametrize(
    ("year", "before", "after"),
    [
        (1, datetime(2026, 12, 31, 15, 59, tzinfo=UTC), NEW_YEAR),
        (
            None,
            datetime(2027, 12, 31, 15, 59, tzinfo=UTC),
            datetime(2027, 12, 31, 16, 0, tzinfo=UTC),
        ),
    ],
)
def test_exchange_value_lapses_with_its_year_or_the_order(order, year, before, after):
    holdings.add_exchange_value(
        order=order,
        location=order.order_locations.get().location,
        value=Money(500, "EUR"),
        flex_year=year,
        subject_key="b",
        by=None,
        on=date(2026, 3, 1),
        now=factories.SIGNED,
    )
    assert (lapse_entitlements(now=before), lapse_entitlements(now=after)) == (0, 1)
    assert Account.objects.get(holding="value", bucket="lapsed").balance == 500


@pytest.mark.parametrize("holdings_there", [1, 20])
def test_an_idle_sweep_costs_two_queries_whatever_has_ended(
    order, holdings_there, django_assert_num_queries
):
    for _n in range(holdings_there):
        factories.holding(order, usable_until=date(2026, 6, 30))
    holdings.add_exchange_value(
        order=order,
        location=order.order_locations.get().location,
        value=Money(500, "EUR"),
        flex_year=2,
        subject_key="b",
        by=None,
        on=date(2026, 3, 1),
        now=factories.SIGNED,
    )
    assert lapse_entitlements(now=NEW_YEAR) == holdings_there
    terms_of(order.edition)
    with django_assert_num_queries(2):
        assert lapse_entitlements(now=NEW_YEAR) == 0
    assert holdings_over(now=NEW_YEAR) == []
