"""The statement: opens, moves, closes, and can be made again."""

from datetime import UTC, date, datetime

import pytest

from tests import factories
from tests.workorders.queries.reads import SIGNED, act, queries_of
from workorders.actions import holdings, ledger
from workorders.models import Transfer
from workorders.queries.statement_page import statement_page, whole

pytestmark = pytest.mark.django_db


@pytest.fixture
def moved(draft, host):
    """An order of four workshops: three booked in March, one delivered in April."""
    factories.line(draft, at=host)
    order = factories.executed(draft)
    owed = order.entitlements.get()
    holdings.reserve_units(**act(owed, 3, date(2026, 3, 1)))
    holdings.deliver_units(**act(owed, 1, date(2026, 4, 1)))
    return order


def test_a_statement_opens_moves_and_closes(moved, csam):
    made = statement_page(
        moved.customer,
        moved,
        cut=whole,
        viewer=csam,
        as_of=date(2026, 4, 30),
        since=date(2026, 3, 1),
    )
    (section,) = [one for one in made.sections if one.offering]
    assert (section.opening, section.closing) == (
        {"issued": 4, "available": 4},
        {"issued": 4, "available": 1, "reserved": 2, "delivered": 1},
    )
    assert [(one.transfer.kind, one.change, one.left) for one in section.movements] == [
        ("reserve", -3, 1),
        ("deliver", 0, 1),
    ]
    assert (section.opening_left, section.closing_left) == (4, 1)


def test_a_statement_of_any_past_day_can_be_made_again(moved, csam):
    def closing(as_of, **known):
        made = statement_page(moved.customer, moved, cut=whole, viewer=csam, as_of=as_of, **known)
        return [dict(one.closing) for one in made.sections if one.offering]

    before = closing(date(2026, 3, 31))
    assert before == [{"issued": 4, "available": 1, "reserved": 3}]
    late = Transfer.objects.get(kind="reserve")
    ledger.reverse(
        Transfer.objects.get(kind="deliver"),
        on=date(2026, 3, 15),
        now=datetime(2026, 5, 1, tzinfo=UTC),
        by=None,
        reason="Backdated",
    )
    assert closing(date(2026, 3, 31), known_at=SIGNED) == before
    assert late.amount == 3
    assert closing(date(2025, 12, 1)) == []


def test_sections_come_in_the_order_of_the_agreement(draft, host, paris, csam):
    factories.line(draft, funding="flex", flex_year=1, price_minor=100, at=paris, quantity=1)
    factories.line(draft, at=host)
    order = factories.executed(draft)
    made = statement_page(order.customer, order, cut=whole, viewer=csam, as_of=date(2026, 1, 1))
    names = [(one.holding, one.flex_year, str(one.location or "")) for one in made.sections]
    assert names == [
        ("flex", 1, ""),
        ("flex", 2, ""),
        ("entitlement", None, "Berlin"),
        ("entitlement", None, "Paris"),
    ]
    alone = statement_page(
        order.customer, order, cut=whole, viewer=csam, as_of=date(2026, 1, 1), location=paris
    )
    assert [str(one.location) for one in alone.sections] == ["Paris"]
    contact = statement_page(
        order.customer,
        order,
        cut=whole,
        viewer=factories.location_contact(paris),
        as_of=date(2026, 1, 1),
    )
    assert [str(one.location) for one in contact.sections] == ["Paris"]


def test_a_statement_is_some_queries_whatever_it_holds(moved, csam):
    options = {"cut": whole, "viewer": csam, "as_of": date(2026, 12, 31)}
    assert queries_of(lambda: statement_page(moved.customer, moved, **options)) <= 7
