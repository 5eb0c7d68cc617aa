"""Many clients on one balance: exactly what is there is spent, and without an error."""

from collections import Counter
from datetime import UTC, date, datetime
from threading import Barrier

import pytest

from accounts.http import idempotent
from accounts.models import IdempotencyKey
from accounts.rules.explained import Explained
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from tests import factories
from tests.parallel import at_once
from workorders.actions import holdings, orders
from workorders.actions.deadlines import set_deadline
from workorders.actions.lapses import lapse_entitlements
from workorders.actions.reminders import announce_deadlines
from workorders.models import Account, Exchange, Redemption, Transfer
from workorders.queries.ledger import verify_ledger

pytestmark = [
    pytest.mark.race,
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
]
ON = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CLIENTS = 32


@pytest.fixture
def order():
    factories.credit_value()
    return factories.executed(factories.draft())


def lots(order, *sizes):
    place = order.order_locations.get().location
    return [
        factories.holding(
            order,
            offering=factories.offering("proactive-credits", order.edition),
            location=place,
            unit="credit",
            quantity=size,
            usable_until=date(2026, 6 + number, 30),
        )
        for number, size in enumerate(sizes)
    ]


def redeem_one(order, key=""):
    workshops = factories.offering("workshops", order.edition)
    place = order.order_locations.get().location
    return holdings.redeem_credits(
        order=order,
        location=place,
        lines=[(workshops, Money.of(1000, "EUR"))],
        approved_on=ON,
        by=order.created_by,
        now=NOW,
        idempotency_key=key,
    )


def balance(bucket):
    return sum(
        Account.objects.filter(bucket=bucket, unit="credit").values_list("balance", flat=True)
    )


@pytest.mark.parametrize("sizes", [(10,), (3, 3, 4)])
def test_32_clients_redeem_the_last_10_credits_exactly(order, sizes):
    lots(order, *sizes)
    answers = at_once(lambda _n: len(redeem_one(order)), CLIENTS)
    assert Counter(answers) == {1: 10, "insufficient_credits": 22}
    assert (balance("available"), balance("redeemed")) == (0, 10)
    assert Redemption.objects.count() == 10
    assert verify_ledger().in_order


def test_without_the_guard_more_is_spent_than_there_is(order):
    """The twin: the same clients, reading a balance first and writing it back later."""
    (lot,) = lots(order, 10)
    account = Account.objects.get(entitlement=lot, bucket="available")

    def spend(_number):
        seen = Account.objects.get(pk=account.pk).balance
        if seen < 1:
            raise Refused("insufficient_credits")
        together.wait(timeout=30)
        Account.objects.filter(pk=account.pk).update(balance=seen - 1)
        return 1

    together = Barrier(CLIENTS)
    assert Counter(at_once(spend, CLIENTS)) == {1: 32}
    assert Account.objects.get(pk=account.pk).balance == 9
    assert not verify_ledger().in_order


def test_the_same_key_20_times_at_once_has_one_effect(order):
    lots(order, 10)
    answers = at_once(lambda _n: [one.pk for one in redeem_one(order, key="k")], 20)
    assert len({tuple(answer) for answer in answers}) == 1
    assert (Redemption.objects.count(), balance("redeemed")) == (1, 1)
    assert verify_ledger().in_order


def test_the_same_request_20_times_at_once_is_answered_alike(order):
    lots(order, 10)

    def request(_number):
        return idempotent(
            user=order.created_by,
            key="k",
            body={"credits": 1},
            now=NOW,
            act=lambda: (201, [one.pk for one in redeem_one(order)]),
        )

    answers = at_once(request, 20)
    assert {str(answer) for answer in answers} == {str(answers[0])}
    assert (Redemption.objects.count(), IdempotencyKey.objects.count()) == (1, 1)


def test_booking_and_releasing_against_one_another_never_deadlock(order):
    owed = factories.holding(order, quantity=16)
    act = {"entitlement": owed, "quantity": 1, "subject_key": "b", "by": None, "on": ON, "now": NOW}
    for _n in range(8):
        holdings.reserve_units(**act)
    moves = (
        holdings.reserve_units,
        holdings.release_units,
        holdings.charge_units,
        holdings.deliver_units,
    )
    answers = at_once(lambda number: bool(moves[number % 4](**act)), CLIENTS)
    assert set(answers) <= {True, "insufficient_units"}
    assert verify_ledger().in_order


def test_credits_moved_to_and_fro_never_deadlock(order):
    host = order.order_locations.get().location
    paris = factories.location(order.customer, name="Paris")
    order.order_locations.create(location=paris)
    for place in (host, paris):
        for until in (date(2026, 6, 30), date(2026, 9, 30)):
            factories.holding(
                order,
                offering=factories.offering("proactive-credits", order.edition),
                location=place,
                unit="credit",
                quantity=20,
                usable_until=until,
            )

    def move(number):
        source, target = (host, paris) if number % 2 else (paris, host)
        moved = holdings.transfer_credits(
            order=order,
            source=source,
            target=target,
            credits_moved=3,
            by=order.created_by,
            on=ON,
            now=NOW,
        )
        return moved.received

    assert at_once(move, CLIENTS) == [3] * CLIENTS
    assert balance("available") == 80
    assert verify_ledger().in_order


