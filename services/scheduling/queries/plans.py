"""A plan as it is told: its steps, what it leaves out and why, and what it can't plan."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from accounts.rules.business_time import BusinessHours
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.scheduling.queries.choices import is_schedulable
from services.scheduling.queries.forecast import Item
from services.scheduling.queries.wishes import Pin, Wishes
from workorders.models import Entitlement
from workorders.models.orders import Unit
from workorders.queries.entitlements import worth

Reason: TypeAlias = Literal["past_cutoff", "notice", "no_day", "no_room", "not_booked"]
PLANNED_UNITS = frozenset({Unit.EACH, Unit.MINUTE, Unit.ATTENDEE, Unit.DAY, Unit.EVENT})


@dataclass(frozen=True, slots=True)
class Step:
    """A delivery of the plan: how many units on which days, and the last day to book it."""

    item: Item
    quantity: int
    first_day: date
    last_day: date
    book_by: date
    is_pinned: bool
    hours: BusinessHours

    @property
    def entitlement(self) -> Entitlement:
        """From what it is booked."""
        return entitlement_of(self.item)

    @property
    def value(self) -> Money:
        """What it keeps from lapsing."""
        return Money(worth(self.entitlement, self.quantity), self.entitlement.currency)


@dataclass(frozen=True, slots=True)
class Remainder:
    """Units that the plan can't place, why, and by which clauses."""

    item: Item
    quantity: int
    reason: Reason
    clauses: tuple[str, ...]

    @property
    def value(self) -> Money:
        """What will lapse unless the plan is changed."""
        entitlement = entitlement_of(self.item)
        return Money(worth(entitlement, self.quantity), entitlement.currency)


@dataclass(frozen=True, slots=True)
class PinShown:
    """A fixed booking as asked for, and why it can't be kept, if so."""

    pin: Pin
    item: Item | None
    refusal: Refused | None


@dataclass(frozen=True, slots=True)
class CustomerPlan:
    """The whole answer. `enough_per_week` is the least number of days a week that fits all."""

    wishes: Wishes
    today: date
    steps: list[Step]
    left_out: list[Remainder]
    decisions: list[Item]
    pins: list[PinShown]
    planned: list[tuple[Item, int]]
    enough_per_week: int | None


def is_planned(item: Item) -> bool:
    """Whether it is booked by days at all: neither credits nor programmes are."""
    entitlement = item.entitlement
    return (
        entitlement is not None
        and entitlement.unit in PLANNED_UNITS
        and is_schedulable(entitlement)
    )


def entitlement_of(item: Item) -> Entitlement:
    """From what it is booked; ValueError for exchange value, which has to be spent first."""
    if item.entitlement is None:
        raise ValueError("exchange value isn't booked")
    return item.entitlement
