"""A page of a statement: its balances, and some of its movements.

Costs what the page holds and what the period moved, not what stood in the books before: a
closing balance is the account's present one without what came after the last day, an opening
balance is the closing one without what moved in between, and the database adds both up.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from django.db import connection, transaction
from django.db.models import Count, F, Q, Sum

from accounts.models import Customer, Location, User
from services.catalog.models import Offering
from workorders.models import Account, Redemption, Transfer, WorkOrder
from workorders.models.ledger import TransferQuerySet
from workorders.queries.statement import (
    OF_REDEMPTION,
    Balances,
    Lot,
    Movement,
    Payment,
    Section,
    Statement,
    apply_transfer,
    full_rows,
    make_section,
    section_key,
    section_order,
)

Bucket = Account.Bucket
Kind = Transfer.Kind
Sums = dict[int, int]

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


@dataclass(slots=True)
class PageSection(Section):
    """A section of which a page tells some movements, from `brought` to `carried`."""

    count: int = 0
    put: int = 0
    drawn: int = 0
    brought: Balances = field(default_factory=lambda: defaultdict(int))
    carried: Balances = field(default_factory=lambda: defaultdict(int))

    @property
    def added(self) -> int:
        """What became usable within the period, on this page or another."""
        return self.put

    @property
    def taken(self) -> int:
        """What stopped being usable within the period, on this page or another."""
        return self.drawn

    @property
    def brought_left(self) -> int:
        """Usable before the first movement of the page."""
        return self.brought.get(Bucket.AVAILABLE, 0)

    @property
    def carried_left(self) -> int:
        """Usable after the last movement of the page."""
        return self.carried.get(Bucket.AVAILABLE, 0)


@dataclass(frozen=True)
class StatementPage(Statement):
    """A statement whose sections hold the movements of one page, and the marks of the others."""

    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page is asked of."""

    viewer: User
    customer: Customer
    order: WorkOrder | None
    location: Location | None
    since: date | None
    as_of: date
    known_at: datetime | None

    def transfers(self) -> TransferQuerySet:
        """All that the viewer sees of the subject, before, in and after the period."""
        rows = Transfer.objects.visible_to(self.viewer).filter(**self._subject())
        if self.location is not None:
            rows = rows.filter(debit__location=self.location)
        return rows if self.known_at is None else rows.filter(at__lte=self.known_at)

    def movements(self) -> TransferQuerySet:
        """Those of the period."""
        rows = self.transfers().filter(on__lte=self.as_of)
        return rows if self.since is None else rows.filter(on__gte=self.since)

    def accounts(self) -> list[Account]:
        """The accounts that the viewer sees of it, with what a section tells of them."""
        rows = Account.objects.visible_to(self.viewer).filter(**self._subject())
        if self.location is not None:
            rows = rows.filter(location=self.location)
        return list(
            rows.select_related(
                "order__edition",
                "location",
                "entitlement__offering",
                "entitlement__location",
                "entitlement__line",
                "entitlement__redemption",
            ).order_by("pk")
        )

    def _subject(self) -> dict[str, object]:
        if self.order is not None:
            return {"order": self.order}
        return {"order__customer": self.customer}


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
) -> StatementPage:
    """The movements that `cut` takes, by `KEYS`, with the balances of the whole statement.

    Tells the same as `statement` and `customer_statement`, a page at a time.
    """
    asked = Asked(viewer, customer, order, location, since, as_of, known_at)
    with one_snapshot():
        page = cut(full_rows(asked.movements()))
        accounts = asked.accounts()
        firsts = _first_grants(asked, accounts)
        sums = _Sums(asked, page.rows[0] if page.before else None, accounts)
        sections = _sections(accounts, firsts, sums)
        _tell(sections, page, asked)
        begun = since or _beginning(asked, sections)
    return StatementPage(
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


def _beginning(asked: Asked, sections: "dict[tuple[object, ...], PageSection]") -> date:
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


class _Sums:
    """What moved in and out of each account: before the page, in the period, by its end."""

    def __init__(self, asked: Asked, first: Transfer | None, accounts: Iterable[Account]) -> None:
        self.put: Sums = defaultdict(int)
        self.drawn: Sums = defaultdict(int)
        self.count: Sums = defaultdict(int)
        self.skipped: Sums = defaultdict(int)
        self.closing: Sums = defaultdict(int)
        known = asked.known_at is not None
        if not known:
            self.closing.update({one.pk: _signed(one.bucket, one.balance) for one in accounts})
        rows = asked.transfers()
        if not known and asked.since is not None:
            rows = rows.filter(on__gte=asked.since)
        if known:
            rows = rows.filter(on__lte=asked.as_of)
        for debit, credit, *figures in (
            rows.order_by().values_list("debit", "credit").annotate(**self._figures(asked, first))
        ):
            within, count, skipped, other = (figure or 0 for figure in figures)
            self.count[debit] += count
            self.drawn[debit] += within
            self.put[credit] += within
            self.skipped[debit] -= skipped
            self.skipped[credit] += skipped
            # Recorded by a day: all that moved so far; else what came after is taken back.
            change = within + other if known else -other
            self.closing[debit] -= change
            self.closing[credit] += change

    def opening(self, account: int) -> int:
        """What stood before the period."""
        return self.closing[account] - self.put[account] + self.drawn[account]

    @staticmethod
    def _figures(asked: Asked, first: Transfer | None) -> dict[str, Sum | Count]:
        within = Q(on__lte=asked.as_of)
        if asked.since is not None:
            within &= Q(on__gte=asked.since)
        other = Q(on__gt=asked.as_of)
        if asked.known_at is not None and asked.since is not None:
            other = Q(on__lt=asked.since)
        skipped = Q(pk__in=[])
        if first is not None:
            skipped = within & (Q(on__lt=first.on) | Q(on=first.on, pk__lt=first.pk))
        return {
            "within": Sum("amount", filter=within),
            "count": Count("pk", filter=within),
            "skipped": Sum(F("amount"), filter=skipped),
            "other": Sum("amount", filter=other),
        }


def _signed(bucket: str, balance: int) -> int:
    """Credits less debits; what was issued is counted upwards as it is debited."""
    return -balance if bucket == Bucket.ISSUED else balance


def _sections(
    accounts: Sequence[Account], firsts: dict[int, tuple[date, int, str]], sums: _Sums
) -> dict[tuple[object, ...], PageSection]:
    """Those that had begun by the last day, with balances and purchases."""
    issued = [one for one in accounts if one.pk in firsts]
    sections: dict[tuple[object, ...], PageSection] = {}
    lots: dict[int, Lot] = {}
    for account in sorted(issued, key=lambda one: firsts[one.pk][:2]):
        section = sections.setdefault(
            section_key(account), make_section(account.order, account, PageSection)
        )
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


def _add(section: PageSection, lot: Lot | None, account: Account, sums: _Sums) -> None:
    bucket, pk = account.bucket, account.pk
    opening, closing = sums.opening(pk), sums.closing[pk]
    section.opening[bucket] += _signed(bucket, opening)
    section.closing[bucket] += _signed(bucket, closing)
    section.brought[bucket] += _signed(bucket, opening + sums.skipped[pk])
    section.count += sums.count[pk]
    if lot is not None:
        lot.balances[bucket] += _signed(bucket, closing)
    if bucket == Bucket.AVAILABLE:
        section.put += sums.put[pk]
        section.drawn += sums.drawn[pk]


def _tell(sections: dict[tuple[object, ...], PageSection], page: Page, asked: Asked) -> None:
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
