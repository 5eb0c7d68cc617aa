"""Money in whole minor units of one currency; no floats anywhere."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import total_ordering

# ISO 4217: currencies whose minor unit isn't a hundredth.
MINOR_DIGITS = {
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0,
    "PYG": 0, "RWF": 0, "UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}  # fmt: skip

# The databases hold amounts in 64 bits.
LARGEST = 10**18


def _places(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def minor_digits(currency: str) -> int:
    """Decimal places of the currency's minor unit: 2 unless ISO 4217 says otherwise."""
    return MINOR_DIGITS.get(currency, 2)


def half_up(value: Fraction | Decimal | int) -> int:
    """The nearest whole number, an exact half going away from zero.

    Clause: 0-C10, 0-C11
    """
    exact = Fraction(value)
    whole = (abs(exact) + Fraction(1, 2)).__floor__()
    return whole if exact >= 0 else -whole


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents, fen; whole yen) of one currency.

    Adding or comparing two currencies raises `ValueError`: that needs a rate.
    """

    minor: int
    currency: str

    @classmethod
    def of(cls, amount: str | Decimal | int, currency: str) -> "Money":
        """`amount` in major units, e.g. ``"1250.01"``.

        Raises `ValueError` for more decimal places than the currency has, for an amount
        that no ledger holds, or for no number.
        """
        try:
            number = Decimal(amount)
        except InvalidOperation:
            raise ValueError(f"not an amount of money: {amount!r}") from None
        if not number.is_finite() or number.adjusted() > 18 or _places(number) > 30:
            raise ValueError(f"not an amount of money: {amount!r}")
        minor = Fraction(number) * 10 ** minor_digits(currency)
        if minor.denominator != 1:
            raise ValueError(f"not a whole number of minor units: {amount!r} {currency}")
        if abs(minor) >= LARGEST:
            raise ValueError(f"not an amount of money: {amount!r}")
        return cls(int(minor), currency)

    @property
    def decimal(self) -> Decimal:
        """In major units, exact."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency))

    @property
    def decimal_text(self) -> str:
        """In major units with all places of the currency, e.g. ``1250.00``."""
        return f"{self.decimal:.{minor_digits(self.currency)}f}"

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def share(self, percent: int | Decimal) -> "Money":
        """`percent` of it, half up to the minor unit: a fee.

        Clause: 0-C11
        """
        return Money(half_up(Fraction(self.minor) * Fraction(percent) / 100), self.currency)

    def share_down(self, percent: int | Decimal) -> "Money":
        """`percent` of it, cut off to the minor unit: a ceiling.

        Clause: 0-C11
        """
        return Money((Fraction(self.minor) * Fraction(percent) / 100).__floor__(), self.currency)

    def converted_down(self, rate: Decimal | Fraction, currency: str) -> "Money":
        """In another currency at `rate` (units of it for one of this), cut off: a ceiling.

        Clause: 0-C11, 2.2-F8
        """
        major = Fraction(self.decimal) * Fraction(rate)
        return Money((major * 10 ** minor_digits(currency)).__floor__(), currency)

    def _same(self, other: "Money") -> int:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} don't compare without a rate")
        return other.minor
