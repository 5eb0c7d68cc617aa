"""Several people at once: PostgreSQL decides, and the twins show that it had to."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.models import QuerySet

from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.actions import bookings, checks
from services.scheduling.models import Booking, BookingQuerySet, ServiceRequest
from tests import factories
from tests.scheduling.bookings import balances
from tests.twins import move_without_looking
from workorders.actions import ledger, orders
from workorders.models import Account, Transfer
from workorders.queries.ledger import verify_ledger

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
NOW = factories.NOW


def at_once(number: int, act: Callable[[], Any]) -> list[str]:
    """Run `act` in so many threads from one moment on; what each of them got."""
    start = Barrier(number)

    def run(_number: int) -> str:
        start.wait()
        try:
            act()
        except Refused as refusal:
            return refusal.code
        except ValueError as bug:
            return f"bug: {bug}"
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(number) as pool:
        return sorted(pool.map(run, range(number)))


def cancel(booking, **fields):
    values = {
        "party": "customer",
        "reason": "Ill.",
        "by": booking.booked_by,
        "now": booking.starts_at - timedelta(days=10),
    }
    return actions.cancel_booking(booking=booking, **{**values, **fields})


def test_eight_bookings_of_the_last_unit_leave_one():
    held = factories.holding(factories.season(), quantity=1)
    got = at_once(8, lambda: factories.booking(held))
    assert got == ["done", *["insufficient_units"] * 7]
    assert Booking.objects.count() == 1
    assert balances(held) == {"issued": 1, "reserved": 1}
    assert verify_ledger().in_order


def without_holding_orders(monkeypatch) -> None:
    """Acts of one order no longer wait for one another."""
    for module in ("checks", "bookings", "requests"):
        monkeypatch.setattr(f"services.scheduling.actions.{module}.hold_order", lambda pk: None)


def test_without_the_ledger_s_guard_eight_bookings_would_stand(monkeypatch):
    held = factories.holding(factories.season(), quantity=1)
    without_holding_orders(monkeypatch)
    monkeypatch.setattr(ledger, "move_at_once", move_without_looking)
    monkeypatch.setattr(ledger, "take", list)
    got = at_once(8, lambda: factories.booking(held))
    assert got == ["done"] * 8


def test_two_cancellations_of_one_booking_have_one_effect():
    booking = factories.booking()
    got = at_once(6, lambda: cancel(booking))
    assert got == [*["already_cancelled"] * 5, "done"]
    assert balances(booking.entitlement) == {"issued": 4, "available": 3, "charged": 1}
    value = Account.objects.get(holding="value", bucket="available")
    assert value.balance == 50_000
    assert verify_ledger().in_order


def test_without_lock_and_condition_a_booking_would_be_cancelled_twice(monkeypatch):
    held = factories.holding(factories.season())
    booking = factories.booking(held, quantity=2)
    factories.booking(held, quantity=2)  # something for the second to take away
    meet = Barrier(2)

    def unguarded(one):
        stale = checks.reread(one)
        meet.wait()
        return stale

    monkeypatch.setattr("services.scheduling.actions.cancelling.take", unguarded)
    monkeypatch.setattr(BookingQuerySet, "standing", QuerySet.all)
    assert at_once(2, lambda: cancel(booking)) == ["done", "done"]
    assert balances(held)["charged"] == 2


def test_cancelling_and_delivering_at_once_leave_one_of_them():
    booking = factories.booking()
    after = booking.ends_at
    acts = iter(
        [
            lambda: cancel(booking, now=after),
            lambda: actions.deliver_booking(booking=booking, by=booking.booked_by, now=after),
        ]
    )
    chosen = [next(acts), next(acts)]
    got = at_once(2, lambda: chosen.pop()())
    assert got[1] == "done"
    assert got[0] in {"already_cancelled", "already_delivered"}
    assert Transfer.objects.filter(kind__in=["charge", "deliver"]).count() == 1
    assert verify_ledger().in_order


def test_the_same_key_at_once_books_once():
    held = factories.holding(factories.season())
    got = at_once(6, lambda: factories.booking(held, idempotency_key="k"))
    assert got == ["done"] * 6
    assert Booking.objects.count() == 1
    assert balances(held) == {"issued": 4, "available": 3, "reserved": 1}


def test_a_request_is_booked_once():
    asked = factories.service_request()
    got = at_once(
        4,
        lambda: actions.decide_request(
            service_request=asked,
            accept=True,
            by=asked.order.created_by,
            now=NOW,
            starts_at=factories.NOW + timedelta(days=57),
            ends_at=factories.NOW + timedelta(days=57, hours=2),
        ),
    )
    assert got == [*["already_decided"] * 3, "done"]
    assert ServiceRequest.objects.get().booking == Booking.objects.get()


def test_bookings_with_the_last_credits_buy_no_more_than_there_are():
    order = factories.season()
    factories.credit_value()
    lot = factories.holding(
        order,
        offering=factories.offering("proactive-credits", order.edition),
        unit="credit",
        quantity=5,
        value=factories.Money(500_000, "EUR"),
    )
    workshops = factories.offering("workshops", order.edition)
    got = at_once(
        6,
        lambda: bookings.book_with_credits(
            order=order,
            offering=workshops,
            value=factories.Money(200_000, "EUR"),
            location=lot.location,
            starts_at=NOW + timedelta(days=40),
            ends_at=NOW + timedelta(days=40, hours=2),
            by=order.created_by,
            now=NOW,
        ),
    )
    assert got == ["done", "done", *["insufficient_credits"] * 4]
    assert balances(lot) == {"issued": 5, "available": 1, "redeemed": 4}
    assert Booking.objects.count() == 2
    assert verify_ledger().in_order


def test_parallel_logs_of_the_last_hours_use_no_more_than_there_are():
    order = factories.season()
    held = factories.holding(
        order,
        offering=factories.offering("enhanced-designated-engineering", order.edition),
        unit="minute",
        quantity=300,
    )
    got = at_once(
        8,
        lambda: actions.log_hours(
            entitlement=held,
            worked_on=date(2026, 11, 20),
            minutes=90,
            note="Tuned.",
            by=order.created_by,
            now=NOW,
        ),
    )
    assert got == [*["done"] * 3, *["insufficient_hours"] * 5]
    assert balances(held) == {"issued": 300, "available": 30, "delivered": 270}
    assert verify_ledger().in_order


def test_the_same_key_at_once_buys_with_credits_and_books_once():
    order = factories.season()
    factories.credit_value()
    lot = factories.holding(
        order,
        offering=factories.offering("proactive-credits", order.edition),
        unit="credit",
        quantity=50,
        value=factories.Money(5_000_000, "EUR"),
    )
    workshops = factories.offering("workshops", order.edition)
    got = at_once(
        6,
        lambda: bookings.book_with_credits(
            order=order,
            offering=workshops,
            value=factories.Money(200_000, "EUR"),
            location=lot.location,
            starts_at=NOW + timedelta(days=40),
            ends_at=NOW + timedelta(days=40, hours=2),
            by=order.created_by,
            now=NOW,
            idempotency_key="k",
        ),
    )
    assert got == ["done"] * 6
    assert balances(lot) == {"issued": 50, "available": 48, "redeemed": 2}
    assert Booking.objects.count() == 1


# --- an order that ends early at the same moment ----------------------------------------------

ENDED_ON = date(2026, 11, 30)
PATIENCE = 30


def somebody_waits(act: "Future[str]") -> bool:
    """Whether a session of this database waits for a lock, or `act` is through already."""
    with connection.cursor() as cursor:
        # A transaction sees the activity of its first look unless it lets go of that.
        cursor.execute("select pg_stat_clear_snapshot()")
        cursor.execute(
            "select count(*) from pg_stat_activity"
            " where datname = current_database() and wait_event_type = 'Lock'"
        )
        return act.done() or cursor.fetchone()[0] > 0


@contextmanager
def in_a_thread(act: Callable[[], Any]):
    """Run `act` aside from a given moment on: yields (begin, what it got)."""
    begin = Event()

    def run() -> str:
        begin.wait(PATIENCE)
        try:
            act()
        except Refused as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(1) as pool:
        yield begin, pool.submit(run)


def while_it_ends(order, act: Callable[[], Any]) -> str:
    """What `act` gets that begins after the order was ended, and before that was committed."""
    with in_a_thread(act) as (begin, got):
        with transaction.atomic():
            orders.terminate_order(
                order=order, on=ENDED_ON, reason="Sold.", by=order.created_by, now=NOW
            )
            begin.set()
            for _look in range(PATIENCE * 100):
                if somebody_waits(got):
                    break
                Event().wait(0.01)
        return got.result(PATIENCE)


LATER = {
    "starts_at": NOW + timedelta(days=30),
    "ends_at": NOW + timedelta(days=30, hours=2),
}


def acts_on(order) -> dict[str, Callable[[], Any]]:
    """What would lie after the order's new end."""
    held = factories.holding(order)
    booked = factories.booking(factories.holding(order))
    asked = factories.service_request(factories.holding(order))
    return {
        "book": lambda: factories.booking(held, **LATER),
        "move": lambda: actions.move_booking(
            booking=booked, by=booked.booked_by, now=NOW, reason="Ill.", **LATER
        ),
        "request": lambda: factories.service_request(held),
        "answer": lambda: actions.decide_request(
            service_request=asked, accept=True, by=order.created_by, now=NOW, **LATER
        ),
    }


