from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from tests import contract
from tests.contract import usd
from workorders.rules.term import (
    Balance,
    Holding,
    Invoice,
    Lapse,
    Period,
    check_day_in_term,
    check_ending_day,
    co_terminated,
    effective_end,
    hour_balance,
    lapse_day,
    lapsed,
    last_day_in_force,
    order_state,
    record_delivery,
    service_state,
    split_invoice,
)

START, END = date(2025, 1, 1), date(2025, 12, 31)
ONE = timedelta(days=1)


def test_a_period_holds_both_its_ends_and_may_be_open():
    assert START in Period(START, END)
    assert END in Period(START, END)
    assert START - ONE not in Period(START, END)
    assert END + ONE not in Period(START, END)
    assert START in Period()
    assert END + ONE in Period(START)


@pytest.mark.clause("2.7-T10", "0-C16")
@pytest.mark.parametrize(
    ("terminated", "last"),
    [(None, END), (date(2025, 3, 15), date(2025, 3, 15)), (date(2026, 3, 1), END)],
)
def test_an_order_can_be_used_to_its_end_or_an_earlier_termination(terminated, last):
    assert last_day_in_force(END, terminated).result == last


@pytest.mark.clause("0-C16", "2.1-B8", "X-27")
@pytest.mark.parametrize(
    ("on", "terminated", "state"),
    [
        ("2024-11-30", None, "draft"),
        ("2024-12-01", None, "executed"),
        ("2024-12-31", None, "executed"),
        ("2025-01-01", None, "in_force"),
        ("2025-12-31", None, "in_force"),
        ("2026-01-01", None, "expired"),
        ("2025-03-15", "2025-03-15", "in_force"),
        ("2025-03-16", "2025-03-15", "terminated"),
        ("2026-01-01", "2025-12-31", "expired"),
    ],
)
def test_the_state_of_an_order_follows_from_its_dates(on, terminated, state):
    assert (
        order_state(
            on=date.fromisoformat(on),
            start=START,
            end=END,
            executed_on=date(2024, 12, 1),
            terminated_on=None if terminated is None else date.fromisoformat(terminated),
        )
        == state
    )


def test_an_order_that_nobody_executed_is_a_draft():
    assert order_state(on=END, start=START, end=END, executed_on=None) == "draft"


@pytest.mark.clause("2.7-T10", "2.3-P4", "0-C16")
def test_deliveries_fall_in_the_term():
    for day in (START, END):
        check_day_in_term(day, first_day=START, last_day=END)
    check_day_in_term(START - ONE, last_day=END)
    with pytest.raises(Refused) as refusal:
        check_day_in_term(END + ONE, last_day=END)
    assert (refusal.value.code, refusal.value.figures) == ("order_ended", {"last_day": END})
    with pytest.raises(Refused) as refusal:
        check_day_in_term(START - ONE, first_day=START, last_day=END)
    assert refusal.value.code == "order_not_begun"


@pytest.mark.clause("2.3-OT4", "2.4-AP46", "2.5-ED9", "2.5-RD11", "2.1-B1", "0-C16")
@pytest.mark.parametrize(
    ("offering", "own", "base", "end", "clauses"),
    [
        (contract.EDE, "2025-12-31", "2025-03-15", "2025-03-15", ("2.5-ED9",)),
        (contract.DE, "2025-06-30", "2025-12-31", "2025-06-30", ("2.3-OT4",)),
        (contract.REDE, "2024-12-31", "2024-02-29", "2024-02-29", ("2.5-RD11",)),
        (contract.ARR, "2026-01-31", "2025-11-30", "2025-11-30", ("2.1-B1",)),
        (contract.MCSAP_SERVICE, "2026-06-30", "2025-12-31", "2026-06-30", ("2.4-AP46",)),
        (contract.MCSAP_SERVICE, None, "2025-12-31", "2025-12-31", ("2.4-AP46",)),
        (contract.EDUCATION, None, "2025-12-31", "2025-12-31", ("2.1-B1",)),
    ],
)
def test_everything_but_mcsap_ends_with_the_agreement_at_the_latest(
    offering, own, base, end, clauses
):
    explained = effective_end(
        offering,
        own_end=None if own is None else date.fromisoformat(own),
        base_end=date.fromisoformat(base),
    )
    assert explained.result == date.fromisoformat(end)
    assert explained.clauses == clauses


