"""What pages and the API read: matrix, allowance, statement, risk, pace, programmes."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.rules.money import Money
from tests import factories
from workorders.actions import holdings, ledger, orders
from workorders.actions.orders import Scope
from workorders.models import Transfer
from workorders.queries.entitlements import entitlement_matrix
from workorders.queries.flex import flex_gauges
from workorders.queries.programmes import order_in_force, programmes_in_force, programmes_of
from workorders.queries.risk import in_usd, paces, risk_by_month, value_at_risk
from workorders.queries.statement_page import statement_page, whole
from workorders.queries.terms import states_of

pytestmark = pytest.mark.django_db
SIGNED = factories.SIGNED
ENROLLED = [Scope("subscription", "6f0c-production")]


@pytest.fixture
def host():
    return factories.host(name="Berlin")


@pytest.fixture
def csam(host):
    return factories.csam(host.customer)


@pytest.fixture
def paris(host):
    return factories.location(host.customer, name="Paris", country="FR")


@pytest.fixture
def draft(host, paris, csam):
    """A draft over two years with both locations and 400,000 allowance in each."""
    made = factories.draft(host.customer, by=csam, multi_country=True, ends_on=date(2027, 12, 31))
    by = {"by": csam, "now": SIGNED}
    orders.set_locations(order=made, locations={host: None, paris: None}, **by)
    orders.set_flex_years(order=made, allotments={1: 400_000, 2: 400_000}, **by)
    return made


def act(entitlement, quantity, on):
    return {
        "entitlement": entitlement,
        "quantity": quantity,
        "on": on,
        "subject_key": "booking:1",
        "by": None,
        "now": SIGNED,
    }


def queries_of(read):
    with CaptureQueriesContext(connection) as seen:
        read()
    return len(seen)


# --- matrix ---------------------------------------------------------------------------------


def test_the_matrix_tells_where_every_unit_stands(draft, host, paris):
    factories.line(draft, price_minor=600_000, allocations=[(host, 4), (paris, 2)])
    factories.line(draft, "mcsap", 1, unit="subscription", scopes=ENROLLED, price_minor=900)
    order = factories.executed(draft)
    owed = order.entitlements.get(location=host, unit="each")
    holdings.reserve_units(**act(owed, 3, date(2026, 3, 1)))
    holdings.deliver_units(**act(owed, 1, date(2026, 3, 2)))
    holdings.charge_units(**act(owed, 1, date(2026, 3, 3)))
    matrix = entitlement_matrix(order)
    assert [place.name for place in matrix.locations] == ["Berlin", "Paris"]
    workshops, mcsap = matrix.rows
    assert [workshops.offering.code, mcsap.offering.code] == ["workshops", "mcsap"]
    berlin, in_paris = workshops.cells
    total = berlin.total
    assert (total.granted, total.left, total.reserved, total.delivered, total.charged) == (
        4, 1, 1, 1, 1,
    )  # fmt: skip
    assert (berlin.value_left, in_paris.value_left) == (
        Money(100_000, "EUR"),
        Money(200_000, "EUR"),
    )
    assert (workshops.total.granted, workshops.total.value_granted_minor) == (6, 600_000)
    assert mcsap.cells[1] is None


def test_a_location_contact_reads_their_column_alone(draft, host, paris):
    factories.line(draft, allocations=[(host, 4), (paris, 2)])
    order = factories.executed(draft)
    matrix = entitlement_matrix(order, viewer=factories.location_contact(paris))
    assert [place.name for place in matrix.locations] == ["Paris"]
    assert matrix.rows[0].total.granted == 2


def test_the_matrix_costs_the_same_with_one_and_with_thirty_entitlements(draft):
    factories.line(draft)
    order = factories.executed(draft)
    first = queries_of(lambda: entitlement_matrix(order))
    for _n in range(29):
        factories.holding(order)
    assert queries_of(lambda: entitlement_matrix(order)) == first <= 2


# --- allowance ------------------------------------------------------------------------------


@pytest.mark.clause("2.2-F3", "2.2-F4", "2.2-F7")
def test_the_gauge_tells_each_years_allowance_and_its_use(draft, host):
    flex = {"funding": "flex", "flex_year": 1}
    factories.line(draft, quantity=3, price_minor=210_000, at=host, **flex)
    factories.line(draft, "custom-proactive-services", 1, price_minor=90_000, at=host, **flex)
    assert [
        (g.year.number, g.committed.minor, g.unallocated.minor) for g in flex_gauges(draft)
    ] == [
        (1, 300_000, 100_000),
        (2, 0, 400_000),
    ]
    order = factories.executed(draft)
    owed = order.entitlements.get(granted=3)
    holdings.reserve_units(**act(owed, 2, date(2026, 3, 1)))
    holdings.deliver_units(**act(owed, 1, date(2026, 3, 2)))
    first, second = flex_gauges(order)
    assert (first.year.first_day, first.year.last_day) == (date(2026, 1, 1), date(2026, 12, 31))
    assert (first.capped.minor, first.ceiling.result.minor) == (90_000, 400_000)
    assert [one.minor for one in (first.delivered, first.booked, first.open, first.lapsed)] == [
        70_000,
        70_000,
        160_000,
        0,
    ]
    assert (first.forfeited.result.minor, second.forfeited.result.minor) == (100_000, 400_000)


def test_without_a_rate_there_is_no_ceiling_to_show(draft):
    orders.change_order(order=draft, units_per_usd=None, by=draft.created_by, now=SIGNED)
    draft.refresh_from_db()
    assert [gauge.ceiling for gauge in flex_gauges(draft)] == [None, None]


# --- statement ------------------------------------------------------------------------------


@pytest.fixture
def moved(draft, host):
    """An order of four workshops: three booked in March, one delivered in April."""
    factories.line(draft, at=host)
    order = factories.executed(draft)
    owed = order.entitlements.get()
    holdings.reserve_units(**act(owed, 3, date(2026, 3, 1)))
    holdings.deliver_units(**act(owed, 1, date(2026, 4, 1)))
    return order


def test_a_statement_opens_moves_and_closes(moved, csam):
    made = statement_page(
        moved.customer,
        moved,
        cut=whole,
        viewer=csam,
        as_of=date(2026, 4, 30),
        since=date(2026, 3, 1),
    )
    (section,) = [one for one in made.sections if one.offering]
    assert (section.opening, section.closing) == (
        {"issued": 4, "available": 4},
        {"issued": 4, "available": 1, "reserved": 2, "delivered": 1},
    )
    assert [(one.transfer.kind, one.change, one.left) for one in section.movements] == [
        ("reserve", -3, 1),
        ("deliver", 0, 1),
    ]
    assert (section.opening_left, section.closing_left) == (4, 1)


def test_a_statement_of_any_past_day_can_be_made_again(moved, csam):
    def closing(as_of, **known):
        made = statement_page(moved.customer, moved, cut=whole, viewer=csam, as_of=as_of, **known)
        return [dict(one.closing) for one in made.sections if one.offering]

    before = closing(date(2026, 3, 31))
    assert before == [{"issued": 4, "available": 1, "reserved": 3}]
    late = Transfer.objects.get(kind="reserve")
    ledger.reverse(
        Transfer.objects.get(kind="deliver"),
        on=date(2026, 3, 15),
        now=datetime(2026, 5, 1, tzinfo=UTC),
        by=None,
        reason="Backdated",
    )
    assert closing(date(2026, 3, 31), known_at=SIGNED) == before
    assert late.amount == 3
    assert closing(date(2025, 12, 1)) == []


def test_sections_come_in_the_order_of_the_agreement(draft, host, paris, csam):
    factories.line(draft, funding="flex", flex_year=1, price_minor=100, at=paris, quantity=1)
    factories.line(draft, at=host)
    order = factories.executed(draft)
    made = statement_page(order.customer, order, cut=whole, viewer=csam, as_of=date(2026, 1, 1))
    names = [(one.holding, one.flex_year, str(one.location or "")) for one in made.sections]
    assert names == [
        ("flex", 1, ""),
        ("flex", 2, ""),
        ("entitlement", None, "Berlin"),
        ("entitlement", None, "Paris"),
    ]
    alone = statement_page(
        order.customer, order, cut=whole, viewer=csam, as_of=date(2026, 1, 1), location=paris
    )
    assert [str(one.location) for one in alone.sections] == ["Paris"]
    contact = statement_page(
        order.customer,
        order,
        cut=whole,
        viewer=factories.location_contact(paris),
        as_of=date(2026, 1, 1),
    )
    assert [str(one.location) for one in contact.sections] == ["Paris"]


def test_a_statement_is_some_queries_whatever_it_holds(moved, csam):
    options = {"cut": whole, "viewer": csam, "as_of": date(2026, 12, 31)}
    assert queries_of(lambda: statement_page(moved.customer, moved, **options)) <= 7


# --- value at risk, pace --------------------------------------------------------------------


def test_what_will_lapse_is_told_by_month_and_urgency(draft, host, csam):
    factories.line(draft, quantity=2, price_minor=184_000, funding="flex", flex_year=1, at=host)
    factories.line(draft, quantity=1, price_minor=92_000, at=host)
    factories.line(draft, "proactive-credits", 10, price_minor=46_000, at=host)
    factories.line(draft, "unified-enhanced-response", 1, unit="subscription", price_minor=9,
                   at=host)  # fmt: skip
    order = factories.executed(draft)
    booked = order.entitlements.get(granted=2)
    holdings.reserve_units(**act(booked, 1, date(2026, 3, 1)))
    items = value_at_risk(csam, now=datetime(2026, 12, 1, 9, tzinfo=UTC))
    assert [(one.last_day, one.value.minor, one.usd_minor, one.urgency) for one in items] == [
        (date(2026, 12, 31), 92_000, 100_000, "within_90_days"),
        (date(2027, 12, 31), 92_000, 100_000, "later"),
        (date(2027, 12, 31), 46_000, 50_000, "later"),
    ]
    late = value_at_risk(csam, now=datetime(2027, 11, 2, 9, tzinfo=UTC), order=order)
    # After the request cut-off only credits can still be turned into something.
    assert [(one.entitlement.unit, one.urgency) for one in late] == [
        ("each", "past_cutoff"),
        ("credit", "within_90_days"),
    ]
    (december,) = risk_by_month(late)
    assert (december.month, december.usd_minor, december.total_usd_minor) == (
        date(2027, 12, 1),
        {"past_cutoff": 100_000, "within_90_days": 50_000, "later": 0},
        150_000,
    )
    assert value_at_risk(csam, now=datetime(2028, 1, 1, 9, tzinfo=UTC)) == []
    assert value_at_risk(factories.csam(), now=SIGNED) == []


def test_exchange_value_is_at_risk_in_its_year(draft, host, csam):
    order = factories.executed(draft)
    for year in (1, None):
        holdings.add_exchange_value(
            order=order,
            location=host,
            value=Money(100, "EUR"),
            flex_year=year,
            subject_key="b",
            by=None,
            on=date(2026, 3, 1),
            now=SIGNED,
        )
    items = value_at_risk(csam, now=datetime(2026, 5, 1, tzinfo=UTC))
    assert [(one.last_day, one.entitlement) for one in items] == [
        (date(2026, 12, 31), None),
        (date(2027, 12, 31), None),
    ]


def test_dollars_need_a_rate(draft, host, paris):
    euros = Money(92, "EUR")
    assert in_usd(Money(7, "USD"), draft) == 7
    assert in_usd(euros, draft) == 100
    assert in_usd(Money(92, "CHF"), draft) is None
    paris.currency = "CHF"
    paris.save()
    draft.order_locations.filter(location=paris).update(units_per_usd="0.50")
    assert in_usd(Money(92, "CHF"), draft) == 184
    draft.units_per_usd = None
    assert in_usd(euros, draft) is None


def test_risk_costs_the_same_with_one_and_with_thirty_entitlements(draft, host, csam):
    order = factories.executed(draft)
    factories.holding(order)

    def read():
        return value_at_risk(csam, now=SIGNED)

    first = queries_of(read)
    for _n in range(29):
        factories.holding(order)
    assert queries_of(read) == first <= 8


def test_pace_compares_use_with_the_term(draft, host, paris, csam):
    factories.line(draft, quantity=4, price_minor=400_000, at=host)
    factories.line(draft, "proactive-credits", 10, price_minor=100_000, at=host)
    order = factories.executed(draft)
    assert [(p.term_percent, p.used_percent, p.booked_percent) for p in paces([order], now=SIGNED)] \
        == [(0, 0, 0)]  # fmt: skip
    owed = order.entitlements.get(granted=4)
    holdings.reserve_units(**act(owed, 3, date(2026, 3, 1)))
    holdings.deliver_units(**act(owed, 1, date(2026, 3, 2)))
    factories.credit_value("DE", 50_000)
    holdings.redeem_credits(
        order=order,
        location=host,
        lines=[(factories.offering("workshops", order.edition), Money(100_000, "EUR"))],
        approved_on=date(2026, 4, 1),
        by=csam,
        now=datetime(2026, 4, 1, 9, tzinfo=UTC),
    )
    (pace,) = paces([order], now=datetime(2026, 12, 31, 12, tzinfo=UTC))
    # 100,000 delivered and 2 of 10 credits redeemed, worth 20,000, of 500,000.
    assert (pace.term_percent, pace.used_percent, pace.booked_percent) == (50, 24, 40)
    empty = factories.executed(factories.draft())
    assert paces([empty], now=SIGNED)[0].used_percent is None


# --- states, programmes ---------------------------------------------------------------------


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
