from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import Message
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.models import Booking
from services.scheduling.queries.cancellations import curve, ledger_effect, quote
from tests import factories
from workorders.models import Account, Deadline, Override, Transfer

pytestmark = pytest.mark.django_db
NOW = factories.NOW  # the booking of 17 December is 24 days ahead
EVENT = date(2026, 12, 17)


def ahead(days: int) -> datetime:
    """Half past ten in Berlin, so many days before the event."""
    return datetime(2026, 12, 17, 9, 30, tzinfo=UTC) - timedelta(days=days)


def balances(entitlement) -> dict[str, int]:
    accounts = Account.objects.filter(entitlement=entitlement).exclude(balance=0)
    return dict(accounts.values_list("bucket", "balance"))


def exchange_value(order) -> dict:
    accounts = Account.objects.filter(order=order, holding="value", bucket="available")
    return {(a.location_id, a.flex_year, a.unit): a.balance for a in accounts}


def cancel(booking, days=10, **fields):
    values = {
        "party": "customer",
        "reason": "Staff is ill.",
        "by": booking.booked_by,
        "now": ahead(days),
    }
    return actions.cancel_booking(booking=booking, **{**values, **fields})


def hours(minutes=2400):
    order = factories.season()
    return factories.holding(
        order,
        offering=factories.offering("developer-support", order.edition),
        unit="minute",
        quantity=minutes,
        value=Money(800_000, "EUR"),
    )


def booked_with_credits(value="6600.00"):
    order = factories.season()
    factories.credit_value()
    lots = [
        factories.holding(
            order,
            offering=factories.offering("proactive-credits", order.edition),
            unit="credit",
            quantity=quantity,
            value=Money(quantity * 100_000, "EUR"),
            usable_until=until,
        )
        for quantity, until in ((5, date(2027, 3, 31)), (20, date(2027, 6, 30)))
    ]
    booking = actions.book_with_credits(
        order=order,
        offering=factories.offering("workshops", order.edition),
        value=Money.of(value, "EUR"),
        location=lots[0].location,
        starts_at=datetime(2026, 12, 17, 8, tzinfo=UTC),
        ends_at=datetime(2026, 12, 17, 16, tzinfo=UTC),
        by=order.created_by,
        now=NOW,
    )
    return booking, lots


# --- what is kept ---------------------------------------------------------------------------


@pytest.mark.clause("2.7-T17")
def test_fourteen_days_ahead_everything_comes_back():
    booking = factories.booking()
    cancelled = cancel(booking, 14)
    assert balances(booking.entitlement) == {"issued": 4, "available": 4}
    assert (cancelled.charge_minor, cancelled.cancelled_for) == (0, "customer")
    assert exchange_value(booking.order) == {}


@pytest.mark.clause("2.7-T18", "2.2-F6", "2.7-T22")
def test_half_of_one_delivery_is_a_unit_kept_and_value_for_another_service():
    booking = factories.booking()
    cancelled = cancel(booking, 13)
    assert cancelled.charge_minor == 50_000
    assert balances(booking.entitlement) == {"issued": 4, "available": 3, "charged": 1}
    place = booking.entitlement.location_id
    assert exchange_value(booking.order) == {(place, None, "EUR"): 50_000}


@pytest.mark.clause("2.7-T18", "2.2-F4")
def test_value_of_a_flex_funded_service_stays_in_its_contract_year():
    held = factories.holding(factories.season(), funding="flex", flex_year=1)
    booking = factories.booking(held)
    cancel(booking, 6)
    assert exchange_value(booking.order) == {(held.location_id, 1, "EUR"): 50_000}


@pytest.mark.clause("2.7-T18")
def test_of_three_deliveries_two_are_kept_and_the_rest_comes_back_as_unit_and_value():
    booking = factories.booking(quantity=3)
    cancelled = cancel(booking, 10)
    assert cancelled.charge_minor == 150_000
    assert balances(booking.entitlement) == {"issued": 4, "available": 2, "charged": 2}
    assert list(exchange_value(booking.order).values()) == [50_000]


@pytest.mark.clause("2.7-T19")
@pytest.mark.parametrize("days", [5, 0, -1])
def test_five_days_ahead_or_later_all_is_kept(days):
    booking = factories.booking()
    assert cancel(booking, days).charge_minor == 100_000
    assert balances(booking.entitlement) == {"issued": 4, "available": 3, "charged": 1}
    assert exchange_value(booking.order) == {}