@pytest.mark.clause("2.3-OT4", "2.4-AP46", "2.1-B1", "0-C16")
@pytest.mark.parametrize(
    ("offering", "own", "renewals", "state_after"),
    [
        (contract.DE, date(2026, 6, 30), (), "ended"),
        (contract.EDUCATION, None, (), "ended"),
        (contract.MCSAP_SERVICE, date(2026, 6, 30), (), "suspended"),
        (contract.MCSAP_SERVICE, date(2026, 6, 30), (Period(END + ONE, None),), "active"),
        (contract.MCSAP_SERVICE, None, (), "ended"),
    ],
)
def test_on_the_day_after_the_agreement_services_end_with_it_and_mcsap_waits(
    offering, own, renewals, state_after
):
    fate = co_terminated(offering, own_end=own, base_end=END, renewals=renewals)
    assert fate.result == state_after


@pytest.mark.clause("0-C16", "2.1-B8")
def test_an_order_is_superseded_once_it_is_over_and_its_renewal_has_begun():
    facts = {"start": START, "end": END, "executed_on": START}
    assert order_state(on=END, renewed_on=START, **facts) == "in_force"
    assert order_state(on=END + ONE, renewed_on=END + ONE, **facts) == "superseded"
    assert order_state(on=END + ONE, renewed_on=END + 2 * ONE, **facts) == "expired"


@pytest.mark.clause("2.4-AW4")
def test_workload_services_end_on_the_day_of_the_agreement():
    workload = contract.OfferingFacts(
        code="azure-workload-mcs",
        category="mission_critical",
        mark="additional",
        co_termination="same_day",
        clauses=("2.4-AW4",),
    )
    explained = effective_end(workload, own_end=date(2025, 9, 30), base_end=date(2025, 9, 1))
    assert (explained.result, explained.clauses) == (date(2025, 9, 1), ("2.4-AW4",))
    assert state(workload, date(2025, 9, 2), Period(None, date(2025, 9, 1))) == "ended"


def state(offering, on, base, *renewals, own=None):
    own = own or Period(None, date(2026, 6, 30))
    return service_state(offering, on=on, own=own, base=base, renewals=renewals)


@pytest.mark.clause("2.4-AP46", "X-42")
def test_mcsap_is_suspended_on_every_day_without_a_base_agreement():
    base = Period(START, END)
    renewal = Period(date(2026, 2, 1), date(2026, 3, 31))
    assert state(contract.MCSAP_SERVICE, END, base) == "active"
    assert state(contract.MCSAP_SERVICE, END + ONE, base) == "suspended"
    assert state(contract.MCSAP_SERVICE, END + ONE, base, Period(END + ONE)) == "active"
    assert state(contract.MCSAP_SERVICE, date(2026, 1, 31), base, renewal) == "suspended"
    assert state(contract.MCSAP_SERVICE, date(2026, 2, 1), base, renewal) == "active"
    assert state(contract.MCSAP_SERVICE, date(2026, 4, 1), base, renewal) == "suspended"
    assert state(contract.MCSAP_SERVICE, date(2026, 7, 1), base, Period(START)) == "ended"
    assert state(contract.MCSAP_SERVICE, START, None) == "suspended"


@pytest.mark.clause("2.1-B1", "2.3-OT4", "2.5-ED9", "2.5-RD11", "0-C16")
@pytest.mark.parametrize("offering", [contract.EDE, contract.DE, contract.REDE, contract.ARR])
def test_other_services_end_the_day_after_the_agreement_s_last(offering):
    base = Period(START, END)
    assert state(offering, START, base) == "active"
    assert state(offering, END, base) == "active"
    assert state(offering, END + ONE, base) == "ended"
    assert state(offering, END + ONE, base, Period(END + ONE)) == "ended"
    assert state(offering, START - ONE, base) == "not_begun"
    assert state(offering, START, base, own=Period(START + ONE, END)) == "not_begun"
    assert state(offering, START, None) == "ended"


