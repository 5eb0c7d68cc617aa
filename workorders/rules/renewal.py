"""Renewals: the term that follows, and what of an order goes along."""

from dataclasses import dataclass
from datetime import date, timedelta

from accounts.rules.calendar_days import add_months
from accounts.rules.explained import Explained
from accounts.rules.refusal import Refused
from workorders.rules.term import OrderState

NOT_AGREED = frozenset({"draft", "in_review"})


@dataclass(frozen=True, slots=True)
class RenewedTerm:
    """The days of a renewal, both included."""

    first: date
    last: date


def check_renewable(*, state: OrderState, is_amendment: bool, renewal: str = "") -> None:
    """Refuse to renew what was never agreed, an amendment, or what is renewed already.

    `renewal` is the number of the order that renews it, drafted or executed. An order may
    be renewed at any time after its execution, also once it is over.

    Refuses `renews_draft`, `renews_amendment` and `already_renewed`.

    Clause: 2.1-B2, 2.1-B8
    """
    if is_amendment:
        raise Refused("renews_amendment", clause="2.1-B8")
    if state in NOT_AGREED:
        raise Refused("renews_draft", clause="2.1-B2")
    if renewal:
        raise Refused("already_renewed", clause="2.1-B2", number=renewal)


def renewed_term(*, starts_on: date, ends_on: date, last_day: date) -> Explained[RenewedTerm]:
    """The term of a renewal: from the day after the end, for as long as was agreed.

    `last_day` is the last day in force, `ends_on` the one that was agreed. Whole months
    stay whole months, counted from the new start (31 January plus one month is the end of
    February); any other length is kept in days.

    Clause: 0-C16, 0-C12, 2.7-T10
    """
    first = last_day + timedelta(days=1)
    months = _months(starts_on, ends_on)
    days = (ends_on - starts_on).days
    last = add_months(first, months) - timedelta(days=1) if months else first + timedelta(days=days)
    length = ("months", months) if months else ("days", days + 1)
    return Explained(
        RenewedTerm(first, last),
        inputs=(("order_last_day", last_day), length),
        steps=(("first_day", first), ("last_day", last)),
        clauses=("2.7-T10",),
        readings=("0-C16", "0-C12"),
    )


def _months(starts_on: date, ends_on: date) -> int:
    """The term in whole months, 0 where it isn't that long exactly."""
    after = ends_on + timedelta(days=1)
    months = (after.year - starts_on.year) * 12 + after.month - starts_on.month
    return months if months > 0 and add_months(starts_on, months) == after else 0
