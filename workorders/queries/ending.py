"""What ends with an order on a day: services, bookings, deadlines, amendments, value.

The same figures before an early termination and after it: everything is told from what
was agreed, so that ending the order changes none of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q

from accounts.rules.explained import Explained
from accounts.rules.money import Money
from services.catalog.models import Offering
from services.catalog.queries import facts_of
from workorders.models import Account, Deadline, Entitlement, Transfer, WorkOrder, WorkOrderLine
from workorders.models.deadlines import DeadlineQuerySet
from workorders.models.orders import STANDING_UNITS, Funding, WorkOrderQuerySet
from workorders.queries.agreement import with_base
from workorders.queries.dependants import SUSPENDED, dependants_of, dependent_dates
from workorders.queries.entitlements import standings, sums_by_currency, worth
from workorders.queries.execution import term_deadlines
from workorders.queries.locations import zone_of
from workorders.queries.terms import flex_year_of, last_day_of
from workorders.rules.term import Period, ServiceState, co_terminated

Kind = Deadline.Kind
Bucket = Account.Bucket


@dataclass(frozen=True, slots=True)
class EndingService:
    """A line whose service doesn't go on as agreed; `fate` is its state on the next day."""

    line: WorkOrderLine
    fate: Explained[ServiceState]

    @property
    def order(self) -> WorkOrder:
        """The order, amendment or other order that sells it."""
        return self.line.order


@dataclass(frozen=True, slots=True)
class EndingHolding:
    """What is unused of an entitlement (none for exchange value), in its units and in money."""

    order: WorkOrder
    entitlement: Entitlement | None
    left: int
    booked: int
    value_left: Money
    value_booked: Money


@dataclass(frozen=True, slots=True)
class EndingBooking:
    """A booking for a later day, known by its date; units are those reserved for it."""

    deadline: Deadline
    entitlement: Entitlement | None
    quantity: int
    value: Money | None


@dataclass(frozen=True, slots=True)
class EndingDeadline:
    """A deadline that moves to another day, or falls (no day)."""

    deadline: Deadline
    moved_to: date | None


@dataclass(frozen=True, slots=True)
class Ending:
    """Everything that ends when `order` ends with the end of `on`."""

    order: WorkOrder
    on: date
    agreed_last: date
    amendments: tuple[WorkOrder, ...]
    dependants: tuple[WorkOrder, ...]
    included: int
    services: tuple[EndingService, ...]
    holdings: tuple[EndingHolding, ...]
    bookings: tuple[EndingBooking, ...]
    deadlines: tuple[EndingDeadline, ...]

    @property
    def value_left(self) -> list[Money]:
        """Neither delivered nor booked, by currency."""
        return sums_by_currency(one.value_left for one in self.holdings)

    @property
    def value_booked(self) -> list[Money]:
        """Reserved for bookings, whether before or after the day."""
        return sums_by_currency(one.value_booked for one in self.holdings)

    @property
    def value_of_bookings(self) -> list[Money]:
        """Reserved for the bookings after the day."""
        return sums_by_currency(one.value for one in self.bookings if one.value is not None)


def ending_of(order: WorkOrder, on: date, *, done_at: datetime | None = None) -> Ending:
    """What ends with the order on a day; `done_at`: when the termination was recorded.

    Without `done_at` nothing has happened yet.
    """
    amendments = tuple(amendments_ending(order, on))
    dependants = tuple(dependants_of(order, on))
    affected = [order, *amendments, *dependants]
    return Ending(
        order=order,
        on=on,
        agreed_last=order.ends_on,
        amendments=amendments,
        dependants=dependants,
        included=_included(order),
        services=tuple(_services(order, affected, on)),
        holdings=tuple(_holdings(affected, set(dependants), on)),
        bookings=tuple(_bookings(affected, on, done_at)),
        deadlines=(
            *_deadlines([order, *amendments], on, done_at),
            *_dependent_deadlines(dependants, on, done_at),
        ),
    )


def unused_at_end(orders: Iterable[WorkOrder], on: date) -> list[Money]:
    """What is left of these orders and not booked, as far as it can be used on a day."""
    return sums_by_currency(one.value_left for one in _holdings(orders, set(), on))


def termination_of(order: WorkOrder) -> datetime | None:
    """When the order's end was last recorded; nothing for one that wasn't ended early."""
    rows = order.history.filter(history_change_reason="terminated")
    recorded: datetime | None = (
        rows.order_by("-history_date").values_list("history_date", flat=True).first()
    )
    return recorded


def amendments_ending(order: WorkOrder, on: date) -> WorkOrderQuerySet:
    """Executed amendments that would have gone on; they end with the order."""
    return (
        WorkOrder.objects.executed()
        .select_related("customer", "edition", "amends")
        .filter(Q(terminated_on=None) | Q(terminated_on__gte=on), amends=order, ends_on__gt=on)
        .order_by("amendment_number")
    )


def drafts_ending(order: WorkOrder, dependants: Iterable[WorkOrder], on: date) -> WorkOrderQuerySet:
    """Drafts of amendments, to the order or to those under its base package, that would go on.

    Not those under its base package that sell a service which is suspended, not ended (2.4-AP46).
    """
    suspended = WorkOrderLine.objects.filter(
        order=OuterRef("pk"), offering__co_termination=SUSPENDED
    )
    ends = Q(amends=order) | Q(amends__in=list(dependants)) & ~Exists(suspended)
    return WorkOrder.objects.filter(ends, executed_at=None, starts_on__lte=on, ends_on__gt=on)


