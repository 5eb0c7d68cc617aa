"""What a customer may still use: offering by location, with where every unit stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from accounts.models import Location, User
from accounts.rules.money import Money, half_up
from services.catalog.models import LocationRule, Offering
from workorders.models import Account, Entitlement, OrderLocation, WorkOrder
from workorders.models.orders import STANDING_UNITS, Unit

Bucket = Account.Bucket


@dataclass(slots=True)
class Standing:
    """Where the units of some entitlements stand, and what the rest of them is worth.

    `granted` is what was ever put in; `redeemed`, `transferred` and `exchanged` are the
    ways in which credits and values leave. What stands ready for its whole term is never
    left over, so it has no value left.
    """

    granted: int = 0
    left: int = 0
    reserved: int = 0
    delivered: int = 0
    charged: int = 0
    lapsed: int = 0
    redeemed: int = 0
    transferred: int = 0
    exchanged: int = 0
    value_granted_minor: int = 0
    value_left_minor: int = 0
    value_reserved_minor: int = 0
    value_delivered_minor: int = 0

    def add(self, entitlement: Entitlement, balances: Mapping[str, int]) -> None:
        """Count an entitlement in, with the balances of its accounts by bucket."""
        self.granted += balances.get(Bucket.ISSUED, 0)
        self.left += balances.get(Bucket.AVAILABLE, 0)
        for bucket in (
            Bucket.RESERVED,
            Bucket.DELIVERED,
            Bucket.CHARGED,
            Bucket.LAPSED,
            Bucket.REDEEMED,
            Bucket.TRANSFERRED,
            Bucket.EXCHANGED,
        ):
            setattr(self, bucket, getattr(self, bucket) + balances.get(bucket, 0))
        kept = balances.get(Bucket.ISSUED, 0) - balances.get(Bucket.TRANSFERRED, 0)
        self.value_granted_minor += worth(entitlement, kept)
        self.value_left_minor += value_left(entitlement, balances.get(Bucket.AVAILABLE, 0))
        self.value_reserved_minor += worth(entitlement, balances.get(Bucket.RESERVED, 0))
        self.value_delivered_minor += worth(entitlement, balances.get(Bucket.DELIVERED, 0))


@dataclass(slots=True)
class EntitlementStanding:
    """One entitlement with its balances."""

    entitlement: Entitlement
    standing: Standing

    @property
    def value_left(self) -> Money:
        """What the units left are worth."""
        return Money(self.standing.value_left_minor, self.entitlement.currency)

    @property
    def runs_until(self) -> date | None:
        """The last day of what stands ready until then; None for what can be left unused."""
        return None if can_be_left(self.entitlement) else self.entitlement.usable_until


@dataclass(slots=True)
class Cell:
    """An offering at a location: all its entitlements there, the first to end first."""

    location: Location
    unit: str
    currency: str
    total: Standing = field(default_factory=Standing)
    entitlements: list[EntitlementStanding] = field(default_factory=list)

    @property
    def value_left(self) -> Money:
        """What the units left are worth."""
        return Money(self.total.value_left_minor, self.currency)


@dataclass(slots=True)
class Row:
    """An offering with its cells in the order of the matrix's locations; None: nothing there.

    What was paid in another currency stands in a row of its own.
    """

    offering: Offering
    unit: str
    currency: str
    cells: list[Cell | None]
    total: Standing = field(default_factory=Standing)


@dataclass(slots=True)
class Matrix:
    """Offering by location."""

    locations: list[Location]
    rows: list[Row]


def worth(entitlement: Entitlement, quantity: int) -> int:
    """What `quantity` of the entitlement's units is worth, in minor units, half up."""
    return half_up(Fraction(entitlement.value_minor * quantity, entitlement.granted))


def are_the_hosts_hours(entitlement: Entitlement) -> bool:
    """Whether these are hours that come with what is bought for the host (2.5-UE24)."""
    bought = entitlement.offering.location_constraint == LocationRule.HOST
    return bought and entitlement.unit == Unit.MINUTE


def can_be_left(entitlement: Entitlement) -> bool:
    """Whether some of it can be left unused and lapse (2.7-T10).

    Standing subscriptions aren't called off: they run until their last day and end as
    delivered.
    """
    return entitlement.unit not in STANDING_UNITS


def value_left(entitlement: Entitlement, quantity: int) -> int:
    """What `quantity` left unused is worth; nothing where nothing can be left."""
    return worth(entitlement, quantity) if can_be_left(entitlement) else 0


def standings(order: WorkOrder, *, viewer: User | None = None) -> list[EntitlementStanding]:
    """Every entitlement of the order with its balances; one query.

    Given a `viewer`, those that they may see.
    """
    accounts = Account.objects.visible_to(viewer) if viewer else Account.objects.all()
    rows = (
        accounts.filter(order=order, holding=Account.Holding.ENTITLEMENT)
        .select_related("entitlement__offering", "entitlement__location")
        .order_by(
            "entitlement__offering__position", "entitlement__usable_until", "entitlement_id", "pk"
        )
    )
    found: dict[int, tuple[Entitlement, dict[str, int]]] = {}
    for account in rows:
        entitlement = account.entitlement
        if entitlement is None:  # the database doesn't allow it, the types don't know
            continue
        balances = found.setdefault(entitlement.pk, (entitlement, {}))[1]
        balances[account.bucket] = account.balance
    result = []
    for entitlement, balances in found.values():
        standing = Standing()
        standing.add(entitlement, balances)
        result.append(EntitlementStanding(entitlement, standing))
    return result


def entitlement_matrix(order: WorkOrder, *, viewer: User | None = None) -> Matrix:
    """What was granted, booked, delivered, lapsed and is left, by offering and location.

    Columns are the listed locations that the viewer's rows touch, the host first; two
    queries whatever the size.
    """
    owned = standings(order, viewer=viewer)
    listed = OrderLocation.objects.filter(order=order).select_related("location")
    touched = {one.entitlement.location_id for one in owned}
    locations = [row.location for row in listed if viewer is None or row.location_id in touched]
    columns = {location.pk: number for number, location in enumerate(locations)}
    rows: dict[tuple[int, str, str], Row] = {}
    for one in owned:
        entitlement = one.entitlement
        row = rows.setdefault(
            (entitlement.offering_id, entitlement.unit, entitlement.currency),
            Row(
                entitlement.offering,
                entitlement.unit,
                entitlement.currency,
                [None] * len(locations),
            ),
        )
        number = columns[entitlement.location_id]
        cell = row.cells[number]
        if cell is None:
            cell = row.cells[number] = Cell(
                entitlement.location, entitlement.unit, entitlement.currency
            )
        cell.entitlements.append(one)
        for total in (cell.total, row.total):
            _add(total, one.standing)
    return Matrix(locations, list(rows.values()))


def _add(total: Standing, part: Standing) -> None:
    for name in Standing.__slots__:
        setattr(total, name, getattr(total, name) + getattr(part, name))


def sums_by_currency(amounts: Iterable[Money]) -> list[Money]:
    """The amounts added up by currency; nothing where nothing is."""
    totals: dict[str, Money] = {}
    for amount in amounts:
        totals[amount.currency] = totals.get(amount.currency, Money(0, amount.currency)) + amount
    return [total for total in totals.values() if total]
