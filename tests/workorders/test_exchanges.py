"""Exchanges: asked for, made with consent or declined; the books say so to the cent."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from accounts.models import Message
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.models import Availability
from tests import factories
from workorders.actions import holdings, orders
from workorders.actions.lapses import lapse_entitlements
from workorders.models import Account, Charge, Entitlement, Exchange, Override, Transfer
from workorders.queries.exchange_mix import flex_mix
from workorders.queries.exchange_sides import Wish, account_of, give_up
from workorders.queries.exchanges import exchange_quote
from workorders.queries.execution import check_order
from workorders.queries.ledger import verify_ledger

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ON = date(2026, 3, 2)


def euros(amount) -> Money:
    return Money.of(amount, "EUR")


@pytest.fixture
def owed():
    """Four workshops of 1,000 euros each, bought with money."""
    return factories.holding()


def ask(held, code="enhanced-designated-engineering", **fields):
    order = held.order
    fields.setdefault("by", order.created_by)
    fields.setdefault("location", held.location)
    fields.setdefault("quantity", 2)
    return holdings.ask_exchange(
        order=order,
        entitlement=held,
        offering=factories.offering(code, order.edition),
        now=fields.pop("now", NOW),
        **fields,
    )


def make(asked, **fields):
    fields.setdefault("by", asked.order.created_by)
    fields.setdefault("now", NOW)
    return holdings.make_exchange(exchange=asked, consent_of="Iris Vogel", **fields)


def refused(act, *args, **fields) -> Refused:
    with pytest.raises(Refused) as refusal:
        act(*args, **fields)
    return refusal.value


def standing(entitlement):
    rows = Account.objects.filter(entitlement=entitlement).exclude(balance=0)
    return dict(rows.values_list("bucket", "balance"))


def value_left(order):
    rows = Account.objects.filter(order=order, holding="value", bucket="available", balance__gt=0)
    return {(row.flex_year, row.unit): row.balance for row in rows}


# --- asking ---------------------------------------------------------------------------------


@pytest.mark.clause("2.7-T22")
def test_asking_moves_nothing_and_tells_the_other_side(owed):
    administrator = factories.customer_administrator(owed.order.customer)
    before = Transfer.objects.count()
    asked = ask(owed, by=administrator, note="Plans changed")
    assert (asked.value_minor, asked.wanted_minor, asked.quantity) == (200_000, 200_000, 2)
    assert (asked.decided_at, Transfer.objects.count()) == (None, before)
    told = Message.objects.filter(subject_key=f"exchange:{asked.pk}:asked")
    assert {(one.recipient, one.channel) for one in told} == {
        (owed.order.created_by, "email"),
        (owed.order.created_by, "inbox"),
    }
    assert "Plans changed" in told.filter(channel="email").get().text


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"quantity": 5}, "insufficient_units"),
        ({"quantity": 0}, "quantity_invalid"),
        ({"wanted_quantity": 0}, "quantity_invalid"),
        ({"code": "advisory-support"}, "ineligible_service"),
        ({"code": "mcsap"}, "needs_amendment"),
        ({"price": Money(5, "USD")}, "wrong_currency"),
        ({"price": Money(0, "EUR")}, "value_required"),
        ({"now": datetime(2027, 1, 1, 9, tzinfo=UTC)}, "order_ended"),
        ({"note": "x" * 301}, "too_long"),
    ],
)
def test_what_can_t_be_exchanged_is_refused_and_nothing_is_written(owed, fields, code):
    assert refused(ask, owed, **fields).code == code
    assert not Exchange.objects.exists()


def test_the_same_request_waits_once(owed):
    ask(owed)
    assert refused(ask, owed).code == "already_asked"


def test_a_viewer_asks_for_nothing(owed):
    assert refused(ask, owed, by=factories.viewer(owed.order.customer)).code == "not_allowed"


@pytest.mark.clause("2.7-T22")
def test_what_is_used_up_or_without_a_price_is_not_exchanged(owed):
    holdings.reserve_units(entitlement=owed, quantity=4, subject_key="b", by=None, on=ON, now=NOW)
    assert refused(ask, owed, quantity=None).code == "already_used"
    free = factories.holding(owed.order, value=euros(0))
    assert refused(ask, free).code == "nothing_to_exchange"
    running = factories.holding(owed.order, unit="subscription", quantity=1)
    assert refused(ask, running, quantity=None).code == "already_used"


@pytest.mark.clause("2.7-T22", "2.7-T21")
def test_what_isn_t_sold_in_the_country_is_refused(owed):
    Availability.objects.create(
        offering_code="enhanced-designated-engineering", country="DE", available=False
    )
    assert refused(ask, owed).code == "not_available"


@pytest.mark.clause("2.6-M8")
def test_a_location_that_the_order_doesn_t_list_gets_nothing(owed):
    elsewhere = factories.location(owed.order.customer)
    assert refused(ask, owed, location=elsewhere).code == "location_not_listed"


# --- making ---------------------------------------------------------------------------------


@pytest.mark.clause("2.7-T22", "2.2-F6")
def test_an_equal_exchange_moves_units_and_grants_the_new_service_in_one_group(owed):
    asked = make(ask(owed, wanted_quantity=3))
    assert standing(owed) == {"issued": 4, "available": 2, "exchanged": 2}
    new = asked.received
    assert standing(new) == {"issued": 3, "available": 3}
    assert (new.value_minor, new.usable_from, new.usable_until) == (
        200_000,
        ON,
        date(2026, 12, 31),
    )
    moved = Transfer.objects.filter(subject_key=f"exchange:{asked.pk}")
    assert len({one.group for one in moved}) == 1
    assert [(one.kind, one.amount) for one in moved] == [("exchange", 2), ("grant", 3)]
    assert (asked.extra_minor, asked.remainder_minor, asked.consent_of) == (0, 0, "Iris Vogel")
    assert verify_ledger().in_order


@pytest.mark.clause("2.7-T22")
def test_a_dearer_service_is_bought_on_top_and_charged(owed):
    asked = make(ask(owed, price=euros(2500)))
    charge = Charge.objects.get()
    assert (charge.kind, charge.amount_minor, charge.currency, charge.billable_on) == (
        "extra",
        50_000,
        "EUR",
        ON,
    )
    assert charge.subject_key == f"exchange:{asked.pk}"
    assert (asked.extra_minor, asked.received.value_minor) == (50_000, 250_000)
    assert value_left(owed.order) == {}


@pytest.mark.clause("2.7-T22", "2.7-T10")
def test_a_remainder_stays_as_exchange_value_and_lapses_with_the_order(owed):
    make(ask(owed, price=euros("1999.99")))
    assert value_left(owed.order) == {(None, "EUR"): 1}
    assert lapse_entitlements(now=datetime(2027, 1, 1, 9, tzinfo=UTC)) == 3
    assert value_left(owed.order) == {}
    assert verify_ledger().in_order


def test_parts_given_up_one_after_another_are_worth_the_whole(owed):
    odd = factories.holding(owed.order, quantity=2, value=Money(5, "EUR"))
    first = make(ask(odd, quantity=1))
    second = make(ask(odd, quantity=1))
    assert first.value_minor + second.value_minor == 5


@pytest.mark.clause("2.7-T22")
def test_without_the_delivery_resource_s_consent_nothing_is_exchanged(owed):
    asked = ask(owed)
    refusal = refused(
        holdings.make_exchange, exchange=asked, consent_of=" ", by=owed.order.created_by, now=NOW
    )
    assert (refusal.code, refusal.field) == ("not_agreed", "consent_of")
    assert standing(owed) == {"issued": 4, "available": 4}


def test_only_account_managers_make_exchanges(owed):
    administrator = factories.customer_administrator(owed.order.customer)
    asked = ask(owed, by=administrator)
    assert refused(make, asked, by=administrator).code == "not_allowed"


def test_made_once_however_often_it_is_sent(owed):
    asked = ask(owed)
    first = make(asked, idempotency_key="k")
    assert make(asked, idempotency_key="k") == first
    assert refused(make, asked, idempotency_key="other").code == "already_decided"
    assert refused(make, asked).code == "already_decided"
    assert standing(owed)["exchanged"] == 2


def test_figures_that_changed_are_refused(owed):
    asked = ask(owed, price=euros(2500))
    assert refused(make, asked, extra_seen=0, remainder_seen=0).code == "quote_changed"
    assert make(asked, extra_seen=50_000, remainder_seen=0).extra_minor == 50_000


def test_the_price_of_the_day_may_be_another_than_the_one_asked_with(owed):
    asked = make(ask(owed), price=euros(1500))
    assert (asked.wanted_minor, asked.remainder_minor) == (150_000, 50_000)


def test_what_was_booked_meanwhile_is_no_longer_there_to_exchange(owed):
    asked = ask(owed)
    holdings.reserve_units(entitlement=owed, quantity=3, subject_key="b", by=None, on=ON, now=NOW)
    refusal = refused(make, asked)
    assert (refusal.code, refusal.figures["left"]) == ("insufficient_units", 1)
    assert not Entitlement.objects.filter(exchange__isnull=False).exists()


@pytest.mark.clause("2.7-T22")
def test_declined_with_a_reason_nothing_moves(owed):
    administrator = factories.customer_administrator(owed.order.customer)
    asked = ask(owed, by=administrator)
    by = owed.order.created_by
    act = holdings.decline_exchange
    assert refused(act, exchange=asked, reason=" ", by=by, now=NOW).code == "reason_required"
    declined = act(exchange=asked, reason="No engineer for it", by=by, now=NOW)
    assert (declined.declined_reason, declined.decided_by) == ("No engineer for it", by)
    told = Message.objects.filter(subject_key=f"exchange:{asked.pk}:declined", channel="inbox")
    assert [one.recipient for one in told] == [administrator]
    assert refused(act, exchange=asked, reason="x", by=by, now=NOW).code == "already_decided"
    assert refused(make, asked).code == "already_decided"
    assert standing(owed) == {"issued": 4, "available": 4}


def test_who_asked_may_take_it_back_and_nobody_else_of_the_customer(owed):
    first, second = (factories.customer_administrator(owed.order.customer) for _n in "ab")
    asked = ask(owed, by=first)
    act = holdings.decline_exchange
    assert refused(act, exchange=asked, reason="x", by=second, now=NOW).code == "not_allowed"
    assert act(exchange=asked, reason="Solved", by=first, now=NOW).decided_by == first


# --- papers ---------------------------------------------------------------------------------


@pytest.fixture
def two_places():
    """The order of two countries, and where it may be delivered besides the host."""
    host = factories.host(name="Berlin")
    paris = factories.location(host.customer, name="Paris", country="FR")
    draft = factories.draft(host.customer, multi_country=True)
    by = {"by": draft.created_by, "now": factories.SIGNED}
    orders.set_locations(order=draft, locations={host: None, paris: None}, **by)
    return factories.executed(draft), host, paris


@pytest.mark.clause("2.6-M19")
def test_a_change_of_place_asks_for_a_written_agreement_or_staff_s_waiver(two_places):
    order, host, paris = two_places
    asked = ask(factories.holding(order, location=host), location=paris)
    assert refused(make, asked).code == "written_agreement_required"
    made = make(asked, written_agreement="Letter of 1 March 2026")
    assert (made.written_agreement, made.received.location) == ("Letter of 1 March 2026", paris)
    again = ask(factories.holding(order, location=host), location=paris)
    make(again, waiver="Same legal entity, confirmed by phone")
    override = Override.objects.get(subject_key=f"exchange:{again.pk}")
    assert (override.code, override.clauses) == ("written_agreement_required", ["2.6-M19"])


# --- allowance ------------------------------------------------------------------------------


@pytest.fixture
def funded():
    """Two years' allowance of 100,000 euros at 0.92 to the dollar: a ceiling of 46,000."""
    draft = factories.draft(ends_on=date(2027, 12, 31), units_per_usd=Decimal("0.92"))
    orders.set_flex_years(
        order=draft,
        allotments={1: 10_000_000, 2: 10_000_000},
        by=draft.created_by,
        now=factories.SIGNED,
    )
    draft.refresh_from_db()
    flex = {"funding": "flex", "flex_year": 1}
    factories.line(draft, quantity=6, price_minor=6_000_000, **flex)
    factories.line(draft, "proactive-credits", 300, price_minor=3_000_000, **flex)
    return factories.executed(draft)


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