@pytest.mark.clause("2.7-T18", "0-C10")
def test_hours_are_split_to_the_minute_and_leave_no_value():
    booking = factories.booking(hours(), quantity=61)
    cancelled = cancel(booking, 10)
    assert balances(booking.entitlement) == {"issued": 2400, "available": 2369, "charged": 31}
    assert cancelled.charge_minor == 10_167
    assert exchange_value(booking.order) == {}


@pytest.mark.clause("2.7-T18", "2.7-T17")
def test_a_service_without_a_fee_leaves_no_value():
    booking = factories.booking(factories.holding(factories.season(), value=Money(0, "EUR")))
    assert cancel(booking, 10).charge_minor == 0
    assert balances(booking.entitlement) == {"issued": 4, "available": 3, "charged": 1}
    assert exchange_value(booking.order) == {}


@pytest.mark.clause("2.7-T17", "2.3-PC1")
def test_credits_come_back_to_their_lots_and_the_service_goes():
    booking, (first, second) = booked_with_credits()
    assert (balances(first), balances(second)) == (
        {"issued": 5, "redeemed": 5},
        {"issued": 20, "available": 18, "redeemed": 2},
    )
    cancel(booking, 20)
    assert (balances(first), balances(second)) == (
        {"issued": 5, "available": 5},
        {"issued": 20, "available": 20},
    )
    assert balances(booking.entitlement) == {}


@pytest.mark.clause("2.7-T18", "0-C10")
def test_of_seven_credits_four_are_kept_and_three_come_back():
    booking, (first, second) = booked_with_credits()
    cancel(booking, 8)
    assert (balances(first), balances(second)) == (
        {"issued": 5, "available": 1, "redeemed": 4},
        {"issued": 20, "available": 20},
    )
    assert balances(booking.entitlement) == {"issued": 1, "charged": 1}
    assert exchange_value(booking.order) == {}


@pytest.mark.clause("2.7-T12")
def test_microsoft_s_cancellation_costs_nothing():
    booking = factories.booking()
    cancelled = cancel(booking, 3, party="microsoft", reason="Too few participants.")
    assert (cancelled.charge_minor, cancelled.cancelled_for) == (0, "microsoft")
    assert balances(booking.entitlement) == {"issued": 4, "available": 4}


@pytest.mark.clause("0-C13", "2.7-T17")
def test_days_count_at_the_delivery_location():
    held = factories.holding(factories.season())
    held.location.time_zone = "America/Los_Angeles"
    held.location.save()
    booking = factories.booking(
        held,
        starts_at=datetime(2026, 12, 17, 17, tzinfo=UTC),
        ends_at=datetime(2026, 12, 17, 20, tzinfo=UTC),
    )
    late_evening = datetime(2026, 12, 4, 7, 59, tzinfo=UTC)  # 3 December there
    assert quote(booking, now=late_evening).lead_days == 14
    assert quote(booking, now=late_evening + timedelta(minutes=1)).lead_days == 13


@pytest.mark.clause("1-A1")
def test_the_terms_are_those_of_the_booking_whatever_the_zone_becomes():
    booking = factories.booking()
    booking.location.time_zone = "Asia/Tokyo"
    booking.location.save()
    booking.terms["tiers"][0]["percent"] = 10
    booking.save()
    fresh = Booking.objects.get(pk=booking.pk)
    quoted = quote(fresh, now=ahead(20))
    assert (quoted.percent, quoted.explained.zone) == (10, "Europe/Berlin")


# --- once -----------------------------------------------------------------------------------


def test_cancelling_twice_is_refused_and_moves_nothing_more():
    booking = factories.booking()
    cancel(booking)
    transfers = Transfer.objects.count()
    with pytest.raises(Refused) as caught:
        cancel(booking)
    assert caught.value.code == "already_cancelled"
    assert Transfer.objects.count() == transfers


def test_what_was_delivered_cannot_be_cancelled():
    booking = factories.booking()
    actions.deliver_booking(booking=booking, by=booking.booked_by, now=ahead(-1))
    with pytest.raises(Refused) as caught:
        cancel(booking, -1)
    assert caught.value.code == "already_delivered"


def test_the_same_key_answers_with_the_same_cancellation():
    booking = factories.booking()
    first = cancel(booking, idempotency_key="once")
    again = cancel(booking, idempotency_key="once")
    assert (again.pk, again.cancelled_at) == (first.pk, first.cancelled_at)
    assert balances(booking.entitlement)["charged"] == 1


