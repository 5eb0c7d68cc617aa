"""Labels hung under a bar, each with a connector, so that no two ever overlap.

Pure geometry in the units of a viewBox. A label stands right or left of its connector,
in a lane below the bar; connectors never run through the words of another label.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

WIDTH_LATIN, WIDTH_WIDE, BOLD = 6.5, 12.0, 1.08
ELBOW, GAP, LANES = 9.0, 10.0, 9


def text_width(text: str, *, bold: bool = False) -> float:
    """A safe estimate of how wide `text` is at 12 px; Chinese characters are square."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    width = wide * WIDTH_WIDE + (len(text) - wide) * WIDTH_LATIN
    return width * BOLD if bold else width


@dataclass(frozen=True, slots=True)
class Label:
    """Lines to hang at `x`; those of lower `weight` are left out first when all is full."""

    x: float
    lines: tuple[str, ...]
    tone: str = ""
    weight: int = 0

    @property
    def width(self) -> float:
        """As wide as its widest line, connector included."""
        return ELBOW + max(text_width(line, bold=bool(self.tone)) for line in self.lines)


@dataclass(frozen=True, slots=True)
class Hung:
    """A label in its lane (0 is next to the bar), right or left of its connector."""

    label: Label
    lane: int
    rightwards: bool

    @property
    def start(self) -> float:
        """Where its words begin, connector included."""
        return self.label.x if self.rightwards else self.label.x - self.label.width

    @property
    def end(self) -> float:
        """Where its words end, connector included."""
        return self.start + self.label.width

    @property
    def last_lane(self) -> int:
        """The lane of its last line."""
        return self.lane + len(self.label.lines) - 1


@dataclass(slots=True)
class _Ground:
    """What is taken, by lane: from, to, and the connector it belongs to."""

    left: float
    right: float
    taken: dict[int, list[tuple[float, float, float]]] = field(default_factory=dict)

    def is_free(self, lane: int, start: float, end: float) -> bool:
        """Whether words between `start` and `end` touch nothing."""
        return all(
            end + GAP <= other_start or other_end + GAP <= start
            for other_start, other_end, _x in self.taken.get(lane, ())
        )

    def lets_through(self, lane: int, x: float) -> bool:
        """Whether a connector passes; labels of one date share theirs."""
        return all(
            owner == x or not start - GAP < x < end + GAP
            for start, end, owner in self.taken.get(lane, ())
        )

    def hang(self, label: Label, *, rightwards: bool) -> Hung | None:
        """Take the first lane in which the words and the way down to them are free."""
        for lane in range(LANES):
            hung = Hung(label, lane, rightwards)
            if hung.start < self.left or hung.end > self.right:
                return None
            if not all(self.lets_through(above, label.x) for above in range(lane)):
                return None
            lanes = range(lane, hung.last_lane + 1)
            if all(self.is_free(each, hung.start, hung.end) for each in lanes):
                for above in range(lane):
                    self.taken.setdefault(above, []).append((label.x, label.x, label.x))
                for each in lanes:
                    self.taken.setdefault(each, []).append((hung.start, hung.end, label.x))
                return hung
        return None


def hang_labels(labels: Iterable[Label], *, left: float, right: float) -> tuple[Hung, ...]:
    """All `labels` in the fewest lanes, from left to right, within `left` and `right`.

    The first ones stand right of their connectors and the others left of them; every
    split is tried. When none works, the label of least weight is left out.
    """
    rest = sorted(labels, key=lambda label: (label.x, -label.weight))
    while rest:
        if best := _best_split(rest, left, right):
            return best
        rest.remove(min(rest, key=lambda label: label.weight))
    return ()


def _best_split(labels: Sequence[Label], left: float, right: float) -> tuple[Hung, ...]:
    middle = (left + right) / 2
    wanted = sum(label.x < middle for label in labels)
    layouts = [
        (max(hung.last_lane for hung in layout), abs(split - wanted), layout)
        for split in range(len(labels) + 1)
        if (layout := _split_at(labels, split, left, right))
    ]
    return min(layouts, key=lambda scored: scored[:2])[2] if layouts else ()


def _split_at(labels: Sequence[Label], split: int, left: float, right: float) -> tuple[Hung, ...]:
    """Nearest to the middle first, so that connectors pass beside what hangs already."""
    ground, layout = _Ground(left, right), []
    order = [(label, True) for label in reversed(labels[:split])]
    order += [(label, False) for label in labels[split:]]
    for label, rightwards in order:
        hung = ground.hang(label, rightwards=rightwards)
        if hung is None:
            return ()
        layout.append(hung)
    return tuple(sorted(layout, key=lambda hung: hung.label.x))
