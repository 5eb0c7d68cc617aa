"""The lists of the schedule: filters, views, exports, their cost."""

import csv
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.scheduling.forms import squeezed, text_of, url

pytestmark = pytest.mark.django_db


def test_the_list_shows_filters_and_exports_the_same_rows(client, held):
    shown = factories.booking(held, title="=Identity")
    factories.booking(
        held,
        title="Later",
        starts_at=datetime(2027, 1, 20, 8, tzinfo=UTC),
        ends_at=datetime(2027, 1, 20, 9, tzinfo=UTC),
    )
    query = {"q": "identity"}
    page = client.get(url("booking-list"), query).content.decode()
    assert shown.reference in page
    assert "Later" not in page
    export = client.get(url("booking-export"), query).content.decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(export)))
    assert [(row["Booking"], row["Title"], row["Begins"]) for row in rows] == [
        (shown.reference, "'=Identity", "2026-12-17T09:00+01:00")
    ]
    assert (rows[0]["Quantity"], rows[0]["Worth"], rows[0]["State"]) == (
        "1",
        "1000.00",
        "Confirmed",
    )


@pytest.mark.parametrize(
    "query",
    [
        {"since": "yesterday"},
        {"since": "2026-12-31", "until": "2026-12-01"},
        {"customer": "999999999999"},
        {"customer": "x"},
        {"state": "lost"},
        {"view": "year"},
        {"view": "month", "day": "never"},
        {"view": "month", "day": "0001-01-01"},
        {"view": "week", "day": "9999-12-31"},
        {"after": "@@"},
    ],
)
def test_odd_addresses_are_answered(client, held, query):
    factories.booking(held)
    assert client.get(url("booking-list"), query).status_code == 200
    assert client.get(url("booking-export"), query).status_code == 200


def test_month_and_week_show_the_bookings(client, held):
    booking = factories.booking(held, title="Identity")
    for view in ("month", "week"):
        page = client.get(url("booking-list"), {"view": view, "day": "2026-12-17"})
        assert url("booking-detail", booking.pk) in page.content.decode()
        assert "09:00" in text_of(page)
        empty = client.get(url("booking-list"), {"view": view, "day": "2026-01-15"})
        assert url("booking-detail", booking.pk) not in empty.content.decode()
        assert "Nothing is booked on these days" in text_of(empty)
        assert "Nothing is booked on these days" not in text_of(page)


def test_the_list_s_fragment_equals_the_page(client, held):
    factories.booking(held)
    for query in ({}, {"view": "month"}):
        page = client.get(url("booking-list"), query).content.decode()
        fragment = client.get(
            url("booking-list"), query, headers={"HX-Request": "true"}
        ).content.decode()
        assert squeezed(fragment) in squeezed(page)


@pytest.mark.parametrize("name", ["booking-list", "request-list"])
def test_lists_cost_the_same_for_one_row_and_for_thirty(client, held, name):
    big = factories.holding(held.order, quantity=100)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url(name)).status_code == 200
        return len(asked)

    factories.booking(big)
    factories.service_request(big)
    client.get(url(name))
    one = queries()
    for _number in range(29):
        factories.booking(big)
        factories.service_request(big, by=held.order.created_by)
    assert queries() == one
    assert one <= 9


def test_a_booking_s_page_costs_the_same_whatever_else_is_booked(client, held):
    booking = factories.booking(held)
    client.get(url("booking-detail", booking.pk))
    with CaptureQueriesContext(connection) as first:
        client.get(url("booking-detail", booking.pk))
    big = factories.holding(held.order, quantity=100)
    for _number in range(10):
        factories.booking(big)
    with CaptureQueriesContext(connection) as second:
        client.get(url("booking-detail", booking.pk))
    assert len(first) == len(second)