def test_a_loss_other_than_the_one_agreed_to_is_refused():
    booking = factories.booking()
    with pytest.raises(Refused) as caught:
        cancel(booking, 13, agreed_loss=0)
    assert caught.value.code == "quote_changed"
    assert Booking.objects.get(pk=booking.pk).cancelled_at is None
    assert cancel(booking, 13, agreed_loss=50_000).charge_minor == 50_000


# --- who and why ----------------------------------------------------------------------------


def test_a_reason_is_written():
    booking = factories.booking()
    for reason, code in (("  ", "reason_required"), ("x" * 301, "too_long")):
        with pytest.raises(Refused) as caught:
            cancel(booking, reason=reason)
        assert (caught.value.code, caught.value.field) == (code, "reason")


def test_customers_cancel_their_bookings_but_viewers_do_not():
    held = factories.holding(factories.season())
    customer = held.order.customer
    booking = factories.booking(held)
    with pytest.raises(Refused) as caught:
        cancel(booking, by=factories.viewer(customer))
    assert caught.value.code == "not_allowed"
    administrator = factories.customer_administrator(customer)
    with pytest.raises(Refused) as caught:
        cancel(booking, by=administrator, party="microsoft")
    assert caught.value.code == "not_allowed"
    assert cancel(booking, by=administrator).cancelled_by == administrator


def test_an_unknown_party_is_a_bug():
    with pytest.raises(ValueError, match="somebody"):
        cancel(factories.booking(), party="somebody")


def test_people_are_told_with_the_charge():
    held = factories.holding(factories.season())
    administrator = factories.customer_administrator(held.order.customer)
    booking = factories.booking(held)
    cancel(booking)
    told = Message.objects.get(
        subject_key=f"booking:{booking.pk}:cancelled", channel="inbox", recipient=administrator
    )
    assert "Staff is ill." in told.text
    assert "€500" in told.text


def test_its_deadlines_are_withdrawn():
    booking = factories.booking()
    cancel(booking)
    assert not Deadline.objects.current().filter(subject_key=f"booking:{booking.pk}").exists()


def test_the_charge_is_kept_with_its_explanation():
    charge = cancel(factories.booking()).charge
    assert charge["result"] == {"amount": "500.00", "currency": "EUR"}
    assert charge["clauses"] == ["2.7-T18"]
    assert ["lead_days", 10] in charge["steps"]


# --- the quote ------------------------------------------------------------------------------


def effect(booking, days):
    rows, total = ledger_effect(quote(booking, now=ahead(days)))
    return {
        row.code: (row.before.count, row.change.count, row.after.count) for row in [*rows, total]
    }


def test_the_ledger_s_effect_is_told_before_and_adds_up():
    booking = factories.booking()
    assert effect(booking, 10) == {
        "reserved": (100_000, -100_000, 0),
        "charged": (0, 50_000, 50_000),
        "exchange": (0, 50_000, 50_000),
        "sum": (100_000, 0, 100_000),
    }
    assert effect(booking, 20) == {
        "reserved": (100_000, -100_000, 0),
        "charged": (0, 0, 0),
        "available": (300_000, 100_000, 400_000),
        "sum": (400_000, 0, 400_000),
    }


def test_after_the_cancellation_the_accounts_stand_as_was_told():
    held = factories.holding(factories.season())
    first, second = factories.booking(held), factories.booking(held)
    told = effect(first, 10)
    cancel(first, 10)
    assert effect(second, 10)["charged"][0] == told["charged"][2]
    assert effect(second, 10)["exchange"][0] == told["exchange"][2]
    assert effect(second, 10)["reserved"][0] == told["reserved"][2]


def test_hours_and_credits_are_told_in_their_own_measure():
    assert effect(factories.booking(hours(), quantity=61), 10) == {
        "reserved": (61, -61, 0),
        "charged": (0, 31, 31),
        "available": (2339, 30, 2369),
        "sum": (2400, 0, 2400),
    }
    booking, _lots = booked_with_credits()
    assert effect(booking, 8) == {
        "spent": (7, -7, 0),
        "charged": (0, 4, 4),
        "available": (18, 3, 21),
        "sum": (25, 0, 25),
    }
    assert str(quote(booking, now=ahead(8)).loss) == "4 credits"


def test_the_quote_says_until_when_what_returns_can_be_used():
    quoted = quote(factories.booking(), now=ahead(10))
    assert (quoted.request_by, quoted.use_by) == (date(2027, 5, 1), date(2027, 6, 30))