@pytest.mark.clause("2.5-ED3", "2.5-RD3", "2.3-OP6", "2.3-OP7")
def test_only_delivered_hours_are_subtracted_and_bookings_limit_new_ones():
    balance = hour_balance(bought=2400, delivered=750, reserved=480)
    assert (balance.left, balance.free_to_book) == (1650, 1170)
    assert record_delivery(balance, 1650) == Balance(2400, 2400, 480)
    # What was booked is used by it: nothing is free, never less than nothing.
    assert record_delivery(balance, 1650).free_to_book == 0
    with pytest.raises(Refused) as refusal:
        record_delivery(balance, 1651)
    assert (refusal.value.code, refusal.value.figures) == (
        "insufficient_hours",
        {"asked": 1651, "left": 1650, "unit": "minute"},
    )


def test_balances_below_nothing_are_mistakes():
    with pytest.raises(ValueError, match="no such balance"):
        hour_balance(bought=10, delivered=11)
    with pytest.raises(ValueError, match="no such balance"):
        hour_balance(bought=10, delivered=0, reserved=-1)
    with pytest.raises(ValueError, match="takes something"):
        record_delivery(Balance(10), 0)


@pytest.mark.clause("2.7-T10", "2.2-F4", "X-29")
def test_what_flex_paid_for_lapses_with_its_year_if_that_is_earlier():
    year = Period(START, date(2025, 9, 30))
    assert lapse_day(order_last_day=END).result == END
    assert lapse_day(order_last_day=END, funded_period=year).result == date(2025, 9, 30)
    assert lapse_day(order_last_day=START, funded_period=year).result == START


@pytest.mark.clause("2.7-T10", "2.2-F4", "0-C16")
@pytest.mark.parametrize(
    ("as_of", "forfeited", "remaining"),
    [("2025-09-30", 0, 15), ("2025-10-01", 10, 5), ("2025-12-31", 10, 5), ("2026-01-01", 15, 0)],
)
def test_holdings_lapse_the_day_after_their_last_day(as_of, forfeited, remaining):
    holdings = [Holding(10, date(2025, 9, 30)), Holding(5, END)]
    explained = lapsed(holdings, as_of=date.fromisoformat(as_of))
    assert explained.result == Lapse(forfeited, remaining, 0)


@pytest.mark.clause("2.7-T10")
def test_bookings_after_the_end_fall_once_it_has_come():
    bookings = [END, END + ONE, END + ONE]
    assert lapsed([Holding(720, END)], as_of=END, bookings=bookings).result.bookings_cancelled == 0
    closed = lapsed([Holding(720, END)], as_of=END + ONE, bookings=bookings)
    assert closed.result == Lapse(720, 0, 2)
    assert lapsed([], as_of=END, bookings=bookings).result == Lapse(0, 0, 0)


@pytest.mark.clause("2.6-M20", "2.6-M21")
def test_the_invoices_of_a_split_transaction_add_up():
    lines = [("cn", usd("4000.00")), ("fr", usd("6000.01")), ("cn", usd("0.99"))]
    invoices, total = split_invoice(lines)
    assert invoices == (Invoice("cn", usd("4000.99")), Invoice("fr", usd("6000.01")))
    assert total == usd("10001.00")
    with pytest.raises(ValueError, match="at least one line"):
        split_invoice([])


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(-(10**9), 10**9)), min_size=1, max_size=12
    )
)
@settings(max_examples=40)
def test_no_split_makes_or_loses_money(lines):
    invoices, total = split_invoice([(key, Money(minor, "JPY")) for key, minor in lines])
    assert total.minor == sum(minor for _key, minor in lines)
    assert sum(invoice.total.minor for invoice in invoices) == total.minor


@pytest.mark.clause("0-C16")
def test_an_order_ends_early_from_today_and_its_beginning_to_the_day_before_its_end():
    def refusal(on, today):
        with pytest.raises(Refused) as caught:
            check_ending_day(on, today, first_day=START, last_day=END)
        return caught.value.code

    check_ending_day(START, START, first_day=START, last_day=END)
    check_ending_day(END - ONE, END - ONE, first_day=START, last_day=END)
    assert refusal(START - ONE, START - ONE) == "order_not_begun"
    assert refusal(START, START + ONE) == "in_the_past"
    assert refusal(END, START) == "not_earlier"
    assert refusal(END + ONE, END + ONE) == "order_ended"
