"""A computed value together with how it came about.

The proof card, the API and the statements print what is kept here, so that an
explanation can't drift from the computation.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Generic, TypeAlias, TypeVar

from accounts.rules.money import Money

Pairs: TypeAlias = tuple[tuple[str, object], ...]

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class OtherReading(Generic[T]):
    """What a reading that was not chosen would give; `chosen` and `other` name both."""

    reading: str
    chosen: str
    other: str
    result: T


@dataclass(frozen=True, slots=True)
class Explained(Generic[T]):
    """`result` with its inputs, arithmetic, clauses and the readings chosen.

    `inputs` and `steps` are (label, value) pairs in reading order; a label is a code
    such as ``order_end``, put into words by the edge that shows it. `readings` are
    convention or contradiction ids (0-C.., X-..). `zone` is the IANA zone in which
    a date counts, empty where none does. `others` tells what the reading that could
    have been chosen gives.
    """

    result: T
    inputs: Pairs = ()
    steps: Pairs = ()
    clauses: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    zone: str = ""
    others: tuple[OtherReading[T], ...] = ()

    def map(self, change: Callable[[T], U]) -> "Explained[U]":
        """The same explanation for a value derived from `result`."""
        return Explained(
            change(self.result),
            self.inputs,
            self.steps,
            self.clauses,
            self.readings,
            self.zone,
            tuple(
                OtherReading(one.reading, one.chosen, one.other, change(one.result))
                for one in self.others
            ),
        )

    def as_data(self) -> dict[str, Any]:
        """JSON-ready, for a row that keeps the explanation."""
        return {
            "result": plain(self.result),
            "inputs": [[label, plain(value)] for label, value in self.inputs],
            "steps": [[label, plain(value)] for label, value in self.steps],
            "clauses": list(self.clauses),
            "readings": list(self.readings),
            "zone": self.zone,
            "others": [plain(one) for one in self.others],
        }


def plain(value: object) -> Any:
    """`value` as JSON can hold it: dates in ISO form, money as amount and currency.

    Decimals and fractions become text: exact where six decimal places suffice,
    otherwise the fraction itself, e.g. ``12.4`` and ``10/3``.
    """
    match value:
        case None | bool() | int() | str():
            return value
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case Fraction():
            return fraction_text(value)
        case Money():
            return {"amount": value.decimal_text, "currency": value.currency}
    return _plain_structure(value)


def _plain_structure(value: object) -> Any:
    match value:
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    return str(value)


def fraction_text(value: Fraction) -> str:
    """A decimal number of at most six places if that is exact, otherwise ``n/d``."""
    millionths = value * 1_000_000
    if millionths.denominator != 1:
        return str(value)
    return f"{Decimal(millionths.numerator).scaleb(-6).normalize():f}"
