from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from services.scheduling import actions
from services.scheduling.models import Booking, ServiceRequest
from services.scheduling.queries.months import month_grid, week_grid
from services.scheduling.queries.schedule import Wanted, schedule, state_of
from services.scheduling.wording.curve import Day, draw_curve
from services.scheduling.wording.times import Span, span
from tests import factories

pytestmark = pytest.mark.django_db
NOW = factories.NOW


def at(day: date, hour: int, *, hours: int = 1) -> dict:
    starts = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return {"starts_at": starts, "ends_at": starts + timedelta(hours=hours)}


@pytest.fixture
def held():
    return factories.holding(factories.season(), quantity=20)


@pytest.fixture
def person(held):
    return held.order.created_by


def found(person, now=NOW, **wanted):
    return list(schedule(person, Wanted(**wanted), now=now))


def test_a_booking_s_state_follows_from_facts_and_clock(held, person):
    first, second, third = (factories.booking(held) for _number in range(3))
    assert state_of(first, NOW) == "planned"
    assert state_of(first, first.starts_at) == "running"
    assert state_of(first, first.ends_at) == "unrecorded"
    actions.cancel_booking(booking=first, party="customer", reason="No.", by=person, now=NOW)
    moved = actions.move_booking(
        booking=second, by=person, now=NOW, reason="Room.", **at(date(2027, 1, 14), 8)
    )
    after = third.ends_at
    actions.deliver_booking(booking=third, by=person, now=after)
    states = {b.pk: state_of(b, after) for b in Booking.objects.all()}
    assert states == {
        first.pk: "cancelled",
        second.pk: "moved",
        third.pk: "delivered",
        moved.pk: "planned",
    }
    assert found(person, after, state="planned") == [moved]
    assert found(person, after, state="delivered") == [third]
    assert found(person, after, state="cancelled") == [second, first]
    assert found(person, after, state="standing") == [moved, third]
    assert found(person, moved.ends_at, state="unrecorded") == [moved]


def test_filters_narrow_the_schedule(held, person):
    other = factories.holding(factories.season(held.order.customer))
    booked = factories.booking(held, title="Identity hardening")
    later = factories.booking(other, **at(date(2027, 1, 20), 8))
    assert found(person, order=held.order) == [booked]
    assert found(person, customer=held.order.customer) == [later, booked]
    assert found(person, location=held.location, state="planned") == [booked, later]
    assert found(person, offering="workshops", text="identity") == [booked]
    assert found(person, text=later.reference.lower()) == [later]
    assert found(person, offering="mcsap") == []
    assert found(person, since=date(2026, 12, 18)) == [later]
    assert found(person, since=date(2026, 12, 17), until=date(2026, 12, 17)) == [booked]


def test_days_of_a_filter_are_those_of_the_reader(held, person):
    booked = factories.booking(held, **at(date(2026, 12, 17), 23))  # the 18th in Berlin
    assert found(person, until=date(2026, 12, 17), zone="UTC") == [booked]
    assert found(person, until=date(2026, 12, 17), zone="Europe/Berlin") == []


def test_a_month_is_whole_weeks_with_a_booking_on_each_day_it_touches(held, person):
    booked = factories.booking(held, **at(date(2026, 12, 17), 8, hours=48))
    wanted = Wanted(zone="Europe/Berlin")
    grid = month_grid(person, wanted, day=date(2026, 12, 5), now=NOW)
    assert (grid.weeks[0][0].day, grid.weeks[-1][-1].day) == (
        date(2026, 11, 30),
        date(2027, 1, 3),
    )
    assert (grid.earlier, grid.later) == (date(2026, 11, 1), date(2027, 1, 1))
    touched = [(d.day, e.starts is None) for d in grid.days for e in d.entries]
    assert touched == [
        (date(2026, 12, 17), False),
        (date(2026, 12, 18), True),
        (date(2026, 12, 19), True),
    ]
    assert {e.booking for d in grid.days for e in d.entries} == {booked}


