"""Hours services: logged against what is left, never more; all on one page."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import LocationHoliday
from accounts.rules.business_time import BusinessHours
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.models import HourLog
from services.scheduling.queries.hours import deliveries_of, hour_balances
from tests import factories
from workorders.models import Account
from workorders.queries.ledger import verify_ledger

NOW = factories.NOW
FRIDAY = date(2026, 11, 20)
HOURS = BusinessHours("Europe/Berlin", holidays=frozenset({date(2026, 11, 18)}))


def refused(act, *args, **fields) -> Refused:
    with pytest.raises(Refused) as caught:
        act(*args, **fields)
    return caught.value


# --- logging --------------------------------------------------------------------------------


@pytest.fixture
def held(db):
    order = factories.season()
    return factories.holding(
        order,
        offering=factories.offering("enhanced-designated-engineering", order.edition),
        unit="minute",
        quantity=2400,
        value=Money(800_000, "EUR"),
    )


def log(held, **fields):
    values = {"worked_on": FRIDAY, "minutes": 90, "note": "Tuned the cluster.", "now": NOW}
    by = fields.pop("by", None) or held.order.created_by
    return actions.log_hours(entitlement=held, by=by, **{**values, **fields})


def balances(held) -> dict[str, int]:
    rows = Account.objects.filter(entitlement=held).exclude(balance=0)
    return dict(rows.values_list("bucket", "balance"))


@pytest.mark.clause("2.5-ED3")
def test_only_delivered_hours_are_used_up_and_reserved_ones_stay_reserved(held):
    factories.booking(held, quantity=480)
    log(held)
    assert balances(held) == {"issued": 2400, "available": 1830, "reserved": 480, "delivered": 90}
    assert verify_ledger().in_order


def test_more_than_is_neither_booked_nor_used_is_refused_and_nothing_is_written(held):
    factories.booking(held, quantity=2100)
    refusal = refused(log, held, minutes=301)
    assert (refusal.code, refusal.figures["left"]) == ("insufficient_hours", 300)
    assert not HourLog.objects.exists()
    log(held, minutes=300)
    assert balances(held) == {"issued": 2400, "reserved": 2100, "delivered": 300}


def test_the_same_key_logs_once(held):
    first = log(held, idempotency_key="k")
    assert log(held, idempotency_key="k") == first
    assert balances(held)["delivered"] == 90


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"worked_on": date(2026, 6, 30)}, "too_early"),
        ({"worked_on": date(2027, 7, 1)}, "too_late"),
        ({"worked_on": date(2026, 11, 21)}, "outside_business_hours"),
        ({"note": " "}, "reason_required"),
    ],
)
def test_days_and_notes_that_cannot_be_are_refused(held, fields, code):
    assert refused(log, held, **fields).code == code
    assert not HourLog.objects.exists()


def test_a_holiday_of_the_location_is_no_day_of_delivery(held):
    LocationHoliday.objects.create(location=held.location, on=FRIDAY, name="Plant day")
    assert refused(log, held).figures["closed_on"] == FRIDAY


def test_what_is_not_sold_in_hours_has_none_to_log(held):
    assert refused(log, factories.holding(held.order)).code == "not_sold_in_hours"


def test_only_those_who_manage_agreements_log(held):
    customer = factories.customer_administrator(held.order.customer)
    assert refused(log, held, by=customer).code == "not_allowed"


def test_sessions_and_logs_are_told_together(held):
    booking = factories.booking(held, quantity=480)
    actions.deliver_booking(
        booking=booking, quantity=420, by=booking.booked_by, now=booking.ends_at
    )
    entry = log(held)
    told = deliveries_of(held)
    assert [(row.minutes, row.booking, row.log) for row in told] == [
        (420, booking, None),
        (90, None, entry),
    ]
    balance = next(row for row in hour_balances(held.order.created_by) if row.entitlement == held)
    assert (balance.bought, balance.delivered, balance.reserved, balance.left) == (
        2400,
        510,
        0,
        1890,
    )


# --- taking back ----------------------------------------------------------------------------


def take_back(entry, **fields):
    values = {"reason": "Wrong customer.", "by": entry.logged_by, "now": NOW, **fields}
    return actions.take_back_hours(log=entry, **values)


@pytest.mark.clause("2.5-ED3")
def test_hours_logged_wrongly_go_back_by_a_movement_of_their_own_once(held):
    entry = log(held)
    take_back(entry)
    assert balances(held) == {"issued": 2400, "available": 2400}
    (told,) = deliveries_of(held)
    assert (told.log, told.taken_back.reason, told.taken_back.on) == (
        entry,
        "Wrong customer.",
        date(2026, 11, 23),
    )
    assert refused(take_back, entry).code == "already_reversed"
    assert balances(held) == {"issued": 2400, "available": 2400}
    assert verify_ledger().in_order


def test_taking_back_needs_a_reason_and_somebody_who_manages_agreements(held):
    entry = log(held)
    assert refused(take_back, entry, reason=" ").code == "reason_required"
    customer = factories.customer_administrator(held.order.customer)
    assert refused(take_back, entry, by=customer).code == "not_allowed"
    assert balances(held)["delivered"] == 90


# --- pages and API --------------------------------------------------------------------------


@pytest.fixture
def client(sign_in, held, at):
    at(NOW)
    return sign_in(held.order.created_by)


def url(name, *args):
    return reverse(f"scheduling:{name}", args=args)


def test_hours_are_logged_on_the_page_of_their_service_once(client, held):
    fields = {"worked_on": "2026-11-20", "minutes": "1.5", "note": "Tuned.", "key": "k-1"}
    address = url("hours-detail", held.pk)
    assert client.post(address, fields)["Location"] == address
    assert client.post(address, fields)["Location"] == address
    assert balances(held)["delivered"] == 90
    page = client.get(address).content.decode()
    assert "38.5 hours" in page
    assert "Tuned." in page
    assert "38.5 hours" in client.get(url("hours-list")).content.decode()


def test_overdraw_is_refused_on_the_page(client, held):
    factories.booking(held, quantity=2400)
    fields = {"worked_on": "2026-11-20", "minutes": "1", "note": "Tuned.", "key": "k-1"}
    answer = client.post(url("hours-detail", held.pk), fields)
    assert answer.status_code == 409
    assert not HourLog.objects.exists()


def test_a_customer_reads_the_balance_and_logs_nothing(sign_in, held, at):
    at(NOW)
    log(held)
    reader = sign_in(factories.customer_administrator(held.order.customer))
    page = reader.get(url("hours-detail", held.pk)).content.decode()
    assert "Tuned the cluster." in page
    assert "Log hours" not in page
    assert reader.post(url("hours-detail", held.pk), {}).status_code == 404


def test_a_stranger_finds_neither_service_nor_log(sign_in, held, at):
    at(NOW)
    entry = log(held)
    stranger = sign_in(factories.csam(factories.host().customer))
    assert stranger.get(url("hours-detail", held.pk)).status_code == 404
    assert stranger.get(f"/api/v1/hour-logs/{entry.pk}/").status_code == 404
    contact = factories.location_contact(factories.location(held.order.customer))
    assert not HourLog.objects.visible_to(contact).exists()


def test_the_api_logs_and_tells_the_balance(client, held):
    body = {"entitlement": held.pk, "worked_on": "2026-11-20", "minutes": 90, "note": "Tuned."}
    made = client.post("/api/v1/hour-logs/", body, content_type="application/json")
    assert made.status_code == 201
    assert made.json()["balance"] == {
        "bought": 2400,
        "reserved": 0,
        "delivered": 90,
        "left": 2310,
    }
    for _day in range(5):
        body = body | {"minutes": 510}
        last = client.post("/api/v1/hour-logs/", body, content_type="application/json")
    assert (last.status_code, last.json()["code"]) == (409, "insufficient_hours")


def test_hours_are_taken_back_on_a_page_of_their_own_once(client, sign_in, held):
    entry = log(held)
    address = url("hours-take-back", entry.pk)
    assert address in client.get(url("hours-detail", held.pk)).content.decode()
    assert client.post(address, {"reason": "", "key": "k"}).status_code == 422
    for _time in range(2):
        answer = client.post(address, {"reason": "Wrong day.", "key": "k"})
        assert answer["Location"] == url("hours-detail", held.pk)
    assert client.post(address, {"reason": "Again.", "key": "k-2"}).status_code == 409
    page = client.get(url("hours-detail", held.pk)).content.decode()
    assert "Wrong day." in page
    assert address not in page
    customer = sign_in(factories.customer_administrator(held.order.customer))
    assert customer.get(address).status_code == 404


def test_the_api_takes_back_once(client, held):
    address = f"/api/v1/hour-logs/{log(held).pk}/"
    assert client.get(address).json()["taken_back"] is False
    body = {"reason": "Wrong day."}
    back = client.post(f"{address}take-back/", body, content_type="application/json")
    assert (back.json()["taken_back"], back.json()["balance"]["left"]) == (True, 2400)
    again = client.post(f"{address}take-back/", body, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "already_reversed")