@pytest.mark.parametrize("name", ["book", "move", "request", "answer"])
def test_nothing_is_booked_or_asked_for_after_an_end_that_is_set_at_that_moment(name):
    order = factories.season()
    act = acts_on(order)[name]
    before = (Booking.objects.count(), ServiceRequest.objects.waiting().count())
    assert while_it_ends(order, act) == "order_ended"
    assert (Booking.objects.count(), ServiceRequest.objects.waiting().count()) == before
    assert not Booking.objects.exclude(cancelled_at=None).exists()
    assert verify_ledger().in_order


@pytest.mark.parametrize("name", ["book", "move", "request", "answer"])
def test_without_holding_the_order_it_would_stand_after_the_end(monkeypatch, name):
    order = factories.season()
    act = acts_on(order)[name]
    without_holding_orders(monkeypatch)
    assert while_it_ends(order, act) == "done"


def test_acts_on_one_booking_and_the_end_of_its_order_never_wait_for_each_other():
    order = factories.season()
    held = factories.holding(order, quantity=20)
    booked = [factories.booking(held) for _n in range(4)]

    def end():
        orders.terminate_order(
            order=order, on=ENDED_ON, reason="Sold.", by=order.created_by, now=NOW
        )

    queue = [
        end,
        *(lambda one=one: cancel(one) for one in booked[:2]),
        *(
            lambda one=one: actions.move_booking(
                booking=one,
                starts_at=one.starts_at + timedelta(hours=1),
                ends_at=one.ends_at + timedelta(hours=1),
                by=one.booked_by,
                now=NOW,
                reason="Ill.",
            )
            for one in booked[1:]
        ),
        *(lambda: factories.booking(held) for _n in range(3)),
    ]
    got = at_once(len(queue), lambda: queue.pop()())
    assert "done" in got
    assert set(got) <= {"done", "order_ended", "already_cancelled"}
    assert verify_ledger().in_order
