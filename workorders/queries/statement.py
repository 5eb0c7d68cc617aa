"""A statement: what stood there, what moved and why, what stands there on a day.

What it is made of; `statement_page` reads it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from accounts.models import Customer, Location
from services.catalog.models import Offering
from workorders.models import Account, Entitlement, Transfer, WorkOrder, WorkOrderLine

Bucket = Account.Bucket
Balances = dict[str, int]


@dataclass(slots=True)
class Lot:
    """One purchase within a section: what was granted at once, and what became of it.

    `number` counts the purchases of the section in the order in which they were made.
    The figures are those at the end of the statement's last day.
    """

    number: int
    entitlement: Entitlement
    granted_on: date
    came_by: str
    balances: Balances = field(default_factory=lambda: defaultdict(int))

    @property
    def line(self) -> WorkOrderLine | None:
        """The line of the order that bought it."""
        return self.entitlement.line

    @property
    def granted(self) -> int:
        """What was put in; less after a service bought with credits was given back."""
        return self.balances.get(Bucket.ISSUED, 0)

    @property
    def left(self) -> int:
        """What is usable."""
        return self.balances.get(Bucket.AVAILABLE, 0)

    @property
    def booked(self) -> int:
        """What is set aside."""
        return self.balances.get(Bucket.RESERVED, 0)

    @property
    def gone(self) -> int:
        """What was used, moved, kept or lost: granted = gone + booked + left."""
        return self.granted - self.booked - self.left


@dataclass(frozen=True, slots=True)
class Payment:
    """Credits of a lot that paid for a service."""

    lot: Lot
    credits: int


@dataclass(frozen=True, slots=True)
class Movement:
    """One transfer as the statement prints it; `left` is what remains usable after it.

    `lot` is the purchase it touches. Credits that were redeemed name what they
    `paid_for`; a service bought with credits names the lots it was `paid_with`.
    """

    transfer: Transfer
    from_bucket: str
    to_bucket: str
    change: int
    left: int
    lot: Lot | None = None
    paid_for: Offering | None = None
    paid_with: Sequence[Payment] = ()


@dataclass(slots=True)
class Section:
    """One holding at a location: a service, a year's allowance, exchange value.

    `count` movements lie within the period, which `added` to what is usable and have
    `taken` from it: opening + added − taken = closing. Of these movements a page holds
    some, from the balances `brought` to it to those `carried` on; `passed` came on pages before.
    """

    order: WorkOrder
    holding: str
    offering: Offering | None
    location: Location | None
    flex_year: int | None
    unit: str
    opening: Balances = field(default_factory=lambda: defaultdict(int))
    closing: Balances = field(default_factory=lambda: defaultdict(int))
    brought: Balances = field(default_factory=lambda: defaultdict(int))
    carried: Balances = field(default_factory=lambda: defaultdict(int))
    count: int = 0
    passed: int = 0
    added: int = 0
    taken: int = 0
    movements: list[Movement] = field(default_factory=list)
    lots: list[Lot] = field(default_factory=list)

    @property
    def opening_left(self) -> int:
        """Usable before the first movement."""
        return self.opening.get(Bucket.AVAILABLE, 0)

    @property
    def closing_left(self) -> int:
        """Usable after the last one."""
        return self.closing.get(Bucket.AVAILABLE, 0)

    @property
    def goes_on(self) -> bool:
        """Whether a later page holds movements of it."""
        return self.passed + len(self.movements) < self.count

    @property
    def brought_left(self) -> int:
        """Usable before the first movement of the page."""
        return self.brought.get(Bucket.AVAILABLE, 0)

    @property
    def carried_left(self) -> int:
        """Usable after the last movement of the page."""
        return self.carried.get(Bucket.AVAILABLE, 0)


@dataclass(frozen=True, slots=True)
class Total:
    """Sections of one unit added up."""

    holding: str
    unit: str
    opening: int
    added: int
    taken: int
    closing: int


@dataclass(frozen=True)
class Statement:
    """The sections of an order or of a customer, or of one location, from `since` to `as_of`.

    `before` and `after` are the marks of the pages around this one, empty where none is.
    """

    customer: Customer
    order: WorkOrder | None
    location: Location | None
    since: date
    as_of: date
    sections: list[Section]
    known_at: datetime | None = None
    before: str = ""
    after: str = ""

    @cached_property
    def orders(self) -> list[WorkOrder]:
        """The orders of which something is told, in the order of the sections."""
        return list({section.order.pk: section.order for section in self.sections}.values())

    @cached_property
    def movements(self) -> int:
        """How many lines this page holds."""
        return sum(len(section.movements) for section in self.sections)

    @cached_property
    def totals(self) -> list[Total]:
        """Sums by holding and unit, where there is more than one section to add up."""
        groups: dict[tuple[str, str], list[Section]] = {}
        for section in self.sections:
            groups.setdefault((section.holding, section.unit), []).append(section)
        return [
            Total(
                *key,
                opening=sum(one.opening_left for one in group),
                added=sum(one.added for one in group),
                taken=sum(one.taken for one in group),
                closing=sum(one.closing_left for one in group),
            )
            for key, group in groups.items()
            if len(group) > 1
        ]

    @cached_property
    def clauses(self) -> list[str]:
        """The clauses on which the movements rest, each once, as they are first met."""
        ids = (
            clause
            for section in self.sections
            for movement in section.movements
            for clause in movement.transfer.clauses
        )
        return list(dict.fromkeys(ids))


def section_key(account: Account) -> tuple[object, ...]:
    """What the accounts of one section have in common."""
    offering = account.entitlement.offering_id if account.entitlement else None
    place, year = account.location_id, account.flex_year
    return (account.order_id, account.holding, offering, place, year, account.unit)


def make_section(order: WorkOrder, account: Account) -> Section:
    """A section without movements yet."""
    entitlement: Entitlement | None = account.entitlement
    return Section(
        order=order,
        holding=account.holding,
        offering=entitlement.offering if entitlement else None,
        location=account.location,
        flex_year=account.flex_year,
        unit=account.unit,
    )


def apply_transfer(balances: Balances, transfer: Transfer) -> None:
    """Move the amount from bucket to bucket."""
    for account, change in (
        (transfer.debit, -transfer.amount),
        (transfer.credit, transfer.amount),
    ):
        balances[account.bucket] += -change if account.bucket == Bucket.ISSUED else change


def section_order(section: Section) -> tuple[object, ...]:
    """In the order of the agreement."""
    return (
        section.order.starts_on,
        section.order.pk,
        section.holding != Account.Holding.FLEX,
        section.flex_year or 0,
        section.offering.position if section.offering else 0,
        section.location.role != Location.Role.HOST if section.location else False,
        section.location.name if section.location else "",
    )
