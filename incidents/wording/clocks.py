"""The geometry of the clocks' drawing: both sides on one axis, off-hours squeezed into a band.

Pure: instants and ready words in, rectangles, lines and texts out. Lengths are in units of the
view box; a template only writes them down.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

WIDTH = 1240
LEFT, RIGHT, MARGIN = 150.0, 1170.0, 12.0
TOP, LANE, BAR = 58, 84, 24
BAND = 90.0
CHARACTER, WIDE_CHARACTER = 6.6, 12.5
# Steps of the axis in minutes, and how far apart two of its labels have to be.
STEPS = (5, 10, 15, 30, 60, 120, 240, 480, 720, 1440, 2880, 10_080)
LABEL_GAP = 95.0
MINUTE = timedelta(minutes=1)

Interval = tuple[datetime, datetime]
Pause = tuple[datetime, datetime, str]
TickWords = Callable[[datetime, bool], str]


@dataclass(frozen=True, slots=True)
class Mark:
    """A share of the time, or something that happened."""

    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One clock: what it is called, what has run (`fill`), up to when, and how that reads.

    `closed` are the stretches that don't count on it, `pauses` those in which it stood still. `until` is now, or what stopped it.
    """

    side: str
    name: str
    since: datetime
    until: datetime
    due_at: datetime
    fill: str
    due_words: str
    state_words: str
    role: str = ""
    marks: Sequence[Mark] = ()
    events: Sequence[Mark] = ()
    closed: Sequence[Interval] = ()
    pauses: Sequence[Pause] = ()


@dataclass(frozen=True, slots=True)
class Rect:
    """A filled rectangle; `hatched` for time that doesn't count."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    hatched: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A vertical line."""

    x: float
    top: float
    bottom: float
    css: str


@dataclass(frozen=True, slots=True)
class Text:
    """Words at a place; the class says which end of them stands there."""

    x: float
    y: float
    css: str
    words: str

    @property
    def extent(self) -> tuple[float, float]:
        """Where the words begin and end, about."""
        wide = text_width(self.words)
        if "t-e" in self.css:
            return self.x - wide, self.x
        return (
            (self.x - wide / 2, self.x + wide / 2) if "t-m" in self.css else (self.x, self.x + wide)
        )


