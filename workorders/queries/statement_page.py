"""The one reader of statements: the balances, and the movements of a page or all of them.

Costs what the page holds and what the period moved, not what stood in the books before: a
closing balance is the account's present one without what came after the last day, an opening
balance is the closing one without what moved in between, and the database adds both up.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.db import connection, transaction

from accounts.models import Customer, Location, User
from services.catalog.models import Offering
from workorders.models import Account, Redemption, Transfer, WorkOrder
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
from workorders.queries.statement_sums import Asked, Sums, signed

Bucket = Account.Bucket
Kind = Transfer.Kind
OF_REDEMPTION = "redemption:"

# In this order the movements of a page come.
KEYS = ("on", "pk")


class Page(Protocol):
    """Some rows, and the marks of the pages before and after."""

    @property
    def rows(self) -> list[Transfer]:
        """The rows."""

    @property
    def before(self) -> str:
        """Empty on the first page."""

    @property
    def after(self) -> str:
        """Empty on the last page."""


@dataclass(frozen=True, slots=True)
class Whole:
    """All rows on one page, as a file tells them."""

    rows: list[Transfer]
    before: str = ""
    after: str = ""


def whole(rows: TransferQuerySet) -> Whole:
    """The cut that leaves nothing for another page."""
    return Whole(list(rows.order_by(*KEYS)))


def statement_page(
    customer: Customer,
    order: WorkOrder | None = None,
    *,
    cut: Callable[[TransferQuerySet], Page],
    viewer: User,
    as_of: date,
    since: date | None = None,
    location: Location | None = None,
    known_at: datetime | None = None,
) -> Statement:
    """The movements that `cut` takes, by `KEYS`, with the balances of the whole statement.

    Of one order, or of all orders of the customer. Opening balances are those at the end of
    the day before `since`, by default the first order's beginning, or the first movement
    where that came before. `known_at` tells what had been recorded by an instant. As many
    queries whatever it holds.
    """
    asked = Asked(viewer, customer, order, location, since, as_of, known_at)
    with one_snapshot():
        page = cut(_full_rows(asked.movements()))
        accounts = asked.accounts()
        firsts = _first_grants(asked, accounts)
        sums = Sums(asked, page.rows[0] if page.before else None, accounts)
        sections = _sections(accounts, firsts, sums)
        _tell(sections, page, asked)
        begun = since or _beginning(asked, sections)
    return Statement(
        customer=customer,
        order=order,
        location=location,
        since=begun,
        as_of=as_of,
        sections=list(sections.values()),
        known_at=known_at,
        before=page.before,
        after=page.after,
    )


def _full_rows(transfers: TransferQuerySet) -> TransferQuerySet:
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


@contextmanager
def one_snapshot() -> Iterator[None]:
    """Several queries see one state of the books, whatever is posted meanwhile (PostgreSQL).

    SQLite would make writers wait for a reader; there, as within a transaction that is
    already open, each query sees what is there.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _beginning(asked: Asked, sections: dict[tuple[object, ...], Section]) -> date:
    """Where no day is named: the first order's beginning, or an earlier movement."""
    if asked.order is not None:
        starts = [asked.order.starts_on]
    else:
        begun = (section.order.starts_on for section in sections.values())
        starts = [min(begun, default=asked.as_of), asked.as_of]
    first = asked.movements().order_by("on", "id").values_list("on", flat=True).first()
    return min(starts if first is None else [*starts, first])


def _first_grants(asked: Asked, accounts: Iterable[Account]) -> dict[int, tuple[date, int, str]]:
    """When, in which order and how each holding was opened by the last day."""
    issued = [account.pk for account in accounts if account.bucket == Bucket.ISSUED]
    rows = asked.transfers().filter(debit__in=issued, on__lte=asked.as_of)
    firsts: dict[int, tuple[date, int, str]] = {}
    for debit, on, pk, kind in rows.order_by("on", "id").values_list("debit", "on", "id", "kind"):
        firsts.setdefault(debit, (on, pk, kind))
    return firsts