# --- exchange value -------------------------------------------------------------------------


@pytest.fixture
def left_behind(owed):
    """1,500 euros of exchange value that lasts with the order."""
    holdings.add_exchange_value(
        order=owed.order,
        location=owed.location,
        value=euros(1500),
        flex_year=None,
        subject_key="booking:1",
        by=None,
        on=date(2026, 2, 1),
        now=factories.SIGNED,
    )
    return owed.order


def spend(order, price, **fields):
    return holdings.ask_exchange(
        order=order,
        offering=factories.offering("workshops", order.edition),
        location=order.order_locations.first().location,
        price=euros(price) if price else None,
        by=order.created_by,
        now=NOW,
        **fields,
    )


@pytest.mark.clause("2.7-T22", "2.2-F6")
def test_value_left_behind_becomes_a_service_and_the_rest_stays(left_behind):
    made = make(spend(left_behind, 1000))
    assert (made.entitlement, made.value_minor, made.extra_minor) == (None, 100_000, 0)
    assert (made.received.funding, made.received.value_minor) == ("value", 100_000)
    assert value_left(left_behind) == {(None, "EUR"): 50_000}
    assert verify_ledger().in_order


@pytest.mark.clause("2.7-T22")
def test_what_the_value_doesn_t_cover_is_bought_on_top(left_behind):
    made = make(spend(left_behind, 1800))
    assert (made.value_minor, made.extra_minor) == (150_000, 30_000)
    assert (value_left(left_behind), Charge.objects.get().amount_minor) == ({}, 30_000)


