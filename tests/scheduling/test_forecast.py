"""The forecast of a portfolio: read from the ledger, shown to those whose it is."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.rules.money import Money
from services.scheduling import actions
from services.scheduling.queries.allowances import allowances, unallocated
from services.scheduling.queries.forecast import forecast
from services.scheduling.queries.forecast_sums import (
    by_currency,
    by_customer,
    by_month,
    common_currency,
    sums_of,
)
from services.scheduling.rules.forecast import History, Trust
from tests import factories
from workorders.actions import holdings, orders

pytestmark = pytest.mark.django_db
NOW = factories.NOW


def delivered(held, day: date, quantity: int = 1):
    """Units delivered on a day, booked a month before."""
    starts = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    booking = factories.booking(
        held,
        starts_at=starts,
        ends_at=starts + timedelta(hours=6),
        quantity=quantity,
        now=starts - timedelta(days=30),
    )
    return actions.deliver_booking(
        booking=booking, by=held.order.created_by, now=starts + timedelta(hours=7)
    )


@pytest.fixture
def held():
    """Four workshops of 1,000 euros from July 2026 to June 2027; no other."""
    return factories.season().entitlements.get()


@pytest.fixture
def person(held):
    return held.order.created_by


def test_what_lapses_follows_from_the_pace_of_deliveries(held, person):
    delivered(held, date(2026, 9, 10))

    [item] = forecast(person, now=NOW)

    # 1 July to 22 November are 145 days with one delivery. 23 November to 1 May, the last day
    # to request, are 160 days: one; to 30 June 220 days: one. Three are left.
    assert item.history == History(units=1, uses=1, days=145)
    assert item.request_until == date(2027, 5, 1)
    assert item.last_day == date(2027, 6, 30)
    assert (item.left, item.outlook.expected, item.lapsing) == (3, 1, 2)
    assert item.value_left == Money(300_000, "EUR")
    assert item.value_lapsing == Money(200_000, "EUR")
    # 2,000 euros at 0.92 to the dollar are 2,173.91 dollars.
    assert item.usd_lapsing == 217_391
    assert item.outlook.trust == Trust("weak", "history")


def test_deliveries_of_today_are_not_history_yet(held, person):
    delivered(held, date(2026, 9, 10))
    delivered(held, date(2026, 11, 23))

    [item] = forecast(person, now=datetime(2026, 11, 23, 18, tzinfo=UTC))

    assert item.history.units == 1


def test_after_the_cut_off_all_but_what_was_asked_for_certainly_lapses(held, person):
    factories.service_request(held, data_complete=True)
    late = datetime(2027, 5, 2, 9, tzinfo=UTC)

    [item] = forecast(person, now=late)

    assert item.is_certain
    assert (item.asked, item.outlook.expected, item.lapsing) == (1, 1, 3)
    sums = sums_of([item], currency="EUR")
    assert (sums.left, sums.requestable, sums.lapsing, sums.certain, sums.uncertain) == (
        400_000, 100_000, 300_000, 300_000, 0,
    )  # fmt: skip


def test_a_request_without_its_data_does_not_count(held, person):
    factories.service_request(held, data_complete=False)

    [item] = forecast(person, now=NOW)

    assert item.asked == 0


def test_booked_units_are_no_longer_left_but_part_of_the_pace(held, person):
    for month in (8, 9, 10):
        delivered(held, date(2026, month, 10))
    before = forecast(person, now=NOW)
    factories.booking(held)

    assert [(item.left, item.outlook.expected) for item in before] == [(1, 1)]
    assert forecast(person, now=NOW) == []


def test_credits_are_used_by_redeeming_them(person, held):
    factories.credit_value()
    order = held.order
    lot = factories.holding(
        order,
        offering=factories.offering("proactive-credits", order.edition),
        unit="credit",
        quantity=100,
        value=Money(10_000_000, "EUR"),
    )
    holdings.redeem_credits(
        order=order,
        location=lot.location,
        lines=[(factories.offering("workshops", order.edition), Money.of(20_000, "EUR"))],
        approved_on=date(2026, 10, 1),
        by=person,
        now=datetime(2026, 10, 1, 9, tzinfo=UTC),
    )

    lot_left = next(item for item in forecast(person, now=NOW) if item.account.unit == "credit")

    # 20 credits in 145 days make 30 in the 220 days that are left.
    assert lot_left.history == History(units=20, uses=1, days=145)
    assert (lot_left.left, lot_left.outlook.expected, lot_left.lapsing) == (80, 30, 50)
    assert lot_left.value_lapsing == Money(5_000_000, "EUR")


def test_exchange_value_has_no_pace(held, person):
    holdings.add_exchange_value(
        order=held.order,
        location=held.location,
        value=Money(70_000, "EUR"),
        flex_year=None,
        by=person,
        on=NOW.date(),
        now=NOW,
        subject_key="x",
    )

    value = next(item for item in forecast(person, now=NOW) if item.entitlement is None)

    assert value.outlook.trust == Trust("weak", "no_pace")
    assert value.value_lapsing == Money(70_000, "EUR")


def test_what_is_left_falls_to_the_month_of_its_last_day(held, person):
    items = forecast(person, now=NOW)

    months = by_month(items, today=NOW.date(), currency="EUR")

    assert [month.first_day for month in months][:2] == [date(2026, 11, 1), date(2026, 12, 1)]
    assert [month.first_day for month in months if month.sums.left] == [date(2027, 6, 1)]
    early = by_month(items, today=date(2026, 6, 23), currency="EUR")
    assert [(month.first_day, month.sums.left) for month in early[-2:]] == [
        (date(2027, 5, 1), 0),
        (None, 400_000),
    ]


def test_sums_of_several_currencies_are_in_dollars_at_the_frozen_rates(held, person):
    other = factories.season(by=person, currency="GBP", units_per_usd=Decimal("0.80"))
    unrated = factories.season(by=person, currency="CHF", units_per_usd=None)
    for order in (other, unrated):
        factories.assignment(user=person, customer=order.customer)

    items = forecast(person, now=NOW)

    assert common_currency(items) == "USD"
    assert common_currency(items[:1]) == "EUR"
    sums = sums_of(items)
    # 4,000 euros at 0.92 and 4,000 pounds at 0.80; francs have no rate and are in no sum.
    assert sums.left == 434_783 + 500_000
    assert sums.unrated == 1
    assert [left for left, _lapsing in by_currency(items)] == [
        Money(400_000, currency) for currency in ("CHF", "EUR", "GBP")
    ]
    assert [row.customer for row in by_customer(items)] == [
        other.customer,
        held.order.customer,
        unrated.customer,
    ]


@pytest.mark.parametrize("customers", [1, 40])
def test_the_forecast_of_a_portfolio_costs_the_same_for_any_number_of_customers(csam, customers):
    for _number in range(customers):
        order = factories.season(by=csam)
        factories.assignment(user=csam, customer=order.customer)
    forecast(csam, now=NOW)  # terms of a published edition are kept

    with CaptureQueriesContext(
        connection,
    ) as queries:
        items = forecast(csam, now=NOW)

    assert len(items) == customers
    assert len(queries) == 8


# --- the allowance --------------------------------------------------------------------------


def test_an_allowance_tells_what_became_of_its_year():
    order = factories.draft(starts_on=date(2026, 7, 1), ends_on=date(2027, 6, 30))
    by = order.created_by
    orders.set_flex_years(order=order, allotments={1: 1_000_000}, by=by, now=factories.SIGNED)
    order.refresh_from_db()
    factories.line(order, funding="flex", flex_year=1, price_minor=600_000, quantity=3)
    factories.line(
        order, "mcsap", 1, funding="flex", flex_year=1, price_minor=300_000, unit="subscription",
        scopes=[orders.Scope("subscription", "prod")],
    )  # fmt: skip
    order = factories.executed(order)
    held = order.entitlements.get(unit="each")
    delivered(held, date(2026, 9, 10))
    factories.booking(held)

    items = forecast(by, now=NOW)
    [row] = allowances(by, order.customer, items, today=NOW.date())

    assert (row.year, row.last_day) == (1, date(2027, 6, 30))
    assert {name: getattr(row, name) for name in ("allotted", "forfeited", "standing")} == {
        "allotted": 1_000_000, "forfeited": 100_000, "standing": 300_000,
    }  # fmt: skip
    assert (row.used, row.booked, row.left, row.lapsing) == (200_000, 200_000, 200_000, 200_000)
    assert allowances(by, order.customer, items, today=date(2027, 7, 1)) == []
    contact = factories.location_contact(held.location)
    assert allowances(contact, order.customer, items, today=NOW.date()) == []


def test_what_a_draft_does_not_allot_is_taken_back_at_execution():
    order = factories.draft()
    by = order.created_by
    orders.set_flex_years(order=order, allotments={1: 1_000_000}, by=by, now=factories.SIGNED)
    order.refresh_from_db()
    factories.line(order, funding="flex", flex_year=1, price_minor=600_000)

    [row] = unallocated(by, order.customer)

    assert (row.year, row.amount) == (1, Money(400_000, "EUR"))
    assert unallocated(factories.customer_administrator(order.customer), order.customer) == []


# --- pages ----------------------------------------------------------------------------------


@pytest.fixture
def _clock(at):
    at(NOW)


@pytest.mark.usefixtures("_clock")
def test_the_portfolio_s_page_leads_to_the_customer_s(held, person, sign_in):
    client = sign_in(person)
    page = client.get(reverse("scheduling:forecast-list"))
    address = reverse("scheduling:forecast-detail", args=[held.order.customer_id])

    assert page.status_code == 200
    assert f'href="{address}"' in page.text
    assert client.get(address).status_code == 200


@pytest.mark.usefixtures("_clock")
def test_the_customers_found_by_fragment_are_those_of_the_page(held, person, sign_in):
    client = sign_in(person)
    address = reverse("scheduling:forecast-list")
    name = held.order.customer.name

    swapped = client.get(address, {"q": name}, headers={"HX-Request": "true"}).text.strip()

    assert swapped in client.get(address, {"q": name}).text
    assert name in swapped
    assert "No customer matches" in client.get(address, {"q": "nobody"}).text


@pytest.mark.usefixtures("_clock")
def test_a_customer_s_person_sees_their_own_forecast_alone(held, sign_in):
    customer = held.order.customer
    client = sign_in(factories.viewer(customer))
    own = reverse("scheduling:forecast-detail", args=[customer.pk])

    assert client.get(reverse("scheduling:forecast-list")).headers["Location"] == own
    assert client.get(own).status_code == 200


@pytest.mark.usefixtures("_clock")
def test_strangers_find_no_forecast(held, sign_in):
    stranger = sign_in(factories.customer_administrator(factories.host().customer))
    pk = held.order.customer_id

    assert stranger.get(reverse("scheduling:forecast-detail", args=[pk])).status_code == 404
    assert stranger.get(reverse("scheduling:forecast-export"), {"customer": pk}).status_code == 404
    assert stranger.get(reverse("scheduling:forecast-export"), {"customer": "x"}).status_code == 404
    catalogue = sign_in(factories.user("catalogue_administrator"))
    assert catalogue.get(reverse("scheduling:forecast-list")).status_code == 404


@pytest.mark.usefixtures("_clock")
def test_a_location_contact_sees_the_forecast_of_their_location(held, sign_in):
    place = factories.location(held.order.customer)
    contact = factories.location_contact(place)

    assert forecast(contact, now=NOW) == []
    page = sign_in(contact).get(
        reverse("scheduling:forecast-detail", args=[held.order.customer_id])
    )
    assert "Nothing is left that could lapse" in page.text


@pytest.mark.usefixtures("_clock")
def test_the_export_has_a_row_for_everything_that_is_left(held, person, sign_in):
    rows = (
        sign_in(person)
        .get(reverse("scheduling:forecast-export"), {"customer": held.order.customer_id})
        .text.lstrip("\ufeff")
        .splitlines()
    )

    assert len(rows) == 2
    assert rows[0].startswith("Customer,Work order,Service,Location,Unit,Left,Booked,Requested")
    assert ",each,4,0,0,2027-05-01,2027-06-30,0,4,EUR,4000.00,4000.00,4347.83,Weak," in (
        rows[1].replace("delivery", "each")
    )


# --- the API --------------------------------------------------------------------------------


def read(person, path, expected=200, **query):
    client = APIClient()
    client.force_authenticate(person)
    answer = client.get(f"/api/v1/{path}", query)
    assert answer.status_code == expected, answer.content
    return answer.json()


@pytest.mark.usefixtures("_clock")
def test_the_api_tells_the_same_forecast(held, person):
    delivered(held, date(2026, 9, 10))

    told = read(person, "forecast/", customer=held.order.customer_id)

    [item] = told["items"]
    assert (item["left"], item["expected"], item["lapsing"]["result"]) == (3, 1, 2)
    assert (item["confidence"], item["basis"]) == ("weak", "history")
    assert item["history"] == {"units": 1, "uses": 1, "days": 145}
    assert item["value_lapsing"] == {"amount": "2000.00", "currency": "EUR"}
    assert item["usd_lapsing"] == {"amount": "2173.91", "currency": "USD"}
    assert told["sums"]["lapsing"] == {"amount": "2173.91", "currency": "USD"}
    assert [month["month"] for month in told["months"]][:1] == ["2026-11-01"]
    assert read(person, "forecast/", order=held.order_id) == told
    assert read(person, "forecast/") == told


@pytest.mark.usefixtures("_clock")
def test_the_api_has_no_forecast_of_strangers(held):
    stranger = factories.csam(factories.host().customer)

    assert read(stranger, "forecast/")["items"] == []
    read(stranger, "forecast/", customer=held.order.customer_id, expected=404)
    read(stranger, "forecast/", order=held.order_id, expected=404)
    read(stranger, "forecast/", customer="x", expected=400)
    read(factories.viewer(held.order.customer), "forecast/", customer=held.order.customer_id)


@pytest.mark.usefixtures("_clock")
def test_the_api_plans_as_the_page_does(held, person):
    path = f"customers/{held.order.customer_id}/planner/"

    made = read(person, path, per_week=5, fix=[f"{held.pk}:2026-12-08", f"{held.pk}:2026-12-12"])

    assert [step["first_day"] for step in made["steps"]] == [
        "2026-12-07", "2026-12-08", "2026-12-09", "2026-12-10",
    ]  # fmt: skip
    assert [step["fixed"] for step in made["steps"]] == [False, True, False, False]
    assert [(one["on"], one["refusal"], one["clauses"]) for one in made["fixed"]] == [
        ("2026-12-08", "", []),
        ("2026-12-12", "no_business_day", ["0-C6"]),
    ]
    assert (made["left_out"], made["to_decide"], made["enough_per_week"]) == ([], [], None)
    short = read(person, path, per_week=1, lead_days=210)
    assert [(one["reason"], one["quantity"], one["clauses"]) for one in short["left_out"]] == [
        ("no_room", 2, ["2.7-T10"])
    ]


@pytest.mark.usefixtures("_clock")
def test_the_api_refuses_to_plan_nonsense_and_for_strangers(held, person):
    path = f"customers/{held.order.customer_id}/planner/"

    for query in ({"lead_days": -1}, {"per_week": 9}, {"fix": "x"}, {"days": "1:0"}):
        read(person, path, expected=400, **query)
    read(factories.csam(), path, expected=404)
    read(factories.viewer(held.order.customer), path, expected=404)
