"""A statement: what stood there, what moved and why, what stands there on a day.

Computed from the transfers alone, so it can be made again for any past date; `known_at`
makes it from what had been recorded by an instant.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar

from accounts.models import Customer, Location, User
from services.catalog.models import Offering
from workorders.models import Account, Entitlement, Transfer, WorkOrder, WorkOrderLine
from workorders.models.ledger import TransferQuerySet

Bucket = Account.Bucket
Kind = Transfer.Kind
Balances = dict[str, int]

OF_REDEMPTION = "redemption:"
_Kind = TypeVar("_Kind", bound="Section")


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
    """One holding at a location: a service, a year's allowance, exchange value."""

    order: WorkOrder
    holding: str
    offering: Offering | None
    location: Location | None
    flex_year: int | None
    unit: str
    opening: Balances
    closing: Balances
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
    def added(self) -> int:
        """What became usable within the period: opening + added − taken = closing."""
        return sum(max(one.change, 0) for one in self.movements)

    @property
    def taken(self) -> int:
        """What stopped being usable within the period."""
        return -sum(min(one.change, 0) for one in self.movements)


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
    """The sections of an order or of a customer, or of one location, from `since` to `as_of`."""

    customer: Customer
    order: WorkOrder | None
    location: Location | None
    since: date
    as_of: date
    sections: list[Section]
    known_at: datetime | None = None

    @cached_property
    def orders(self) -> list[WorkOrder]:
        """The orders of which something is told, in the order of the sections."""
        return list({section.order.pk: section.order for section in self.sections}.values())

    @cached_property
    def movements(self) -> int:
        """How many lines are printed."""
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


def statement(
    order: WorkOrder,
    *,
    viewer: User,
    as_of: date,
    since: date | None = None,
    location: Location | None = None,
    known_at: datetime | None = None,
) -> Statement:
    """What `viewer` may see of the order's movements up to and including `as_of`.

    Opening balances are those at the end of the day before `since`, by default the
    order's beginning, or the first movement where it was executed before. One query.
    """
    rows = _transfers(viewer, as_of=as_of, location=location, known_at=known_at)
    sections = _sections(rows.filter(order=order), since)
    return Statement(
        customer=order.customer,
        order=order,
        location=location,
        since=since or _beginning(sections, order.starts_on),
        as_of=as_of,
        sections=sections,
        known_at=known_at,
    )


def customer_statement(
    customer: Customer,
    *,
    viewer: User,
    as_of: date,
    since: date | None = None,
    location: Location | None = None,
    known_at: datetime | None = None,
) -> Statement:
    """The same over all orders of a customer; of one `location` where one is named.

    Opening balances are by default those before the first order began. One query.
    """
    rows = _transfers(viewer, as_of=as_of, location=location, known_at=known_at)
    sections = _sections(rows.filter(order__customer=customer), since)
    begun = min((section.order.starts_on for section in sections), default=as_of)
    return Statement(
        customer=customer,
        order=None,
        location=location,
        since=since or _beginning(sections, min(begun, as_of)),
        as_of=as_of,
        sections=sections,
        known_at=known_at,
    )


def _beginning(sections: Iterable[Section], starts_on: date) -> date:
    moved = (one.transfer.on for section in sections for one in section.movements)
    return min([starts_on, *moved])


def _transfers(
    viewer: User, *, as_of: date, location: Location | None, known_at: datetime | None
) -> TransferQuerySet:
    transfers = Transfer.objects.visible_to(viewer).filter(on__lte=as_of)
    if location is not None:
        transfers = transfers.filter(debit__location=location)
    if known_at is not None:
        transfers = transfers.filter(at__lte=known_at)
    return full_rows(transfers).order_by("on", "id")


def full_rows(transfers: TransferQuerySet) -> TransferQuerySet:
    """With all that a movement tells."""
    return transfers.select_related(
        "order__edition",
        "debit__location",
        "debit__entitlement__offering",
        "debit__entitlement__location",
        "debit__entitlement__line",
        "debit__entitlement__redemption",
        "credit",
        "by",
    )


def _sections(transfers: Iterable[Transfer], since: date | None) -> list[Section]:
    """The transfers by holding, added up one after the other."""
    book = _Book()
    for transfer in transfers:
        section = book.section_of(transfer)
        lot = book.lot_of(transfer, section)
        counts = section.closing
        before = counts.get(Bucket.AVAILABLE, 0)
        apply_transfer(counts, transfer)
        if lot is not None:
            apply_transfer(lot.balances, transfer)
        payment = book.payment_of(transfer, lot)
        if since is not None and transfer.on < since:
            apply_transfer(section.opening, transfer)
            continue
        left = counts.get(Bucket.AVAILABLE, 0)
        section.movements.append(
            Movement(
                transfer,
                transfer.debit.bucket,
                transfer.credit.bucket,
                left - before,
                left,
                lot,
                *payment,
            )
        )
    return sorted(book.sections.values(), key=section_order)


class _Book:
    """What has been met so far: sections, purchases, services bought with credits."""

    def __init__(self) -> None:
        self.sections: dict[tuple[object, ...], Section] = {}
        self._lots: dict[int, Lot] = {}
        self._bought: dict[str, Offering] = {}
        self._payments: dict[str, list[Payment]] = {}

    def section_of(self, transfer: Transfer) -> Section:
        """The section of the holding that the transfer moves."""
        account = transfer.debit
        key = section_key(account)
        if key not in self.sections:
            self.sections[key] = make_section(transfer.order, account, Section)
        return self.sections[key]

    def lot_of(self, transfer: Transfer, section: Section) -> Lot | None:
        """The purchase that the transfer touches; none for allowance and exchange value."""
        entitlement = transfer.debit.entitlement
        if entitlement is None:
            return None
        lot = self._lots.get(entitlement.pk)
        if lot is None:
            number = len(section.lots) + 1
            lot = Lot(number, entitlement, transfer.on, transfer.kind)
            self._lots[entitlement.pk] = lot
            section.lots.append(lot)
        return lot

    def payment_of(
        self, transfer: Transfer, lot: Lot | None
    ) -> tuple[Offering | None, Sequence[Payment]]:
        """What credits bought, and what paid for a service.

        A redemption grants its service first and takes the credits after it, so the list
        of payments is handed out before it is filled.
        """
        if lot is None:
            return None, ()
        redemption = getattr(lot.entitlement, "redemption", None)
        if redemption is not None and transfer.kind == Kind.GRANT:
            key = f"{OF_REDEMPTION}{redemption.pk}"
            self._bought[key] = lot.entitlement.offering
            return None, self._payments.setdefault(key, [])
        bought = self._bought.get(transfer.subject_key)
        if bought is not None and transfer.kind == Kind.REDEEM:
            self._payments[transfer.subject_key].append(Payment(lot, transfer.amount))
        is_service = redemption is not None
        return (None if is_service else bought), ()


def section_key(account: Account) -> tuple[object, ...]:
    """What the accounts of one section have in common."""
    offering = account.entitlement.offering_id if account.entitlement else None
    place, year = account.location_id, account.flex_year
    return (account.order_id, account.holding, offering, place, year, account.unit)


def make_section(order: WorkOrder, account: Account, kind: type[_Kind]) -> _Kind:
    """A section without movements yet."""
    entitlement: Entitlement | None = account.entitlement
    return kind(
        order=order,
        holding=account.holding,
        offering=entitlement.offering if entitlement else None,
        location=account.location,
        flex_year=account.flex_year,
        unit=account.unit,
        opening=defaultdict(int),
        closing=defaultdict(int),
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
