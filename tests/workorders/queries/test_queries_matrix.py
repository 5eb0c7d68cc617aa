"""The matrix of entitlements: where every unit stands."""

from datetime import date

import pytest

from accounts.rules.money import Money
from tests import factories
from tests.workorders.queries.reads import ENROLLED, act, queries_of
from workorders.actions import holdings
from workorders.queries.entitlements import entitlement_matrix

pytestmark = pytest.mark.django_db


def test_the_matrix_tells_where_every_unit_stands(draft, host, paris):
    factories.line(draft, price_minor=600_000, allocations=[(host, 4), (paris, 2)])
    factories.line(draft, "mcsap", 1, unit="subscription", scopes=ENROLLED, price_minor=900)
    order = factories.executed(draft)
    owed = order.entitlements.get(location=host, unit="each")
    holdings.reserve_units(**act(owed, 3, date(2026, 3, 1)))
    holdings.deliver_units(**act(owed, 1, date(2026, 3, 2)))
    holdings.charge_units(**act(owed, 1, date(2026, 3, 3)))
    matrix = entitlement_matrix(order)
    assert [place.name for place in matrix.locations] == ["Berlin", "Paris"]
    workshops, mcsap = matrix.rows
    assert [workshops.offering.code, mcsap.offering.code] == ["workshops", "mcsap"]
    berlin, in_paris = workshops.cells
    total = berlin.total
    assert (total.granted, total.left, total.reserved, total.delivered, total.charged) == (
        4, 1, 1, 1, 1,
    )  # fmt: skip
    assert (berlin.value_left, in_paris.value_left) == (
        Money(100_000, "EUR"),
        Money(200_000, "EUR"),
    )
    assert (workshops.total.granted, workshops.total.value_granted_minor) == (6, 600_000)
    assert mcsap.cells[1] is None


def test_a_location_contact_reads_their_column_alone(draft, host, paris):
    factories.line(draft, allocations=[(host, 4), (paris, 2)])
    order = factories.executed(draft)
    matrix = entitlement_matrix(order, viewer=factories.location_contact(paris))
    assert [place.name for place in matrix.locations] == ["Paris"]
    assert matrix.rows[0].total.granted == 2


def test_the_matrix_costs_the_same_with_one_and_with_thirty_entitlements(draft):
    factories.line(draft)
    order = factories.executed(draft)
    first = queries_of(lambda: entitlement_matrix(order))
    for _n in range(29):
        factories.holding(order)
    assert queries_of(lambda: entitlement_matrix(order)) == first <= 2