@pytest.mark.clause("2.7-T17", "2.7-T18", "2.7-T19")
def test_the_curve_runs_from_a_week_before_the_last_free_day_to_the_event():
    told = curve(factories.booking(), now=ahead(10))
    assert (told.today, told.last_free, told.event) == (
        date(2026, 12, 7),
        date(2026, 12, 3),
        EVENT,
    )
    assert [(day.lead_days, day.percent, day.loss.count) for day in told.days] == [
        *((lead, 0, 0) for lead in range(21, 13, -1)),
        *((lead, 50, 50_000) for lead in range(13, 5, -1)),
        *((lead, 100, 100_000) for lead in range(5, -1, -1)),
    ]
    assert [(band.days, band.leads, band.applies) for band in told.bands] == [
        ("until Thu 3 Dec", "14 or more", False),
        ("Fri 4 to Fri 11 Dec", "6 to 13", True),
        ("Sat 12 Dec or later", "5 or less", False),
    ]


# --- move -----------------------------------------------------------------------------------


def move(booking, days=20, **fields):
    values = {
        "starts_at": datetime(2027, 1, 14, 8, tzinfo=UTC),
        "ends_at": datetime(2027, 1, 14, 16, tzinfo=UTC),
        "reason": "The room is taken.",
        "by": booking.booked_by,
        "now": ahead(days),
    }
    return actions.move_booking(booking=booking, **{**values, **fields})


@pytest.mark.clause("2.7-T17", "2.7-T19")
def test_a_free_move_cancels_and_books_again():
    booking = factories.booking(title="Identity", note="Room 4", language="fr", attendees=9)
    new = move(booking)
    old = Booking.objects.get(pk=booking.pk)
    assert (old.moved_to, old.charge_minor, old.cancellation_reason) == (
        new,
        0,
        "The room is taken.",
    )
    assert (new.title, new.note, new.language_wanted, new.attendees) == (
        "Identity",
        "Room 4",
        "fr",
        9,
    )
    assert balances(booking.entitlement) == {"issued": 4, "available": 3, "reserved": 1}
    due = Deadline.objects.current().filter(kind="delivery")
    assert list(due.values_list("due_on", flat=True)) == [date(2027, 1, 14)]


@pytest.mark.clause("2.7-T19")
def test_a_late_move_costs_what_cancelling_costs_and_takes_another_unit():
    booking = factories.booking()
    move(booking, 10, agreed_loss=50_000)
    assert balances(booking.entitlement) == {
        "issued": 4,
        "available": 2,
        "charged": 1,
        "reserved": 1,
    }
    assert list(exchange_value(booking.order).values()) == [50_000]


@pytest.mark.clause("2.7-T19")
def test_a_late_move_of_the_last_unit_is_refused_as_a_whole():
    booking = factories.booking(factories.holding(factories.season(), quantity=1))
    with pytest.raises(Refused) as caught:
        move(booking, 10)
    assert caught.value.code == "insufficient_units"
    assert Booking.objects.get().cancelled_at is None
    assert balances(booking.entitlement) == {"issued": 1, "reserved": 1}


@pytest.mark.clause("2.7-T19")
def test_staff_waive_the_charge_of_a_move_with_a_reason_that_is_kept():
    booking = factories.booking(factories.holding(factories.season(), quantity=1))
    new = move(booking, 10, waive_reason="Our engineer asked for it.")
    old = Booking.objects.get(pk=booking.pk)
    assert (old.charge_minor, old.moved_to, old.cancelled_for) == (0, new, "customer")
    assert ["waived_percent", 50] in old.charge["steps"]
    override = Override.objects.get()
    assert (override.code, override.reason) == (
        "rescheduling_charge",
        "Our engineer asked for it.",
    )
    assert balances(booking.entitlement) == {"issued": 1, "reserved": 1}


@pytest.mark.clause("2.8-C20", "2.7-T19")
def test_a_move_after_the_cutoff_is_a_late_request_unless_it_is_waived():
    held = factories.holding(factories.season(ends_on=date(2027, 1, 31)))
    booking = factories.booking(held)  # the last day for requests is 2 December
    with pytest.raises(Refused) as caught:
        move(booking, 14)
    assert (caught.value.code, caught.value.clauses) == ("too_late", ("2.8-C20",))
    assert move(booking, 13, waive_reason="Agreed.").booked_at == ahead(13)


