"""A million due moments at once, over the arrays that the rules compile (goal 3)."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from time import perf_counter
from typing import Any

import numpy as np

from accounts.rules.business_time import BusinessHours, add_business_minutes, compiled
from bench.measure import Report, say

COUNT = 1_000_000
REPETITIONS = 5
SCALAR = 20_000
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
LAST = datetime(2030, 1, 1, tzinfo=UTC)
MINUTE = 60_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def run(report: Report, hours: BusinessHours) -> None:
    """Equal first, then against our own loop, then against one pass over a dense table."""
    starts, amounts = moments()
    table = Arrays(hours)
    found = table.due(starts, amounts)
    check(hours, starts, amounts, found)
    batch, loop, bound = [], [], []
    limit = dense(table)
    if limit is not None and not np.array_equal(limit(starts, amounts), found):
        raise AssertionError("the dense table answers otherwise")
    for _ in range(REPETITIONS):
        scalar = seconds_of(lambda: one_by_one(hours, starts, amounts)) / SCALAR
        whole = seconds_of(lambda: table.due(starts, amounts)) / COUNT
        loop.append(scalar / whole)
        batch.append(1 / whole / 1e6)
        if limit is not None:
            bound.append(100 * seconds_of(lambda: limit(starts, amounts)) / COUNT / whole)
    say(f"a million at once: {sorted(batch)[len(batch) // 2]:.1f} million a second")
    report.add("3 a million due moments, × our own loop", loop, 10)
    if bound:
        report.add("3 a million due moments, percent of the one-core limit", bound, 15)
    else:
        report.skip("the one-core limit (numba: pip install -r bench/requirements.txt)")


class Arrays:
    """The compiled calendar as arrays; the same bisection as the rule, for many at once."""

    def __init__(self, hours: BusinessHours) -> None:
        starts, before = compiled(hours, FIRST, LAST + timedelta(days=800))
        self.starts = np.array(starts, dtype=np.int64)
        self.before = np.array(before, dtype=np.int64)
        self.shift = self.starts - self.before[:-1]

    def due(self, starts: Any, amounts: Any) -> Any:
        """When `amounts` of open time after `starts` are used up; microseconds since 1970."""
        index = np.searchsorted(self.starts, starts, side="right") - 1
        position = np.minimum(starts - self.shift[index], self.before[index + 1])
        target = position + amounts
        return target + self.shift[np.searchsorted(self.before, target) - 1]


def dense(table: Arrays) -> Callable[[Any, Any], Any] | None:
    """One core's limit: two look-ups in tables with an entry for every minute, compiled."""
    if find_spec("numba") is None:
        return None
    import numba

    since = int(table.starts[1]) // MINUTE * MINUTE
    minutes = np.arange(since, int(table.starts[-1]), MINUTE)
    index = np.searchsorted(table.starts, minutes, side="right") - 1
    used = np.minimum(minutes - table.shift[index], table.before[index + 1]) // MINUTE
    total = int(table.before[-1]) // MINUTE
    targets = np.arange(total + 1) * MINUTE
    ends = targets + table.shift[np.maximum(np.searchsorted(table.before, targets) - 1, 0)]
    used = used.astype(np.int32)

    @numba.njit(cache=False)  # type: ignore[untyped-decorator]
    def look_up(starts: Any, amounts: Any, used: Any, ends: Any, since: int) -> Any:
        found = np.empty(len(starts), dtype=np.int64)
        for at in range(len(starts)):
            found[at] = ends[used[(starts[at] - since) // MINUTE] + amounts[at] // MINUTE]
        return found

    return lambda starts, amounts: look_up(starts, amounts, used, ends, since)


def moments() -> tuple[Any, Any]:
    """Whole minutes of four years, and targets of up to two years."""
    chance = np.random.default_rng(7)
    first = int((FIRST - EPOCH).total_seconds()) * 1_000_000
    span = int((LAST - FIRST) / timedelta(minutes=1))
    starts = first + chance.integers(20_000, span, COUNT) * MINUTE
    return starts, chance.integers(1, 120_000, COUNT) * MINUTE


def check(hours: BusinessHours, starts: Any, amounts: Any, found: Any) -> None:
    """Two thousand of them against the rule."""
    for at in random.Random(7).sample(range(COUNT), 2_000):
        start = EPOCH + timedelta(microseconds=int(starts[at]))
        due = add_business_minutes(hours, start, int(amounts[at]) // MINUTE)
        if due != EPOCH + timedelta(microseconds=int(found[at])):
            raise AssertionError(f"the batch answers otherwise for {start}")


def one_by_one(hours: BusinessHours, starts: Any, amounts: Any) -> list[datetime]:
    """The same by the rule, in a loop over datetimes made beforehand."""
    return [
        add_business_minutes(hours, start, minutes) for start, minutes in _prepared(starts, amounts)
    ]


_rows: list[tuple[datetime, int]] = []


def _prepared(starts: Any, amounts: Any) -> list[tuple[datetime, int]]:
    if not _rows:
        _rows.extend(
            (EPOCH + timedelta(microseconds=int(start)), int(amount) // MINUTE)
            for start, amount in zip(starts[:SCALAR], amounts[:SCALAR], strict=True)
        )
    return _rows


def seconds_of(act: Callable[[], object]) -> float:
    """How long it takes once."""
    begun = perf_counter()
    act()
    return perf_counter() - begun