def test_an_order_is_executed_once():
    draft = factories.draft()
    factories.line(draft)

    def execute(_number):
        return bool(orders.execute_order(order=draft, by=draft.created_by, now=NOW))

    assert Counter(at_once(execute, 8)) == {True: 1, "already_executed": 7}
    assert Transfer.objects.filter(kind="grant").count() == 1


def test_of_two_edits_of_one_version_one_is_stale():
    draft = factories.draft()

    def edit(number):
        changed = orders.change_order(
            order=draft, title=f"Title {number}", by=draft.created_by, now=NOW, version=1
        )
        return changed.version

    assert Counter(at_once(edit, 8)) == {2: 1, "stale_edit": 7}


def test_sweeps_at_once_lapse_and_remind_once(order):
    factories.holding(order, usable_until=date(2026, 6, 30))
    later = datetime(2026, 7, 1, 9, tzinfo=UTC)
    assert sum(at_once(lambda _n: lapse_entitlements(now=later), 8)) == 1
    assert sum(at_once(lambda _n: announce_deadlines(now=datetime(2026, 10, 2, 9, tzinfo=UTC)), 8)) \
        == 4  # fmt: skip
    assert verify_ledger().in_order


def test_a_deadline_set_by_several_at_once_stands_once(order):
    expiry = order.deadlines.get(kind="expiry")

    def again(number):
        return set_deadline(
            kind="expiry",
            subject_key=expiry.subject_key,
            customer=order.customer,
            order=order,
            due=Explained(date(2026, 11, 1 + number)),
            zone="Europe/Berlin",
            owner="csam",
            now=NOW,
        ).pk

    assert len(at_once(again, 8)) == 8
    assert order.deadlines.current().filter(kind="expiry").count() == 1


def asked_exchanges(order, number):
    """As many requests for all four units of one entitlement, each for another service."""
    owed = factories.holding(order)
    offering = factories.offering("enhanced-designated-engineering", order.edition)
    return owed, [
        Exchange.objects.create(
            order=order,
            entitlement=owed,
            quantity=4,
            offering=offering,
            location=owed.location,
            wanted_quantity=1,
            value_minor=400_000,
            wanted_minor=300_000,
            currency="EUR",
            requested_at=NOW,
            requested_by=order.created_by,
        )
        for _n in range(number)
    ]


def make_exchange(exchange, key=""):
    return holdings.make_exchange(
        exchange=exchange,
        consent_of="Iris",
        by=exchange.order.created_by,
        now=NOW,
        idempotency_key=key,
    )


def test_parallel_exchanges_of_the_same_units_are_made_once(order):
    owed, asked = asked_exchanges(order, 16)
    answers = at_once(lambda n: bool(make_exchange(asked[n])), 16)
    assert Counter(answers) == {True: 1, "already_used": 15}
    assert Account.objects.get(entitlement=owed, bucket="exchanged").balance == 4
    assert Account.objects.get(holding="value", bucket="available").balance == 100_000
    assert verify_ledger().in_order


def test_without_the_guard_the_same_units_are_given_up_many_times(order):
    """The twin: what is left is read first and written back later."""
    owed, asked = asked_exchanges(order, 16)
    together = Barrier(16)

    def make(number):
        left = Account.objects.get(entitlement=owed, bucket="available")
        if left.balance < asked[number].quantity:
            raise Refused("already_used")
        together.wait(timeout=30)
        Account.objects.filter(pk=left.pk).update(balance=left.balance - 4)
        return True

    assert Counter(at_once(make, 16)) == {True: 16}
    assert not verify_ledger().in_order


def test_one_exchange_made_and_declined_at_once_is_decided_once(order):
    _owed, (asked,) = asked_exchanges(order, 1)

    def decide(number):
        if number % 2:
            return bool(make_exchange(asked))
        by = order.created_by
        return bool(holdings.decline_exchange(exchange=asked, reason="x", by=by, now=NOW))

    answers = Counter(at_once(decide, 16))
    assert answers == {True: 1, "already_decided": 15}
    assert verify_ledger().in_order


def test_the_same_exchange_20_times_at_once_under_one_key_has_one_effect(order):
    _owed, (asked,) = asked_exchanges(order, 1)
    answers = at_once(lambda _n: make_exchange(asked, key="k").received_id, 20)
    assert len(set(answers)) == 1
    assert Transfer.objects.filter(subject_key=f"exchange:{asked.pk}").count() == 3
