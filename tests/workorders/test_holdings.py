"""Units and credits: booked, delivered, kept, redeemed, given back, moved."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from tests import factories
from workorders.actions import holdings, orders
from workorders.models import Account, Entitlement, Redemption, Transfer
from workorders.queries.credits import credit_balances, redemption_quote, transfer_quote
from workorders.queries.ledger import verify_ledger

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def act(entitlement, **more):
    return {
        "entitlement": entitlement,
        "subject_key": "booking:1",
        "by": None,
        "on": ON,
        "now": NOW,
        **more,
    }


def standing(entitlement):
    rows = Account.objects.filter(entitlement=entitlement).exclude(balance=0)
    return dict(rows.values_list("bucket", "balance"))


# --- units ----------------------------------------------------------------------------------


def test_units_are_booked_delivered_released_and_kept():
    owed = factories.holding()
    holdings.reserve_units(quantity=4, **act(owed))
    holdings.deliver_units(quantity=1, **act(owed))
    holdings.charge_units(quantity=2, **act(owed))
    holdings.release_units(quantity=1, **act(owed))
    holdings.lapse_units(quantity=1, **act(owed))
    assert standing(owed) == {"issued": 4, "delivered": 1, "charged": 2, "lapsed": 1}
    kinds = Transfer.objects.filter(subject_key="booking:1").values_list("kind", flat=True)
    assert sorted(kinds) == ["charge", "deliver", "lapse", "release", "reserve"]


@pytest.mark.parametrize(
    "move", [holdings.release_units, holdings.deliver_units, holdings.charge_units]
)
def test_only_what_is_booked_is_delivered_kept_or_released(move):
    owed = factories.holding()
    with pytest.raises(Refused, match="insufficient_units"):
        move(quantity=1, **act(owed))


def test_a_booking_under_a_key_is_made_once():
    owed = factories.holding()
    first = holdings.reserve_units(quantity=3, idempotency_key="k", **act(owed))
    assert holdings.reserve_units(quantity=3, idempotency_key="k", **act(owed)) == first
    assert standing(owed) == {"issued": 4, "available": 1, "reserved": 3}


def test_exchange_value_is_kept_by_location_and_contract_year():
    order = factories.executed(factories.draft())
    place = order.order_locations.get().location
    for year, amount in ((1, 500), (1, 250), (None, 40)):
        holdings.add_exchange_value(
            order=order,
            location=place,
            value=Money(amount, "EUR"),
            flex_year=year,
            subject_key="booking:1",
            by=None,
            on=ON,
            now=NOW,
        )
    rows = Account.objects.filter(holding="value", bucket="available")
    assert list(rows.order_by("pk").values_list("flex_year", "unit", "balance")) == [
        (1, "EUR", 750),
        (None, "EUR", 40),
    ]
    assert verify_ledger().in_order


# --- credits --------------------------------------------------------------------------------


@pytest.fixture
def order():
    """An order of two locations with 10 credits until June and 20 until the end at the host."""
    host = factories.host(name="Berlin")
    paris = factories.location(host.customer, name="Paris", country="FR")
    made = factories.draft(host.customer, multi_country=True)
    orders.set_locations(
        order=made, locations={host: None, paris: None}, by=made.created_by, now=NOW
    )
    made = factories.executed(made)
    for quantity, until in ((10, date(2026, 6, 30)), (20, date(2026, 12, 31))):
        factories.holding(
            made,
            offering=factories.offering("proactive-credits", made.edition),
            location=host,
            unit="credit",
            quantity=quantity,
            value=Money(quantity * 90_000, "EUR"),
            usable_until=until,
        )
    factories.credit_value("DE", 100_000)
    factories.credit_value("FR", 80_000)
    return made


@pytest.fixture
def berlin(order):
    return order.order_locations.get(location__name="Berlin").location


@pytest.fixture
def paris(order):
    return order.order_locations.get(location__name="Paris").location


def redeem(order, location, *amounts, code="workshops", key="", on=ON, currency="EUR"):
    offering = factories.offering(code, order.edition)
    return holdings.redeem_credits(
        order=order,
        location=location,
        lines=[(offering, Money.of(amount, currency)) for amount in amounts],
        approved_on=on,
        by=order.created_by,
        now=NOW,
        idempotency_key=key,
    )


def move(order, source, target, number, on=ON, by=None, key=""):
    return holdings.transfer_credits(
        order=order,
        source=source,
        target=target,
        credits_moved=number,
        by=by or order.created_by,
        on=on,
        now=NOW,
        idempotency_key=key,
    )


def lots(order, on=ON):
    return {
        one.location.name: [(lot.left, lot.entitlement.usable_until) for lot in one.lots]
        for one in credit_balances(order, on=on)
    }


JUNE, DECEMBER = date(2026, 6, 30), date(2026, 12, 31)


@pytest.mark.clause("2.3-PC1", "2.3-PC2", "2.3-PC3")
def test_credits_that_lapse_first_are_redeemed_first(order, berlin):
    (made,) = redeem(order, berlin, "12400")
    assert made.credits == 12
    assert lots(order) == {"Berlin": [(0, JUNE), (18, DECEMBER)]}
    owed = made.entitlement
    assert (owed.unit, owed.granted, owed.funding, owed.value_minor, owed.usable_until) == (
        "each",
        1,
        "credits",
        1_240_000,
        DECEMBER,
    )
    assert standing(owed) == {"issued": 1, "available": 1}
    assert made.explained["steps"][-1] == ["deducted", 12]
    assert verify_ledger().in_order


@pytest.mark.clause("2.3-PC3", "0-C10")
def test_each_service_is_rounded_on_its_own_and_all_are_redeemed_or_none(order, berlin):
    made = redeem(order, berlin, "2500", "2500")
    assert [one.credits for one in made] == [3, 3]
    with pytest.raises(Refused) as refusal:
        redeem(order, berlin, "20000", "4500")
    assert (refusal.value.code, refusal.value.figures["left"]) == ("insufficient_credits", 24)
    assert (Redemption.objects.count(), sum(left for left, _ in lots(order)["Berlin"])) == (2, 24)


def test_lots_that_are_over_or_not_begun_dont_count(order, berlin):
    with pytest.raises(Refused) as refusal:
        redeem(order, berlin, "21000", on=date(2026, 7, 1))
    assert refusal.value.figures["left"] == 20
    Entitlement.objects.filter(unit="credit", usable_until=DECEMBER).update(
        usable_from=date(2026, 3, 3)
    )
    with pytest.raises(Refused) as refusal:
        redeem(order, berlin, "11000")
    assert refusal.value.figures["left"] == 10
    assert (
        redemption_quote(
            order,
            location=berlin,
            lines=[(factories.offering("workshops", order.edition), Money.of("9499.99", "EUR"))],
            on=ON,
        ).redemption.result.balance_after
        == 1
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": "custom-proactive-services"}, "ineligible_target"),
        ({"code": "advisory-support"}, "ineligible_target"),
        ({"code": "success-management-services"}, "ineligible_target"),
        ({"on": date(2025, 12, 31)}, "order_not_begun"),
        ({"on": date(2027, 1, 1)}, "order_ended"),
        ({"currency": "USD"}, "wrong_currency"),
    ],
)
def test_what_credits_cant_do_is_refused(order, berlin, change, code):
    with pytest.raises(Refused, match=code):
        redeem(order, berlin, "1000", **change)
    assert Redemption.objects.count() == 0


def test_a_redemption_needs_services_worth_something_a_value_and_a_manager(order, berlin, paris):
    with pytest.raises(Refused, match="no_lines"):
        redeem(order, berlin)
    with pytest.raises(Refused, match="amount_invalid"):
        redeem(order, berlin, "0")
    paris.country = "IT"
    paris.save()
    with pytest.raises(Refused, match="rate_required"):
        redeem(order, paris, "1000")
    with pytest.raises(Refused, match="not_allowed"):
        holdings.redeem_credits(
            order=order,
            location=berlin,
            lines=[(factories.offering("workshops", order.edition), Money.of(1000, "EUR"))],
            approved_on=ON,
            by=factories.customer_administrator(order.customer),
            now=NOW,
        )


def test_credits_of_a_draft_cant_be_redeemed():
    order = factories.draft()
    with pytest.raises(Refused, match="not_executed"):
        redeem(order, order.order_locations.get().location, "1000")


def test_a_location_that_isnt_listed_redeems_nothing(order):
    other = factories.location(order.customer)
    with pytest.raises(Refused, match="location_not_listed"):
        redeem(order, other, "1000")


def test_the_same_key_redeems_once(order, berlin):
    first = redeem(order, berlin, "3000", "4000", key="k")
    assert redeem(order, berlin, "3000", "4000", key="k") == first
    assert Redemption.objects.count() == 2
    assert redeem(order, berlin, "1000", key="other") != first


def test_a_service_worth_less_than_half_a_credit_costs_none(order, berlin):
    (made,) = redeem(order, berlin, "499.99", key="k")
    assert (made.credits, standing(made.entitlement)) == (0, {"issued": 1, "available": 1})
    assert redeem(order, berlin, "499.99", key="k") == [made]


def give_back(redemption, quantity):
    return holdings.return_credits(
        redemption=redemption, quantity=quantity, by=None, on=ON, now=NOW, reason="Cancelled"
    )


@pytest.mark.clause("2.7-T17")
def test_credits_go_back_to_the_lots_they_came_from(order, berlin):
    (made,) = redeem(order, berlin, "12000")
    give_back(made, 6)
    assert lots(order) == {"Berlin": [(4, JUNE), (20, DECEMBER)]}
    assert standing(made.entitlement) == {"issued": 1, "available": 1}
    with pytest.raises(Refused) as refusal:
        give_back(made, 7)
    assert refusal.value.figures == {"left": 6, "asked": 7, "unit": "credit"}


def test_with_all_credits_the_service_goes_back_unless_it_is_booked(order, berlin):
    (made,) = redeem(order, berlin, "12000")
    holdings.reserve_units(quantity=1, **act(made.entitlement))
    with pytest.raises(Refused, match="insufficient_units"):
        give_back(made, 12)
    assert lots(order) == {"Berlin": [(0, JUNE), (18, DECEMBER)]}
    holdings.release_units(quantity=1, **act(made.entitlement))
    give_back(made, 12)
    assert lots(order) == {"Berlin": [(10, JUNE), (20, DECEMBER)]}
    assert standing(made.entitlement) == {}
    assert verify_ledger().in_order
    with pytest.raises(Refused, match="insufficient_credits"):
        give_back(made, 1)


@pytest.mark.parametrize("quantity", [0, -1])
def test_giving_back_nothing_is_a_bug(order, berlin, quantity):
    (made,) = redeem(order, berlin, "1000")
    with pytest.raises(ValueError, match="positive number"):
        give_back(made, quantity)


@pytest.mark.clause("2.6-M15", "2.6-M16")
def test_a_move_does_what_was_quoted_and_keeps_lapse_dates(order, berlin, paris):
    quote = transfer_quote(order, source=berlin, target=paris, credits_moved=13, on=ON)
    moved = move(order, berlin, paris, 13)
    assert (quote.rate.result, quote.debited, quote.received) == (Fraction(5, 4), 13, 16)
    assert (moved.debited, moved.received, moved.quote) == (13, 16, quote)
    assert lots(order) == {
        "Berlin": [(0, JUNE), (17, DECEMBER)],
        "Paris": [(12, JUNE), (4, DECEMBER)],
    }
    arrived = Entitlement.objects.filter(location=paris).order_by("usable_until")
    assert [(one.funding, one.value_minor) for one in arrived] == [
        ("money", 900_000),
        ("money", 270_000),
    ]
    assert verify_ledger().in_order


def test_the_same_key_moves_credits_once(order, berlin, paris):
    first = move(order, berlin, paris, 5, key="k")
    again = move(order, berlin, paris, 5, key="k")
    assert (again.group, again.debited, again.received) == (
        first.group,
        first.debited,
        first.received,
    )
    assert lots(order)["Berlin"] == [(5, JUNE), (20, DECEMBER)]


@pytest.mark.clause("2.6-M17")
@pytest.mark.parametrize("direction", ["to", "from"])
def test_no_credits_move_to_or_from_a_tax_exception_location(order, berlin, paris, direction):
    paris.tax_exception = True
    paris.save()
    ends = (berlin, paris) if direction == "to" else (paris, berlin)
    with pytest.raises(Refused, match="tax_exception"):
        move(order, *ends, 1)


def test_moves_that_cant_be_made_are_refused(order, berlin, paris):
    elsewhere = factories.location(order.customer)
    for source, target, number, code in (
        (berlin, elsewhere, 1, "location_not_listed"),
        (berlin, berlin, 1, "credits_there_already"),
        (berlin, paris, 31, "insufficient_credits"),
        (berlin, paris, 0, "whole_credits_only"),
    ):
        with pytest.raises(Refused, match=code):
            move(order, source, target, number)
    with pytest.raises(Refused, match="order_ended"):
        move(order, berlin, paris, 1, on=date(2027, 1, 1))
    with pytest.raises(Refused, match="not_allowed"):
        move(order, berlin, paris, 1, by=factories.viewer(order.customer))
    assert lots(order) == {"Berlin": [(10, JUNE), (20, DECEMBER)]}


def test_a_customer_administrator_moves_credits(order, berlin, paris):
    move(order, berlin, paris, 4, by=factories.customer_administrator(order.customer))
    assert lots(order)["Paris"] == [(5, JUNE)]


@pytest.mark.clause("2.6-M16")
def test_an_earlier_approval_is_recorded_by_account_managers_alone(order, berlin, paris):
    yesterday = ON - timedelta(days=1)
    factories.credit_value("FR", 8_600, valid_from=yesterday)
    factories.credit_value("DE", 8_600, valid_from=yesterday)
    with pytest.raises(Refused, match="approval_of_today") as caught:
        move(
            order, berlin, paris, 4, on=yesterday,
            by=factories.customer_administrator(order.customer),
        )  # fmt: skip
    assert caught.value.figures == {"at": yesterday, "today": ON}
    assert move(order, berlin, paris, 4, on=yesterday).debited == 4


def test_two_currencies_need_the_orders_rates(order, berlin, paris):
    factories.credit_value("FR", 86_000, currency="CHF", valid_from=ON)
    with pytest.raises(Refused, match="rate_required"):
        move(order, berlin, paris, 1)
    paris.currency = "CHF"
    paris.save()
    order.order_locations.filter(location=paris).update(units_per_usd="0.86")
    quote = transfer_quote(order, source=berlin, target=paris, credits_moved=23, on=ON)
    # 1,000 EUR at 0.92 are 1,086.96 USD; 860 CHF at 0.86 are 1,000 USD.
    assert (quote.rate.result, quote.received) == (Fraction(25, 23), 25)


def test_moving_so_few_that_nothing_arrives_still_balances(order, berlin, paris):
    factories.credit_value("FR", 10_000_000, valid_from=ON)
    moved = move(order, berlin, paris, 1)
    assert (moved.debited, moved.received) == (1, 0)
    assert not Entitlement.objects.filter(location=paris).exists()
    assert verify_ledger().in_order
