"""The words that the demo's script is written in: places, lines, orders, customers.

Days are counted from today. Prices are in minor units of the order. A quantity names its location
by position in the customer's list, the host being 0.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Place:
    """A support location."""

    name: str
    country: str
    zone: str
    currency: str
    per_usd: str
    subdivision: str = ""
    weekend: str = "sat,sun"
    tax_exception: bool = False
    language: str = "en"


@dataclass(frozen=True)
class Line:
    """A line of an order; `where` is the quantity at each location, by position."""

    code: str
    price: int
    where: dict[int, int]
    year: int | None = None
    unit: str = "each"
    scopes: tuple[tuple[str, str], ...] = ()
    exhibit: str = ""
    extra: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Order:
    """A work order; `start` and `end` are days from today, `executed` too (None: a draft).

    `purchasable` are the codes of what alone may be bought under it (2.1-B7).
    """

    start: int
    end: int
    executed: int | None
    allotments: dict[int, int]
    lines: tuple[Line, ...]
    base: int = 0
    terminated: int | None = None
    intake: int | None = None
    purchasable: tuple[str, ...] = ()


@dataclass(frozen=True)
class Org:
    """A customer with its people, locations and orders."""

    name: str
    short: str
    currency: str
    places: tuple[Place, ...]
    csam: str
    administrator: tuple[str, str]
    contacts: tuple[tuple[str, str, int], ...]
    orders: tuple[Order, ...]
    language: str = "en"

    @property
    def is_chinese(self) -> bool:
        """Whether what is written about this customer is written in Chinese."""
        return self.language.startswith("zh")