def _included(order: WorkOrder) -> int:
    """How many services the base package of the order brings."""
    if not with_base(WorkOrder.objects.filter(pk=order.pk)).exists():
        return 0
    return Offering.objects.filter(edition=order.edition, mark=Offering.Mark.INCLUDED).count()


def _services(order: WorkOrder, affected: Sequence[WorkOrder], on: date) -> Iterator[EndingService]:
    """Lines that would have gone on, with what ties them to the agreement."""
    others = with_base(
        WorkOrder.objects.executed().filter(customer=order.customer_id).exclude(pk=order.pk)
    )
    renewals = [Period(one.starts_on, last_day_of(one)) for one in others]
    lines = (
        WorkOrderLine.objects.filter(order__in=affected)
        .exclude(funding=Funding.INCLUDED)
        .select_related("order", "offering")
        .prefetch_related("offering__limits", "allocations__location")
        .order_by("order__starts_on", "order", "position", "pk")
    )
    for line in lines:
        if (line.ends_on or line.order.ends_on) <= on:
            continue
        fate = co_terminated(
            facts_of(line.offering), own_end=line.ends_on, base_end=on, renewals=renewals
        )
        yield EndingService(line, fate)


def _holdings(
    affected: Iterable[WorkOrder], dependants: set[WorkOrder], on: date
) -> Iterator[EndingHolding]:
    for order in affected:
        for one in standings(order):
            held, standing = one.entitlement, one.standing
            left = standing.left + standing.lapsed
            is_over = held.usable_until < on or held.unit in STANDING_UNITS
            goes_on = order in dependants and held.offering.co_termination == SUSPENDED
            if is_over or goes_on or not left + standing.reserved:
                continue
            yield EndingHolding(
                order,
                held,
                left,
                standing.reserved,
                Money(worth(held, left), held.currency),
                Money(worth(held, standing.reserved), held.currency),
            )
        if order not in dependants:
            yield from _exchange_value(order, on)


def _exchange_value(order: WorkOrder, on: date) -> Iterator[EndingHolding]:
    """Exchange value lapses with its contract year or with the order (2.2-F6, 2.7-T10)."""
    rows = Account.objects.filter(
        order=order,
        holding=Account.Holding.VALUE,
        bucket__in=(Bucket.AVAILABLE, Bucket.LAPSED),
        balance__gt=0,
    )
    for row in rows.order_by("flex_year", "pk"):
        if row.flex_year is not None and flex_year_of(order, row.flex_year).last_day < on:
            continue
        zero = Money(0, row.unit)
        yield EndingHolding(order, None, row.balance, 0, Money(row.balance, row.unit), zero)


def _bookings(
    affected: Iterable[WorkOrder], on: date, done_at: datetime | None
) -> Iterator[EndingBooking]:
    """Bookings for a later day: each has its date of delivery and its units in the ledger."""
    rows = list(
        _standing_then(Deadline.objects.filter(order__in=list(affected)), done_at)
        .filter(kind=Kind.DELIVERY, due_on__gt=on)
        .select_related("location", "order")
        .order_by("due_on", "pk")
    )
    reserved = _reserved([row.subject_key for row in rows])
    for row in rows:
        transfer = reserved.get(row.subject_key)
        held = transfer.debit.entitlement if transfer else None
        quantity = transfer.amount if transfer else 0
        value = Money(worth(held, quantity), held.currency) if held else None
        yield EndingBooking(row, held, quantity, value)


def _reserved(keys: Sequence[str]) -> dict[str, Transfer]:
    """By booking: the transfer that reserved its units."""
    rows = Transfer.objects.filter(subject_key__in=keys, kind=Transfer.Kind.RESERVE)
    rows = rows.select_related("debit__entitlement__offering").order_by("pk")
    return {row.subject_key: row for row in rows}


def _standing_then(rows: DeadlineQuerySet, done_at: datetime | None) -> DeadlineQuerySet:
    """Open ones; once the order was ended, those that were open just before."""
    waiting = rows.filter(met_at=None, waived_at=None)
    if done_at is None:
        return waiting.filter(superseded_at=None)
    return waiting.filter(Q(superseded_at=None, created_at__lt=done_at) | Q(superseded_at=done_at))


def _deadlines(
    orders: Iterable[WorkOrder], on: date, done_at: datetime | None
) -> Iterator[EndingDeadline]:
    for order in orders:
        planned = {
            (one.kind, one.subject_key): one.due.result
            for one in term_deadlines(order, zone_of(order.customer), last_day=on)
        }
        rows = _standing_then(Deadline.objects.filter(order=order), done_at)
        for row in rows.exclude(kind=Kind.DELIVERY).select_related("order"):
            moved_to = planned.get((row.kind, row.subject_key))
            if moved_to is None and not _falls(row, order, on):
                continue
            if moved_to != row.due_on:
                yield EndingDeadline(row, moved_to)


def _dependent_deadlines(
    dependants: Iterable[WorkOrder], on: date, done_at: datetime | None
) -> Iterator[EndingDeadline]:
    rows = _standing_then(Deadline.objects.exclude(kind=Kind.DELIVERY), done_at)
    for order in dependants:
        for row, planned in dependent_dates(order, on, rows.select_related("order")):
            yield EndingDeadline(row, planned.due.result if planned else None)


def _falls(row: Deadline, order: WorkOrder, on: date) -> bool:
    """What lies after the end, and everything of an amendment that never begins."""
    return row.due_on > on or order.starts_on > on


def falling_deadlines(order: WorkOrder) -> DeadlineQuerySet:
    """Open deadlines of an ended order that lie after its end, or that it never reaches."""
    last = last_day_of(order)
    rows = Deadline.objects.open().filter(order=order)
    return rows if order.starts_on > last else rows.filter(due_on__gt=last)
