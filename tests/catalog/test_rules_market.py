"""Where and when an offering is sold."""

from datetime import date

import pytest

from services.catalog.rules.market import is_sold

FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)


@pytest.mark.clause("1-A5")
@pytest.mark.parametrize(
    ("day", "sold", "unsold"),
    [
        (date(2025, 12, 31), False, None),
        (FIRST, True, False),
        (LAST, True, False),
        (date(2026, 7, 1), False, None),
    ],
)
def test_what_is_sold_until_a_day_is_withdrawn_after_it(day, sold, unsold):
    period = {"valid_from": FIRST, "valid_to": LAST, "on": day}
    assert is_sold(True, **period) is sold
    assert is_sold(False, **period) is unsold


def test_without_days_it_holds_always():
    assert is_sold(True, valid_from=None, valid_to=None, on=FIRST) is True
    assert is_sold(False, valid_from=None, valid_to=None, on=LAST) is False
