"""Execution: what it freezes, grants, forfeits and makes binding; and what comes after."""

from datetime import UTC, date, datetime

import pytest

from accounts.models import Message
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from tests import factories
from workorders.actions import orders
from workorders.actions.orders import Scope
from workorders.models import Account, Deadline, Entitlement, Override, Transfer, WorkOrder
from workorders.queries.execution import execution_preview
from workorders.queries.ledger import verify_ledger
from workorders.queries.terms import state_of

pytestmark = pytest.mark.django_db
SIGNED = factories.SIGNED
ENROLLED = [Scope("subscription", "6f0c-production")]


@pytest.fixture
def draft():
    return factories.draft()


def by(order, now=SIGNED):
    return {"by": order.created_by, "now": now}


def dates(order):
    rows = Deadline.objects.current().filter(order=order).order_by("due_on", "pk")
    return [(row.kind, row.due_on) for row in rows]


def test_executing_grants_what_the_lines_promise(draft):
    factories.line(draft, quantity=3, price_minor=100_000)
    order = factories.executed(draft)
    granted = Entitlement.objects.get(order=order)
    assert (granted.granted, granted.value_minor, granted.usable_from, granted.usable_until) == (
        3,
        100_000,
        date(2026, 1, 1),
        date(2026, 12, 31),
    )
    assert verify_ledger().in_order


def test_an_executed_order_keeps_who_when_edition_and_rate(draft):
    order = factories.executed(draft)
    order.refresh_from_db()
    assert (order.executed_at, order.executed_by, order.units_per_usd, order.edition) == (
        SIGNED,
        draft.created_by,
        draft.units_per_usd,
        draft.edition,
    )
    assert order.history.first().history_change_reason == "executed"


@pytest.mark.clause("2.6-M4")
def test_shares_of_a_line_are_worth_its_price_together(draft):
    paris = factories.location(draft.customer, name="Paris")
    host = draft.order_locations.get().location
    orders.set_locations(order=draft, locations={host: None, paris: None}, **by(draft))
    orders.change_order(order=draft, multi_country=True, **by(draft))
    factories.line(draft, price_minor=100_000, allocations=[(host, 1), (paris, 2)])
    factories.executed(draft)
    granted = Entitlement.objects.order_by("granted").values_list("granted", "value_minor")
    assert list(granted) == [(1, 33_333), (2, 66_667)]


@pytest.mark.clause("2.2-F4", "2.7-T10", "X-29")
def test_services_end_with_their_year_their_line_or_the_order(draft):
    orders.change_order(order=draft, ends_on=date(2027, 6, 30), **by(draft))
    orders.set_flex_years(order=draft, allotments={1: 100, 2: 100}, **by(draft))
    factories.line(draft, funding="flex", flex_year=1, price_minor=100)
    factories.line(draft, funding="flex", flex_year=2, price_minor=100)
    factories.line(draft, ends_on=date(2026, 9, 30))
    factories.line(draft, ends_on=date(2028, 1, 31), starts_on=date(2026, 2, 1))
    factories.executed(draft)
    days = Entitlement.objects.order_by("pk").values_list("usable_from", "usable_until")
    assert list(days) == [
        (date(2026, 1, 1), date(2026, 12, 31)),
        (date(2027, 1, 1), date(2027, 6, 30)),
        (date(2026, 1, 1), date(2026, 9, 30)),
        (date(2026, 2, 1), date(2027, 6, 30)),
    ]


@pytest.mark.clause("2.2-F4", "2.2-F7")
def test_allowance_that_no_line_uses_is_taken_back(draft):
    orders.change_order(order=draft, ends_on=date(2027, 12, 31), **by(draft))
    orders.set_flex_years(order=draft, allotments={1: 5_000, 2: 700}, **by(draft))
    factories.line(draft, funding="flex", flex_year=1, price_minor=4_000)
    plan = execution_preview(WorkOrder.objects.get(pk=draft.pk), SIGNED)
    assert [year.forfeited.result for year in plan.years] == [
        Money(1_000, "EUR"),
        Money(700, "EUR"),
    ]
    assert plan.forfeited == Money(1_700, "EUR")
    factories.executed(draft)
    held = Account.objects.filter(holding="flex").exclude(balance=0).order_by("flex_year", "pk")
    assert list(held.values_list("flex_year", "bucket", "balance")) == [
        (1, "issued", 5_000),
        (1, "committed", 4_000),
        (1, "forfeited", 1_000),
        (2, "issued", 700),
        (2, "forfeited", 700),
    ]
    assert verify_ledger().in_order


