"""The value-at-risk chart stays inside its box, whatever the figures."""

from datetime import date

import pytest

from ussd_portal.queries.risk import RiskMonth
from ussd_portal.wording.bars import BOTTOM, LEFT, RIGHT, TOP, risk_bars

TODAY = date(2026, 11, 23)


def months(*totals: int) -> list[RiskMonth]:
    """Months from November on, with what lapses later."""
    return [
        RiskMonth(date(2026 + (10 + at) // 12, (10 + at) % 12 + 1, 1), 0, 0, total)
        for at, total in enumerate(totals)
    ]


@pytest.mark.parametrize("top", [1, 99, 100, 22_600_000, 26_400_000, 10**12])
def test_bars_end_at_the_base_and_never_rise_over_the_top(top):
    bars = risk_bars(months(top, 0, top // 2, *[0] * 9), TODAY)

    for bar in bars.bars:
        for part in bar.parts:
            assert part.y >= TOP
            assert part.y + part.height == pytest.approx(BOTTOM, abs=0.2)


def test_parts_are_stacked_past_soon_later():
    month = RiskMonth(date(2026, 12, 1), 100_00, 200_00, 300_00)

    [bar] = risk_bars([month], TODAY).bars

    assert [part.role for part in bar.parts] == ["late", "risk", "term"]
    heights = [part.height for part in bar.parts]
    assert heights[1] == pytest.approx(2 * heights[0], abs=0.2)
    assert heights[2] == pytest.approx(3 * heights[0], abs=0.2)


def test_the_mark_of_ninety_days_lies_in_its_month():
    bars = risk_bars(months(*[0] * 12), TODAY)
    width = (RIGHT - LEFT) / 12

    # 23 November + 90 days is 21 February, the fourth month: 20 of its 28 days are over.
    assert bars.soon_day == date(2027, 2, 21)
    assert bars.soon_x == pytest.approx(LEFT + width * (3 + 20 / 28), abs=0.1)


def test_without_anything_at_risk_the_scale_still_has_a_base_line():
    bars = risk_bars(months(*[0] * 12), TODAY)

    assert bars.ticks[0].amount.minor == 0
    assert all(bar.parts == [] for bar in bars.bars)