@dataclass(slots=True)
class Drawing:
    """Everything in the order in which it is painted."""

    height: int
    rects: list[Rect] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    width: int = WIDTH
    now_x: float | None = None

    def write(self, x: float, y: float, css: str, words: str, *, must: bool = False) -> bool:
        """Add a text unless it would cover another one or the line of now; whether it stands."""
        text = Text(round(x, 1), y, css, words)
        first, last = text.extent
        taken = any(
            abs(other.y - y) < 11 and other.extent[0] < last + 4 and first - 4 < other.extent[1]
            for other in self.texts
        )
        crossed = self.now_x is not None and y > TOP and first - 3 < self.now_x < last + 3
        if (taken or crossed) and not must:
            return False
        self.texts.append(text)
        return True


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the axis on which time runs evenly; `closed` ones are squeezed."""

    start: datetime
    end: datetime
    x: float
    width: float
    closed: bool


@dataclass(frozen=True, slots=True)
class Axis:
    """Instants to places from left to right; what lies outside stands at the edge."""

    pieces: tuple[Piece, ...]
    right: float = RIGHT

    @property
    def start(self) -> datetime:
        """The instant at the left edge."""
        return self.pieces[0].start

    @property
    def end(self) -> datetime:
        """The instant at the right edge."""
        return self.pieces[-1].end

    def x(self, at: datetime) -> float:
        """The place of an instant."""
        if at <= self.start:
            return LEFT
        for piece in self.pieces:
            if at <= piece.end:
                share = (at - piece.start) / (piece.end - piece.start)
                return round(piece.x + piece.width * share, 1)
        return self.right


def axis_of(
    start: datetime, end: datetime, closed: Iterable[Interval], *, right: float = RIGHT
) -> Axis:
    """An axis from `start` to `end` on which each closed stretch takes one narrow band.

    Raises `ValueError` if it would have no length.
    """
    if end <= start:
        raise ValueError("an axis runs forward")
    stretches = list(_stretches(start, end, closed))
    shut = [one for one in stretches if one[2]]
    open_time = sum((b - a for a, b, is_closed in stretches if not is_closed), timedelta(0))
    room = right - LEFT
    band = min(BAND, room / 2 / len(shut)) if shut and open_time else room / max(1, len(shut))
    scale = (room - band * len(shut)) / (open_time / MINUTE) if open_time else 0.0
    pieces, x = [], LEFT
    for a, b, is_closed in stretches:
        width = band if is_closed else (b - a) / MINUTE * scale
        pieces.append(Piece(a, b, x, width, is_closed))
        x += width
    return Axis(tuple(pieces), right)


def _stretches(
    start: datetime, end: datetime, closed: Iterable[Interval]
) -> Iterator[tuple[datetime, datetime, bool]]:
    """Open and closed stretches in turn, without empty ones."""
    at = start
    for begins, ends in closed:
        begins, ends = max(begins, at), min(ends, end)
        if begins >= ends:
            continue
        if begins > at:
            yield at, begins, False
        yield begins, ends, True
        at = ends
    if at < end:
        yield at, end, False


def span_of(lanes: Sequence[Lane], now: datetime | None) -> Interval:
    """From the first start to the last target, a clock that runs late for long cut short."""
    start = min(lane.since for lane in lanes)
    last_due = max(lane.due_at for lane in lanes)
    most = last_due + max((last_due - start) / 2, timedelta(minutes=30))
    last = max([last_due, *(lane.until for lane in lanes), *([now] if now else [])])
    return start, min(last, most) if last > start else start + timedelta(minutes=1)


def draw(
    lanes: Sequence[Lane],
    *,
    closed: Sequence[Interval],
    tick_words: TickWords,
    now: datetime | None = None,
    now_words: str = "",
    closed_words: Callable[[Interval], str] = lambda _interval: "",
    minutes_from_midnight: Callable[[datetime], int] = lambda at: at.hour * 60 + at.minute,
) -> Drawing:
    """The clocks of `lanes`; `closed` are squeezed, `now` gets a line through all of them."""
    start, end = span_of(lanes, now)
    # Words stand to the right of the last target, so the axis leaves them room.
    widest = max(_widest(lane) for lane in lanes)
    axis = axis_of(start, end, closed, right=min(RIGHT, WIDTH - MARGIN - widest))
    bottom = TOP + LANE * (len(lanes) - 1) + BAR + 20
    has_now = now is not None and now <= axis.end
    drawing = Drawing(height=bottom + 14, now_x=axis.x(now) if now and has_now else None)
    _ticks(drawing, axis, bottom, tick_words, minutes_from_midnight)
    for number, lane in enumerate(lanes):
        _lane(drawing, axis, lane, TOP + LANE * number, closed_words if number == 0 else None)
    if drawing.now_x is not None:
        x = drawing.now_x
        drawing.strokes.append(Stroke(x, 26, bottom, "s-ink s-2"))
        near_edge = x + text_width(now_words) > WIDTH - 8
        drawing.write(
            x - 5 if near_edge else x + 5, 38, "t-s t-e" if near_edge else "t-s", now_words
        )
    return drawing


def _ticks(
    drawing: Drawing,
    axis: Axis,
    bottom: int,
    words: TickWords,
    minutes_from_midnight: Callable[[datetime], int],
) -> None:
    """Where each open stretch begins, then round times between; no label covers another."""
    drawing.write(LEFT, 22, "", words(axis.start, True))
    for before, piece in zip(axis.pieces, axis.pieces[1:], strict=False):
        if before.closed:
            drawing.strokes.append(Stroke(round(piece.x, 1), 30, bottom, "s-line"))
            drawing.write(piece.x + 3, 22, "", words(piece.start, True))
    for piece in axis.pieces:
        for at, new_day in _round_times(piece, minutes_from_midnight):
            x = axis.x(at)
            if x < axis.right and drawing.write(x, 22, "t-m", words(at, new_day)):
                drawing.strokes.append(Stroke(x, 30, bottom, "s-line"))


def _round_times(
    piece: Piece, minutes_from_midnight: Callable[[datetime], int]
) -> Iterator[tuple[datetime, bool]]:
    """Round times inside a stretch, as far apart as their labels need."""
    length = (piece.end - piece.start) / MINUTE
    if piece.closed or not piece.width:
        return
    per_minute = piece.width / length
    step = next((one for one in STEPS if one * per_minute >= LABEL_GAP), STEPS[-1])
    into = minutes_from_midnight(piece.start)
    at = piece.start - timedelta(
        minutes=into % step, seconds=piece.start.second, microseconds=piece.start.microsecond
    )
    while (at := at + timedelta(minutes=step)) < piece.end:
        yield at, minutes_from_midnight(at) < step


def _lane(
    drawing: Drawing,
    axis: Axis,
    lane: Lane,
    top: int,
    closed_words: Callable[[Interval], str] | None,
) -> None:
    drawing.write(0, top + 10, "t-s", lane.side, must=True)
    drawing.write(0, top + 26, "", lane.name, must=True)
    _bar(drawing, axis, lane, top)
    _pauses(drawing, axis, lane, top)
    if closed_words is not None:
        for piece in axis.pieces:
            if piece.closed:
                words = closed_words((piece.start, piece.end))
                if words and text_width(words) <= piece.width + 40:
                    drawing.write(piece.x + piece.width / 2, top + 40, "t-m", words)
    due = axis.x(lane.due_at)
    drawing.strokes.append(Stroke(due, top - 4, top + BAR + 4, "s-ink s-2"))
    _due(drawing, lane, max(due, axis.x(lane.until)), top)
    for mark in lane.marks:
        x = axis.x(mark.at)
        drawing.strokes.append(Stroke(x, top + BAR, top + BAR + 6, "s-ink"))
        drawing.write(x, top + 42, "t-m", mark.words) or drawing.write(
            x - 2, top + 42, "t-e", mark.words
        )
    for event in lane.events:
        x = axis.x(event.at)
        drawing.strokes.append(Stroke(x, top - 10, top + BAR, "s-ink s-dash"))
        drawing.write(x - 4, top - 8, "t-e", event.words)


def _bar(drawing: Drawing, axis: Axis, lane: Lane, top: int) -> None:
    """What has run, what is left, and hatching where nothing counts."""
    run = max(lane.until, lane.since)
    for begins, ends, fill in (
        (lane.since, run, lane.fill),
        (run, max(lane.due_at, run), "f-track"),
    ):
        for a, b, is_closed in _stretches(begins, ends, lane.closed) if ends > begins else ():
            x, wide = axis.x(a), round(axis.x(b) - axis.x(a), 1)
            if wide > 0:
                drawing.rects.append(Rect(x, top, wide, BAR, fill, hatched=is_closed))


def _pauses(drawing: Drawing, axis: Axis, lane: Lane, top: int) -> None:
    """Grey over what has run while the clock stood still, hatched off-hours left as they are."""
    for begins, ends, words in lane.pauses:
        for a, b, is_closed in _stretches(begins, ends, lane.closed):
            x, wide = axis.x(a), round(axis.x(b) - axis.x(a), 1)
            if wide > 0 and not is_closed:
                drawing.rects.append(Rect(x, top, wide, BAR, "f-pause"))
        drawing.write((axis.x(begins) + axis.x(ends)) / 2, top + 40, "t-m", words)


def _due(drawing: Drawing, lane: Lane, x: float, top: int) -> None:
    """The target and how it stands, to the right of the bar."""
    state = f"t-{lane.role}" if lane.role in {"late", "risk"} else ""
    drawing.write(x + 8, top + 11, "t-s", lane.due_words, must=True)
    drawing.write(x + 8, top + 26, state, lane.state_words, must=True)


def _widest(lane: Lane) -> float:
    return max(text_width(lane.due_words), text_width(lane.state_words))


def text_width(words: str) -> float:
    """About how wide words are at the drawing's size; Chinese is about twice as wide."""
    return sum(WIDE_CHARACTER if ord(one) > 0x2E80 else CHARACTER for one in words)