def test_the_preview_writes_nothing_and_is_what_happens(draft):
    factories.line(draft)
    plan = execution_preview(draft, SIGNED)
    assert not Transfer.objects.exists()
    order = factories.executed(draft)
    granted = Entitlement.objects.get()
    (planned,) = plan.grants
    assert (planned.quantity, planned.value.minor, planned.usable_until.result) == (
        granted.granted,
        granted.value_minor,
        granted.usable_until,
    )
    assert [(one.kind, one.due.result) for one in plan.deadlines] == dates(order)


def test_an_order_with_errors_isnt_executed_and_nothing_is_written(draft):
    factories.line(draft, unit="minute")
    factories.line(draft, allocations=[])
    with pytest.raises(Refused) as refusal:
        factories.executed(draft)
    assert (refusal.value.code, refusal.value.figures) == (
        "order_refused",
        {"count": 2, "reasons": ["unit_mismatch", "location_required"], "first": "unit_mismatch"},
    )
    draft.refresh_from_db()
    assert (draft.executed_at, Transfer.objects.count(), Deadline.objects.count()) == (None, 0, 0)
    assert execution_preview(draft, SIGNED).grants == ()


# --- deadlines ------------------------------------------------------------------------------


@pytest.mark.clause("2.8-C20", "2.7-T10", "2.2-F4")
def test_the_dates_of_the_term_become_binding_in_the_hosts_zone():
    host = factories.host(time_zone="Asia/Shanghai")
    draft = factories.draft(host.customer, ends_on=date(2027, 12, 31))
    orders.set_flex_years(order=draft, allotments={1: 100, 2: 100}, **by(draft))
    factories.line(draft, funding="flex", flex_year=1, price_minor=100)
    order = factories.executed(draft)
    assert dates(order) == [
        ("allocation", date(2026, 1, 1)),
        ("contract_year_end", date(2026, 12, 31)),
        ("request_cutoff", date(2027, 11, 1)),
        ("expiry", date(2027, 12, 31)),
    ]
    cutoff = Deadline.objects.get(kind="request_cutoff")
    assert (cutoff.due_at, cutoff.zone, cutoff.clauses) == (
        datetime(2027, 11, 1, 15, 59, 59, tzinfo=UTC),
        "Asia/Shanghai",
        ["2.8-C20"],
    )
    assert cutoff.explained["inputs"] == [["order_end", "2027-12-31"]]


@pytest.mark.clause("2.4-AP9", "2.4-AP10", "2.4-AP38", "2.4-AP39")
def test_mcsap_brings_its_milestones_and_plus_two_more(draft):
    factories.line(draft, "mcsap", 1, unit="subscription", scopes=ENROLLED)
    order = factories.executed(draft)
    assert dates(order)[:2] == [
        ("mcsap_intake", date(2025, 12, 29)),
        ("mcsap_onboarding", date(2026, 3, 1)),
    ]
    plus = factories.draft()
    factories.line(
        plus,
        "mcsap-plus",
        1,
        unit="subscription",
        scopes=ENROLLED,
        plus_noted=True,
        floor_price_paid=True,
    )
    assert dates(factories.executed(plus))[:4] == [
        ("mcsap_intake", date(2025, 12, 29)),
        ("mcsap_material", date(2026, 1, 14)),
        ("mcsap_onboarding", date(2026, 3, 1)),
        ("mcsap_monitors", date(2026, 3, 31)),
    ]


@pytest.mark.clause("2.5-UE15")
def test_uer_onboarding_counts_from_the_lines_own_start(draft):
    factories.line(
        draft, "unified-enhanced-response", 1, unit="subscription", starts_on=date(2026, 4, 1)
    )
    assert ("uer_onboarding", date(2026, 5, 30)) in dates(factories.executed(draft))


@pytest.mark.clause("0-C13")
def test_the_day_of_execution_is_that_of_the_host():
    host = factories.host(time_zone="Asia/Shanghai")
    draft = factories.draft(host.customer)
    factories.line(draft, "mcsap", 1, unit="subscription", scopes=ENROLLED)
    order = factories.executed(draft, now=datetime(2025, 12, 15, 16, 30, tzinfo=UTC))
    assert dates(order)[0] == ("mcsap_intake", date(2025, 12, 30))


# --- who is told ----------------------------------------------------------------------------


def test_account_managers_and_administrators_are_told_in_their_language():
    host = factories.host()
    administrator = factories.customer_administrator(host.customer, language="zh-hans")
    factories.viewer(host.customer)
    draft = factories.draft(host.customer)
    order = factories.executed(draft)
    mails = Message.objects.filter(channel="email", subject_key=f"order:{order.pk}:executed")
    assert sorted(mails.values_list("recipient", flat=True)) == sorted(
        [draft.created_by.pk, administrator.pk]
    )
    mail = mails.get(recipient=draft.created_by)
    assert mail.subject == f"{host.customer.short_name}: work order {order.number} is executed"
    assert "Sun 1 Nov 2026: last day to request proactive services (2.8-C20)" in mail.text
    assert mail.text.count(f"/orders/{order.pk}/") == mail.html.count(f"/orders/{order.pk}/") == 1


