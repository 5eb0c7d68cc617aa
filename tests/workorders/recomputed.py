"""A statement added up transfer by transfer, from the first to the last: slow and plain.

What the reader of the portal is compared with; no balance that stands on an account is read.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from accounts.models import Customer, Location, User
from services.catalog.models import Offering
from workorders.models import Account, Transfer, WorkOrder
from workorders.models.ledger import TransferQuerySet
from workorders.queries.statement import (
    Lot,
    Movement,
    Payment,
    Section,
    Statement,
    apply_transfer,
    make_section,
    section_key,
    section_order,
)
from workorders.queries.statement_page import OF_REDEMPTION

Bucket = Account.Bucket
Kind = Transfer.Kind


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
    return transfers.select_related(
        "order",
        "debit__location",
        "debit__entitlement__offering",
        "debit__entitlement__redemption",
        "credit",
    ).order_by("on", "id")


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
        section.count += 1
        section.added += max(left - before, 0)
        section.taken += max(before - left, 0)
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
            self.sections[key] = make_section(transfer.order, account)
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
