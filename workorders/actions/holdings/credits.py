"""Proactive credits turned into services, given back, and moved between locations."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.actions.checks import require_account_manager
from accounts.models import Location, User
from accounts.rules.calendar_days import local_date
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.models import Offering
from workorders.actions import ledger
from workorders.actions.holdings.units import accounts_of, grant
from workorders.models import Account, Entitlement, Redemption, Transfer, WorkOrder
from workorders.models.orders import Funding, Unit
from workorders.queries.credits import (
    Lot,
    RedemptionQuote,
    TransferQuote,
    redemption_quote,
    transfer_quote,
    usable_lots,
)
from workorders.queries.entitlements import worth
from workorders.queries.locations import zone_of
from workorders.queries.terms import last_day_of
from workorders.rules.credits import check_approval
from workorders.rules.shares import shares

Bucket = Account.Bucket
Kind = Transfer.Kind


@dataclass(frozen=True, slots=True)
class CreditMove:
    """Credits moved between two locations; `quote` is None when the move is an earlier one."""

    group: uuid.UUID
    debited: int
    received: int
    quote: TransferQuote | None


@transaction.atomic
def redeem_credits(
    *,
    order: WorkOrder,
    location: Location,
    lines: Sequence[tuple[Offering, Money]],
    approved_on: date,
    by: User,
    now: datetime,
    idempotency_key: str = "",
) -> list[Redemption]:
    """Turn credits of a location into services, all of them or none.

    Credits that lapse first go first. Each service becomes an entitlement of one
    delivery, usable until the order ends. The approval isn't of a later day than today. An `idempotency_key` used before answers with
    the redemptions of that time.
    """
    require_account_manager(by)
    if not lines:
        raise Refused("no_lines", clause="2.3-PC3", field="lines")

    def act() -> list[Redemption]:
        lots = usable_lots(order, location, on=approved_on, locked=True)
        quote = redemption_quote(
            order,
            location=location,
            lines=lines,
            on=approved_on,
            balance=sum(lot.left for lot in lots),
        )
        check_approval(approved_on, local_date(now, zone_of(order.customer)))
        return _redeem(order, location, lines, quote, lots, by, now, approved_on, key)

    key = f"redeem:{order.pk}:{idempotency_key}" if idempotency_key else None
    return ledger.once(key, act=act, earlier=_redemptions_with)


@transaction.atomic
def return_credits(
    *,
    redemption: Redemption,
    quantity: int,
    by: User | None,
    on: date,
    now: datetime,
    subject_key: str = "",
    reason: str = "",
    clauses: Iterable[str] = (),
    group: uuid.UUID | None = None,
) -> list[Transfer]:
    """Give credits of a redemption back to the lots they came from, the last to lapse first.

    When all of them go back the service goes too; it must not be booked any more. A lot
    that has ended meanwhile lapses again with the next sweep.
    """
    if quantity <= 0:
        raise ValueError(f"credits given back are a positive number, not {quantity}")
    group = group or uuid.uuid4()
    clauses = tuple(clauses)
    key = f"redemption:{redemption.pk}"
    lots = _taken_from(key)
    spent = sum(amount for _lot, amount in lots)
    if quantity > spent:
        raise Refused(
            "insufficient_credits",
            clause="2.7-T17",
            field="quantity",
            left=spent,
            asked=quantity,
            unit=str(Unit.CREDIT),
        )
    returned = []
    still = quantity
    for lot, amount in reversed(lots):
        part = min(still, amount)
        if part:
            accounts = accounts_of(lot)
            returned.append(
                ledger.post(
                    debit=accounts[Bucket.REDEEMED],
                    credit=accounts[Bucket.AVAILABLE],
                    amount=part,
                    kind=Kind.RETURN,
                    on=on,
                    now=now,
                    by=by,
                    subject_key=key,
                    reason=reason,
                    clauses=clauses,
                    group=group,
                )
            )
            still -= part
    if quantity == spent:
        unit = accounts_of(redemption.entitlement)
        returned.append(
            ledger.post(
                debit=unit[Bucket.AVAILABLE],
                credit=unit[Bucket.ISSUED],
                amount=redemption.entitlement.granted,
                kind=Kind.RETURN,
                on=on,
                now=now,
                by=by,
                subject_key=key,
                reason=reason,
                clauses=clauses,
                group=group,
            )
        )
    return returned


@transaction.atomic
def transfer_credits(
    *,
    order: WorkOrder,
    source: Location,
    target: Location,
    credits_moved: int,
    by: User,
    on: date,
    now: datetime,
    idempotency_key: str = "",
) -> CreditMove:
    """Move credits to another listed location at the rate of the day of approval.

    They keep their lapse dates, funding and contract year. What was received is rounded
    once for the whole move and shared among the lots it comes from. An approval of an
    earlier day is recorded by account managers alone: its rate is no longer the current one.
    """
    if by.role not in {by.Role.CSAM, by.Role.CSAM_LEAD, by.Role.CUSTOMER_ADMINISTRATOR}:
        raise Refused("not_allowed", role=by.role)

    def act() -> CreditMove:
        lots = usable_lots(order, source, on=on, locked=True)
        quote = transfer_quote(
            order,
            source=source,
            target=target,
            credits_moved=credits_moved,
            on=on,
            balance=sum(lot.left for lot in lots),
        )
        today = local_date(now, zone_of(order.customer))
        check_approval(on, today, by_customer=not by.manages_agreements)
        return _move(order, quote, lots, by, now, key)

    key = f"move:{order.pk}:{idempotency_key}" if idempotency_key else None
    return ledger.once(key, act=act, earlier=_move_of)


def _redeem(
    order: WorkOrder,
    location: Location,
    lines: Sequence[tuple[Offering, Money]],
    quote: RedemptionQuote,
    lots: list[Lot],
    by: User,
    now: datetime,
    approved_on: date,
    key: str | None,
) -> list[Redemption]:
    group = uuid.uuid4()
    left = [(lot.entitlement, lot.left) for lot in lots]
    made: list[Redemption] = []
    for (offering, value), deducted in zip(lines, quote.lines, strict=True):
        entitlement = grant(
            order=order,
            offering=offering,
            location=location,
            unit=Unit.EACH,
            quantity=1,
            value=value,
            funding=Funding.CREDITS,
            usable_from=approved_on,
            usable_until=last_day_of(order),
            by=by,
            on=approved_on,
            now=now,
            clauses=("2.3-PC1",),
            group=group,
            idempotency_key=None if made else key,
        )
        redemption = Redemption.objects.create(
            order=order,
            location=location,
            offering=offering,
            entitlement=entitlement,
            value_minor=value.minor,
            currency=value.currency,
            credits=deducted.result,
            explained=deducted.as_data(),
            approved_on=approved_on,
            at=now,
            by=by,
        )
        made.append(redemption)
        parts, left = draw(left, deducted.result)
        for lot, amount in parts:
            accounts = accounts_of(lot)
            ledger.post(
                debit=accounts[Bucket.AVAILABLE],
                credit=accounts[Bucket.REDEEMED],
                amount=amount,
                kind=Kind.REDEEM,
                on=approved_on,
                now=now,
                by=by,
                subject_key=f"redemption:{redemption.pk}",
                clauses=deducted.clauses,
                group=group,
            )
    return made


def draw(
    lots: list[tuple[Entitlement, int]], amount: int
) -> tuple[list[tuple[Entitlement, int]], list[tuple[Entitlement, int]]]:
    """Take `amount` from the lots in their order: what comes from which, and what stays."""
    parts, rest = [], []
    for lot, left in lots:
        part = min(left, amount)
        amount -= part
        if part:
            parts.append((lot, part))
        if left > part:
            rest.append((lot, left - part))
    return parts, rest


def _redemptions_with(transfer: Transfer) -> list[Redemption]:
    granted = Transfer.objects.filter(group=transfer.group, kind=Kind.GRANT)
    return list(
        Redemption.objects.filter(entitlement__in=granted.values("credit__entitlement")).order_by(
            "pk"
        )
    )


def _taken_from(key: str) -> list[tuple[Entitlement, int]]:
    """The lots of a redemption with what is still spent of each, the first to lapse first.

    Their accounts are locked, so nobody gives the same credits back at the same time.
    """
    rows = Transfer.objects.filter(subject_key=key, kind=Kind.REDEEM).select_related(
        "debit__entitlement"
    )
    lots = {row.debit.entitlement_id: row.debit.entitlement for row in rows}
    ledger.take(Account.objects.filter(entitlement__in=lots))
    spent: dict[int | None, int] = dict.fromkeys(lots, 0)
    for row in Transfer.objects.filter(subject_key=key).select_related("debit", "credit"):
        if row.kind == Kind.REDEEM:
            spent[row.debit.entitlement_id] += row.amount
        elif row.kind == Kind.RETURN and row.debit.bucket == Bucket.REDEEMED:
            spent[row.debit.entitlement_id] -= row.amount
    found = [(lot, spent[pk]) for pk, lot in lots.items() if lot is not None]
    return sorted(found, key=lambda one: (one[0].usable_until, one[0].pk))


def _move(
    order: WorkOrder,
    quote: TransferQuote,
    lots: list[Lot],
    by: User,
    now: datetime,
    key: str | None,
) -> CreditMove:
    group = uuid.uuid4()
    subject_key = f"credit-move:{group}"
    parts, _rest = draw([(lot.entitlement, lot.left) for lot in lots], quote.debited)
    arriving = shares(quote.received, [amount for _lot, amount in parts])
    for number, ((lot, amount), received) in enumerate(zip(parts, arriving, strict=True)):
        accounts = accounts_of(lot)
        ledger.post(
            debit=accounts[Bucket.AVAILABLE],
            credit=accounts[Bucket.TRANSFERRED],
            amount=amount,
            kind=Kind.TRANSFER_OUT,
            on=quote.approved_on,
            now=now,
            by=by,
            subject_key=subject_key,
            clauses=quote.transfer.clauses,
            group=group,
            idempotency_key=None if number else key,
        )
        if received:
            grant(
                order=order,
                line=lot.line,
                offering=lot.offering,
                location=quote.target,
                unit=Unit.CREDIT,
                quantity=received,
                value=Money(worth(lot, amount), lot.currency),
                funding=lot.funding,
                flex_year=lot.flex_year,
                usable_from=lot.usable_from,
                usable_until=lot.usable_until,
                by=by,
                on=quote.approved_on,
                now=now,
                kind=Kind.TRANSFER_IN,
                subject_key=subject_key,
                clauses=quote.transfer.clauses,
                group=group,
            )
    return CreditMove(group, quote.debited, quote.received, quote)


def _move_of(transfer: Transfer) -> CreditMove:
    """The move that an earlier transfer began."""
    sums = {Kind.TRANSFER_OUT: 0, Kind.TRANSFER_IN: 0}
    for row in Transfer.objects.filter(group=transfer.group):
        sums[Kind(row.kind)] += row.amount
    return CreditMove(transfer.group, sums[Kind.TRANSFER_OUT], sums[Kind.TRANSFER_IN], None)
