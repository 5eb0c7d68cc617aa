"""Rates, ratios and goals."""

import json
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Literal

from django.db import connection


@dataclass
class Result:
    """One goal: the median of ratios, each taken within one repetition."""

    name: str
    ratios: list[float]
    goal: float
    better: Literal["more", "less"] = "more"
    note: str = ""

    @property
    def value(self) -> float:
        """The median."""
        return median(self.ratios)

    @property
    def is_met(self) -> bool:
        """Whether the median reaches the goal."""
        return self.value >= self.goal if self.better == "more" else self.value <= self.goal


@dataclass
class Report:
    """All that a run measured."""

    results: list[Result] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def add(self, *args: object, **more: object) -> None:
        """Note a goal and say it at once."""
        result = Result(*args, **more)  # type: ignore[arg-type]
        self.results.append(result)
        sign, mark = (
            ("≥" if result.better == "more" else "≤"),
            ("ok" if result.is_met else "MISSED"),
        )
        low, high = min(result.ratios), max(result.ratios)
        print(
            f"{mark:6} {result.name}: {result.value:.2f} ({low:.2f}–{high:.2f}), "
            f"goal {sign} {result.goal:g}{'; ' + result.note if result.note else ''}",
            flush=True,
        )

    def skip(self, what: str) -> None:
        """Say what was not measured, and why."""
        self.skipped.append(what)
        print(f"not measured: {what}", flush=True)

    def write(self, path: Path) -> None:
        """Keep figures and versions as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        content = {
            "machine": {"python": platform.python_version(), "django": version("django")},
            "results": [
                {**asdict(one), "value": one.value, "met": one.is_met} for one in self.results
            ],
            "skipped": self.skipped,
        }
        path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")

    @property
    def status(self) -> int:
        """1 below a goal."""
        return int(not all(one.is_met for one in self.results))


def rate(act: Callable[[int], object], times: int) -> float:
    """How often a second `act` can be done, one after another."""
    begun = perf_counter()
    for number in range(times):
        act(number)
    return times / (perf_counter() - begun)


def seconds(act: Callable[[], object], times: int = 20) -> float:
    """The median duration of `act`."""
    return median(_durations(act, times))


def _durations(act: Callable[[], object], times: int) -> Iterator[float]:
    for _ in range(times):
        begun = perf_counter()
        act()
        yield perf_counter() - begun


def settle() -> None:
    """What was loaded is written out before anything is timed."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("CHECKPOINT")


def say(words: str) -> None:
    """A line about what goes on."""
    print(f"· {words}", file=sys.stderr, flush=True)
