"""What lines of an amendment draw from the exchange value of the order that it amends."""

from dataclasses import dataclass, replace
from datetime import date

from accounts.rules.explained import Explained
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from workorders.models import Account, WorkOrderLine
from workorders.models.orders import Funding
from workorders.queries.agreement import Agreement, OrderedLine
from workorders.queries.lapsing import exchange_value, last_day_of_use
from workorders.rules.spending import Pot, draw_value


@dataclass(frozen=True, slots=True)
class Draw:
    """What one line takes of the amended order's exchange value, pot by pot."""

    line: WorkOrderLine
    parts: tuple[tuple[Account, int], ...]

    @property
    def last_day(self) -> date | None:
        """The service lapses with the value that paid for it (2.2-F6)."""
        return min((last_day_of_use(account) for account, _amount in self.parts), default=None)


def draws(agreement: Agreement, *, only: OrderedLine | None = None) -> list[Draw]:
    """What the lines paid with exchange value take, the lines above first.

    Up to and with `only`. Refuses `value_needs_amendment` where the order amends none,
    and `insufficient_value` for a line that what is left doesn't pay.
    """
    paid = [one for one in agreement.lines if one.line.funding == Funding.VALUE and one.price_minor]
    if not paid:
        return []
    if agreement.order.amends is None:
        raise Refused("value_needs_amendment", clause="X-04, 2.1-B8", field="funding")
    accounts = [
        account
        for account in exchange_value(agreement.order.amends)
        if account.unit == agreement.order.currency
    ]
    accounts.sort(key=lambda account: (last_day_of_use(account), account.pk))
    left = {account.pk: account.balance for account in accounts}
    found = []
    for one in paid:
        is_asked = only is None or one.line is only.line
        try:
            parts = _parts(agreement, one, accounts, left)
        except Refused:
            if is_asked:
                raise
            continue
        found.append(Draw(one.line, parts))
        if only is not None and is_asked:
            break
    return found


def ending_with(until: Explained[date], draw: Draw | None) -> Explained[date]:
    """The last day of use, not after that of the value which paid."""
    if draw is None or draw.last_day is None or draw.last_day >= until.result:
        return until
    return replace(
        until,
        result=draw.last_day,
        steps=(*until.steps, ("annual_period_end", draw.last_day)),
        clauses=("2.2-F6", *until.clauses),
    )


def _parts(
    agreement: Agreement, one: OrderedLine, accounts: list[Account], left: dict[int, int]
) -> tuple[tuple[Account, int], ...]:
    pots = [
        Pot(
            agreement.money(left[account.pk]),
            last_day_of_use(account),
            account.flex_year is not None,
        )
        for account in accounts
    ]
    first = max(agreement.purchase_day, one.line.starts_on or agreement.order.starts_on)
    price: Money = agreement.money(one.price_minor)
    drawn = draw_value(price, pots, offering=one.facts, from_day=first)
    for account, part in zip(accounts, drawn, strict=True):
        left[account.pk] -= part.minor
    return tuple(
        (account, part.minor) for account, part in zip(accounts, drawn, strict=True) if part
    )
