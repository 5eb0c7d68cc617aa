"""Exchanges of what the flex allowance paid: its year, its ceiling."""

from datetime import UTC, date, datetime

import pytest

from tests import factories
from tests.workorders.exchanges.acts import NOW, ON, ask, euros, make, refused, standing, value_left
from workorders.actions.lapses import lapse_entitlements
from workorders.models import Entitlement
from workorders.queries.exchange_mix import flex_mix
from workorders.queries.exchange_sides import Wish, account_of, give_up
from workorders.queries.exchanges import exchange_quote
from workorders.queries.ledger import verify_ledger

pytestmark = pytest.mark.django_db


def of(order, code):
    return Entitlement.objects.get(order=order, offering__code=code, exchange=None)


@pytest.mark.clause("2.2-F6", "2.2-F4")
def test_flex_money_stays_in_its_year_with_the_remainder(funded):
    made = make(ask(of(funded, "workshops"), price=euros(15_000)))
    assert (made.flex_year, made.received.flex_year, made.received.funding) == (1, 1, "flex")
    assert made.received.usable_until == date(2026, 12, 31)
    assert value_left(funded) == {(1, "EUR"): 500_000}
    lapse_entitlements(now=datetime(2027, 1, 1, 9, tzinfo=UTC))
    assert value_left(funded) == {}
    assert verify_ledger().in_order


@pytest.mark.clause("2.2-F6", "2.2-F5")
def test_flex_money_reaches_no_ineligible_service(funded):
    assert refused(ask, of(funded, "workshops"), "success-management-services").code in {
        "ineligible_service"
    }


@pytest.mark.clause("2.2-F6", "2.2-F3")
def test_the_ceiling_holds_for_the_new_mix(funded):
    """30,000 of the ceiling of 46,000 are taken: 16,000 more fit, a cent more doesn't."""
    workshops = of(funded, "workshops")
    mix = flex_mix(funded, 1)
    assert (mix.ceiling.result, mix.before) == (euros(46_000), euros(30_000))
    over = refused(ask, workshops, "custom-proactive-services", quantity=2)
    assert (over.code, over.figures["left"]) == ("over_cap", euros(16_000))
    made = make(ask(workshops, "custom-proactive-services", quantity=2, price=euros(16_000)))
    assert made.remainder_minor == 400_000
    assert flex_mix(funded, 1).before == euros(46_000)
    assert refused(ask, workshops, "proactive-credits", quantity=1).code == "over_cap"


@pytest.mark.clause("2.2-F6", "2.2-F3")
def test_capped_services_given_up_make_room_below_the_ceiling(funded):
    made = make(ask(of(funded, "proactive-credits"), "workshops", quantity=100))
    assert flex_mix(funded, 1).before == euros(20_000)
    assert standing(of(funded, "proactive-credits"))["exchanged"] == 100
    back = make(ask(made.received, "proactive-credits", quantity=1, wanted_quantity=100))
    assert back.received.unit == "credit"
    assert flex_mix(funded, 1).before == euros(30_000)


@pytest.mark.clause("2.7-T22", "2.3-PC2")
def test_credits_arent_had_for_less_than_they_are_worth(owed):
    """Two workshops of 1,000 euros: 25 credits of 80 euros, not one more."""
    wish = {"code": "proactive-credits", "wanted_quantity": 26}
    asked = ask(owed, **wish)
    factories.credit_value("DE", 8_000)
    assert refused(make, asked).code == refused(ask, owed, **wish).code == "insufficient_value"
    assert refused(make, asked, price=euros("2079.99")).code == "insufficient_value"
    made = make(asked, price=euros(2_080))
    assert (made.received.granted, made.extra_minor) == (26, 8_000)
    dollars = {"minor": 8_000_000, "currency": "USD", "valid_from": NOW.date()}
    factories.credit_value("DE", **dollars)
    assert make(ask(owed, **wish)).received.granted == 26


@pytest.mark.clause("2.6-M15")
def test_credits_are_moved_not_exchanged_for_credits(funded):
    held = of(funded, "proactive-credits")
    assert refused(ask, held, "proactive-credits").code == "move_credits"


@pytest.mark.clause("2.2-F6")
def test_what_is_bought_on_top_takes_nothing_of_the_ceiling(funded):
    workshops = of(funded, "workshops")
    made = make(ask(workshops, "custom-proactive-services", quantity=1, price=euros(50_000)))
    assert made.extra_minor == 4_000_000
    assert flex_mix(funded, 1).before == euros(40_000)


def test_a_quote_says_what_making_it_then_does(funded):
    held = of(funded, "workshops")
    account = account_of(
        funded, entitlement=held, location=held.location, flex_year=None, currency="EUR"
    )
    wish = Wish(
        factories.offering("custom-proactive-services", funded.edition),
        held.location,
        1,
        euros(9_000),
    )
    quote = exchange_quote(funded, given=give_up(account, 1, on=ON), wish=wish, on=ON)
    assert (quote.left_after, quote.figures.remainder, quote.usable_until) == (
        5,
        euros(1_000),
        date(2026, 12, 31),
    )
    assert (quote.mix.before, quote.mix.after) == (euros(30_000), euros(39_000))
    made = make(ask(held, "custom-proactive-services", quantity=1, price=euros(9_000)))
    assert made.remainder_minor == quote.figures.remainder.minor
    assert standing(held)["available"] == quote.left_after
    assert flex_mix(funded, 1).before == quote.mix.after
