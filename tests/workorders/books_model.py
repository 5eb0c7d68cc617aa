"""What an order owes, as anybody would keep it on paper: numbers in dictionaries, no database.

The model of the state machine. It knows holdings, exchange value and what was paid on top; each
act either changes them or raises `No` with the code of the refusal that the portal must give.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import floor

BEGIN, END = date(2026, 1, 1), date(2027, 12, 31)
YEAR_ENDS = {1: date(2026, 12, 31), 2: END}
# Of an allowance of 100,000 euros a year: 50,000 dollars at 0.92, more than its fifth.
CEILING = 46_000_00
# What a credit is worth in Stuttgart and in Pune, in minor units.
WORTH = {"Stuttgart": 80_00, "Pune": 7_200_00}
CURRENCY = {"Stuttgart": "EUR", "Pune": "INR"}
RATE = {
    ("Stuttgart", "Pune"): Fraction(80) / Fraction("0.92") / (Fraction(7200) / Fraction("83.5")),
    ("Pune", "Stuttgart"): Fraction(7200) / Fraction("83.5") / (Fraction(80) / Fraction("0.92")),
}
CAPPED = {"proactive-credits", "custom-proactive-services"}


class No(Exception):
    """The model refuses: the code, and the figures that are told."""

    def __init__(self, code: str, **figures: object) -> None:
        super().__init__(code)
        self.code, self.figures = code, figures


def nearest(value: Fraction) -> int:
    """Rounded to a whole, a half going up."""
    return floor(value + Fraction(1, 2))


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Whole parts in proportion; what is cut off goes to those that lost most, first come first."""
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    parts = [floor(one) for one in exact]
    for index in sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i)):
        if sum(parts) == total:
            break
        parts[index] += 1
    return parts


@dataclass(eq=False)
class Holding:
    """Units granted together: where they are, what they cost, what became of them."""

    code: str
    place: str
    granted: int
    value: int
    currency: str
    until: date
    year: int | None = None
    since: date = BEGIN
    extra: int = 0
    buckets: Counter[str] = field(default_factory=Counter)
    # Of a service bought with credits: the lots that paid, the first to lapse first.
    paid: list[list] = field(default_factory=list)
    # What the books call it.
    pk: int = 0
    redemption: object = None

    def __post_init__(self) -> None:
        self.buckets.update(issued=self.granted, available=self.granted)

    @property
    def unit(self) -> str:
        return "credit" if self.code == "proactive-credits" else "each"

    @property
    def left(self) -> int:
        return self.buckets["available"]

    def worth(self, units: int) -> int:
        return nearest(Fraction(self.value * units, self.granted))


@dataclass(eq=False)
class Pot:
    """Exchange value of a place, a contract year and a currency."""

    place: str
    year: int | None
    currency: str
    buckets: Counter[str] = field(default_factory=Counter)

    @property
    def left(self) -> int:
        return self.buckets["available"]

    @property
    def until(self) -> date:
        return YEAR_ENDS.get(self.year, END)


@dataclass(frozen=True)
class Exchanged:
    """What an exchange gives: the new holding, what is paid on top, what remains."""

    received: Holding
    extra: int
    remainder: int


