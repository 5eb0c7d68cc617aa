"""The forecast in sums: of a portfolio, by month, by customer, by currency."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from accounts.models import Customer
from accounts.rules.calendar_days import add_months
from accounts.rules.money import Money
from services.scheduling.queries.forecast import Item

HORIZON_MONTHS = 12


@dataclass(slots=True)
class Sums:
    """Minor units of one currency; `unrated` counts the items that couldn't be converted.

    Dollars are at the rates frozen on the orders.
    """

    currency: str = "USD"
    left: int = 0
    requestable: int = 0
    expected: int = 0
    lapsing: int = 0
    certain: int = 0
    unrated: int = 0

    def add(self, item: Item) -> None:
        """Count an item in."""
        amounts = item.left_and_lapsing(self.currency)
        if amounts is None:
            self.unrated += 1
            return
        left, lapsing = amounts
        self.left += left
        self.expected += left - lapsing
        self.lapsing += lapsing
        if item.is_certain:
            self.certain += lapsing
            self.requestable += left - lapsing
        else:
            self.requestable += left

    @property
    def uncertain(self) -> int:
        """What lapses if nothing changes, but could still be requested."""
        return self.lapsing - self.certain

    @property
    def is_empty(self) -> bool:
        """Whether nothing was counted in."""
        return not (self.left or self.unrated)


def common_currency(items: Iterable[Item]) -> str:
    """The one currency of all of them; several only add up in dollars."""
    found = {item.value_left.currency for item in items}
    return found.pop() if len(found) == 1 else "USD"


def sums_of(items: Iterable[Item], *, currency: str = "USD") -> Sums:
    """All of them together."""
    sums = Sums(currency)
    for item in items:
        sums.add(item)
    return sums


@dataclass(slots=True)
class MonthSums:
    """What is left, by the calendar month of its last day; None: after the last month."""

    first_day: date | None
    sums: Sums


def by_month(items: Iterable[Item], *, today: date, currency: str = "USD") -> list[MonthSums]:
    """Twelve months from this one, and what lapses later where there is any."""
    starts = [add_months(today.replace(day=1), number) for number in range(HORIZON_MONTHS)]
    months = {start: MonthSums(start, Sums(currency)) for start in starts}
    later = MonthSums(None, Sums(currency))
    for item in items:
        months.get(item.last_day.replace(day=1), later).sums.add(item)
    rows = list(months.values())
    return rows if later.sums.is_empty else [*rows, later]


@dataclass(slots=True)
class CustomerRow:
    """A customer of the portfolio, with what lapses first and what weighs most."""

    customer: Customer
    sums: Sums
    heaviest: Item
    lapses_on: date
    request_until: date | None


def by_customer(items: Iterable[Item]) -> list[CustomerRow]:
    """Who loses most, first.

    `lapses_on` is the first day on which something lapses by the forecast, `request_until`
    the first day for requests that isn't over.
    """
    members: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        members[item.customer.pk].append(item)
    rows = [_customer_row(several) for several in members.values()]
    return sorted(rows, key=lambda row: (-row.sums.lapsing, row.customer.name, row.customer.pk))


def _customer_row(items: list[Item]) -> CustomerRow:
    losing = [item for item in items if item.lapsing] or items
    open_days = [item.request_until for item in losing if not item.is_certain]
    return CustomerRow(
        items[0].customer,
        sums_of(items),
        max(losing, key=lambda item: (item.usd_lapsing or 0, -item.account.pk)),
        min(item.last_day for item in losing),
        min(open_days, default=None),
    )


def by_currency(items: Iterable[Item]) -> list[tuple[Money, Money]]:
    """What is left and what lapses, a pair a currency."""
    found: dict[str, tuple[Money, Money]] = {}
    for item in items:
        currency = item.value_left.currency
        left, lapsing = found.get(currency, (Money(0, currency), Money(0, currency)))
        found[currency] = (left + item.value_left, lapsing + item.value_lapsing)
    return [found[currency] for currency in sorted(found)]
