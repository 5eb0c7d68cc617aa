"""The term of an order: its state on a day, who ends with whom, what lapses when it ends."""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias

from accounts.rules.calendar_days import refuse_before
from accounts.rules.explained import Explained
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.rules.offering import OfferingFacts

OrderState: TypeAlias = Literal[
    "draft", "in_review", "executed", "in_force", "expired", "terminated", "superseded"
]
ServiceState: TypeAlias = Literal["not_begun", "active", "suspended", "ended"]


@dataclass(frozen=True, slots=True)
class Period:
    """Days in force, both ends included; None: open on that side."""

    first: date | None = None
    last: date | None = None

    def __contains__(self, day: date) -> bool:
        begun = self.first is None or day >= self.first
        return begun and (self.last is None or day <= self.last)


def last_day_in_force(end: date, terminated_on: date | None = None) -> Explained[date]:
    """The last day on which an order can be used: its end, or an earlier termination.

    Either date is itself still in force.

    Clause: 2.7-T10, 0-C16
    """
    last = end if terminated_on is None else min(end, terminated_on)
    ended_by = () if terminated_on is None else (("terminated_on", terminated_on),)
    return Explained(
        last,
        inputs=(("order_end", end), *ended_by),
        steps=(("last_day", last),),
        clauses=("2.7-T10",),
        readings=("0-C16",),
    )


def order_state(
    *,
    on: date,
    start: date,
    end: date,
    executed_on: date | None,
    terminated_on: date | None = None,
    submitted_on: date | None = None,
    renewed_on: date | None = None,
) -> OrderState:
    """The state of a work order on a day, from its facts alone.

    An order that isn't executed yet is a draft, from the day of its submission in
    review. Its first and last day are in force; it is expired or terminated from the next
    day, and superseded from `renewed_on`, the first day of an executed renewal: what is
    still in force is never superseded. `executed` is executed and not begun.

    Clause: 0-C16, 2.1-B8, X-27
    """
    if executed_on is None or on < executed_on:
        return "in_review" if submitted_on is not None and on >= submitted_on else "draft"
    last = last_day_in_force(end, terminated_on).result
    if on > last:
        if renewed_on is not None and on >= renewed_on:
            return "superseded"
        return "terminated" if last < end else "expired"
    return "in_force" if on >= start else "executed"


def check_day_in_term(day: date, *, last_day: date, first_day: date | None = None) -> None:
    """Refuse a delivery on a day on which the order isn't in force.

    Both ends are usable. Refuses `order_ended` and `order_not_begun`.

    Clause: 2.7-T10, 2.3-P4, 0-C16
    """
    if day > last_day:
        raise Refused("order_ended", clause="2.7-T10, 2.3-P4", field="date", last_day=last_day)
    if first_day is not None and day < first_day:
        raise Refused("order_not_begun", clause="2.3-P4", field="date", first_day=first_day)


def check_ending_day(on: date, today: date, *, first_day: date, last_day: date) -> None:
    """Whether an order can end early with the end of `on`; `today` is the host's day.

    From today and `first_day`, the order's beginning, both included, to the day before
    `last_day`, the present end. Refuses `order_ended`, `in_the_past`, `not_earlier`,
    `order_not_begun`.

    Clause: 0-C16
    """
    if today > last_day:
        raise Refused("order_ended", clause="0-C16", last_day=last_day)
    refuse_before(today, on, field="on", clause="0-C16")
    if on >= last_day:
        raise Refused("not_earlier", clause="0-C16", field="on", last_day=last_day)
    if on < first_day:
        raise Refused("order_not_begun", clause="0-C16", field="on", first_day=first_day)


def effective_end(
    offering: OfferingFacts, *, own_end: date | None, base_end: date
) -> Explained[date]:
    """The last day on which a service can exist; `base_end` is the agreement's last day.

    Ticked services and those without an end of their own end with the agreement, all
    others on the earlier day; MCSAP keeps its own end, suspended while there is no base.

    Clause: 2.3-OT4, 2.4-AP46, 2.4-AW4, 2.5-ED9, 2.5-RD11, 2.1-B1, 0-C16
    """
    if own_end is None:
        end = base_end
    elif offering.co_termination == "suspended":
        end = own_end
    else:
        end = min(own_end, base_end)
    return Explained(
        end,
        inputs=(("own_end", own_end), ("agreement_end", base_end)),
        steps=(("effective_end", end),),
        clauses=_end_clauses(offering),
        readings=("0-C16",),
    )


# The clauses by which the text itself ties an offering to the agreement.
END_CLAUSES = ("2.3-OT4", "2.4-AP46", "2.4-AW4", "2.5-ED9", "2.5-RD11")


def _end_clauses(offering: OfferingFacts) -> tuple[str, ...]:
    own = tuple(clause for clause in END_CLAUSES if clause in offering.clauses)
    return own or (("2.4-AP46",) if offering.co_termination == "suspended" else ("2.1-B1",))


def service_state(
    offering: OfferingFacts,
    *,
    on: date,
    own: Period,
    base: Period | None,
    renewals: Collection[Period] = (),
) -> ServiceState:
    """The state of a service on a day.

    `base` is the agreement under which it was bought, None if there is none; `renewals`
    are later ones. They keep MCSAP alive, which is suspended on every day without any;
    they don't revive what ended with the first agreement.

    Clause: 2.4-AP46, 2.1-B1, 2.3-OT4, 2.4-AW4, 2.5-ED9, 2.5-RD11, 0-C16
    """
    if own.last is not None and on > own.last:
        return "ended"
    if own.first is not None and on < own.first:
        return "not_begun"
    if offering.co_termination == "suspended":
        covered = any(period and on in period for period in (base, *renewals))
        return "active" if covered else "suspended"
    if base is None or (base.last is not None and on > base.last):
        return "ended"
    return "active" if on in base else "not_begun"


