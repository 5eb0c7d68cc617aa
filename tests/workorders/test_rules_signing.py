"""By when a draft is allocated and signed."""

from datetime import date

import pytest

from workorders.rules.signing import allocation_due, renewal_execution_due


@pytest.mark.clause("2.2-F7", "0-C1", "0-C13", "X-04")
def test_allowance_is_allocated_by_the_day_on_which_the_term_begins():
    due = allocation_due(date(2026, 3, 1), zone="Europe/Berlin")
    assert (due.result, due.clauses, due.zone) == (
        date(2026, 3, 1),
        ("2.2-F7",),
        "Europe/Berlin",
    )
    assert due.inputs == (("order_start", date(2026, 3, 1)),)


@pytest.mark.clause("2.7-T10", "0-C16", "0-C13")
def test_a_renewal_is_executed_by_the_last_day_of_what_it_follows():
    due = renewal_execution_due(date(2028, 3, 1), zone="Europe/Berlin")
    assert due.result == date(2028, 2, 29)
    assert due.inputs == (("renewal_start", date(2028, 3, 1)),)
    assert due.clauses == ("2.7-T10",)