def test_a_booking_that_ends_at_midnight_is_not_on_the_next_day(held, person):
    factories.booking(held, **at(date(2026, 12, 17), 20, hours=3))  # to midnight in Berlin
    grid = week_grid(person, Wanted(zone="Europe/Berlin"), day=date(2026, 12, 17), now=NOW)
    assert [d.day for d in grid.days if d.entries] == [date(2026, 12, 17)]
    assert (grid.first, grid.last) == (date(2026, 12, 14), date(2026, 12, 20))


def test_today_is_marked_in_the_reader_s_zone(held, person):
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    grid = week_grid(person, Wanted(zone="Asia/Tokyo"), day=date(2026, 11, 24), now=late)
    assert [d.day for d in grid.days if d.is_today] == [date(2026, 11, 24)]


# --- who sees what --------------------------------------------------------------------------


def test_people_see_the_bookings_and_requests_of_their_customers_and_locations():
    held = factories.holding(factories.season())
    customer = held.order.customer
    booked, asked = factories.booking(held), factories.service_request(held)
    elsewhere = factories.location(customer)
    seeing = [
        held.order.created_by,
        factories.lead(customer.team),
        factories.customer_administrator(customer),
        factories.viewer(customer),
        factories.location_contact(held.location),
    ]
    blind = [
        factories.csam(factories.customer()),
        factories.customer_administrator(factories.customer()),
        factories.location_contact(elsewhere),
        factories.user("system_administrator"),
        factories.user("catalogue_administrator"),
    ]
    for person in seeing:
        assert list(Booking.objects.visible_to(person)) == [booked]
        assert list(ServiceRequest.objects.visible_to(person)) == [asked]
    for person in blind:
        assert not Booking.objects.visible_to(person)
        assert not ServiceRequest.objects.visible_to(person)


def test_the_schedule_takes_one_query_whatever_its_length(held, person):
    for _number in range(12):
        factories.booking(held)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        rows = found(person, state="planned")
        assert [row.heading for row in rows]
        month_grid(person, Wanted(), day=date(2026, 12, 1), now=NOW)
    assert (len(rows), len(queries)) == (12, 2)


# --- constraints ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"ends_at": datetime(2026, 12, 17, 8, tzinfo=UTC)}, "booking_ends_after_it_starts"),
        ({"quantity": 0}, "booking_positive"),
        ({"fee_minor": -1}, "booking_positive"),
        ({"cancelled_at": NOW}, "booking_cancelled_by_somebody"),
        ({"delivered_at": NOW}, "booking_delivered_at_most_booked"),
        ({"delivered_quantity": 1}, "booking_delivered_at_most_booked"),
        ({"charge_minor": 1}, "booking_charged_at_most_its_fee"),
    ],
)
def test_the_database_keeps_a_booking_sound(changes, constraint):
    booking = factories.booking()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Booking.objects.filter(pk=booking.pk).update(**changes)


def test_the_database_keeps_delivered_and_cancelled_apart():
    booking = factories.booking()
    by = booking.booked_by
    facts = {
        "cancelled_at": NOW, "cancelled_by": by, "cancelled_for": "customer",
        "delivered_at": NOW, "delivered_by": by, "delivered_quantity": 1,
    }  # fmt: skip
    with pytest.raises(IntegrityError, match="booking_delivered_or_cancelled"):
        Booking.objects.filter(pk=booking.pk).update(**facts)


def test_a_charge_is_at_most_the_fee_and_a_delivery_at_most_the_booking():
    first, second = factories.booking(), factories.booking()
    by = first.booked_by
    cancelled = {"cancelled_at": NOW, "cancelled_by": by, "cancelled_for": "customer"}
    with pytest.raises(IntegrityError, match="its_fee"), transaction.atomic():
        Booking.objects.filter(pk=first.pk).update(**cancelled, charge_minor=first.fee_minor + 1)
    with pytest.raises(IntegrityError, match="at_most_booked"), transaction.atomic():
        Booking.objects.filter(pk=second.pk).update(
            delivered_at=NOW, delivered_by=by, delivered_quantity=2
        )


