"""The schedule in the API: the same actions, rights and refusals as the pages."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.rules.money import Money
from services.scheduling.models import Booking, ServiceRequest
from tests import factories
from workorders.models import Account

pytestmark = pytest.mark.django_db
NOW = factories.NOW


@pytest.fixture(autouse=True)
def _clock(at):
    at(NOW)


@pytest.fixture
def held():
    return factories.holding(factories.season())


@pytest.fixture
def api(held):
    return client_of(held.order.created_by)


def client_of(person):
    client = APIClient()
    client.force_authenticate(person)
    return client


def post(api, path, data=None, key="", status=200):
    headers = {"Idempotency-Key": key} if key else {}
    answer = api.post(f"/api/v1/{path}", data or {}, format="json", headers=headers)
    assert answer.status_code == status, answer.content
    return answer.json()


def read(api, path, expected=200, **query):
    answer = api.get(f"/api/v1/{path}", query)
    assert answer.status_code == expected, answer.content
    return answer.json()


def wish(held, **fields):
    return {
        "entitlement": held.pk,
        "starts_at": "2026-12-03T09:00:00+01:00",
        "ends_at": "2026-12-03T17:00:00+01:00",
        **fields,
    }


def test_a_service_is_booked_and_read(api, held):
    made = post(api, "bookings/", wish(held, title="Identity"), status=201)
    assert (made["state"], made["fee"], made["quantity"], made["unit"]) == (
        "planned",
        {"amount": "1000.00", "currency": "EUR"},
        1,
        "each",
    )
    assert read(api, f"bookings/{made['id']}/") == made
    rows = read(api, "bookings/", customer=held.order.customer_id, state="planned")["results"]
    assert [row["reference"] for row in rows] == [made["reference"]]
    assert read(api, "bookings/", state="delivered")["results"] == []
    assert read(api, "bookings/", q="ident")["results"] == rows
    assert read(api, "bookings/", since="2026-12-03T16:00:00Z")["results"] == []


def test_the_same_key_books_once_and_another_content_is_refused(api, held):
    first = post(api, "bookings/", wish(held), key="k", status=201)
    assert post(api, "bookings/", wish(held), key="k", status=201) == first
    assert Booking.objects.count() == 1
    problem = post(api, "bookings/", wish(held, quantity=2), key="k", status=422)
    assert problem["code"] == "idempotency_key_reused"


def test_a_refusal_is_a_problem_with_its_clause_and_figures(api, held):
    problem = post(api, "bookings/", wish(held, quantity=9), status=409)
    assert (problem["code"], problem["clauses"], problem["figures"]) == (
        "insufficient_units",
        ["2.6-M8"],
        {"left": 4, "asked": 9, "unit": "each"},
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_at": "2026-12-03T09:00:00"}, "starts_at"),
        ({"starts_at": "soon"}, "starts_at"),
        ({"starts_at": "2026-13-45T99:00:00Z"}, "starts_at"),
        ({"quantity": 0}, "quantity"),
        ({"quantity": 10**30}, "quantity"),
        ({"mode": "teleport"}, "mode"),
        ({"language": "xx"}, "language"),
        ({"title": "x" * 161}, "title"),
        ({"value": "100"}, "value"),
        ({"entitlement": 10**30}, "entitlement"),
    ],
)
def test_bad_input_names_its_field_and_writes_nothing(api, held, changes, field):
    problem = post(api, "bookings/", wish(held, **changes), status=400)
    assert field in problem["fields"]
    assert not Booking.objects.exists()


def test_foreign_things_do_not_exist(api, held):
    foreign = factories.holding(factories.season())
    booking = factories.booking(foreign)
    asked = factories.service_request(foreign)
    problem = post(api, "bookings/", wish(foreign), status=400)
    assert "entitlement" in problem["fields"]
    problem = post(api, "bookings/", wish(held, location=foreign.location_id), status=400)
    assert "location" in problem["fields"]
    for path in (f"bookings/{booking.pk}/", f"service-requests/{asked.pk}/"):
        assert read(api, path, 404)["code"] == "not_found"
    for act in ("cancel", "move", "deliver", "confirm"):
        assert post(api, f"bookings/{booking.pk}/{act}/", status=404)["code"] == "not_found"
    for what in ("quote", "curve"):
        read(api, f"bookings/{booking.pk}/{what}/", 404)
    assert read(api, "bookings/")["results"] == []


def test_a_quote_tells_the_loss_and_a_cancellation_takes_it(api, held):
    booking = factories.booking(held, now=NOW - timedelta(days=9), **times())
    quoted = read(api, f"bookings/{booking.pk}/quote/")
    assert (quoted["lead_days"], quoted["percent"], quoted["charge"]) == (
        10,
        50,
        {"amount": "500.00", "currency": "EUR"},
    )
    assert [(row["account"], row["change"]["count"]) for row in quoted["ledger"]] == [
        ("reserved", -100_000),
        ("charged", 50_000),
        ("exchange", 50_000),
        ("sum", 0),
    ]
    assert quoted["explained"]["clauses"] == ["2.7-T18"]
    wrong = post(
        api, f"bookings/{booking.pk}/cancel/", {"reason": "Ill.", "agreed_loss": 0}, status=422
    )
    assert wrong["code"] == "quote_changed"
    done = post(
        api,
        f"bookings/{booking.pk}/cancel/",
        {"reason": "Ill.", "agreed_loss": quoted["loss"]["count"]},
        key="c",
    )
    assert (done["state"], done["charge"]) == (
        "cancelled",
        {"amount": "500.00", "currency": "EUR"},
    )
    assert done["explained_charge"]["steps"][0] == ["lead_days", 10]
    again = post(api, f"bookings/{booking.pk}/cancel/", {"reason": "Ill."}, status=409)
    assert again["code"] == "already_cancelled"


def times() -> dict:
    return {
        "starts_at": datetime(2026, 12, 3, 8, tzinfo=UTC),
        "ends_at": datetime(2026, 12, 3, 16, tzinfo=UTC),
    }


def test_the_curve_tells_each_day(api, held):
    told = read(api, f"bookings/{factories.booking(held).pk}/curve/")
    assert (told["last_free"], told["event"]) == ("2026-12-03", "2026-12-17")
    assert told["days"][0] == {
        "day": "2026-11-26",
        "lead_days": 21,
        "percent": 0,
        "loss": {"count": 0, "unit": "EUR", "is_money": True, "words": "€0"},
    }
    assert [band["percent"] for band in told["bands"]] == [0, 50, 100]


def test_a_booking_is_moved_and_delivered(api, held, at):
    booking = factories.booking(held, quantity=2)
    moved = post(
        api,
        f"bookings/{booking.pk}/move/",
        {
            "starts_at": "2026-12-18T09:00:00+01:00",
            "ends_at": "2026-12-18T17:00:00+01:00",
            "reason": "Room.",
        },
        status=201,
    )
    assert read(api, f"bookings/{booking.pk}/")["moved_to"] == moved["id"]
    at(datetime(2026, 12, 18, 16, tzinfo=UTC))
    early = post(api, f"bookings/{moved['id']}/deliver/", {"quantity": 3}, status=422)
    assert early["code"] == "more_than_booked"
    done = post(api, f"bookings/{moved['id']}/deliver/", {"quantity": 1})
    assert (done["state"], done["delivered_quantity"]) == ("delivered", 1)
    assert Account.objects.get(entitlement=held, bucket="available").balance == 3


def test_an_event_is_confirmed(api, held):
    event = factories.holding(
        held.order, offering=factories.offering("azure-event-mcs", held.order.edition),
        unit="event",
    )  # fmt: skip
    made = post(
        api,
        "bookings/",
        wish(
            event,
            starts_at="2027-02-01T00:00:00+01:00",
            ends_at="2027-02-03T00:00:00+01:00",
            event_cloud="public",
            event_solution="Shop",
        ),
        status=201,
    )
    assert made["state"] == "unconfirmed"
    path = f"bookings/{made['id']}/confirm/"
    assert post(api, path, {"confirmed_on": "2026-11-23"})["state"] == "planned"


def test_credits_buy_and_book(api, held):
    factories.credit_value()
    lot = factories.holding(
        held.order,
        offering=factories.offering("proactive-credits", held.order.edition),
        unit="credit",
        quantity=10,
        value=Money(1_000_000, "EUR"),
    )
    for missing in ({"offering": "workshops"}, {"value": "4600"}):
        post(api, "bookings/", wish(lot, **missing), status=400)
    wrong = wish(lot, offering="no-such-service", value="4600")
    assert "offering" in post(api, "bookings/", wrong, status=400)["fields"]
    made = post(api, "bookings/", wish(lot, offering="workshops", value="4600"), status=201)
    assert (made["offering"], made["fee"]["amount"]) == ("workshops", "4600.00")
    assert Account.objects.get(entitlement=lot, bucket="redeemed").balance == 5


def test_a_customer_asks_and_the_csam_answers(api, held):
    customer = client_of(factories.customer_administrator(held.order.customer))
    ask = {"entitlement": held.pk, "wanted_from": "2027-01-18", "wanted_until": "2027-01-29"}
    asked = post(customer, "service-requests/", ask, key="r", status=201)
    assert post(customer, "service-requests/", ask, key="r", status=201) == asked
    assert (asked["cutoff"], asked["decision"]) == ("2027-05-01", "")
    assert post(customer, "bookings/", wish(held), status=422)["code"] == "not_allowed"
    late = post(customer, "service-requests/", {**ask, "quantity": 9}, status=409)
    assert late["code"] == "insufficient_units"
    booked = post(api, "bookings/", wish(held, request=asked["id"]), status=201)
    answered = read(api, f"service-requests/{asked['id']}/")
    assert (answered["decision"], answered["booking"]) == ("booked", booked["id"])
    assert read(api, "service-requests/", waiting="true")["results"] == []
    second = post(customer, "service-requests/", {**ask, "data_complete": False}, status=201)
    assert second["data_completed_at"] is None
    third = post(customer, "service-requests/", ask, status=201)
    path = f"service-requests/{second['id']}"
    assert post(customer, f"{path}/complete/")["data_completed_at"]
    assert post(api, f"{path}/decline/", {"reason": "No."})["decision"] == "declined"
    gone = post(customer, f"service-requests/{third['id']}/withdraw/")
    assert gone["decision"] == "withdrawn"
    assert ServiceRequest.objects.count() == 3


def test_a_request_of_another_order_answers_nothing(api, held):
    other = factories.holding(factories.season(held.order.customer))
    asked = factories.service_request(other)
    problem = post(api, "bookings/", wish(held, request=asked.pk), status=400)
    assert "request" in problem["fields"]


@pytest.mark.parametrize("path", ["bookings/", "service-requests/"])
def test_lists_cost_the_same_for_one_row_and_for_thirty(api, held, path):
    big = factories.holding(held.order, quantity=100)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            read(api, path)
        return len(asked)

    factories.booking(big)
    factories.service_request(big)
    read(api, path)
    one = queries()
    for _number in range(29):
        factories.booking(big)
        factories.service_request(big, by=held.order.created_by)
    assert queries() == one
    assert one <= 4
