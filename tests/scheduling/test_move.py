"""Moving a booking: cancel and book again in one act."""

from datetime import UTC, date, datetime

import pytest

from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.models import Booking
from tests import factories
from tests.scheduling.bookings import balances
from tests.scheduling.cancellations import ahead, booked_with_credits, cancel, exchange_value
from workorders.models import Deadline, Override

pytestmark = pytest.mark.django_db


def move(booking, days=20, **fields):
    values = {
        "starts_at": datetime(2027, 1, 14, 8, tzinfo=UTC),
        "ends_at": datetime(2027, 1, 14, 16, tzinfo=UTC),
        "reason": "The room is taken.",
        "by": booking.booked_by,
        "now": ahead(days),
    }
    return actions.move_booking(booking=booking, **{**values, **fields})


@pytest.mark.clause("2.7-T17", "2.7-T19")
def test_a_free_move_cancels_and_books_again():
    booking = factories.booking(title="Identity", note="Room 4", language="fr", attendees=9)
    new = move(booking)
    old = Booking.objects.get(pk=booking.pk)
    assert (old.moved_to, old.charge_minor, old.cancellation_reason) == (
        new,
        0,
        "The room is taken.",
    )
    assert (new.title, new.note, new.language_wanted, new.attendees) == (
        "Identity",
        "Room 4",
        "fr",
        9,
    )
    assert balances(booking.entitlement) == {"issued": 4, "available": 3, "reserved": 1}
    due = Deadline.objects.current().filter(kind="delivery")
    assert list(due.values_list("due_on", flat=True)) == [date(2027, 1, 14)]


@pytest.mark.clause("2.7-T19")
def test_a_late_move_costs_what_cancelling_costs_and_takes_another_unit():
    booking = factories.booking()
    move(booking, 10, agreed_loss=50_000)
    assert balances(booking.entitlement) == {
        "issued": 4,
        "available": 2,
        "charged": 1,
        "reserved": 1,
    }
    assert list(exchange_value(booking.order).values()) == [50_000]


@pytest.mark.clause("2.7-T19")
def test_a_late_move_of_the_last_unit_is_refused_as_a_whole():
    booking = factories.booking(factories.holding(factories.season(), quantity=1))
    with pytest.raises(Refused) as caught:
        move(booking, 10)
    assert caught.value.code == "insufficient_units"
    assert Booking.objects.get().cancelled_at is None
    assert balances(booking.entitlement) == {"issued": 1, "reserved": 1}


@pytest.mark.clause("2.7-T19")
def test_staff_waive_the_charge_of_a_move_with_a_reason_that_is_kept():
    booking = factories.booking(factories.holding(factories.season(), quantity=1))
    new = move(booking, 10, waive_reason="Our engineer asked for it.")
    old = Booking.objects.get(pk=booking.pk)
    assert (old.charge_minor, old.moved_to, old.cancelled_for) == (0, new, "customer")
    assert ["waived_percent", 50] in old.charge["steps"]
    override = Override.objects.get()
    assert (override.code, override.reason) == (
        "rescheduling_charge",
        "Our engineer asked for it.",
    )
    assert balances(booking.entitlement) == {"issued": 1, "reserved": 1}


@pytest.mark.clause("2.8-C20", "2.7-T19")
def test_a_move_after_the_cutoff_is_a_late_request_unless_it_is_waived():
    held = factories.holding(factories.season(ends_on=date(2027, 1, 31)))
    booking = factories.booking(held)  # the last day for requests is 2 December
    with pytest.raises(Refused) as caught:
        move(booking, 14)
    assert (caught.value.code, caught.value.clauses) == ("too_late", ("2.8-C20",))
    assert move(booking, 13, waive_reason="Agreed.").booked_at == ahead(13)


@pytest.mark.clause("2.7-T19", "2.3-PC2")
def test_a_late_move_of_what_credits_bought_buys_it_again():
    booking, (first, second) = booked_with_credits()
    new = move(booking, 10)
    assert new.entitlement != booking.entitlement
    assert balances(booking.entitlement) == {"issued": 1, "charged": 1}
    # Four of seven credits are kept, three come back, seven are spent anew.
    spent = balances(first).get("redeemed", 0) + balances(second).get("redeemed", 0)
    assert spent == 11


def test_a_free_move_keeps_what_credits_bought():
    booking, _lots = booked_with_credits()
    new = move(booking, 20)
    assert new.entitlement == booking.entitlement
    assert balances(new.entitlement) == {"issued": 1, "reserved": 1}


def test_only_managers_move_and_what_is_over_stays():
    held = factories.holding(factories.season())
    booking = factories.booking(held)
    with pytest.raises(Refused) as caught:
        move(booking, by=factories.customer_administrator(held.order.customer))
    assert caught.value.code == "not_allowed"
    cancel(booking, 20)
    with pytest.raises(Refused) as caught:
        move(booking)
    assert caught.value.code == "already_cancelled"


def test_the_same_key_moves_once():
    booking = factories.booking()
    new = move(booking, idempotency_key="m")
    assert move(booking, idempotency_key="m") == new
    assert Booking.objects.count() == 2
