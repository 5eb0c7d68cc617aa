"""One location, sixteen admissions at once: PostgreSQL's constraint decides, and had to."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

import pytest
from django.db import connection, connections

from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.models import Guest
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
CLIENTS = 16


def admit_at_once() -> list[str]:
    """Admit one location to one session in so many threads; what each got."""
    booking = factories.booking()
    rome = factories.location(booking.customer, name="Rome")
    start = Barrier(CLIENTS)

    def run(_number: int) -> str:
        start.wait()
        try:
            actions.admit_guests(
                booking=booking,
                location=rome,
                permitted=True,
                by=booking.booked_by,
                now=factories.NOW,
            )
        except Refused as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(CLIENTS) as pool:
        return sorted(pool.map(run, range(CLIENTS)))


@pytest.mark.clause("2.6-M14")
def test_of_sixteen_admissions_of_one_location_one_counts():
    assert admit_at_once() == ["done", *["guests_known"] * (CLIENTS - 1)]
    assert Guest.objects.count() == 1


@contextmanager
def without_the_constraint():
    """The guests' table as it would be without its unique constraint."""
    constraint = next(
        one for one in Guest._meta.constraints if one.name == "guests_of_a_location_once"
    )
    with connection.schema_editor() as editor:
        editor.remove_constraint(Guest, constraint)
    try:
        yield
    finally:
        Guest.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Guest, constraint)


def test_without_the_constraint_all_sixteen_would_be_there():
    with without_the_constraint():
        assert admit_at_once() == ["done"] * CLIENTS
        assert Guest.objects.count() == CLIENTS
