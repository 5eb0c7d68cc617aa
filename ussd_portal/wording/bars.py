"""The value-at-risk chart of Today."""

from datetime import date

from accounts.wording.bars import BOTTOM, LEFT, RIGHT, TOP, Bars, Month, stacked_bars
from ussd_portal.queries.risk import RiskMonth
from workorders.queries.risk import SOON

__all__ = ["BOTTOM", "LEFT", "RIGHT", "TOP", "risk_bars"]


def risk_bars(months: list[RiskMonth], today: date) -> Bars:
    """Bars of the months by whether it can still be requested, and the mark 90 days ahead."""
    stacks = [
        Month(
            month.first_day,
            (("late", month.passed), ("risk", month.soon), ("term", month.later)),
        )
        for month in months
    ]
    return stacked_bars(stacks, mark=today + SOON, currency="USD")
