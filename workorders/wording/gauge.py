"""The allowance bar of one contract year: pure geometry, words come in.

Capped uses stand at the left under the mark of their ceiling, all others at the right;
what lies between them is not allotted to a service yet.
"""

from dataclasses import dataclass, field

from workorders.wording.labels import text_width
from workorders.wording.ribbon import Line, Rect, Words

WIDTH, LEFT, RIGHT = 600.0, 10.0, 590.0
BAR_TOP, BAR_HEIGHT = 30.0, 30.0
FOOT_Y, LINE_HEIGHT = 78.0, 16.0


@dataclass(frozen=True, slots=True)
class Allowance:
    """Amounts in minor units of one currency, and the captions as the page says them."""

    allotted: int
    capped: tuple[int, ...]
    other: int
    ceiling: int
    ceiling_caption: str
    capped_captions: tuple[str, str]
    other_captions: tuple[str, str]


@dataclass(slots=True)
class Gauge:
    """What the template draws, in drawing order."""

    height: float = FOOT_Y
    rects: list[Rect] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    width: float = WIDTH


def draw_gauge(allowance: Allowance) -> Gauge:
    """Lay out the bar. What a draft commits beyond its allotment is drawn to the edge."""
    gauge = Gauge()
    whole = max(allowance.allotted, sum(allowance.capped) + allowance.other, 1)
    per_unit = (RIGHT - LEFT) / whole
    gauge.rects.append(Rect(LEFT, BAR_TOP, RIGHT - LEFT, BAR_HEIGHT, "f-track"))
    x = LEFT
    for amount in allowance.capped:
        width = round(amount * per_unit, 1)
        if width:
            gauge.rects.append(Rect(x, BAR_TOP, max(width - 1, 0.2), BAR_HEIGHT, "f-ink2"))
        x = round(x + width, 1)
    width = round(allowance.other * per_unit, 1)
    if width:
        start = round(RIGHT - width, 1)
        gauge.rects.append(Rect(start, BAR_TOP, width, BAR_HEIGHT, "f-term"))
    _draw_ceiling(gauge, round(LEFT + allowance.ceiling * per_unit, 1), allowance.ceiling_caption)
    _draw_foot(gauge, allowance)
    return gauge


def _draw_ceiling(gauge: Gauge, x: float, caption: str) -> None:
    """The caption stands right of its mark where there is room, otherwise left of it."""
    x = min(x, RIGHT)
    gauge.lines.append(Line(f"M{x} 18V{BAR_TOP + BAR_HEIGHT + 8}", "s-late s-2"))
    if x + 6 + text_width(caption, bold=True) <= RIGHT:
        gauge.words.append(Words(round(x + 6, 1), 22, caption, "t-s"))
    elif x - 6 - text_width(caption, bold=True) >= LEFT:
        gauge.words.append(Words(round(x - 6, 1), 22, caption, "t-s t-e"))
    else:
        gauge.words.append(Words(LEFT, 12, caption, "t-s"))


def _draw_foot(gauge: Gauge, allowance: Allowance) -> None:
    """Two captions side by side, or one below the other when they would touch."""
    left, right = allowance.capped_captions, allowance.other_captions
    widths = [
        max(text_width(first, bold=True), text_width(second)) for first, second in (left, right)
    ]
    below = 0.0 if sum(widths) + 12 <= RIGHT - LEFT else 2 * LINE_HEIGHT
    gauge.words += [
        Words(LEFT, FOOT_Y, left[0], "t-s"),
        Words(LEFT, FOOT_Y + LINE_HEIGHT, left[1]),
        Words(RIGHT, FOOT_Y + below, right[0], "t-s t-e"),
        Words(RIGHT, FOOT_Y + below + LINE_HEIGHT, right[1], "t-e"),
    ]
    gauge.height = FOOT_Y + below + LINE_HEIGHT + 10
