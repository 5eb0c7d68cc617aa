"""The entitlement matrix as the page shows it: groups by what pays, one column a location."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Location
from accounts.rules.money import Money
from accounts.wording import formats
from services.catalog.models import Offering
from workorders.models import WorkOrder
from workorders.models.orders import Funding, Unit
from workorders.queries.entitlements import EntitlementStanding, sums_by_currency, worth
from workorders.wording.units import unit_name


@dataclass(slots=True)
class Figures:
    """Units of an offering at a place: granted = reserved + used + lapsed + left.

    `granted` is net of what was moved or exchanged away; `used` is what was delivered,
    redeemed or kept as a cancellation charge.
    """

    unit: str
    granted: int = 0
    reserved: int = 0
    used: int = 0
    lapsed: int = 0
    left: int = 0
    url: str = ""

    def add(self, one: EntitlementStanding) -> None:
        """Count an entitlement in."""
        standing = one.standing
        self.granted += standing.granted - standing.transferred - standing.exchanged
        self.reserved += standing.reserved
        self.used += standing.delivered + standing.charged + standing.redeemed
        self.lapsed += standing.lapsed
        self.left += standing.left


@dataclass(slots=True)
class MatrixRow:
    """An offering with its cells in the order of the locations; None: not bought there."""

    offering: Offering
    unit: str
    cells: list[Figures | None]
    standings: list[EntitlementStanding] = field(default_factory=list)

    @property
    def unit_words(self) -> str:
        """What one is called."""
        return unit_name(self.unit)

    @property
    def left(self) -> int:
        """Units left at all locations."""
        return sum(cell.left for cell in self.cells if cell)

    @property
    def price(self) -> Money | None:
        """What one unit (an hour, where minutes are counted) is worth, if all agree."""
        prices = {
            (
                Fraction(one.entitlement.value_minor * self._per, one.entitlement.granted),
                one.entitlement.currency,
            )
            for one in self.standings
        }
        if len(prices) != 1:
            return None
        price, currency = prices.pop()
        return Money(int(price), currency) if price and price.denominator == 1 else None

    @property
    def _per(self) -> int:
        return 60 if self.unit == Unit.MINUTE else 1

    @property
    def values_left(self) -> list[Money]:
        """What is left is worth, one amount a currency."""
        return sums_by_currency(one.value_left for one in self.standings)

    @property
    def runs_until(self) -> date | None:
        """The last day of what stands ready until then; None for what can be left unused."""
        return max(filter(None, (one.runs_until for one in self.standings)), default=None)


@dataclass(slots=True)
class Group:
    """Rows that one source pays for, usable until one day."""

    title: str
    clause: str
    rows: list[MatrixRow]


@dataclass(slots=True)
class PageMatrix:
    """What the template shows."""

    locations: list[Location]
    groups: list[Group]
    totals: list[Money]
    lapse_on: date | None

    @property
    def columns(self) -> int:
        """Of the whole table."""
        return 4 + 5 * len(self.locations)

    @property
    def label_columns(self) -> int:
        """All but the last."""
        return self.columns - 1


@dataclass(frozen=True, slots=True)
class Lapsed:
    """What a closed contract year lost."""

    year: int
    values: list[Money]


def page_matrix(
    order: WorkOrder,
    standings: Sequence[EntitlementStanding],
    locations: Sequence[Location],
    *,
    year: int | None,
) -> PageMatrix:
    """The matrix of a contract year: its allowance, and all that isn't bound to a year.

    `year` None shows everything.
    """
    shown = [one for one in standings if year is None or one.entitlement.flex_year in (None, year)]
    touched = {one.entitlement.location_id for one in shown}
    columns = [location for location in locations if location.pk in touched]
    keyed: dict[tuple[int, int, date], list[EntitlementStanding]] = {}
    for one in shown:
        entitlement = one.entitlement
        rank = RANKS.get(entitlement.funding, len(RANKS))
        key = (rank, entitlement.flex_year or 0, entitlement.usable_until)
        keyed.setdefault(key, []).append(one)
    groups = [_group(order, keyed[key], columns) for key in sorted(keyed)]
    ends = {
        one.entitlement.usable_until
        for one in shown
        if one.standing.left and one.runs_until is None
    }
    return PageMatrix(
        columns,
        groups,
        sums_by_currency(one.value_left for one in shown),
        ends.pop() if len(ends) == 1 else None,
    )


def lapsed_years(standings: Iterable[EntitlementStanding], before: int) -> list[Lapsed]:
    """What contract years before this one lost, in money."""
    lost: dict[int, list[Money]] = {}
    for one in standings:
        entitlement = one.entitlement
        if entitlement.flex_year and entitlement.flex_year < before and one.standing.lapsed:
            value = Money(worth(entitlement, one.standing.lapsed), entitlement.currency)
            lost.setdefault(entitlement.flex_year, []).append(value)
    return [Lapsed(year, sums_by_currency(values)) for year, values in sorted(lost.items())]


RANKS: dict[str, int] = {Funding.FLEX: 0, Funding.MONEY: 1, Funding.CREDITS: 2, Funding.INCLUDED: 3}


def _group(
    order: WorkOrder, standings: Sequence[EntitlementStanding], locations: Sequence[Location]
) -> Group:
    columns = {location.pk: number for number, location in enumerate(locations)}
    rows: dict[tuple[int, str], MatrixRow] = {}
    for one in standings:
        entitlement = one.entitlement
        row = rows.setdefault(
            (entitlement.offering_id, entitlement.unit),
            MatrixRow(entitlement.offering, entitlement.unit, [None] * len(columns)),
        )
        row.standings.append(one)
        number = columns[entitlement.location_id]
        cell = row.cells[number]
        if cell is None:
            cell = row.cells[number] = Figures(entitlement.unit, url=_url_of(order, one))
        cell.add(one)
    title, clause = _title(standings[0])
    return Group(title, clause, list(rows.values()))


def _url_of(order: WorkOrder, one: EntitlementStanding) -> str:
    """Credits come in lots that are shown together; any other cell has its own page."""
    if one.entitlement.unit == Unit.CREDIT:
        return reverse("workorders:order-credits", args=[order.pk])
    return reverse("workorders:entitlement-detail", args=[one.entitlement.pk])


def _title(one: EntitlementStanding) -> tuple[str, str]:
    """What pays, until when, and the clause that ends it."""
    entitlement = one.entitlement
    until = formats.day(entitlement.usable_until, weekday=False)
    match entitlement.funding:
        case Funding.FLEX:
            words = _("Paid with the flex allowance of year %(year)s, to be delivered by %(day)s")
            return words % {"year": entitlement.flex_year, "day": until}, "2.2-F4"
        case Funding.CREDITS:
            return _("Bought with credits, to be used by %(day)s") % {"day": until}, "2.7-T10"
        case Funding.INCLUDED:
            return _("Included, to be used by %(day)s") % {"day": until}, "2.7-T10"
    return _("Bought in addition, to be used by %(day)s") % {"day": until}, "2.7-T10"
