"""The chart of a term: which orders and what in them, drawn within its box, and as a table."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from services.scheduling.queries.schedule import Wanted
from services.scheduling.queries.term_chart import days_of, term_chart
from services.scheduling.wording.gantt import (
    LEFT,
    RIGHT,
    TOP,
    Point,
    Row,
    Stretch,
    draw_gantt,
    shortened,
)
from tests import factories
from workorders.models import Deadline

NOW = factories.NOW
FIRST, LAST, TODAY = date(2026, 7, 1), date(2027, 6, 30), date(2026, 11, 23)


def drawn(*rows: Row, first=FIRST, last=LAST, today=TODAY):
    return draw_gantt(rows, first=first, last=last, today=today, word="Today")


# --- geometry -------------------------------------------------------------------------------


def test_an_order_fills_the_axis_and_its_years_part_it():
    span = Stretch(FIRST, LAST, "f-track")
    chart = drawn(Row("WO", span=span, cuts=(date(2027, 1, 1),), is_order=True))

    [bar] = chart.rects
    assert (bar.x, bar.x + bar.width) == (LEFT, RIGHT)
    assert chart.height == TOP + 26 + 6
    # 184 of 365 days.
    assert chart.marks[0].path.startswith(f"M{round(LEFT + (RIGHT - LEFT) * 184 / 365, 1)} ")


def test_a_booking_of_a_day_is_wide_enough_to_be_seen_and_stays_inside():
    last = drawn(Row("a", stretches=(Stretch(LAST, LAST, "f-book"),))).rects
    outside = drawn(
        Row(
            "a",
            stretches=(
                Stretch(LAST + timedelta(days=1), LAST + timedelta(days=2), "f-book"),
                Stretch(FIRST - timedelta(days=9), FIRST - timedelta(days=1), "f-book"),
            ),
            points=(Point(LAST + timedelta(days=1), "f-late"),),
        )
    )

    assert [(bar.width, bar.x + bar.width) for bar in last] == [(5.0, RIGHT)]
    assert outside.rects == []
    assert len(outside.marks) == 1  # today alone


@pytest.mark.parametrize("days", [1, 40, 365, 1095, 3650])
def test_names_of_months_have_room_and_today_is_named_within_the_box(days):
    for today in (FIRST, FIRST + timedelta(days=days - 1)):
        chart = drawn(Row("a"), last=FIRST + timedelta(days=days - 1), today=today)
        months = [words.x for words in chart.words if words.y == 16]
        assert all(later - earlier >= 45 for earlier, later in pairwise(months))
        word = next(words for words in chart.words if words.text == "Today")
        assert word.reach[0] >= LEFT
        assert word.reach[1] <= RIGHT + 8


def test_without_today_in_the_term_there_is_no_line():
    assert drawn(Row("a"), today=FIRST - timedelta(days=1)).marks == []


def test_a_long_name_is_cut_before_its_place():
    chart = drawn(Row("Risk and Health Assessment Program as a Service", "Stuttgart"))

    [name] = [words.text for words in chart.words if words.x == 8]
    assert name.endswith("…, Stuttgart")
    assert shortened("short", 100) == "short"
    assert shortened("anything", 0) == "…"


# --- what is in it --------------------------------------------------------------------------


@pytest.fixture
def held(db, at):
    at(NOW)
    return factories.season().entitlements.get()


@pytest.fixture
def person(held):
    return held.order.created_by


def chart_of(held, now=NOW, by=None, **wanted):
    wanted = {"state": "standing", "customer": held.order.customer, **wanted}
    return term_chart(by or held.order.created_by, Wanted(**wanted), now=now)


def test_the_order_in_force_is_shown_with_its_lanes_bookings_and_deadlines(held):
    booking = factories.booking(held)

    chart = chart_of(held)

    assert (chart.first, chart.last, chart.today, chart.is_cut) == (FIRST, LAST, TODAY, False)
    [order] = chart.orders
    assert (order.order, order.last_day, order.years) == (held.order, LAST, ())
    [lane] = order.lanes
    assert (lane.place, lane.first_day, lane.last_day) == (held.location.name, FIRST, LAST)
    assert lane.bookings == [booking]
    assert [one.kind for one in chart.deadlines] == [
        Deadline.Kind.REQUEST_CUTOFF,
        Deadline.Kind.EXPIRY,
    ]


def test_before_any_is_in_force_the_next_is_shown_and_after_all_the_last(held, person):
    later = factories.season(
        held.order.customer, by=person, starts_on=date(2027, 7, 1), ends_on=date(2028, 6, 30)
    )
    shown = [
        [one.order for one in chart_of(held, now=moment).orders]
        for moment in (
            datetime(2026, 1, 5, tzinfo=UTC),
            NOW,
            datetime(2027, 8, 5, tzinfo=UTC),
            datetime(2029, 8, 5, tzinfo=UTC),
        )
    ]

    assert shown == [[held.order], [held.order], [later], [later]]
    assert [one.order for one in chart_of(held, order=later).orders] == [later]


def test_filters_narrow_lanes_and_bookings(held):
    factories.booking(held)
    elsewhere = factories.location(held.order.customer)

    assert chart_of(held, location=elsewhere).orders[0].lanes == []
    assert chart_of(held, offering="mcsap").orders[0].lanes == []
    assert len(chart_of(held, offering="workshops").orders[0].lanes[0].bookings) == 1


def test_a_booking_until_midnight_ends_the_day_before(held):
    booking = factories.booking(
        held,
        starts_at=datetime(2026, 12, 16, 8, tzinfo=UTC),
        ends_at=datetime(2026, 12, 17, 23, tzinfo=UTC),
    )

    assert days_of(booking) == (date(2026, 12, 16), date(2026, 12, 17))


def test_strangers_and_nobody_in_particular_have_no_chart(held, person):
    stranger = factories.csam(factories.host().customer)

    assert chart_of(held, by=stranger) is None
    assert term_chart(person, Wanted(), now=NOW) is None


@pytest.mark.parametrize("bookings", [1, 12])
def test_a_chart_costs_the_same_number_of_queries_for_any_number_of_bookings(held, bookings):
    held = factories.holding(held.order, quantity=20)
    for number in range(bookings):
        starts = datetime(2026, 12, 1, 8, tzinfo=UTC) + timedelta(days=number)
        factories.booking(held, starts_at=starts, ends_at=starts + timedelta(hours=2))

    with CaptureQueriesContext(connection) as queries:
        chart = chart_of(held)

    assert len(chart.orders[0].lanes[0].bookings) == bookings
    assert len(queries) == 5


# --- the page -------------------------------------------------------------------------------


def test_the_page_shows_chart_and_table_and_its_fragment_is_part_of_it(held, person, sign_in):
    booking = factories.booking(held)
    client, address = sign_in(person), reverse("scheduling:booking-list")
    query = {"view": "term", "customer": held.order.customer_id}

    page = client.get(address, query).text
    swapped = client.get(address, query, headers={"HX-Request": "true"}).text.strip()

    assert swapped in page
    assert f'href="{reverse("scheduling:booking-detail", args=[booking.pk])}"' in swapped
    assert 'aria-labelledby="gantt-title gantt-text"' in swapped
    assert "Work order expires" in swapped


def test_a_customer_s_person_sees_their_term_without_choosing(held, sign_in):
    client = sign_in(factories.viewer(held.order.customer))

    page = client.get(reverse("scheduling:booking-list"), {"view": "term"}).text

    assert 'id="gantt-title"' in page


def test_without_a_customer_or_an_order_the_page_says_what_to_do(held, person, sign_in):
    other = factories.host().customer
    factories.assignment(user=person, customer=other)
    client, address = sign_in(person), reverse("scheduling:booking-list")

    choice = client.get(address, {"view": "term"}).text
    assert "Choose a customer" in choice
    assert f'href="?view=term&amp;customer={other.pk}"' in choice
    empty = client.get(address, {"view": "term", "customer": other.pk}).text
    assert "No executed order to show" in empty
    wrong = client.get(address, {"view": "term", "customer": "x"}).text
    assert "Some filters need another value" in wrong
