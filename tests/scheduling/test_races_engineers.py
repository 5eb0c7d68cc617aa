"""One engineer, sixteen bookings at once: PostgreSQL's constraint decides, and had to."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, connections

from accounts.rules.refusal import Refused
from services.scheduling.models import Booking, EngineerAssignment, EngineerSlot
from tests import factories
from workorders.models import Account
from workorders.queries.ledger import verify_ledger

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
CLIENTS = 16


def holdings_of_one_team(number: int):
    """One entitlement for each of so many customers of one team: no lock of an order is shared."""
    team = factories.team()
    customers = [factories.host(factories.customer(team=team)).customer for _n in range(number)]
    return team, [factories.holding(factories.season(one)) for one in customers]


def book_at_once(held, engineers) -> list[str]:
    """Book from each entitlement in its own thread from one moment on; what each got."""
    start = Barrier(len(held))

    def run(one) -> str:
        start.wait()
        try:
            factories.booking(one, engineers=engineers)
        except Refused as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(held)) as pool:
        return sorted(pool.map(run, held))


@pytest.mark.clause("2.7-T11")
def test_of_sixteen_bookings_of_one_engineers_time_one_wins_and_fifteen_are_refused():
    team, held = holdings_of_one_team(CLIENTS)
    engineer = factories.engineer(team)
    got = book_at_once(held, [engineer])
    assert got == ["done", *["slot_taken"] * (CLIENTS - 1)]
    # Nothing of the losers is left: no booking, no units set aside.
    assert Booking.objects.count() == 1
    assert EngineerAssignment.objects.count() == 1
    assert EngineerSlot.objects.count() == 32
    reserved = Account.objects.filter(bucket="reserved").exclude(balance=0)
    assert [account.balance for account in reserved] == [1]
    assert verify_ledger().in_order


@contextmanager
def without_the_constraint():
    """The slots' table as it would be without its unique constraint."""
    constraint = next(
        one for one in EngineerSlot._meta.constraints if one.name == "engineer_slot_once"
    )
    with connection.schema_editor() as editor:
        editor.remove_constraint(EngineerSlot, constraint)
    try:
        yield
    finally:
        EngineerSlot.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(EngineerSlot, constraint)


def test_without_the_constraint_all_sixteen_would_have_the_engineer():
    team, held = holdings_of_one_team(CLIENTS)
    engineer = factories.engineer(team)
    with without_the_constraint():
        assert book_at_once(held, [engineer]) == ["done"] * CLIENTS
        assert EngineerSlot.objects.count() == 32 * CLIENTS


def test_two_engineers_named_in_opposite_order_never_wait_for_each_other():
    team, held = holdings_of_one_team(8)
    ada, ben = factories.engineer(team), factories.engineer(team)
    start = Barrier(len(held))

    def run(number: int) -> str:
        start.wait()
        day = timedelta(days=number % 2)
        people = [ada, ben] if number % 2 else [ben, ada]
        try:
            factories.booking(
                held[number],
                starts_at=factories.NOW + timedelta(days=24) + day,
                ends_at=factories.NOW + timedelta(days=24, hours=2) + day,
                engineers=people,
            )
        except Refused as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(held)) as pool:
        got = sorted(pool.map(run, range(len(held))))
    assert got == ["done", "done", *["slot_taken"] * 6]
