"""The chart of a term: pure geometry, words come in.

Names stand left; right of them one lane a row on an axis of days. An order is a bar with its
contract years, a service a thin line over the days of its use with its bookings on it, deadlines
are diamonds. Today is a line through all of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from accounts.rules.calendar_days import add_months
from accounts.wording import formats
from workorders.wording.labels import text_width
from workorders.wording.ribbon import Line, Rect, Words

WIDTH, LEFT, RIGHT = 1240.0, 262.0, 1232.0
NAMES = 246.0
AXIS_Y, YEAR_Y, TOP = 16.0, 30.0, 40.0
ROW, ORDER_BAR, BOOKING_BAR, LINE_BAR = 26.0, 14.0, 12.0, 4.0
LEAST_BAR, DIAMOND, LABEL_SPACE = 5.0, 6.0, 46.0
EVERY = (1, 2, 3, 6, 12)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days, both included, in a colour."""

    first: date
    last: date
    colour: str


@dataclass(frozen=True, slots=True)
class Point:
    """A day with a colour."""

    day: date
    colour: str


@dataclass(frozen=True, slots=True)
class Row:
    """A lane: an order (`is_order`), a service at a place, or deadlines. `cuts` part an order's bar."""

    name: str
    place: str = ""
    span: Stretch | None = None
    stretches: tuple[Stretch, ...] = ()
    points: tuple[Point, ...] = ()
    cuts: tuple[date, ...] = ()
    is_order: bool = False


@dataclass(slots=True)
class Gantt:
    """What the template draws, in drawing order."""

    height: float = TOP
    width: float = WIDTH
    rects: list[Rect] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    marks: list[Line] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)


def draw_gantt(rows: Sequence[Row], *, first: date, last: date, today: date, word: str) -> Gantt:
    """Lay the rows out over the days from `first` to `last`; `word` names today."""
    scale = _Scale(first, last)
    chart = Gantt(height=TOP + ROW * len(rows) + 6)
    _draw_axis(chart, scale)
    for number, row in enumerate(rows):
        _draw_row(chart, scale, row, TOP + ROW * number)
    if first <= today <= last:
        x = scale.x(today)
        chart.marks.append(Line(f"M{x} {TOP - 6}V{chart.height - 4}", "s-ink s-2"))
        anchor = "t-s t-e" if x > (LEFT + RIGHT) / 2 else "t-s"
        chart.words.append(Words(x - 4 if "t-e" in anchor else x + 4, TOP - 1, word, anchor))
    return chart


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    last: date

    def x(self, day: date) -> float:
        """Where a day begins; what lies outside stands at the edge."""
        share = (day - self.first) / (self.last + timedelta(days=1) - self.first)
        return round(LEFT + (RIGHT - LEFT) * min(max(share, 0), 1), 1)

    def rect(self, stretch: Stretch, y: float, height: float, least: float = 0) -> Rect | None:
        """A stretch as a bar; nothing where it lies outside."""
        if stretch.last < self.first or stretch.first > self.last:
            return None
        x = self.x(stretch.first)
        width = max(round(self.x(stretch.last + timedelta(days=1)) - x, 1), least)
        return Rect(min(x, RIGHT - width), y, width, height, stretch.colour)


def _draw_axis(chart: Gantt, scale: _Scale) -> None:
    """A line at the beginning of each month; as many names as there is room for."""
    months = list(_months(scale))
    spaces = len(months) or 1
    space = (RIGHT - LEFT) / spaces
    every = next((one for one in EVERY if one * space >= LABEL_SPACE), EVERY[-1])
    for number, month in enumerate(months):
        x = scale.x(month)
        chart.lines.append(Line(f"M{x} {TOP - 4}V{chart.height - 4}", "s-line"))
        if number % every or x > RIGHT - LABEL_SPACE / 2:
            continue
        chart.words.append(Words(x, AXIS_Y, formats.month_short(month)))
        if number == 0 or month.month <= every:
            chart.words.append(Words(x, YEAR_Y, str(month.year)))


def _months(scale: _Scale) -> Iterable[date]:
    month = scale.first.replace(day=1)
    while month <= scale.last:
        if month >= scale.first:
            yield month
        month = add_months(month, 1)


def _draw_row(chart: Gantt, scale: _Scale, row: Row, y: float) -> None:
    chart.lines.append(Line(f"M4 {y + ROW}H{RIGHT}", "s-line"))
    style = "t-s" if row.is_order else ""
    chart.words.append(Words(8, y + 17, _name(row), style))
    height = ORDER_BAR if row.is_order else LINE_BAR
    if row.span is not None and (span := scale.rect(row.span, y + (ROW - height) / 2, height)):
        chart.rects.append(span)
    bar = ORDER_BAR if row.is_order else BOOKING_BAR
    for stretch in row.stretches:
        least = 0 if row.is_order else LEAST_BAR
        if drawn := scale.rect(stretch, y + (ROW - bar) / 2, bar, least):
            chart.rects.append(drawn)
    for cut in row.cuts:
        x = scale.x(cut)
        top = y + (ROW - ORDER_BAR) / 2
        chart.marks.append(Line(f"M{x} {top}v{ORDER_BAR}", "s-surf s-2"))
    for point in row.points:
        if scale.first <= point.day <= scale.last:
            chart.marks.append(Line(_diamond(scale.x(point.day), y + ROW / 2), point.colour))


def _name(row: Row) -> str:
    """The name, cut where it is too long; never the place behind it."""
    if not row.place:
        return shortened(row.name, NAMES, bold=row.is_order)
    rest = NAMES - text_width(formats.beside("", row.place))
    return formats.beside(shortened(row.name, rest), row.place)


def _diamond(x: float, y: float) -> str:
    return f"M{x} {y - DIAMOND}l{DIAMOND} {DIAMOND}l-{DIAMOND} {DIAMOND}l-{DIAMOND} -{DIAMOND}z"


def shortened(text: str, width: float, *, bold: bool = False) -> str:
    """`text`, cut with an ellipsis where it is wider than `width`."""
    if text_width(text, bold=bold) <= width:
        return text
    while text and text_width(f"{text}…", bold=bold) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"