class Books:
    """Everything that one order owes."""

    def __init__(self) -> None:
        self.today = date(2026, 1, 5)
        self.holdings: list[Holding] = []
        self.pots: list[Pot] = []
        self.charged = 0

    def grant(self, holding: Holding) -> Holding:
        self.holdings.append(holding)
        return holding

    def move(self, holding: Holding, source: str, target: str, units: int) -> None:
        left = holding.buckets[source]
        if left < units:
            code = "insufficient_credits" if holding.unit == "credit" else "insufficient_units"
            raise No(code, left=left, asked=units, unit=holding.unit)
        holding.buckets[source] -= units
        # What was put into the books is counted upwards, against all else.
        holding.buckets[target] += -units if target == "issued" else units

    def redeem(self, place: str, value: int) -> Holding:
        lots = self._usable(place)
        price = nearest(Fraction(value, WORTH[place]))
        if price > sum(lot.left for lot in lots):
            raise No("insufficient_credits")
        paid = self._draw(lots, price, "redeemed")
        made = Holding("workshops", place, 1, value, CURRENCY[place], END, paid=paid)
        return self.grant(made)

    def give_back(self, service: Holding, amount: int) -> None:
        spent = sum(part for _lot, part in service.paid)
        if amount > spent:
            raise No("insufficient_credits", left=spent, asked=amount, unit="credit")
        if amount == spent:
            self.move(service, "available", "issued", 1)
        for pair in reversed(service.paid):
            part = min(amount, pair[1])
            self.move(pair[0], "redeemed", "available", part)
            pair[1] -= part
            amount -= part

    def transfer(self, source: str, target: str, amount: int) -> tuple[int, list[Holding]]:
        lots = self._usable(source)
        if sum(lot.left for lot in lots) < amount:
            raise No("insufficient_credits")
        received = nearest(amount * RATE[source, target])
        parts = self._draw(lots, amount, "transferred")
        arriving = split(received, [part for _lot, part in parts])
        lots_made = [
            Holding(
                lot.code, target, new, lot.worth(part), lot.currency, lot.until, lot.year, lot.since
            )
            for (lot, part), new in zip(parts, arriving, strict=True)
            if new
        ]
        return received, [self.grant(one) for one in lots_made]

    def exchange(
        self, given: Holding | Pot, units: int, wanted: Holding, *, consent: bool, paper: bool
    ) -> Exchanged:
        """Give up `units` for `wanted`, whose value is its price; all or nothing."""
        worth = self._given_up(given, units, wanted.value)
        self._check_credits(given, wanted)
        if self.today > given.until:
            raise No("order_ended")
        equal = min(worth, wanted.value)
        extra, remainder = wanted.value - equal, worth - equal
        if given.year and wanted.code in CAPPED:
            self._check_ceiling(given, worth, equal)
        if not consent:
            raise No("not_agreed")
        if worth != wanted.value and not paper:
            raise No("written_agreement_required")
        taken = min(given.left, wanted.value) if isinstance(given, Pot) else units
        given.buckets["available"] -= taken
        given.buckets["exchanged"] += taken
        wanted.year, wanted.until, wanted.extra = given.year, given.until, extra
        if isinstance(given, Holding):
            wanted.until = YEAR_ENDS.get(given.year, END)
        wanted.since = max(self.today, date(2027, 1, 1) if given.year == 2 else BEGIN)
        if remainder:
            pot = self.pot(given.place, given.year, wanted.currency)
            pot.buckets["issued"] += remainder
            pot.buckets["available"] += remainder
        self.charged += extra
        return Exchanged(self.grant(wanted), extra, remainder)

    def _check_credits(self, given: Holding | Pot, wanted: Holding) -> None:
        if isinstance(given, Holding) and given.unit == wanted.unit == "credit":
            raise No("move_credits")
        if wanted.value < self.least_for(wanted):
            raise No("insufficient_value")

    def least_for(self, wanted: Holding) -> int:
        """What credits are worth where that is told in the money of the exchange."""
        told = wanted.unit == "credit" and CURRENCY[wanted.place] == wanted.currency
        return wanted.granted * WORTH[wanted.place] if told else 0

    def lapse(self) -> int:
        """What is left of all that is over; how many holdings lost something."""
        over = [one for one in (*self.holdings, *self.pots) if one.until < self.today and one.left]
        for one in over:
            one.buckets["lapsed"] += one.left
            one.buckets["available"] = 0
        return len(over)

    def pot(self, place: str, year: int | None, currency: str) -> Pot:
        for pot in self.pots:
            if (pot.place, pot.year, pot.currency) == (place, year, currency):
                return pot
        self.pots.append(Pot(place, year, currency))
        return self.pots[-1]

    def capped(self, year: int, given: object = None) -> int:
        """What credits and custom work take of a year's ceiling."""
        total = 0
        for one in self.holdings:
            if one.year == year and one.code in CAPPED:
                kept = one.granted - one.buckets["exchanged"] - one.buckets["transferred"]
                total += one.worth(kept)
                total -= 0 if one is given else one.extra * kept // one.granted
        return max(total, 0)

    def balances(self) -> dict[tuple, int]:
        """All that isn't zero, by the name that the books have for it."""
        found = {(one.pk, bucket): n for one in self.holdings for bucket, n in one.buckets.items()}
        for pot in self.pots:
            name = (pot.place, pot.year, pot.currency)
            found |= {(name, bucket): amount for bucket, amount in pot.buckets.items()}
        return {key: amount for key, amount in found.items() if amount}

    def _given_up(self, given: Holding | Pot, units: int, price: int) -> int:
        if isinstance(given, Pot):
            if not given.left:
                raise No("quantity_invalid")
            return min(given.left, price)
        if not given.left:
            raise No("already_used")
        if units > given.left:
            raise No("insufficient_credits" if given.unit == "credit" else "insufficient_units")
        worth = given.worth(given.left) - given.worth(given.left - units)
        if worth <= 0:
            raise No("nothing_to_exchange")
        return worth

    def _check_ceiling(self, given: Holding | Pot, worth: int, equal: int) -> None:
        taken = self.capped(given.year, given)
        if isinstance(given, Holding) and given.code in CAPPED:
            taken -= worth
        if taken + equal > CEILING:
            raise No("over_cap")

    def _usable(self, place: str) -> list[Holding]:
        """The lots to be used there today, the first to lapse first."""
        if self.today > END:
            raise No("order_ended")
        lots = [
            one
            for one in self.holdings
            if one.unit == "credit" and one.place == place and one.left
            if one.since <= self.today <= one.until
        ]
        return sorted(lots, key=lambda lot: lot.until)

    def _draw(self, lots: list[Holding], amount: int, became: str) -> list[list]:
        parts = []
        for lot in lots:
            part = min(lot.left, amount)
            amount -= part
            if part:
                self.move(lot, "available", became, part)
                parts.append([lot, part])
        return parts