def test_a_reference_and_a_successor_are_taken_once():
    first, second, third = factories.booking(), factories.booking(), factories.booking()
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.filter(pk=second.pk).update(reference=first.reference)
    Booking.objects.filter(pk=first.pk).update(moved_to=third)
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.filter(pk=second.pk).update(moved_to=third)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"wanted_until": date(2027, 1, 1)}, "request_until_after_from"),
        ({"quantity": 0}, "request_positive"),
        ({"decided_at": NOW}, "request_decided_somehow"),
        ({"decision": "booked"}, "request_decided_somehow"),
    ],
)
def test_the_database_keeps_a_request_sound(changes, constraint):
    asked = factories.service_request()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ServiceRequest.objects.filter(pk=asked.pk).update(**changes)


# --- drawing --------------------------------------------------------------------------------


def test_the_curve_draws_free_past_today_and_dear_days():
    days = [
        Day(0, "Thu", "19", past=True, note=("Last", "free")),
        Day(50, "Fri", "20", past=True),
        Day(50, "Sat", "21", today=True),
        Day(100, "Sun", "22", event="Event"),
    ]
    curve = draw_curve(days, [(0, "€0"), (50, "€4,800"), (100, "€9,600")], "Today")
    assert [(rect.colour, rect.y, rect.height) for rect in curve.rects] == [
        ("f-ok", 119.0, 3.0),
        ("f-pause", 78.0, 44.0),
        ("f-risk", 78.0, 44.0),
        ("f-late", 34.0, 88.0),
    ]
    assert [words.text for words in curve.words if words.style == "t-m t-s"] == [
        "free", "Last", "Today", "Sat", "21", "Event",
    ]  # fmt: skip
    assert len(curve.frames) == 2


def test_a_long_amount_moves_the_bars_to_the_right():
    short = draw_curve([Day(0, "Mon", "1")], [(0, "€0")], "Today")
    long = draw_curve([Day(0, "Mon", "1")], [(0, "€1,234,567,890")], "Today")
    assert long.rects[0].x > short.rects[0].x


def spanned(day: date, hour: int, hours: int) -> Span:
    return span(*at(day, hour, hours=hours).values(), "Europe/Berlin")


def test_a_span_names_its_days_times_and_zone():
    one = spanned(date(2026, 12, 3), 8, 8)
    assert str(one) == "Thu 3 Dec 2026, 09:00 to 17:00 CET"
    assert (one.days, one.times, one.zone) == ("Thu 3 Dec 2026", "09:00 to 17:00", "CET")


def test_a_day_ends_at_its_midnight_not_at_the_beginning_of_the_next():
    late = spanned(date(2026, 12, 1), 16, 7)
    assert str(late) == "Tue 1 Dec 2026, 17:00 to midnight CET"
    with override("zh-hans"):
        assert str(spanned(date(2026, 12, 1), 16, 7)) == "2026年12月1日 17:00至24:00（柏林时间）"


def test_a_span_of_several_days_says_which_time_belongs_to_which_day():
    two = spanned(date(2026, 12, 3), 8, 32)
    assert str(two) == "Thu 3 Dec, 09:00 to Fri 4 Dec 2026, 17:00 CET"
    assert (two.days, two.times) == ("Thu 3 Dec to Fri 4 Dec 2026", "from 09:00, until 17:00")
    with override("zh-hans"):
        both = spanned(date(2026, 12, 3), 8, 32)
        assert str(both) == "2026年12月3日 09:00至12月4日 17:00（柏林时间）"
    over_new_year = spanned(date(2026, 12, 31), 8, 32)
    assert over_new_year.days == "Thu 31 Dec 2026 to Fri 1 Jan 2027"
    to_the_end = spanned(date(2026, 12, 3), 8, 39)
    assert str(to_the_end) == "Thu 3 Dec, 09:00 to Fri 4 Dec 2026, midnight CET"