# --- afterwards -----------------------------------------------------------------------------

IN_MARCH = datetime(2026, 3, 10, 9, tzinfo=UTC)


def terminate(order, on, reason="Merged", now=IN_MARCH):
    return orders.terminate_order(order=order, on=on, reason=reason, **by(order, now))


@pytest.mark.clause("0-C16")
def test_a_terminated_order_is_in_force_to_the_end_of_its_last_day():
    order = terminate(factories.executed(), date(2026, 3, 31))
    assert (order.terminated_on, order.termination_reason) == (date(2026, 3, 31), "Merged")
    assert state_of(order, now=datetime(2026, 3, 31, 21, 59, tzinfo=UTC)) == "in_force"
    assert state_of(order, now=datetime(2026, 3, 31, 22, 0, tzinfo=UTC)) == "terminated"
    assert Entitlement.objects.get().usable_until == date(2026, 3, 31)


def test_a_termination_moves_the_dates_that_hang_on_the_end(draft):
    orders.change_order(order=draft, ends_on=date(2027, 12, 31), **by(draft))
    orders.set_flex_years(order=draft, allotments={1: 100, 2: 100}, **by(draft))
    factories.line(draft, funding="flex", flex_year=1, price_minor=100)
    factories.line(draft, funding="flex", flex_year=2, price_minor=100)
    order = terminate(factories.executed(draft), date(2026, 9, 30))
    assert dates(order) == [
        ("allocation", date(2026, 1, 1)),
        ("request_cutoff", date(2026, 8, 1)),
        ("expiry", date(2026, 9, 30)),
        ("contract_year_end", date(2026, 9, 30)),
    ]
    replaced = Deadline.objects.filter(superseded_at=IN_MARCH)
    assert replaced.count() == 4


@pytest.mark.parametrize(
    ("on", "reason", "code"),
    [
        (date(2026, 3, 9), "x", "in_the_past"),
        (date(2026, 12, 31), "x", "not_earlier"),
        (date(2026, 4, 1), " ", "reason_required"),
        (date(2026, 4, 1), "x" * 301, "too_long"),
    ],
)
def test_terminations_that_cant_be(on, reason, code):
    with pytest.raises(Refused, match=code):
        terminate(factories.executed(), on, reason)


def test_only_what_is_in_force_or_to_come_is_terminated(draft):
    with pytest.raises(Refused, match="not_executed"):
        terminate(draft, date(2026, 4, 1))
    order = factories.executed(draft)
    with pytest.raises(Refused, match="order_not_begun"):
        terminate(order, date(2025, 12, 31), now=SIGNED)
    terminate(order, date(2026, 3, 10))
    with pytest.raises(Refused, match="not_earlier"):
        terminate(order, date(2026, 3, 11))
    with pytest.raises(Refused, match="order_ended"):
        terminate(order, date(2026, 6, 1), now=datetime(2026, 5, 1, tzinfo=UTC))


@pytest.mark.clause("2.4-AP10", "2.4-AP11")
def test_the_intake_is_recorded_once_and_meets_its_deadline(draft):
    line = factories.line(draft, "mcsap", 1, unit="subscription", scopes=ENROLLED)
    with pytest.raises(Refused, match="not_executed"):
        orders.record_intake(line=line, at=SIGNED, **by(draft))
    factories.executed(draft)
    late = datetime(2026, 1, 5, 9, tzinfo=UTC)
    with pytest.raises(Refused, match="in_the_future"):
        orders.record_intake(line=line, at=IN_MARCH, **by(draft, late))
    done = orders.record_intake(line=line, at=late, **by(draft, IN_MARCH))
    assert done.intake_completed_at == late
    assert Deadline.objects.get(kind="mcsap_intake").met_at == late
    with pytest.raises(Refused, match="already_recorded"):
        orders.record_intake(line=line, at=late, **by(draft, IN_MARCH))


def test_other_services_have_no_intake(draft):
    line = factories.line(draft)
    with pytest.raises(Refused, match="not_mcsap"):
        orders.record_intake(line=line, at=SIGNED, **by(draft))


def test_an_override_keeps_who_when_and_why(draft):
    made = orders.override_refusal(
        customer=draft.customer,
        subject_key="line:7",
        code="host_only",
        reason=" Asked for ",
        **by(draft),
    )
    assert Override.objects.get() == made
    assert (made.reason, made.by, made.at, made.clauses) == (
        "Asked for",
        draft.created_by,
        SIGNED,
        ["2.5-UE22", "0-C17"],
    )
