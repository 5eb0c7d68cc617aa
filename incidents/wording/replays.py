"""The replay as bars: geometry in a fixed box, drawn by the template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accounts.wording import formats

LEFT, RIGHT, WIDTH = 300.0, 640.0, 720
TOP, ROW, BAR = 8.0, 34.0, 18.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One programme: the minutes that its targets would have been shorter by."""

    name: str
    words: str
    y: float
    width: float

    @property
    def text_y(self) -> float:
        """The base line of its words."""
        return round(self.y + BAR - 4, 1)

    @property
    def words_x(self) -> float:
        """Where the figure stands: after the bar."""
        return round(LEFT + self.width + 8, 1)


@dataclass(frozen=True, slots=True)
class Bars:
    """The chart."""

    bars: tuple[Bar, ...]
    height: int
    width: int = WIDTH
    left: float = LEFT
    name_x: float = LEFT - 12
    thick: float = BAR


def saved_bars(saved: Sequence[tuple[str, int]], names: Mapping[str, str]) -> Bars:
    """A bar for each programme, as long as its share of the most that any would save."""
    most = max((minutes for _chart, minutes in saved), default=0) or 1
    bars = tuple(
        Bar(
            names.get(chart, chart),
            formats.duration(minutes),
            TOP + ROW * at,
            round((RIGHT - LEFT) * minutes / most, 1),
        )
        for at, (chart, minutes) in enumerate(saved)
    )
    return Bars(bars, int(2 * TOP + ROW * len(bars)))
