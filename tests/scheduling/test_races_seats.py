"""Sixteen who want the last seats at once: PostgreSQL decides, and the twins show that it had to."""

from contextlib import contextmanager
from itertools import count

import pytest
from django.db import connection
from django.db.models import QuerySet

from services.scheduling import actions
from services.scheduling.actions import checks
from services.scheduling.models import Attendee, Workshop, WorkshopQuerySet
from tests.scheduling.test_races import at_once
from tests.scheduling.workshops import NOW, enrol, workshop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
CLIENTS, SEATS = 16, 5
LIMIT = "workshop_no_more_than_its_seats"


def enrol_at_once(booking, **fields) -> list[str]:
    numbers = iter(range(CLIENTS))
    return at_once(CLIENTS, lambda: enrol(booking, f"person{next(numbers)}", **fields))


@pytest.mark.clause("2.3-TR8")
def test_of_sixteen_who_want_five_seats_five_get_one():
    booking = workshop(SEATS)
    assert enrol_at_once(booking) == ["done"] * SEATS + ["seats_full"] * (CLIENTS - SEATS)
    assert Attendee.objects.enrolled().count() == Workshop.objects.get().taken == SEATS


def without_locks(monkeypatch) -> None:
    """Acts on one booking no longer wait for one another."""
    monkeypatch.setattr("services.scheduling.actions.seats.take", checks.reread)


def test_the_condition_alone_holds_the_capacity_without_any_lock(monkeypatch):
    booking = workshop(SEATS)
    without_locks(monkeypatch)
    assert enrol_at_once(booking) == ["done"] * SEATS + ["seats_full"] * (CLIENTS - SEATS)
    assert Attendee.objects.enrolled().count() == SEATS


@contextmanager
def without_the_limit():
    """The table as it would be without its check of the capacity."""
    limit = next(one for one in Workshop._meta.constraints if one.name == LIMIT)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Workshop, limit)
    try:
        yield
    finally:
        Workshop.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Workshop, limit)


def test_without_lock_condition_and_constraint_all_sixteen_would_sit_on_five_seats(monkeypatch):
    booking = workshop(SEATS)
    without_locks(monkeypatch)
    monkeypatch.setattr(WorkshopQuerySet, "with_room", QuerySet.all)
    with without_the_limit():
        assert enrol_at_once(booking) == ["done"] * CLIENTS
        assert Attendee.objects.enrolled().count() == CLIENTS


def test_seats_that_become_free_at_once_go_to_as_many_who_wait():
    booking = workshop(SEATS)
    seated = enrol(booking, *(f"seated{n}" for n in range(SEATS)))
    enrol(booking, *(f"waiting{n}" for n in range(8)), may_wait=True)
    numbers = count()

    def withdraw():
        attendee = seated[next(numbers) % SEATS]
        actions.withdraw_attendee(attendee=attendee, by=booking.booked_by, now=NOW)

    got = at_once(SEATS * 2, withdraw)
    assert got == ["attendee_withdrawn"] * SEATS + ["done"] * SEATS
    assert Attendee.objects.enrolled().count() == Workshop.objects.get().taken == SEATS
    names = Attendee.objects.enrolled().order_by("pk").values_list("name", flat=True)
    assert list(names) == [f"Waiting{n}" for n in range(SEATS)]
