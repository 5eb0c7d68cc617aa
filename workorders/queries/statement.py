"""A statement: what stood there, what moved and why, what stands there on a day.

Computed from the transfers alone, so it can be made again for any past date; `known_at`
makes it from what had been recorded by an instant.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from accounts.models import Location, User
from services.catalog.models import Offering
from workorders.models import Account, Entitlement, Transfer, WorkOrder

Bucket = Account.Bucket
Balances = dict[str, int]


@dataclass(frozen=True, slots=True)
class Movement:
    """One transfer as the statement prints it; `left` is what remains usable after it."""

    transfer: Transfer
    from_bucket: str
    to_bucket: str
    change: int
    left: int


@dataclass(slots=True)
class Section:
    """One holding at a location: a service, a year's allowance, exchange value."""

    holding: str
    offering: Offering | None
    location: Location | None
    flex_year: int | None
    unit: str
    opening: Balances
    closing: Balances
    movements: list[Movement] = field(default_factory=list)

    @property
    def opening_left(self) -> int:
        """Usable before the first movement."""
        return self.opening.get(Bucket.AVAILABLE, 0)

    @property
    def closing_left(self) -> int:
        """Usable after the last one."""
        return self.closing.get(Bucket.AVAILABLE, 0)


@dataclass(frozen=True, slots=True)
class Statement:
    """The sections of an order, or of one of its locations, from `since` to `as_of`."""

    order: WorkOrder
    location: Location | None
    since: date
    as_of: date
    sections: list[Section]


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
    order's beginning. One query.
    """
    transfers = Transfer.objects.visible_to(viewer).filter(order=order, on__lte=as_of)
    if location is not None:
        transfers = transfers.filter(debit__location=location)
    if known_at is not None:
        transfers = transfers.filter(at__lte=known_at)
    rows = transfers.select_related(
        "debit__location",
        "debit__entitlement__offering",
        "debit__entitlement__location",
        "credit",
        "by",
    ).order_by("on", "id")
    sections = _sections(rows, since)
    return Statement(order, location, since or order.starts_on, as_of, sections)


def _sections(transfers: Iterable[Transfer], since: date | None) -> list[Section]:
    sections: dict[tuple[object, ...], Section] = {}
    for transfer in transfers:
        section = sections.setdefault(_key(transfer.debit), _section(transfer.debit))
        counts = section.closing
        before = counts.get(Bucket.AVAILABLE, 0)
        _apply(counts, transfer)
        if since is not None and transfer.on < since:
            _apply(section.opening, transfer)
            continue
        left = counts.get(Bucket.AVAILABLE, 0)
        section.movements.append(
            Movement(transfer, transfer.debit.bucket, transfer.credit.bucket, left - before, left)
        )
    return sorted(sections.values(), key=_order)


def _key(account: Account) -> tuple[object, ...]:
    offering = account.entitlement.offering_id if account.entitlement else None
    return (account.holding, offering, account.location_id, account.flex_year, account.unit)


def _section(account: Account) -> Section:
    entitlement: Entitlement | None = account.entitlement
    return Section(
        holding=account.holding,
        offering=entitlement.offering if entitlement else None,
        location=account.location,
        flex_year=account.flex_year,
        unit=account.unit,
        opening=defaultdict(int),
        closing=defaultdict(int),
    )


def _apply(balances: Balances, transfer: Transfer) -> None:
    for account, change in (
        (transfer.debit, -transfer.amount),
        (transfer.credit, transfer.amount),
    ):
        balances[account.bucket] += -change if account.bucket == Bucket.ISSUED else change


def _order(section: Section) -> tuple[object, ...]:
    return (
        section.holding != Account.Holding.FLEX,
        section.flex_year or 0,
        section.offering.position if section.offering else 0,
        section.location.role != Location.Role.HOST if section.location else False,
        section.location.name if section.location else "",
    )