@pytest.mark.clause("2.7-T19", "2.3-PC2")
def test_a_late_move_of_what_credits_bought_buys_it_again():
    booking, (first, second) = booked_with_credits()
    new = move(booking, 10)
    assert new.entitlement != booking.entitlement
    assert balances(booking.entitlement) == {"issued": 1, "charged": 1}
    # Four of seven credits are kept, three come back, seven are spent anew.
    spent = balances(first).get("redeemed", 0) + balances(second).get("redeemed", 0)
    assert spent == 11


def test_a_free_move_keeps_what_credits_bought():
    booking, _lots = booked_with_credits()
    new = move(booking, 20)
    assert new.entitlement == booking.entitlement
    assert balances(new.entitlement) == {"issued": 1, "reserved": 1}


def test_only_managers_move_and_what_is_over_stays():
    held = factories.holding(factories.season())
    booking = factories.booking(held)
    with pytest.raises(Refused) as caught:
        move(booking, by=factories.customer_administrator(held.order.customer))
    assert caught.value.code == "not_allowed"
    cancel(booking, 20)
    with pytest.raises(Refused) as caught:
        move(booking)
    assert caught.value.code == "already_cancelled"


def test_the_same_key_moves_once():
    booking = factories.booking()
    new = move(booking, idempotency_key="m")
    assert move(booking, idempotency_key="m") == new
    assert Booking.objects.count() == 2


# --- deliver --------------------------------------------------------------------------------


def deliver(booking, **fields):
    values = {"by": booking.booked_by, "now": ahead(-1)}
    return actions.deliver_booking(booking=booking, **{**values, **fields})


@pytest.mark.clause("2.5-ED3")
def test_delivered_hours_are_deducted_and_the_rest_is_released():
    booking = factories.booking(hours(), quantity=480)
    delivered = deliver(booking, quantity=450)
    assert delivered.delivered_quantity == 450
    assert balances(booking.entitlement) == {
        "issued": 2400,
        "available": 1950,
        "delivered": 450,
    }
    moved = Transfer.objects.get(kind="deliver")
    assert (moved.on, moved.subject_key) == (EVENT, f"booking:{booking.pk}")


@pytest.mark.clause("2.5-ED3")
@pytest.mark.parametrize("quantity", [0, -1, 2])
def test_no_more_is_delivered_than_was_booked(quantity):
    booking = factories.booking()
    with pytest.raises(Refused) as caught:
        deliver(booking, quantity=quantity)
    assert (caught.value.code, caught.value.field) == ("more_than_booked", "quantity")
    assert balances(booking.entitlement)["reserved"] == 1


def test_nothing_is_delivered_before_it_begins():
    booking = factories.booking()
    with pytest.raises(Refused) as caught:
        deliver(booking, now=booking.starts_at - timedelta(seconds=1))
    assert caught.value.code == "not_yet_held"
    assert deliver(booking, now=booking.starts_at).delivered_at == booking.starts_at


def test_a_delivery_meets_its_deadline_and_ends_the_others():
    booking = factories.booking()
    deliver(booking)
    current = Deadline.objects.current().filter(subject_key=f"booking:{booking.pk}")
    assert [(due.kind, due.met_at) for due in current] == [("delivery", ahead(-1))]


def test_a_delivery_is_recorded_once_and_not_after_a_cancellation():
    booking, other = factories.booking(), factories.booking()
    deliver(booking)
    with pytest.raises(Refused) as caught:
        deliver(booking)
    assert caught.value.code == "already_delivered"
    cancel(other)
    with pytest.raises(Refused) as caught:
        deliver(other)
    assert caught.value.code == "already_cancelled"


@pytest.mark.clause("2.4-AE13")
def test_an_event_that_nobody_confirmed_is_not_delivered():
    order = factories.season()
    held = factories.holding(
        order, offering=factories.offering("azure-event-mcs", order.edition), unit="event"
    )
    booking = factories.booking(
        held,
        starts_at=datetime(2027, 2, 1, 8, tzinfo=UTC),
        ends_at=datetime(2027, 2, 2, 8, tzinfo=UTC),
        event_cloud="public",
    )
    with pytest.raises(Refused) as caught:
        deliver(booking, now=datetime(2027, 2, 3, 8, tzinfo=UTC))
    assert caught.value.code == "not_confirmed_in_writing"


def test_only_managers_record_deliveries():
    held = factories.holding(factories.season())
    with pytest.raises(Refused) as caught:
        deliver(factories.booking(held), by=factories.customer_administrator(held.order.customer))
    assert caught.value.code == "not_allowed"
