"""Asking for an exchange: refused or told to the other side; nothing moves."""

from datetime import UTC, datetime

import pytest

from accounts.models import Message
from accounts.rules.money import Money
from services.catalog.models import Availability
from tests import factories
from tests.workorders.exchanges.acts import NOW, ON, ask, euros, refused
from workorders.actions import holdings
from workorders.models import Exchange, Transfer

pytestmark = pytest.mark.django_db


@pytest.mark.clause("2.7-T22")
def test_asking_moves_nothing_and_tells_the_other_side(owed):
    administrator = factories.customer_administrator(owed.order.customer)
    before = Transfer.objects.count()
    asked = ask(owed, by=administrator, note="Plans changed")
    assert (asked.value_minor, asked.wanted_minor, asked.quantity) == (200_000, 200_000, 2)
    assert (asked.decided_at, Transfer.objects.count()) == (None, before)
    told = Message.objects.filter(subject_key=f"exchange:{asked.pk}:asked")
    assert {(one.recipient, one.channel) for one in told} == {
        (owed.order.created_by, "email"),
        (owed.order.created_by, "inbox"),
    }
    assert "Plans changed" in told.filter(channel="email").get().text


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"quantity": 5}, "insufficient_units"),
        ({"quantity": 0}, "quantity_invalid"),
        ({"wanted_quantity": 0}, "quantity_invalid"),
        ({"code": "advisory-support"}, "ineligible_service"),
        ({"code": "mcsap"}, "needs_amendment"),
        ({"price": Money(5, "USD")}, "wrong_currency"),
        ({"price": Money(0, "EUR")}, "value_required"),
        ({"now": datetime(2027, 1, 1, 9, tzinfo=UTC)}, "order_ended"),
        ({"note": "x" * 301}, "too_long"),
    ],
)
def test_what_can_t_be_exchanged_is_refused_and_nothing_is_written(owed, fields, code):
    assert refused(ask, owed, **fields).code == code
    assert not Exchange.objects.exists()


def test_the_same_request_waits_once(owed):
    ask(owed)
    assert refused(ask, owed).code == "already_asked"


def test_a_viewer_asks_for_nothing(owed):
    assert refused(ask, owed, by=factories.viewer(owed.order.customer)).code == "not_allowed"


@pytest.mark.clause("2.7-T22")
def test_what_is_used_up_or_without_a_price_is_not_exchanged(owed):
    holdings.reserve_units(entitlement=owed, quantity=4, subject_key="b", by=None, on=ON, now=NOW)
    assert refused(ask, owed, quantity=None).code == "already_used"
    free = factories.holding(owed.order, value=euros(0))
    assert refused(ask, free).code == "nothing_to_exchange"
    running = factories.holding(owed.order, unit="subscription", quantity=1)
    assert refused(ask, running, quantity=None).code == "already_used"


@pytest.mark.clause("2.7-T22", "2.7-T21")
def test_what_isn_t_sold_in_the_country_is_refused(owed):
    Availability.objects.create(
        offering_code="enhanced-designated-engineering", country="DE", available=False
    )
    assert refused(ask, owed).code == "not_available"


@pytest.mark.clause("2.6-M8")
def test_a_location_that_the_order_doesn_t_list_gets_nothing(owed):
    elsewhere = factories.location(owed.order.customer)
    assert refused(ask, owed, location=elsewhere).code == "location_not_listed"