def test_more_value_than_there_is_or_value_of_elsewhere_is_refused(left_behind):
    assert refused(spend, left_behind, 2000, quantity=150_001).code == "insufficient_value"
    assert refused(spend, left_behind, 100, flex_year=1).code == "insufficient_value"


# --- value pays for an amendment ------------------------------------------------------------


def amendment_of(order, price, code="workshops", **fields):
    draft = orders.draft_amendment(order=order, by=order.created_by, now=NOW)
    factories.line(draft, code, 1, funding="value", price_minor=price, **fields)
    return draft


def execute(draft):
    return orders.execute_order(order=draft, by=draft.created_by, now=NOW)


@pytest.mark.clause("X-04", "2.7-T22", "2.1-B8")
def test_exchange_value_pays_a_line_of_an_amendment(left_behind):
    amendment = execute(amendment_of(left_behind, 100_000))
    assert value_left(left_behind) == {(None, "EUR"): 50_000}
    granted = Entitlement.objects.get(order=amendment)
    assert (granted.funding, granted.value_minor) == ("value", 100_000)
    drawn = Transfer.objects.get(kind="exchange", subject_key=f"line:{granted.line.pk}")
    assert (drawn.order, drawn.amount) == (left_behind, 100_000)
    assert drawn.group == Transfer.objects.get(kind="grant", order=amendment).group
    assert verify_ledger().in_order


