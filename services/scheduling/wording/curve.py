"""The cancellation curve: pure geometry, words come in.

One bar a day; its height is the share that stays due. Free days are a thin line, days
gone by are grey, half is amber, all is vermilion; today stands in a frame.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from workorders.wording.labels import text_width
from workorders.wording.ribbon import Line, Rect, Words

WIDTH, MARGIN, LEAST_LEFT = 920.0, 6.0, 58.0
TOP, FOOT = 34.0, 122.0
CAPTION_Y, WEEKDAY_Y, DAY_Y, EVENT_Y = 14.0, 138.0, 153.0, 168.0
FREE_HEIGHT, GAP_SHARE, MOST_BAR = 3.0, 0.12, 60.0


@dataclass(frozen=True, slots=True)
class Day:
    """One day: the share due in percent, its two captions, and what is special about it."""

    percent: int
    weekday: str
    caption: str
    past: bool = False
    today: bool = False
    note: tuple[str, ...] = ()
    event: str = ""


@dataclass(slots=True)
class Curve:
    """What the template draws, in drawing order; `frame` lies behind the bars."""

    height: float = EVENT_Y + 4
    width: float = WIDTH
    frames: list[Rect] = field(default_factory=list)
    rects: list[Rect] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)


def draw_curve(
    days: Sequence[Day], levels: Sequence[tuple[int, str]], today: str, *, width: float = WIDTH
) -> Curve:
    """Lay out the bars. `levels` are (percent, caption) of the lines across, 0 included."""
    curve = Curve(width=width)
    right = width - MARGIN
    left = max([LEAST_LEFT, *(text_width(caption) + 16 for _percent, caption in levels)])
    for percent, caption in levels:
        y = _y(percent)
        curve.lines.append(Line(f"M{left} {y}H{right}", "s-line" if percent else "s-line2"))
        curve.words.append(Words(left - 8, y + 4, caption, "t-e"))
    slot = (right - left) / max(len(days), 1)
    for index, day in enumerate(days):
        _draw_day(curve, day, left + index * slot, slot, today)
    return curve


def _draw_day(curve: Curve, day: Day, start: float, slot: float, today: str) -> None:
    width = min(slot * (1 - 2 * GAP_SHARE), MOST_BAR)
    middle = round(start + slot / 2, 1)
    top = min(_y(day.percent), FOOT - FREE_HEIGHT)
    if day.today:
        frame = (round(middle - width / 2 - 5, 1), 20.0, round(width + 10, 1), 138.0)
        curve.frames += [Rect(*frame, "f-soft"), Rect(*frame, "s-ink")]
        curve.words.append(Words(middle, CAPTION_Y, today, "t-m t-s"))
    x, width = round(middle - width / 2, 1), round(width, 1)
    curve.rects.append(Rect(x, top, width, round(FOOT - top, 1), _colour(day)))
    style = "t-m t-s" if day.today else "t-m"
    curve.words.append(Words(middle, WEEKDAY_Y, day.weekday, style))
    curve.words.append(Words(middle, DAY_Y, day.caption, style))
    if day.event:
        curve.words.append(Words(middle, EVENT_Y, day.event, "t-m t-s"))
    if not day.today:
        for line, note in enumerate(reversed(day.note)):
            curve.words.append(Words(middle, top - 7 - 14 * line, note, "t-m t-s"))


def _y(percent: int) -> float:
    return round(FOOT - (FOOT - TOP) * percent / 100, 1)


def _colour(day: Day) -> str:
    if day.percent == 0:
        return "f-ok"
    if day.past:
        return "f-pause"
    return "f-late" if day.percent == 100 else "f-risk"
