"""Sessions in a series: all or none, each with its own terms."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse

from accounts.models import LocationHoliday, Message
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.models import Booking, EngineerSlot, Series
from services.scheduling.rules.series import Pattern
from tests import factories
from workorders.models import Account

pytestmark = pytest.mark.django_db
NOW = factories.NOW


def hours(minutes=2400, code="enhanced-designated-engineering"):
    order = factories.season()
    return factories.holding(
        order,
        offering=factories.offering(code, order.edition),
        unit="minute",
        quantity=minutes,
        value=Money(800_000, "EUR"),
    )


def pattern(**fields) -> Pattern:
    said = {
        "first_day": date(2026, 12, 3),
        "every": "week",
        "count": 3,
        "starts": time(9),
        "ends": time(12),
    }
    return Pattern(**{**said, **fields})


def book(held, *, by=None, **fields):
    values = {"location": held.location, "pattern": pattern(), "now": NOW}
    return actions.book_series(
        entitlement=held, by=by or held.order.created_by, **{**values, **fields}
    )


def refused(act, *args, **fields) -> Refused:
    with pytest.raises(Refused) as caught:
        act(*args, **fields)
    return caught.value


def balances(held) -> dict[str, int]:
    rows = Account.objects.filter(entitlement=held).exclude(balance=0)
    return dict(rows.values_list("bucket", "balance"))


def nothing_written(held) -> bool:
    return not Series.objects.exists() and balances(held).keys() == {"issued", "available"}


def test_each_session_is_a_booking_of_its_own_length_and_terms():
    held = hours()
    series = book(held, title="Tuning")
    sessions = list(series.bookings.order_by("starts_at"))
    assert [one.starts_at.date() for one in sessions] == [
        date(2026, 12, 3),
        date(2026, 12, 10),
        date(2026, 12, 17),
    ]
    assert {one.quantity for one in sessions} == {180}
    assert all(one.terms["tiers"] for one in sessions)
    assert balances(held) == {"issued": 2400, "available": 1860, "reserved": 540}


def test_people_are_told_of_the_series_once():
    held = hours()
    person = factories.customer_administrator(held.order.customer)
    Message.objects.all().delete()
    series = book(held)
    told = Message.objects.filter(recipient=person, channel="email")
    assert [message.subject_key for message in told] == [f"series:{series.pk}:series"]
    assert told.get().text.count("BK-") == 3


@pytest.mark.clause("2.5-ED10")
def test_a_series_across_a_holiday_is_refused_naming_the_day_and_nothing_is_written():
    held = hours()
    LocationHoliday.objects.create(location=held.location, on=date(2026, 12, 10), name="Plant day")
    refusal = refused(book, held)
    assert refusal.code == "outside_business_hours"
    assert refusal.figures["session_on"] == date(2026, 12, 10)
    assert refusal.figures["closed_on"] == date(2026, 12, 10)
    assert nothing_written(held)
    book(held, pattern=pattern(skipped=frozenset({date(2026, 12, 10)})))
    assert Booking.objects.count() == 2


def test_services_without_business_hours_take_place_on_holidays_too():
    held = factories.holding(factories.season())
    LocationHoliday.objects.create(location=held.location, on=date(2026, 12, 10), name="Plant day")
    assert book(held).bookings.count() == 3


@pytest.mark.clause("2.5-ED3")
def test_a_series_for_which_too_little_is_left_is_refused_whole():
    held = hours(minutes=400)
    refusal = refused(book, held)
    assert (refusal.code, refusal.figures["session_on"]) == (
        "insufficient_hours",
        date(2026, 12, 17),
    )
    assert nothing_written(held)


@pytest.mark.clause("2.7-T11")
def test_a_session_on_top_of_another_of_the_same_designated_engineer_is_refused():
    held = hours()
    book(held)
    refusal = refused(book, held, pattern=pattern(first_day=date(2026, 12, 10), starts=time(11)))
    assert refusal.code == "sessions_overlap"
    assert Series.objects.count() == 1


def test_an_engineer_who_is_taken_on_one_day_refuses_the_series():
    held = hours()
    engineer = factories.engineer(held.order.customer.team)
    factories.booking(
        factories.holding(held.order),
        starts_at=datetime.fromisoformat("2026-12-17T09:00:00+01:00"),
        ends_at=datetime.fromisoformat("2026-12-17T10:00:00+01:00"),
        engineers=[engineer],
    )
    refusal = refused(book, held, engineers=[engineer])
    assert (refusal.code, refusal.figures["session_on"]) == ("slot_taken", date(2026, 12, 17))
    assert EngineerSlot.objects.count() == 4
    assert nothing_written(held)


def test_the_same_key_books_once():
    held = hours()
    first = book(held, idempotency_key="k")
    assert book(held, idempotency_key="k") == first
    assert Booking.objects.count() == 3


def test_credits_and_events_are_not_booked_in_a_series():
    order = factories.season()
    lot = factories.holding(
        order,
        offering=factories.offering("azure-event-mcs", order.edition),
        unit="event",
        quantity=3,
    )
    assert refused(book, lot).code == "series_not_possible"


def test_a_moved_session_stays_in_its_series():
    series = book(hours())
    first = series.bookings.order_by("starts_at")[0]
    actions.move_booking(
        booking=first,
        starts_at=first.starts_at + timedelta(days=1),
        ends_at=first.ends_at + timedelta(days=1),
        by=first.booked_by,
        now=NOW - timedelta(days=10),
        reason="Ill.",
    )
    assert series.bookings.count() == 4


# --- cancelling the rest --------------------------------------------------------------------


@pytest.mark.clause("2.7-T17", "2.7-T18", "2.7-T19")
def test_the_rest_of_a_series_is_cancelled_each_session_for_what_its_terms_keep():
    held = hours()
    series = book(held)
    # On 30 November: 3 days before the first, 10 before the second, 17 before the third.
    now = datetime.fromisoformat("2026-11-30T10:00:00+01:00")
    cancelled = actions.cancel_series(
        series=series,
        party="customer",
        reason="Stop.",
        by=held.order.created_by,
        now=now,
        agreed_loss=180 + 90,
    )
    assert len(cancelled) == 3
    assert balances(held) == {"issued": 2400, "available": 2130, "charged": 270}
    again = refused(
        actions.cancel_series,
        series=series,
        party="customer",
        reason="Stop.",
        by=held.order.created_by,
        now=now,
    )
    assert again.code == "series_over"


def test_another_sum_than_the_one_that_was_seen_is_refused():
    held = hours()
    series = book(held)
    refusal = refused(
        actions.cancel_series,
        series=series,
        party="customer",
        reason="Stop.",
        by=held.order.created_by,
        now=NOW + timedelta(days=7),
        agreed_loss=0,
    )
    assert refusal.code == "quote_changed"
    assert series.bookings.filter(cancelled_at=None).count() == 3


# --- pages and API --------------------------------------------------------------------------


@pytest.fixture
def held():
    return hours()


@pytest.fixture
def client(sign_in, held, at):
    at(NOW)
    return sign_in(held.order.created_by)


def url(name, *args):
    return reverse(f"scheduling:{name}", args=args)


def typed(held, **fields) -> dict:
    values = {
        "customer": held.order.customer_id,
        "entitlement": held.pk,
        "location": held.location_id,
        "title": "Tuning",
        "quantity": "",
        "starts_on": "2026-12-03",
        "starts_time": "09:00",
        "ends_time": "12:00",
        "every": "week",
        "count": "3",
        "mode": "remote",
        "language": "en",
        "key": "k-1",
    }
    return {**values, **fields}


def test_a_series_is_booked_by_form(client, held):
    answer = client.post(url("booking-create"), typed(held))
    series = Series.objects.get()
    assert answer["Location"] == url("series-detail", series.pk)
    page = client.get(url("series-detail", series.pk)).content.decode()
    assert page.count("Confirmed") == 3
    assert client.post(url("booking-create"), typed(held))["Location"] == answer["Location"]
    assert Series.objects.count() == 1


def test_the_form_shows_every_session_with_what_stands_against_it(client, held):
    LocationHoliday.objects.create(location=held.location, on=date(2026, 12, 10), name="Plant day")
    answer = client.post(url("booking-create"), typed(held))
    assert answer.status_code == 422
    words = answer.content.decode()
    assert "Thu 10 Dec 2026 is a holiday or a weekend there." in words
    assert words.count('name="skipped"') == 3
    client.post(url("booking-create"), typed(held, skipped=["2026-12-10"], key="k-2"))
    assert Booking.objects.count() == 2


@pytest.mark.parametrize(
    ("zone", "day", "wall", "offsets"),
    [
        ("Europe/Berlin", "2026-10-25", "02:30", ("+02:00", "+01:00")),
        ("America/New_York", "2026-11-01", "01:30", ("-04:00", "-05:00")),
    ],
)
@pytest.mark.parametrize("fold", ["first", "second"])
def test_the_form_asks_which_of_two_equal_times_is_meant(
    sign_in, at, zone, day, wall, offsets, fold
):
    at(datetime(2026, 9, 1, 9, tzinfo=UTC))
    order = factories.season()
    place = order.order_locations.first().location
    place.time_zone = zone
    place.save()
    workshops = factories.holding(order, location=place)
    week_before = date.fromisoformat(day) - timedelta(days=7)
    twice = typed(
        workshops,
        quantity="1",
        starts_on=week_before.isoformat(),
        count="2",
        starts_time=wall,
        ends_time="06:00",
    )
    client = sign_in(order.created_by)
    asked = client.post(url("booking-create"), twice)
    assert asked.status_code == 422
    assert 'name="starts_fold"' in asked.content.decode()
    assert not Booking.objects.exists()
    told = client.post(url("booking-create"), {**twice, "starts_fold": fold, "key": "k-2"})
    assert told.status_code == 302
    chosen = offsets[fold == "second"]
    wanted = [f"{week_before}T{wall}:00{offsets[0]}", f"{day}T{wall}:00{chosen}"]
    starts = Booking.objects.order_by("starts_at").values_list("starts_at", flat=True)
    assert list(starts) == [datetime.fromisoformat(instant) for instant in wanted]


def test_the_rest_of_a_series_is_cancelled_on_its_page(client, held):
    series = book(held)
    address = url("series-cancel", series.pk)
    page = client.get(address).content.decode()
    assert "Cancel and give up 1.5 hours" in page
    fields = {"party": "customer", "reason": "Stop.", "agreed_loss": 90, "agreed": "on"}
    assert client.post(address, {**fields, "agreed": ""}).status_code == 422
    assert client.post(address, fields)["Location"] == url("series-detail", series.pk)
    assert series.bookings.filter(cancelled_at=None).count() == 0


def test_a_stranger_finds_no_series(sign_in, held, at):
    at(NOW)
    series = book(held)
    stranger = sign_in(factories.csam(factories.host().customer))
    assert stranger.get(url("series-detail", series.pk)).status_code == 404
    assert stranger.get(f"/api/v1/series/{series.pk}/").status_code == 404
    contact = factories.location_contact(factories.location(held.order.customer))
    assert not Series.objects.visible_to(contact).exists()


def test_the_api_books_reads_and_cancels_a_series(client, held):
    body = {
        "entitlement": held.pk,
        "first_day": "2026-12-03",
        "every": "week",
        "count": 3,
        "starts": "09:00",
        "ends": "12:00",
    }
    made = client.post("/api/v1/series/", body, content_type="application/json")
    assert made.status_code == 201
    assert [one["quantity"] for one in made.json()["bookings"]] == [180] * 3
    pk = made.json()["id"]
    done = client.post(
        f"/api/v1/series/{pk}/cancel/", {"reason": "Stop."}, content_type="application/json"
    )
    assert {one["state"] for one in done.json()["bookings"]} == {"cancelled"}


def test_the_api_names_the_day_that_refuses_the_series(client, held):
    LocationHoliday.objects.create(location=held.location, on=date(2026, 12, 10), name="Plant day")
    body = {
        "entitlement": held.pk,
        "first_day": "2026-12-03",
        "every": "week",
        "count": 3,
        "starts": "09:00",
        "ends": "12:00",
    }
    answer = client.post("/api/v1/series/", body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["code"] == "outside_business_hours"
    assert answer.json()["figures"]["session_on"] == "2026-12-10"
    assert not Series.objects.exists()


def test_a_session_in_the_schedule_leads_to_its_series(client, held):
    series = book(held)
    page = client.get(url("booking-list")).content.decode()
    assert page.count(f'href="{url("series-detail", series.pk)}"') == 3