def _sections(
    accounts: Sequence[Account], firsts: dict[int, tuple[date, int, str]], sums: Sums
) -> dict[tuple[object, ...], Section]:
    """Those that had begun by the last day, with balances and purchases."""
    issued = [one for one in accounts if one.pk in firsts]
    sections: dict[tuple[object, ...], Section] = {}
    lots: dict[int, Lot] = {}
    for account in sorted(issued, key=lambda one: firsts[one.pk][:2]):
        section = sections.setdefault(section_key(account), make_section(account.order, account))
        if account.entitlement is not None:
            on, _pk, kind = firsts[account.pk]
            number = len(section.lots) + 1
            lot = lots[account.entitlement.pk] = Lot(number, account.entitlement, on, kind)
            section.lots.append(lot)
    for account in accounts:
        section_found = sections.get(section_key(account))
        if section_found is not None:
            _add(section_found, lots.get(account.entitlement_id or 0), account, sums)
    return dict(sorted(sections.items(), key=lambda item: section_order(item[1])))


def _add(section: Section, lot: Lot | None, account: Account, sums: Sums) -> None:
    bucket, pk = account.bucket, account.pk
    opening, closing = sums.opening(pk), sums.closing[pk]
    for balances, amount in (
        (section.opening, opening),
        (section.closing, closing),
        (section.brought, opening + sums.skipped[pk]),
        ({} if lot is None else lot.balances, closing),
    ):
        if amount:
            balances[bucket] = balances.get(bucket, 0) + signed(bucket, amount)
    section.count += sums.count[pk]
    section.passed += sums.passed[pk]
    if bucket == Bucket.AVAILABLE:
        section.added += sums.put[pk]
        section.taken += sums.drawn[pk]


def _tell(sections: dict[tuple[object, ...], Section], page: Page, asked: Asked) -> None:
    """The movements of the page, each with what is left after it."""
    lots = {lot.entitlement.pk: lot for section in sections.values() for lot in section.lots}
    uses = _Uses(asked, page.rows, lots)
    for section in sections.values():
        section.carried.update(section.brought)
    for transfer in page.rows:
        section = sections[section_key(transfer.debit)]
        before = section.carried_left
        apply_transfer(section.carried, transfer)
        lot = lots.get(transfer.debit.entitlement_id or 0)
        section.movements.append(
            Movement(
                transfer,
                transfer.debit.bucket,
                transfer.credit.bucket,
                section.carried_left - before,
                section.carried_left,
                lot,
                *uses.of(transfer, lot),
            )
        )


class _Uses:
    """What the credits of a page bought, and what paid for its services: two queries."""

    def __init__(self, asked: Asked, rows: Sequence[Transfer], lots: dict[int, Lot]) -> None:
        keys = {row.subject_key for row in rows if row.subject_key.startswith(OF_REDEMPTION)}
        made = Redemption.objects.filter(
            pk__in=[int(key.removeprefix(OF_REDEMPTION)) for key in keys]
        ).select_related("offering")
        self._bought = {f"{OF_REDEMPTION}{one.pk}": one.offering for one in made}
        granted = [key for row in rows if (key := _granted_by(row))]
        self._payments: dict[str, list[Payment]] = defaultdict(list)
        paid = asked.transfers().filter(
            on__lte=asked.as_of, kind=Kind.REDEEM, subject_key__in=granted
        )
        for key, entitlement, amount in paid.order_by("on", "id").values_list(
            "subject_key", "debit__entitlement", "amount"
        ):
            self._payments[key].append(Payment(lots[entitlement], amount))

    def of(self, transfer: Transfer, lot: Lot | None) -> tuple[Offering | None, Sequence[Payment]]:
        """What the transfer paid for, and what it was paid with."""
        if lot is None:
            return None, ()
        if key := _granted_by(transfer):
            return None, self._payments[key]
        if getattr(lot.entitlement, "redemption", None) is not None:
            return None, ()
        return self._bought.get(transfer.subject_key), ()


def _granted_by(transfer: Transfer) -> str:
    """The key of the redemption by which a service was granted; empty for other movements."""
    held = transfer.debit.entitlement
    redemption = getattr(held, "redemption", None)
    if redemption is None or transfer.kind != Kind.GRANT:
        return ""
    return f"{OF_REDEMPTION}{redemption.pk}"
