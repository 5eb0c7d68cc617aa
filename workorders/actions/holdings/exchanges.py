"""Exchanges: asked for by either side, made with the delivery resource's consent or declined."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.actions.checks import require_account_manager
from accounts.actions.messages import tell
from accounts.models import Location, User
from accounts.rules.calendar_days import local_date
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.models import Offering
from workorders.actions import ledger
from workorders.actions.holdings.units import grant
from workorders.actions.holdings.value import add_exchange_value
from workorders.models import Account, Charge, Entitlement, Exchange, Override, Transfer, WorkOrder
from workorders.models.orders import Funding
from workorders.queries.exchange_sides import Wish, account_of, give_up
from workorders.queries.exchanges import ExchangeQuote, exchange_quote
from workorders.queries.locations import zone_of
from workorders.queries.recipients import people_of_order

Bucket = Account.Bucket
Kind = Transfer.Kind
CLAUSE = "2.7-T22"


@transaction.atomic
def ask_exchange(
    *,
    order: WorkOrder,
    offering: Offering,
    location: Location,
    by: User,
    now: datetime,
    entitlement: Entitlement | None = None,
    flex_year: int | None = None,
    quantity: int | None = None,
    wanted_quantity: int = 1,
    price: Money | None = None,
    note: str = "",
) -> Exchange:
    """Ask to exchange something unused for another service; nothing moves yet.

    Without an `entitlement` it is exchange value of `location` and `flex_year` that is
    used. Without a `quantity` all that is left; without a `price` the new service is
    worth what is given up. The other side is told.

    Refused as the quote refuses, and `already_asked` while the same request waits.
    """
    of_order = entitlement is None and by.role == User.Role.LOCATION_CONTACT
    if not by.may_act_for_customer or of_order:
        raise Refused("not_allowed", role=by.role)
    held = hold_order(order)
    on = local_date(now, zone_of(held.customer))
    account = account_of(
        held,
        entitlement=entitlement,
        location=location,
        flex_year=flex_year,
        currency=price.currency if price else held.currency,
    )
    given = give_up(account, quantity, price=price, on=on)
    wish = Wish(offering, location, wanted_quantity, given.value if price is None else price)
    quote = exchange_quote(held, given=given, wish=wish, on=on)
    same = Exchange.objects.waiting().filter(
        order=held, entitlement=entitlement, flex_year=given.flex_year, offering=offering
    )
    if waiting := same.filter(location=location).first():
        raise Refused("already_asked", clause=CLAUSE, at=waiting.requested_at)
    asked = Exchange.objects.create(
        order=held,
        entitlement=entitlement,
        quantity=given.quantity,
        offering=offering,
        location=location,
        wanted_quantity=wanted_quantity,
        value_minor=given.value.minor,
        wanted_minor=wish.price.minor,
        currency=given.value.currency,
        flex_year=given.flex_year,
        note=_text(note, "note", 300),
        requested_at=now,
        requested_by=by,
        explained=_explained(quote),
    )
    _tell(asked, "exchange_asked", by=by, now=now)
    return asked


@transaction.atomic
def make_exchange(
    *,
    exchange: Exchange,
    consent_of: str,
    by: User,
    now: datetime,
    written_agreement: str = "",
    waiver: str = "",
    price: Money | None = None,
    extra_seen: int | None = None,
    remainder_seen: int | None = None,
    idempotency_key: str = "",
) -> Exchange:
    """Make an exchange that was asked for: one group of transfers, all of them or none.

    The given-up units leave what is left, the new service is granted, a remainder becomes
    exchange value of the same contract year, what is bought on top becomes a charge.
    `consent_of` names the delivery resource who agreed; a `waiver` is staff's written
    reason to do without a written agreement (2.6-M19). `price` is the current price where
    it isn't the one that was asked with. `extra_seen` and `remainder_seen` are the figures
    that the person saw, in minor units.

    Refused as the quote refuses, `not_agreed`, `written_agreement_required`,
    `quote_changed` when the figures are others by now, and `already_decided`.
    """
    require_account_manager(by)
    agreed_by = _text(consent_of, "consent_of", 120)
    if not agreed_by:
        raise Refused("not_agreed", clause=CLAUSE, field="consent_of")
    paper = _text(written_agreement, "written_agreement", 120)
    waived = _text(waiver, "waiver", 300)

    def act() -> Exchange:
        asked = _waiting(exchange)
        quote = quote_of(asked, price=price, now=now)
        _check_seen(quote, extra_seen, remainder_seen)
        if quote.asks_for_writing and not (paper or waived):
            raise Refused("written_agreement_required", clause="2.6-M19", field="written_agreement")
        if quote.asks_for_writing and not paper:
            _waive(asked, waived, by=by, now=now)
        return _make(asked, quote, agreed_by, paper, by=by, now=now, key=key)

    hold_order(exchange.order)
    key = f"exchange:{exchange.pk}:{idempotency_key}" if idempotency_key else None
    return ledger.once(key, act=act, earlier=lambda _transfer: reread(exchange))


@transaction.atomic
def decline_exchange(*, exchange: Exchange, reason: str, by: User, now: datetime) -> Exchange:
    """Decline an exchange with a reason; a person on the customer's side takes back their own.

    Refuses `reason_required`, `not_allowed` and `already_decided`.
    """
    if not by.manages_agreements and exchange.requested_by_id != by.pk:
        raise Refused("not_allowed", role=by.role)
    why = _text(reason, "reason", 300)
    if not why:
        raise Refused("reason_required", clause=CLAUSE, field="reason")
    asked = _waiting(exchange)
    _decide(asked, by=by, now=now, declined_reason=why)
    _tell(asked, "exchange_declined", by=by, now=now)
    return asked


def quote_of(asked: Exchange, *, price: Money | None = None, now: datetime) -> ExchangeQuote:
    """What making the exchange would do at this moment, at its price or another one."""
    order = asked.order
    on = local_date(now, zone_of(order.customer))
    cost = Money(asked.wanted_minor, asked.currency) if price is None else price
    account = account_of(
        order,
        entitlement=asked.entitlement,
        location=asked.location,
        flex_year=asked.flex_year,
        currency=asked.currency,
    )
    quantity = asked.quantity if asked.entitlement else None
    given = give_up(account, quantity, price=cost, on=on)
    wish = Wish(asked.offering, asked.location, asked.wanted_quantity, cost)
    return exchange_quote(order, given=given, wish=wish, on=on)


def reread(exchange: Exchange) -> Exchange:
    """The exchange as it stands, with all that its acts need."""
    return Exchange.objects.in_full().get(pk=exchange.pk)


def hold_order(order: WorkOrder) -> WorkOrder:
    """The order as it stands, kept so until the transaction ends; exchanges begin here.

    So two of them can't together exceed the ceiling, and none is made of an order that
    ends at that moment.
    """
    rows = WorkOrder.objects.select_related("customer", "edition")
    held = rows.select_for_update(of=("self",), no_key=True).get(pk=order.pk)
    if held.executed_at is None:
        raise Refused("not_executed", clause=CLAUSE)
    return held


def _waiting(exchange: Exchange) -> Exchange:
    found = reread(exchange)
    if found.decided_at is not None:
        raise Refused("already_decided", clause=CLAUSE, at=found.decided_at)
    return found


def _make(
    asked: Exchange,
    quote: ExchangeQuote,
    consent_of: str,
    paper: str,
    *,
    by: User,
    now: datetime,
    key: str | None,
) -> Exchange:
    """The transfers of one exchange in one group, then the decision."""
    group, subject = uuid.uuid4(), f"exchange:{asked.pk}"
    clauses = quote.exchanged.clauses
    note = {"by": by, "on": quote.on, "now": now, "subject_key": subject, "group": group}
    _take(quote, clauses=clauses, key=key, **note)
    given = quote.given
    received = grant(
        order=asked.order,
        offering=asked.offering,
        location=asked.location,
        unit=quote.unit,
        quantity=asked.wanted_quantity,
        value=quote.wish.price,
        funding=_funding(given.entitlement, given.flex_year),
        flex_year=given.flex_year,
        usable_from=quote.usable_from,
        usable_until=quote.usable_until,
        clauses=clauses,
        **note,  # type: ignore[arg-type]
    )
    figures = quote.figures
    if figures.remainder and given.account.location:
        add_exchange_value(
            order=asked.order,
            location=given.account.location,
            value=figures.remainder,
            flex_year=given.flex_year,
            clauses=clauses,
            **note,  # type: ignore[arg-type]
        )
    if figures.extra_to_pay:
        _charge(asked, figures.extra_to_pay, quote, by=by, now=now)
    _decide(
        asked,
        by=by,
        now=now,
        consent_of=consent_of,
        written_agreement=paper,
        received=received,
        quantity=given.quantity,
        value_minor=given.value.minor,
        wanted_minor=quote.wish.price.minor,
        extra_minor=figures.extra_to_pay.minor,
        remainder_minor=figures.remainder.minor,
        explained=_explained(quote),
    )
    _tell(asked, "exchange_made", by=by, now=now)
    return asked


def _take(quote: ExchangeQuote, *, key: str | None, **note: object) -> Transfer:
    """Take what is given up from what is left; refused when less is there by now."""
    source = quote.account
    rows = Account.objects.filter(
        order=source.order,
        holding=source.holding,
        entitlement=source.entitlement,
        location=source.location,
        flex_year=source.flex_year,
        unit=source.unit,
        bucket__in=(Bucket.AVAILABLE, Bucket.EXCHANGED),
    )
    held = {one.bucket: one for one in ledger.take(rows)}
    return ledger.post(
        debit=held[Bucket.AVAILABLE],
        credit=held[Bucket.EXCHANGED],
        amount=quote.given.quantity,
        kind=Kind.EXCHANGE,
        idempotency_key=key,
        **note,  # type: ignore[arg-type]
    )


def _funding(given: Entitlement | None, flex_year: int | None) -> str:
    """What counts as having paid: the allowance keeps its conditions, all else is value."""
    if flex_year is not None:
        return Funding.FLEX
    return Funding.MONEY if given and given.funding == Funding.MONEY else Funding.VALUE


def _charge(
    asked: Exchange, extra: Money, quote: ExchangeQuote, *, by: User, now: datetime
) -> Charge:
    return Charge.objects.create(
        order=asked.order,
        location=asked.location,
        offering=asked.offering,
        kind=Charge.Kind.EXTRA,
        amount_minor=extra.minor,
        currency=extra.currency,
        billable_on=quote.on,
        clauses=list(quote.exchanged.clauses),
        subject_key=f"exchange:{asked.pk}",
        at=now,
        by=by,
        idempotency_key=f"exchange:{asked.pk}:extra",
    )


def _decide(asked: Exchange, *, by: User, now: datetime, **facts: object) -> None:
    """One conditional UPDATE: of two that decide, one changes the row."""
    facts |= {"decided_at": now, "decided_by": by}
    if not Exchange.objects.waiting().filter(pk=asked.pk).update(**facts):
        raise Refused("already_decided", clause=CLAUSE, at=reread(asked).decided_at)
    for name, value in facts.items():
        setattr(asked, name, value)


def _waive(asked: Exchange, reason: str, *, by: User, now: datetime) -> None:
    """Staff do without the written agreement, in writing (2.6-M19)."""
    Override.objects.create(
        customer=asked.order.customer,
        subject_key=f"exchange:{asked.pk}",
        code="written_agreement_required",
        clauses=["2.6-M19"],
        reason=reason,
        by=by,
        at=now,
    )


def _check_seen(quote: ExchangeQuote, extra: int | None, remainder: int | None) -> None:
    now = (quote.figures.extra_to_pay, quote.figures.remainder)
    for seen, figure in zip((extra, remainder), now, strict=True):
        if seen is not None and seen != figure.minor:
            raise Refused(
                "quote_changed",
                clause=CLAUSE,
                shown=Money(seen, figure.currency),
                now=figure,
            )


def _explained(quote: ExchangeQuote) -> dict[str, object]:
    return quote.exchanged.map(lambda made: made.equal_part).as_data()


def _text(value: str, field: str, limit: int) -> str:
    text = value.strip()
    if len(text) > limit:
        raise Refused("too_long", field=field, limit=limit)
    return text


def _tell(asked: Exchange, template: str, *, by: User, now: datetime) -> None:
    """Both sides and whoever asked; not the person who did it."""
    people = {one.pk: one for one in people_of_order(asked.order, now=now)}
    people[asked.requested_by_id] = asked.requested_by
    people.pop(by.pk, None)
    for person in people.values():
        tell(
            recipient=person,
            subject_key=f"exchange:{asked.pk}:{template.removeprefix('exchange_')}",
            template=f"workorders/messages/{template}",
            context={"exchange": asked, "by": by, "base_url": settings.BASE_URL},
            now=now,
            link=reverse("workorders:exchange-detail", args=[asked.pk]),
            customer=asked.order.customer,
        )
