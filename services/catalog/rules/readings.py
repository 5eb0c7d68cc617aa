"""Readings of the text that the owner of an edition can choose between.

An edition keeps its choices as rows (reading, option); `readings_from` turns them into the
typed values that the rules take with the other terms. An edition that chose nothing is
read as the register recommends.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

FirstDays: TypeAlias = Literal["start_is_day_one", "start_is_day_zero"]
ChartChoice: TypeAlias = Literal["lowest_minutes", "most_specific"]
OnboardingLimit: TypeAlias = Literal["general_limit", "penalty_for_late_intake"]


@dataclass(frozen=True, slots=True)
class Readings:
    """The readings that an edition chose; the defaults are those of the register."""

    first_days: FirstDays = "start_is_day_one"
    """Whether the first day of a period is its day 1, or day 0 and one day more (0-C3)."""
    chart: ChartChoice = "lowest_minutes"
    """Which of several severity charts that apply sets the target (0-C14)."""
    onboarding_limit: OnboardingLimit = "general_limit"
    """Whether the first days are for onboarding in any case, or after a late intake (X-33)."""


@dataclass(frozen=True, slots=True)
class ReadingSpec:
    """A reading that can be chosen: its id, its place in `Readings`, the recommended first."""

    code: str
    field: str
    options: tuple[str, str]

    @property
    def recommended(self) -> str:
        """What the register reads."""
        return self.options[0]

    def other_than(self, option: str) -> str:
        """The reading that was not chosen.

        Clause: 1-A1
        """
        return next(one for one in self.options if one != option)


READING_SPECS: tuple[ReadingSpec, ...] = (
    ReadingSpec("0-C3", "first_days", ("start_is_day_one", "start_is_day_zero")),
    ReadingSpec("0-C14", "chart", ("lowest_minutes", "most_specific")),
    ReadingSpec("X-33", "onboarding_limit", ("general_limit", "penalty_for_late_intake")),
)


class BadReading(ValueError):
    """A reading that can't be chosen, or an option that it doesn't have."""

    def __init__(self, reading: str, option: str) -> None:
        super().__init__(f"{reading} can't be read as {option}")
        self.reading = reading
        self.option = option


def spec_of(reading: str) -> ReadingSpec | None:
    """What can be chosen about a reading; None where nothing can.

    Clause: 1-A1
    """
    return next((spec for spec in READING_SPECS if spec.code == reading), None)


def readings_from(choices: Mapping[str, str]) -> Readings:
    """The readings of an edition from its choices by id.

    Raises `BadReading`, a `ValueError`, for a reading or an option that is unknown.

    Clause: 1-A1, 0-C3, 0-C14, X-33
    """
    for reading, option in choices.items():
        spec = spec_of(reading)
        if spec is None or option not in spec.options:
            raise BadReading(reading, option)
    chosen: dict[str, Any] = {
        spec.field: choices.get(spec.code, spec.recommended) for spec in READING_SPECS
    }
    return Readings(**chosen)


RECOMMENDED = readings_from({})