@pytest.mark.clause("X-04", "2.7-T22")
def test_more_than_there_is_stands_against_the_amendment(left_behind):
    draft = amendment_of(left_behind, 100_000)
    factories.line(draft, "enhanced-designated-engineering", 1, funding="value", price_minor=50_001)
    findings = {f.code: f for f in check_order(draft, ON) if f.severity == "error"}
    short = findings["insufficient_value"]
    assert (short.figures["left"], short.figures["asked"]) == (euros(500), euros("500.01"))
    assert refused(execute, draft).code == "order_refused"
    assert value_left(left_behind) == {(None, "EUR"): 150_000}


@pytest.mark.clause("X-04")
def test_an_order_that_amends_none_can_t_be_paid_with_value(left_behind):
    draft = factories.draft(left_behind.customer, starts_on=date(2026, 4, 1))
    factories.line(draft, funding="value", price_minor=100)
    assert "value_needs_amendment" in {one.code for one in check_order(draft, ON)}


@pytest.mark.clause("2.2-F6", "2.2-F5", "2.2-F3")
def test_value_of_the_allowance_goes_first_and_binds_what_it_pays_to_its_year(funded):
    for year, amount in ((1, 300), (None, 500)):
        holdings.add_exchange_value(
            order=funded,
            location=funded.order_locations.first().location,
            value=euros(amount),
            flex_year=year,
            subject_key="booking:1",
            by=None,
            on=date(2026, 2, 1),
            now=factories.SIGNED,
        )
    custom = amendment_of(funded, 50_001, "custom-proactive-services")
    assert "insufficient_value" in {one.code for one in check_order(custom, ON)}
    amendment = execute(amendment_of(funded, 40_000))
    assert value_left(funded) == {(None, "EUR"): 40_000}
    assert Entitlement.objects.get(order=amendment).usable_until == date(2026, 12, 31)
