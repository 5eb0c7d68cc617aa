"""Amendments: what can be changed during the term, when, and what pays for it."""

from datetime import date

from accounts.rules.refusal import Refused
from workorders.rules.term import OrderState

# What pays for an addition in mid-term: money, or the value of a service given up.
PAYS_FOR_AN_ADDITION = frozenset({"money", "value"})


def check_amendable(*, state: OrderState, last_day: date, is_amendment: bool) -> None:
    """Refuse to amend what isn't an executed order before its end, or is itself an amendment.

    The last day of the term is still open for additions; an order that is executed and
    not begun is amended too.

    Refuses `amends_amendment`, `amends_draft` and `order_ended`.

    Clause: 2.1-B8, 0-C16
    """
    if is_amendment:
        raise Refused("amends_amendment", clause="2.1-B8")
    if state in ("draft", "in_review"):
        raise Refused("amends_draft", clause="2.1-B8")
    if state not in ("executed", "in_force"):
        raise Refused("order_ended", clause="2.1-B8", last_day=last_day)


def check_amendment_days(
    *,
    first: date,
    last: date,
    amended_first: date,
    amended_last: date,
    on: date | None = None,
) -> None:
    """Refuse an amendment whose days aren't those that are left of the order it amends.

    It begins within the term, ends with it, and where `on`, the day of its execution, is
    given, doesn't begin before that day. All ends are included.

    Refuses `amendment_outside_term`, `ends_with_amended` and `amendment_backdated`.

    Clause: 2.1-B8, 0-C16, X-27
    """
    if not amended_first <= first <= amended_last:
        raise Refused(
            "amendment_outside_term",
            clause="2.1-B8",
            field="starts_on",
            first_day=amended_first,
            last_day=amended_last,
        )
    if last != amended_last:
        raise Refused("ends_with_amended", clause="2.1-B8", field="ends_on", last_day=amended_last)
    if on is not None and first < on:
        raise Refused("amendment_backdated", clause="2.1-B8", field="starts_on", first_day=on)


def check_amendment_funding(funding: str) -> None:
    """Refuse a line of an amendment that neither money nor exchanged value pays for.

    The allowance is allocated before the order is executed or it is lost, and the base
    package is the amended order's. Refuses `after_execution` and `base_in_amendment`.

    Clause: X-04, 2.2-F7, 2.1-B8, 2.1-B2
    """
    if funding == "flex":
        raise Refused("after_execution", clause="X-04, 2.2-F7", field="funding")
    if funding not in PAYS_FOR_AN_ADDITION:
        raise Refused("base_in_amendment", clause="2.1-B2", field="funding")
