"""Credits buy a service and book it in one act."""

from datetime import UTC, datetime

import pytest

from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.models import Booking
from tests import factories
from tests.scheduling.bookings import NOW, balances

pytestmark = pytest.mark.django_db


def credits_held(quantity=10):
    order = factories.season()
    factories.credit_value()
    lot = factories.holding(
        order,
        offering=factories.offering("proactive-credits", order.edition),
        unit="credit",
        quantity=quantity,
        value=Money(quantity * 100_000, "EUR"),
    )
    return order, lot


def with_credits(order, value="4600.00", **fields) -> Booking:
    values = {
        "offering": factories.offering("workshops", order.edition),
        "value": Money.of(value, "EUR"),
        "location": order.order_locations.first().location,
        "starts_at": datetime(2026, 12, 17, 8, tzinfo=UTC),
        "ends_at": datetime(2026, 12, 17, 16, tzinfo=UTC),
        "by": order.created_by,
        "now": NOW,
    }
    return actions.book_with_credits(order=order, **{**values, **fields})


@pytest.mark.clause("2.3-PC3")
def test_credits_buy_a_service_and_book_it_in_one_act():
    order, lot = credits_held()
    booking = with_credits(order)
    assert balances(lot) == {"issued": 10, "available": 5, "redeemed": 5}
    assert balances(booking.entitlement) == {"issued": 1, "reserved": 1}
    assert booking.fee_minor == 460_000


def test_a_refused_booking_redeems_nothing():
    order, lot = credits_held()
    with pytest.raises(Refused) as caught:
        with_credits(order, mode="onsite")
    assert caught.value.code == "written_agreement_required"
    assert balances(lot) == {"issued": 10, "available": 10}


@pytest.mark.clause("2.3-PC3")
def test_too_few_credits_book_nothing():
    order, lot = credits_held(4)
    with pytest.raises(Refused) as caught:
        with_credits(order)
    assert caught.value.code == "insufficient_credits"
    assert not Booking.objects.exists()
    assert balances(lot) == {"issued": 4, "available": 4}


def test_the_same_key_books_once():
    order, lot = credits_held()
    first = with_credits(order, idempotency_key="k1")
    assert with_credits(order, idempotency_key="k1") == first
    assert balances(lot) == {"issued": 10, "available": 5, "redeemed": 5}
    held = factories.holding(order)
    again = factories.booking(held, idempotency_key="k2")
    assert factories.booking(held, idempotency_key="k2") == again
    assert balances(held)["reserved"] == 1
