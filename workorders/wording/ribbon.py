"""The term ribbon of a work order: pure geometry, words come in.

The bar runs from the first day to the last day in force. Above it stand the start,
today, the end and the contract years; below hang the dates that bind.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from accounts.wording import formats
from workorders.wording.labels import GAP, Label, hang_labels, text_width

WIDTH, LEFT, RIGHT = 1240.0, 10.0, 1230.0
BAR_TOP, BAR_HEIGHT = 58.0, 26.0
BAR_FOOT = BAR_TOP + BAR_HEIGHT
CAPTION_Y, DATE_Y, YEAR_Y = 32.0, 48.0, 50.0
FIRST_LANE_Y, LANE_HEIGHT = 112.0, 16.0


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days, both included, with its captions from long to short."""

    first: date
    last: date
    captions: tuple[str, ...] = ()
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A date that binds, at the end of its `day`; `tone` is ``risk``, ``late`` or nothing."""

    day: date
    lines: tuple[str, ...]
    tone: str = ""
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Term:
    """What the ribbon shows. Captions are (word, date) pairs as the page says them."""

    first: date
    last: date
    today: date
    start_caption: tuple[str, str]
    today_caption: tuple[str, str]
    end_caption: tuple[str, str]
    years: tuple[Span, ...] = ()
    marks: tuple[Mark, ...] = ()
    urgent_until: date | None = None
    underline: Span | None = None


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle of a colour class."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Line:
    """A path of a stroke class."""

    path: str
    stroke: str


@dataclass(frozen=True, slots=True)
class Words:
    """A text at its baseline; `style` holds anchor and weight classes."""

    x: float
    y: float
    text: str
    style: str = ""

    @property
    def reach(self) -> tuple[float, float]:
        """From where to where it runs."""
        width = text_width(self.text, bold="t-s" in self.style or "t-risk" in self.style)
        if "t-e" in self.style:
            return self.x - width, self.x
        if "t-m" in self.style:
            return self.x - width / 2, self.x + width / 2
        return self.x, self.x + width


@dataclass(slots=True)
class Ribbon:
    """What the template draws, in drawing order."""

    height: float = FIRST_LANE_Y
    rects: list[Rect] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    width: float = WIDTH


def draw_ribbon(term: Term) -> Ribbon:
    """Lay out the ribbon; labels never overlap, whatever the term and the day."""
    ribbon = Ribbon()
    _draw_bar(ribbon, term)
    labels = [_label(term, mark) for mark in term.marks]
    labels += _draw_ends_and_today(ribbon, term)
    _draw_years(ribbon, term)
    _draw_labels(ribbon, labels)
    return ribbon


def _x(term: Term, day: date) -> float:
    """Where `day` begins; days outside the term stand at its edge."""
    share = (day - term.first) / (term.last + timedelta(days=1) - term.first)
    return round(LEFT + (RIGHT - LEFT) * min(max(share, 0), 1), 1)


def _rect(term: Term, first: date, end: date, colour: str) -> Rect:
    x = _x(term, first)
    return Rect(x, BAR_TOP, round(_x(term, end) - x, 1), BAR_HEIGHT, colour)


def _draw_bar(ribbon: Ribbon, term: Term) -> None:
    after = term.last + timedelta(days=1)
    ribbon.rects.append(_rect(term, term.first, after, "f-track"))
    if term.today > term.first:
        ribbon.rects.append(_rect(term, term.first, min(term.today, after), "f-term"))
    if term.urgent_until and term.today <= term.urgent_until:
        end = term.urgent_until + timedelta(days=1)
        ribbon.rects.append(_rect(term, term.today, end, "f-risk"))
    for year in term.years[1:]:
        x = _x(term, year.first)
        ribbon.lines.append(Line(f"M{x} {BAR_TOP}V{BAR_FOOT}", "s-surf s-2"))
    if term.underline:
        x = _x(term, term.underline.first)
        width = round(_x(term, term.underline.last + timedelta(days=1)) - x, 1)
        ribbon.rects.append(Rect(x, BAR_FOOT + 3, width, 5, "f-ink2"))


def _pair(x: float, caption: tuple[str, str], style: str = "") -> list[Words]:
    return [
        Words(x, CAPTION_Y, caption[0], style),
        Words(x, DATE_Y, caption[1], f"t-s {style}".strip()),
    ]


def _reach(words: Sequence[Words]) -> tuple[float, float]:
    reaches = [each.reach for each in words]
    return min(start for start, _ in reaches), max(end for _, end in reaches)


def _draw_ends_and_today(ribbon: Ribbon, term: Term) -> list[Label]:
    """Today stands above the bar, or hangs below where the start or end leaves no room."""
    start = _pair(LEFT, term.start_caption)
    end = _pair(RIGHT, term.end_caption, "t-e")
    ribbon.words += start + end
    ribbon.lines += [Line(f"M{x} {BAR_TOP - 4}V{BAR_FOOT + 10}", "s-ink") for x in (LEFT, RIGHT)]
    if not term.first <= term.today <= term.last:
        return []
    x = _x(term, term.today)
    free_from, free_until = _reach(start)[1] + GAP, _reach(end)[0] - GAP
    for words in (_pair(x - 6, term.today_caption, "t-e"), _pair(x + 6, term.today_caption)):
        first, last = _reach([*words, Words(x, 0, "")])
        if free_from <= first and last <= free_until:
            ribbon.words += words
            ribbon.lines.append(Line(f"M{x} 24V{BAR_FOOT + 4}", "s-ink s-2"))
            return []
    ribbon.lines.append(Line(f"M{x} {BAR_TOP - 4}V{BAR_FOOT + 4}", "s-ink s-2"))
    return [Label(x, (formats.beside(*term.today_caption),), "s", weight=9)]


def _draw_years(ribbon: Ribbon, term: Term) -> None:
    """Each year's caption in the widest free stretch above it, shortened until it fits."""
    taken = [words.reach for words in ribbon.words]
    for year in term.years:
        first = _x(term, year.first) + GAP
        last = _x(term, year.last + timedelta(days=1)) - GAP
        start, end = _widest_gap(first, last, taken)
        style = "t-m t-s" if year.is_current else "t-m"
        for caption in year.captions:
            words = Words(round((start + end) / 2, 1), YEAR_Y, caption, style)
            if words.reach[0] >= start and words.reach[1] <= end:
                ribbon.words.append(words)
                break


