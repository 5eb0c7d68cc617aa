"""The term that follows, and what can be renewed."""

from datetime import date

import pytest

from accounts.rules.refusal import Refused
from workorders.rules.renewal import RenewedTerm, check_renewable, renewed_term


@pytest.mark.clause("2.1-B2", "2.1-B8")
@pytest.mark.parametrize("state", ["executed", "in_force", "expired", "terminated"])
def test_what_was_agreed_is_renewed_at_any_time(state):
    check_renewable(state=state, is_amendment=False)


@pytest.mark.clause("2.1-B2", "2.1-B8")
@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"is_amendment": True}, "renews_amendment"),
        ({"state": "draft"}, "renews_draft"),
        ({"state": "in_review"}, "renews_draft"),
        ({"renewal": "WO-27-0001"}, "already_renewed"),
    ],
)
def test_drafts_amendments_and_renewed_orders_are_not(fields, code):
    with pytest.raises(Refused) as refusal:
        check_renewable(**{"state": "in_force", "is_amendment": False, **fields})
    assert refusal.value.code == code


@pytest.mark.clause("0-C16", "0-C12", "2.7-T10")
@pytest.mark.parametrize(
    ("starts_on", "ends_on", "last_day", "first", "last"),
    [
        # A year after a year, over a leap day.
        ((2027, 3, 1), (2028, 2, 29), (2028, 2, 29), (2028, 3, 1), (2029, 2, 28)),
        # Three years.
        ((2024, 7, 1), (2027, 6, 30), (2027, 6, 30), (2027, 7, 1), (2030, 6, 30)),
        # Ended early: from the day after, as long as was agreed.
        ((2026, 1, 1), (2026, 12, 31), (2026, 6, 30), (2026, 7, 1), (2027, 6, 30)),
        # No whole months: 45 days again.
        ((2026, 1, 1), (2026, 2, 14), (2026, 2, 14), (2026, 2, 15), (2026, 3, 31)),
        # A single day.
        ((2026, 5, 4), (2026, 5, 4), (2026, 5, 4), (2026, 5, 5), (2026, 5, 5)),
    ],
)
def test_the_next_term_is_as_long_and_begins_the_day_after(
    starts_on, ends_on, last_day, first, last
):
    term = renewed_term(
        starts_on=date(*starts_on), ends_on=date(*ends_on), last_day=date(*last_day)
    )
    assert term.result == RenewedTerm(date(*first), date(*last))
