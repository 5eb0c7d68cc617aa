"""Exchanges made with consent or declined; the books say so to the cent."""

from datetime import UTC, date, datetime

import pytest

from accounts.models import Message
from accounts.rules.money import Money
from tests import factories
from tests.workorders.exchanges.acts import NOW, ON, ask, euros, make, refused, standing, value_left
from workorders.actions import holdings, orders
from workorders.actions.lapses import lapse_entitlements
from workorders.models import Charge, Entitlement, Override, Transfer
from workorders.queries.ledger import verify_ledger

pytestmark = pytest.mark.django_db

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
