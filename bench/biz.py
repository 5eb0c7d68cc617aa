"""Business time: due, elapsed and a million at once (goals 1, 2 and 3); all running targets.

Every peer answers the same questions first; a span on which it answers otherwise isn't
measured, and that is said.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from operator import truediv
from statistics import median
from time import perf_counter
from zoneinfo import ZoneInfo

import holidays

from accounts.rules.business_time import (
    BusinessHours,
    add_business_minutes,
    business_minutes_between,
)
from bench import peers, targets
from bench.measure import Report, say
from bench.peers import Question

REPETITIONS = 5
SAMPLE = 0.1
ZONE = "Europe/Berlin"
DAYS_OFF = frozenset(holidays.country_holidays("DE", subdiv="BY", years=range(2018, 2036)))
HOURS = BusinessHours(ZONE, holidays=DAYS_OFF)
DAY = 510
# Business minutes of a span, and its calendar days.
SPANS: Mapping[str, tuple[int, int]] = {
    "4 h": (240, 0),
    "1 d": (DAY, 1),
    "3 w": (16 * DAY, 21),
    "6 mo": (126 * DAY, 182),
    "2 y": (500 * DAY, 730),
}
# Goal 1 speaks of these.
AHEAD = ("1 d", "3 w", "6 mo", "2 y")
DUE_GOALS = {"workclock": 2.5, "businesstimedelta": 100.0}
ELAPSED_GOALS = {"workclock": 8.0, "day loop": 100.0}
# Peers that walk day by day are compared on fewer questions where these are long.
FEW = 12
Answer = Callable[[Question], object]


def run(report: Report) -> None:
    """Scalar against peers, a batch against the scalar loop and the limit, then the sweep."""
    asked = {span: questions(span) for span in SPANS}
    known = peers.installed(ZONE, DAYS_OFF)
    for name in peers.missing():
        report.skip(f"{name} (not installed: pip install -r bench/requirements.txt)")
    for name, peer in known.items():
        if peer.due is not None:
            due(report, name, peer.due, asked)
    growth(report, asked)
    for name, peer in {**known, "day loop": peers.day_loop(HOURS)}.items():
        if peer.elapsed is not None:
            elapsed(report, name, peer.elapsed, asked)
    if find_spec("numpy") is None:
        report.skip("a million at once (numpy: pip install -r bench/requirements.txt)")
    else:
        from bench import vectors

        vectors.run(report, HOURS)
    targets.run(report)


def questions(span: str, number: int = 200) -> list[Question]:
    """The same in every run; from any minute of two years to `span` later."""
    chance, place = random.Random(span), ZoneInfo(ZONE)
    minutes, days = SPANS[span]
    found = []
    for _ in range(number):
        start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(730 * 1440))
        end = start + timedelta(days=days, minutes=chance.randrange(60, 500))
        found.append(Question(start.astimezone(place), minutes, end.astimezone(place)))
    return found


def due(report: Report, name: str, theirs: Answer, asked: Mapping[str, list[Question]]) -> None:
    """Goal 1: the moment at which so many business minutes are used up.

    A repetition asks about every span from a day to two years; all weigh the same.
    """
    spans = agreeing(report, f"due, {name}", theirs, ours_due, asked)
    slow: dict[str, list[float]] = {span: [] for span in spans}
    fast: dict[str, list[float]] = {span: [] for span in spans}
    for _ in range(REPETITIONS):
        for span in spans:
            slow[span].append(1 / pace(theirs, asked[span]))
            fast[span].append(1 / pace(ours_due, asked[span]))
    least = {span: median(map(truediv, slow[span], fast[span])) for span in spans}
    for span, ratio in least.items():
        say(f"due, {span}: {ratio:.1f} × {name}")
    if name not in DUE_GOALS or not set(AHEAD) <= set(spans):
        return
    ratios = [
        sum(slow[span][one] for span in AHEAD) / sum(fast[span][one] for span in AHEAD)
        for one in range(REPETITIONS)
    ]
    note = f"1 d alone {least['1 d']:.1f}"
    report.add(f"1 due 1 d to 2 y ahead, × {name}", ratios, DUE_GOALS[name], note=note)


def elapsed(report: Report, name: str, theirs: Answer, asked: Mapping[str, list[Question]]) -> None:
    """Goal 2: the business time between two instants."""
    for span in agreeing(report, f"elapsed, {name}", theirs, ours_elapsed, asked):
        found = compared(ours_elapsed, theirs, asked[span])
        say(f"elapsed, {span}: {median(found):.1f} × {name}")
        if span == "6 mo" and name in ELAPSED_GOALS:
            report.add(f"2 elapsed over 6 months, × {name}", found, ELAPSED_GOALS[name])


def growth(report: Report, asked: Mapping[str, list[Question]]) -> None:
    """Two years ahead cost what one day costs."""
    near, far = asked["1 d"], asked["2 y"]
    found = [pace(ours_due, near) / pace(ours_due, far) for _ in range(2 * REPETITIONS)]
    report.add("1 due, cost of 2 y / 1 d", found, 1.2, better="less")


def agreeing(
    report: Report, what: str, theirs: Answer, ours: Answer, asked: Mapping[str, list[Question]]
) -> list[str]:
    """The spans on which a peer gives our answers to all that it defines."""
    spans = []
    for span, rows in asked.items():
        answers = [(theirs(row), ours(row)) for row in (rows[:FEW] if span in AHEAD[1:] else rows)]
        defined = [pair for pair in answers if pair[0] is not None]
        differing = sum(first != second for first, second in defined)
        if differing:
            report.skip(f"{what}, {span}: {differing} of {len(defined)} answers differ from ours")
        elif defined:
            spans.append(span)
    return spans


def compared(ours: Answer, theirs: Answer, rows: Sequence[Question]) -> list[float]:
    """How much faster, once per repetition; peer first, then ours."""
    ratios = []
    for _ in range(REPETITIONS):
        slow = pace(theirs, rows)
        ratios.append(pace(ours, rows) / slow)
    return ratios


def pace(answer: Answer, rows: Sequence[Question]) -> float:
    """Answers a second, over `SAMPLE` seconds, one answer at least."""
    done, begun = 0, perf_counter()
    while True:
        for row in rows:
            answer(row)
            done += 1
            if done % 8 and done > FEW:
                continue
            passed = perf_counter() - begun
            if passed > SAMPLE:
                return done / passed


def ours_due(question: Question) -> datetime:
    """The portal's rule."""
    return add_business_minutes(HOURS, question.start, question.minutes)


def ours_elapsed(question: Question) -> timedelta:
    """The portal's rule."""
    return business_minutes_between(HOURS, question.start, question.end)
