"""States of orders, and the programmes in force."""

from datetime import UTC, date, datetime

import pytest

from tests import factories
from tests.workorders.queries.reads import ENROLLED, SIGNED, queries_of
from workorders.actions import orders
from workorders.queries.programmes import order_in_force, programmes_in_force, programmes_of
from workorders.queries.terms import states_of

pytestmark = pytest.mark.django_db


@pytest.mark.clause("0-C16", "X-27")
def test_the_state_follows_from_facts_and_the_hosts_clock():
    host = factories.host(time_zone="Asia/Shanghai")
    draft = factories.draft(host.customer)
    other = factories.draft(host.customer)
    order = factories.executed(draft)

    def state(*moment):
        return states_of([order, other], now=datetime(*moment, tzinfo=UTC))

    assert state(2025, 12, 31, 15, 59) == {order.pk: "executed", other.pk: "draft"}
    assert state(2025, 12, 31, 16)[order.pk] == "in_force"
    assert state(2026, 12, 31, 15, 59)[order.pk] == "in_force"
    assert state(2026, 12, 31, 16)[order.pk] == "expired"


@pytest.fixture
def programmes(draft, host, paris):
    factories.line(draft, "advisory-support", 1, funding="included", price_minor=0,
                   allocations=[])  # fmt: skip
    factories.line(draft, "mcsap", 1, unit="subscription", scopes=ENROLLED, at=host)
    factories.line(draft, "unified-enhanced-response", 1, unit="subscription", at=host)
    factories.line(draft, "workshops", at=paris, ends_on=date(2026, 6, 30))
    return factories.executed(draft)


def codes(found):
    return [one.code for one in found]


@pytest.mark.clause("2.6-M6", "2.6-M7", "2.5-UE23", "2.6-M13")
def test_programmes_serve_the_locations_they_were_bought_for(programmes, host, paris):
    customer, at = host.customer, datetime(2026, 3, 1, tzinfo=UTC)
    assert codes(programmes_in_force(customer, host, at)) == [
        "advisory-support",
        "mcsap",
        "unified-enhanced-response",
    ]
    assert codes(programmes_in_force(customer, paris, at)) == [
        "advisory-support",
        "unified-enhanced-response",
        "workshops",
    ]
    assert codes(programmes_in_force(customer, None, at))[-1] == "workshops"
    assert programmes_in_force(customer, factories.location(customer), at) == []


def test_programmes_end_with_their_line_and_are_told_with_their_days(programmes, host, paris):
    customer, at = host.customer, datetime(2026, 7, 1, tzinfo=UTC)
    assert "workshops" not in codes(programmes_in_force(customer, paris, at))
    ended = programmes_of(customer, location=paris, instant=at)[-1]
    assert (ended.code, ended.state, ended.in_force.last) == (
        "workshops",
        "ended",
        date(2026, 6, 30),
    )
    assert programmes_in_force(customer, host, datetime(2025, 12, 31, tzinfo=UTC)) == []


@pytest.mark.clause("2.4-AP11")
def test_the_gate_of_mcsap_opens_with_the_intake(programmes, host, csam):
    done = datetime(2026, 2, 1, 9, tzinfo=UTC)
    line = programmes.lines.get(offering__code="mcsap")
    orders.record_intake(line=line, at=done, by=csam, now=done)

    def gate(at):
        return next(
            one for one in programmes_in_force(host.customer, host, at) if one.code == "mcsap"
        )

    assert not gate(datetime(2026, 2, 1, 8, 59, tzinfo=UTC)).gate_open
    found = gate(done)
    assert (found.gate_open, found.intake_completed_at) == (True, done)
    assert [(one.kind, one.identifier, one.affiliate) for one in found.scopes] == [
        ("subscription", "6f0c-production", True)
    ]


@pytest.mark.clause("2.4-AP46")
def test_mcsap_that_outlives_the_agreement_is_suspended_until_a_renewal(host, csam):
    draft = factories.draft(host.customer, by=csam)
    factories.line(
        draft, "mcsap", 1, unit="subscription", scopes=ENROLLED, ends_on=date(2027, 6, 30)
    )
    factories.executed(draft)
    at = datetime(2027, 1, 15, tzinfo=UTC)
    assert [one.state for one in programmes_in_force(host.customer, host, at)] == ["suspended"]
    renewal = factories.draft(
        host.customer, by=csam, starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31)
    )
    factories.executed(renewal)
    assert [one.state for one in programmes_in_force(host.customer, host, at)] == ["active"]


def test_the_order_in_force_is_the_one_with_the_base_package(host, csam):
    first = factories.executed(factories.draft(host.customer, by=csam))
    addition = factories.draft(
        host.customer, by=csam, base_price_minor=0, starts_on=date(2026, 6, 1)
    )
    factories.line(addition)
    addition = factories.executed(addition)
    assert order_in_force(host.customer, date(2026, 7, 1)) == first
    assert order_in_force(host.customer, date(2027, 1, 1)) is None
    orders.terminate_order(order=first, on=date(2026, 6, 30), reason="x", by=csam, now=SIGNED)
    assert order_in_force(host.customer, date(2026, 7, 1)) == addition
    # What was bought under the first agreement ends with it.
    at = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert programmes_in_force(host.customer, host, at) == []


def test_programmes_cost_the_same_with_one_and_with_thirty_lines(host, csam):
    draft = factories.draft(host.customer, by=csam)
    other = factories.draft(host.customer, by=csam)
    factories.line(draft)
    for _n in range(30):
        factories.line(other)
    at = datetime(2026, 3, 1, tzinfo=UTC)
    factories.executed(draft)
    first = queries_of(lambda: programmes_in_force(host.customer, host, at))
    orders.terminate_order(order=draft, on=date(2026, 1, 1), reason="x", by=csam, now=SIGNED)
    factories.executed(other)
    both = queries_of(lambda: programmes_in_force(host.customer, host, at))
    assert both - first <= 2  # the locations of one order more