def co_terminated(
    offering: OfferingFacts,
    *,
    own_end: date | None,
    base_end: date,
    renewals: Collection[Period] = (),
) -> Explained[ServiceState]:
    """What a service is on the day after its agreement ended, whenever it began.

    Ended, with the clause that ties it to the agreement; MCSAP with an end of its own is
    suspended, or active where one of the `renewals` covers that day.

    Clause: 2.3-OT4, 2.4-AP46, 2.4-AW4, 2.5-ED9, 2.5-RD11, 2.1-B1, 0-C16
    """
    end = effective_end(offering, own_end=own_end, base_end=base_end)
    after = base_end + timedelta(days=1)
    state = service_state(
        offering,
        on=after,
        own=Period(last=end.result),
        base=Period(last=base_end),
        renewals=renewals,
    )
    return Explained(
        state,
        inputs=end.inputs,
        steps=end.steps,
        clauses=end.clauses,
        readings=end.readings,
    )


@dataclass(frozen=True, slots=True)
class Balance:
    """An entitlement in one unit, e.g. minutes: bought, delivered, booked."""

    bought: int
    delivered: int = 0
    reserved: int = 0

    @property
    def left(self) -> int:
        """Bought and not delivered; bookings don't reduce it."""
        return self.bought - self.delivered

    @property
    def free_to_book(self) -> int:
        """Neither delivered nor booked; nothing where a delivery used what was booked."""
        return max(self.left - self.reserved, 0)


def hour_balance(*, bought: int, delivered: int, reserved: int = 0) -> Balance:
    """The balance of an hour service; only delivered hours are subtracted.

    Booked hours limit new bookings. Never below nothing: a delivery beyond what was
    bought is a caller's bug.

    Clause: 2.5-ED3, 2.5-RD3, 2.3-OP6, 2.3-OP7
    """
    if min(bought, delivered, reserved, bought - delivered) < 0:
        raise ValueError(
            f"no such balance: {bought} bought, {delivered} delivered, {reserved} booked"
        )
    return Balance(bought, delivered, reserved)


def record_delivery(balance: Balance, amount: int) -> Balance:
    """The balance after `amount` was delivered; all that is left may be used up.

    Refuses `insufficient_hours`.

    Clause: 2.5-ED3, 2.5-RD3, 2.3-OP6, 2.3-OP7
    """
    if amount <= 0:
        raise ValueError(f"a delivery takes something, not {amount}")
    if amount > balance.left:
        raise Refused(
            "insufficient_hours",
            clause="2.5-ED3",
            field="hours",
            asked=amount,
            left=balance.left,
            unit="minute",
        )
    return Balance(balance.bought, balance.delivered + amount, balance.reserved)


@dataclass(frozen=True, slots=True)
class Holding:
    """Something unused, and the last day on which it can be used."""

    amount: int
    last_day: date


def lapse_day(*, order_last_day: date, funded_period: Period | None = None) -> Explained[date]:
    """The last usable day of what was bought: the order's, or its annual period's if earlier.

    `funded_period` is the annual period of the flex allowance that paid for it.

    Clause: 2.7-T10, 2.2-F4, X-29
    """
    period_end = funded_period.last if funded_period else None
    last = order_last_day if period_end is None else min(order_last_day, period_end)
    paid_yearly = () if period_end is None else (("annual_period_end", period_end),)
    return Explained(
        last,
        inputs=(("order_last_day", order_last_day), *paid_yearly),
        steps=(("last_day", last),),
        clauses=("2.2-F4", "2.7-T10") if paid_yearly else ("2.7-T10",),
        readings=("0-C16",),
    )


@dataclass(frozen=True, slots=True)
class Lapse:
    """What is forfeited by a day, what lives on, and the bookings that fall."""

    forfeited: int
    remaining: int
    bookings_cancelled: int


def lapsed(
    holdings: Iterable[Holding], *, as_of: date, bookings: Iterable[date] = ()
) -> Explained[Lapse]:
    """What has lapsed by `as_of`: whatever wasn't delivered by its last day, with no refund.

    Nothing lapses on the last day itself. Bookings that fall after the last day of all
    holdings are cancelled once these have lapsed.

    Clause: 2.7-T10, 2.2-F4, 0-C16
    """
    kept = tuple(holdings)
    forfeited = sum(one.amount for one in kept if as_of > one.last_day)
    remaining = sum(one.amount for one in kept) - forfeited
    last_day = max((one.last_day for one in kept), default=as_of)
    cancelled = sum(1 for day in bookings if day > last_day) if as_of > last_day else 0
    return Explained(
        Lapse(forfeited, remaining, cancelled),
        inputs=(("as_of", as_of), ("last_day", last_day)),
        steps=(("forfeited", forfeited), ("remaining", remaining)),
        clauses=("2.7-T10",),
        readings=("0-C16",),
    )


@dataclass(frozen=True, slots=True)
class Invoice:
    """One part of a split transaction."""

    key: Hashable
    total: Money


def split_invoice(lines: Sequence[tuple[Hashable, Money]]) -> tuple[tuple[Invoice, ...], Money]:
    """One invoice for each key (location, product type, delivery date), and their sum.

    In the order in which the keys come first; the parts add up to the transaction.

    Clause: 2.6-M20, 2.6-M21
    """
    if not lines:
        raise ValueError("a transaction has at least one line")
    totals: dict[Hashable, Money] = {}
    for key, amount in lines:
        totals[key] = totals[key] + amount if key in totals else amount
    invoices = tuple(Invoice(key, total) for key, total in totals.items())
    zero = Money(0, lines[0][1].currency)
    return invoices, sum((invoice.total for invoice in invoices), zero)
