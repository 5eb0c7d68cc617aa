"""What is billed, on which day, and how one transaction is split into several invoices."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.rules.explained import Explained
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from workorders.rules.shares import shares
from workorders.rules.term import Invoice, split_invoice


@dataclass(frozen=True, slots=True)
class Billed:
    """An amount and the keys among which it is split, each with its weight."""

    amount: Money
    weights: tuple[tuple[Hashable, int], ...]


def billable_day(
    *, executed_on: date, order_start: date, line_start: date | None = None
) -> Explained[date]:
    """The first day on which the price of a line belongs on an invoice.

    The latest of the order's execution, its first day and the line's own start: nothing
    is billed before it is agreed, or before it can be used. The text gives no day.

    Clause: 2.6-M20, X-27
    """
    days = (("executed_on", executed_on), ("order_start", order_start), ("line_start", line_start))
    known = tuple((name, day) for name, day in days if day is not None)
    return Explained(
        max(day for _name, day in known),
        inputs=known,
        clauses=("2.6-M20",),
        readings=("X-27",),
    )


def split_amount(billed: Billed) -> tuple[tuple[Hashable, Money], ...]:
    """The amount in whole minor units by its keys; the parts add up to it.

    In proportion to the weights, as `shares` rounds. What is taken back (a negative
    amount) is split as the amount was, so that the parts cancel key by key.

    Clause: 2.6-M21
    """
    sign = -1 if billed.amount.minor < 0 else 1
    parts = shares(abs(billed.amount.minor), [weight for _key, weight in billed.weights])
    return tuple(
        (key, Money(sign * part, billed.amount.currency))
        for (key, _weight), part in zip(billed.weights, parts, strict=True)
    )


def invoices_of(items: Sequence[Billed]) -> tuple[tuple[Invoice, ...], Money]:
    """One invoice for each key and the sum of all, which is the sum of the items.

    In the order in which the keys come first. Raises `ValueError` without items or for
    two currencies: one transaction has one.

    Clause: 2.6-M20, 2.6-M21
    """
    return split_invoice([part for item in items for part in split_amount(item)])


def check_travel(*, agreed_on: date | None, visit_on: date, prepaid: bool) -> None:
    """Refuse to bill a visit that wasn't agreed beforehand, or that was paid in advance.

    The day of the agreement may be the day of the visit, not a later one.

    Clause: 2.7-T29, 2.3-P7
    """
    if agreed_on is None or agreed_on > visit_on:
        raise Refused(
            "travel_not_agreed",
            clause="2.7-T29, 2.3-P7",
            field="agreed_on",
            visit_on=visit_on,
        )
    if prepaid:
        raise Refused("travel_prepaid", clause="2.7-T29", field="prepaid")
