"""Geometry of a chart of months: stacked bars in a fixed box, drawn by the template."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.rules.money import Money

LEFT, TOP, BOTTOM, RIGHT = 64.0, 32.0, 208.0, 716.0
BAR = 28.0
NICE = (1, 2, 3, 5)


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the chart: amounts in minor units by the role that colours them, from below."""

    first_day: date
    amounts: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """All parts together."""
        return sum(amount for _role, amount in self.amounts)


@dataclass(frozen=True, slots=True)
class Part:
    """One stacked part of a bar."""

    y: float
    height: float
    role: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A month."""

    x: float
    middle: float
    label_y: float
    parts: list[Part]
    total: Money
    month: date
    shows_year: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale."""

    y: float
    amount: Money


@dataclass(frozen=True, slots=True)
class Bars:
    """The whole chart. `soon_x` is where `soon_day` stands."""

    bars: list[Bar]
    ticks: list[Tick]
    soon_x: float
    soon_day: date
    left: float = LEFT
    right: float = RIGHT
    bottom: float = BOTTOM


def stacked_bars(months: Sequence[Month], *, mark: date, currency: str) -> Bars:
    """Bars of consecutive months, a scale of round steps, and where the day `mark` stands."""
    top = max((month.total for month in months), default=0)
    step = _step(top)
    height = step * max(1, -(-top // step))
    width = (RIGHT - LEFT) / max(1, len(months))
    bars = [_bar(month, at, width, height, currency) for at, month in enumerate(months)]
    ticks = [
        Tick(_y(amount, height), Money(amount, currency)) for amount in range(0, height + 1, step)
    ]
    first = months[0].first_day if months else mark
    gone = (mark.year - first.year) * 12 + mark.month - first.month
    next_month = (mark.replace(day=1) + timedelta(days=32)).replace(day=1)
    within = (mark.day - 1) / (next_month - mark.replace(day=1)).days
    return Bars(bars, ticks, round(LEFT + width * (gone + within), 1), mark)


def _bar(month: Month, at: int, width: float, height: int, currency: str) -> Bar:
    middle = LEFT + width * (at + 0.5)
    parts, below = [], 0
    for role, amount in month.amounts:
        if amount:
            top, bottom = _y(below + amount, height), _y(below, height)
            parts.append(Part(top, round(bottom - top, 1), role))
            below += amount
    return Bar(
        round(middle - BAR / 2, 1),
        round(middle, 1),
        round(_y(month.total, height) - 6, 1),
        parts,
        Money(month.total, currency),
        month.first_day,
        at == 0 or month.first_day.month == 1,
    )


def _y(amount: int, height: int) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * amount / height, 1)


def _step(top: int) -> int:
    """A round step in minor units, so that three or four of them reach `top`."""
    size = 100
    while True:
        for nice in NICE:
            if nice * size * 4 >= top:
                return nice * size
        size *= 10