def _widest_gap(
    first: float, last: float, taken: Sequence[tuple[float, float]]
) -> tuple[float, float]:
    """The widest part of [first, last] that keeps its distance from all `taken`."""
    gaps, at = [], first
    for start, end in sorted(taken):
        gaps.append((at, min(start - GAP, last)))
        at = max(at, end + GAP)
    gaps.append((at, last))
    return max(gaps, key=lambda gap: gap[1] - gap[0])


def _label(term: Term, mark: Mark) -> Label:
    """A day that lies outside the term hangs at its edge, with its date in words."""
    return Label(_x(term, mark.day + timedelta(days=1)), mark.lines, mark.tone, mark.weight)


def _draw_labels(ribbon: Ribbon, labels: Sequence[Label]) -> None:
    hung_labels = hang_labels(labels, left=LEFT, right=RIGHT)
    for hung in hung_labels:
        x, step = hung.label.x, 1 if hung.rightwards else -1
        y = FIRST_LANE_Y + hung.lane * LANE_HEIGHT
        stroke = "s-risk s-2" if hung.label.tone == "risk" else "s-line2"
        top = BAR_TOP if hung.label.tone == "risk" else BAR_FOOT + 3
        ribbon.lines.append(Line(f"M{x} {top}V{y - 4}h{6 * step}", stroke))
        anchor = "" if hung.rightwards else "t-e"
        for number, text in enumerate(hung.label.lines):
            tone = f"t-{hung.label.tone}" if hung.label.tone and not number else ""
            ribbon.words.append(
                Words(
                    round(x + 9 * step, 1),
                    y + number * LANE_HEIGHT,
                    text,
                    f"{tone} {anchor}".strip(),
                )
            )
    last_lane = max((hung.last_lane for hung in hung_labels), default=-1)
    ribbon.height = FIRST_LANE_Y + last_lane * LANE_HEIGHT + 8
