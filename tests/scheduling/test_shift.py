"""The move form opened by a drag: the new day, its cost and its refusals before anything moves."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from services.scheduling import actions
from services.scheduling.models import Booking
from services.scheduling.queries.cancellations import quote
from services.scheduling.queries.months import month_grid
from services.scheduling.queries.schedule import Wanted
from services.scheduling.queries.shifts import shifted
from tests import factories

pytestmark = pytest.mark.django_db
NOW = factories.NOW


@pytest.fixture
def booking(at):
    """A workshop on Thursday 17 December 2026, 09:00 to 17:00 in Berlin."""
    at(NOW)
    return factories.booking()


def shift(booking, days, now=NOW):
    return shifted(booking, days, quoted=quote(booking, now=now), now=now)


def test_a_shift_keeps_the_times_on_the_wall(booking):
    # On 1 April summer time has begun: the same wall clock is an hour earlier in UTC.
    target = shift(booking, 105)

    assert target.starts_at == datetime(2027, 4, 1, 7, tzinfo=UTC)
    assert target.ends_at == datetime(2027, 4, 1, 15, tzinfo=UTC)
    assert target.refusal is None


def test_a_shift_beyond_the_term_or_into_the_past_is_refused_before_it_is_kept(booking):
    assert shift(booking, -24).refusal.code == "in_the_past"
    assert shift(booking, 200).refusal.code == "order_ended"


def test_a_shift_that_needs_more_than_is_left_is_refused_before_it_is_kept():
    held = factories.holding(factories.season(), quantity=1)
    booking = factories.booking(held)
    late = datetime(2026, 12, 14, 9, tzinfo=UTC)

    assert shift(booking, 7, now=NOW).refusal is None
    assert shift(booking, 7, now=late).refusal.code == "insufficient_units"


def test_a_shift_into_the_hour_that_the_clocks_skip_is_refused():
    held = factories.holding(factories.season())
    booking = factories.booking(
        held,
        starts_at=datetime(2027, 3, 27, 1, 30, tzinfo=UTC),
        ends_at=datetime(2027, 3, 27, 3, 30, tzinfo=UTC),
    )

    target = shift(booking, 1)

    assert (target.starts_at, target.refusal.code) == (None, "local_time_missing")


def test_the_form_opens_on_the_new_day_with_the_cost(booking, sign_in):
    client = sign_in(booking.order.created_by)
    address = reverse("scheduling:booking-move", args=[booking.pk])
    headers = {"HX-Request": "true"}

    dialog = client.get(address, {"shift": "1"}, headers=headers).text

    assert 'name="starts_on" value="2026-12-18"' in dialog
    assert "Fri 18 Dec 2026" in dialog
    assert "costs <b>nothing</b>" in dialog
    assert 'data-code="order_ended"' in client.get(address, {"shift": "200"}, headers=headers).text
    assert Booking.objects.count() == 1


@pytest.mark.parametrize("shift", ["", "0", "x", "99999", "1; 2", "٣"])
def test_what_is_no_number_of_days_moves_the_form_nowhere(booking, sign_in, shift):
    page = sign_in(booking.order.created_by).get(
        reverse("scheduling:booking-move", args=[booking.pk]), {"shift": shift}
    )

    assert 'name="starts_on" value="2026-12-17"' in page.text


def test_only_what_lies_ahead_can_be_dragged_and_only_by_those_who_may_move_it(booking, sign_in):
    person = booking.order.created_by
    held = booking.entitlement
    done = factories.booking(
        held, starts_at=datetime(2026, 12, 1, 8, tzinfo=UTC),
        ends_at=datetime(2026, 12, 1, 9, tzinfo=UTC),
    )  # fmt: skip
    actions.deliver_booking(booking=done, by=person, now=done.ends_at)

    grid = month_grid(person, Wanted(state="standing"), day=date(2026, 12, 1), now=NOW)
    movable = {entry.booking: entry.is_movable for day in grid.days for entry in day.entries}
    assert movable == {booking: True, done: False}
    address = reverse("scheduling:booking-list")
    query = {"view": "month", "day": "2026-12-01"}
    assert sign_in(person).get(address, query).text.count("data-move=") == 1
    customer = sign_in(factories.customer_administrator(booking.customer))
    assert "data-move=" not in customer.get(address, query).text
