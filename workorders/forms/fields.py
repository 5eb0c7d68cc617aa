"""Fields that read what people type: amounts of money, quantities, hours."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.rules.money import Money, minor_digits
from workorders.models.orders import Unit

LARGEST = 10**13
GROUPED = re.compile(r"^\d{1,3}([,，\s]\d{3})+(\.\d+)?$")


CLOCK = re.compile(r"^(\d{1,9})[:：]([0-5]\d)$")


def read_number(text: str) -> Decimal:
    """`text` as a number; thousands may be grouped by commas or spaces.

    Raises `ValueError` for anything else, powers of ten and infinities included.
    """
    plain = text.strip().replace("−", "-").replace("\u00a0", " ").replace("\u202f", " ")
    if GROUPED.match(plain.removeprefix("-")):
        plain = re.sub(r"[,，\s]", "", plain)
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise ValueError(f"not a number: {text!r}") from None
    if not number.is_finite() or len(plain) > 40 or "e" in plain.lower():
        raise ValueError(f"not a number: {text!r}")
    return number


class FiguresField(forms.CharField):
    """A number that people type, kept as a whole count of its smallest unit."""

    default_error_messages = {
        "figures": _("Write a number in figures, such as 12,500."),
        "negative": _("This can't be negative."),
        "zero": _("This has to be more than zero."),
        "large": _("This is more than the portal can book."),
    }

    def __init__(self, *, least: int = 0, **options: Any) -> None:
        self.least = least
        options.setdefault("max_length", 40)
        super().__init__(**options)
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        """A whole number of the smallest unit, or None for nothing."""
        text = super().to_python(value)
        if not text:
            return None
        try:
            number = self.read(text)
        except ValueError:
            raise self.error("figures") from None
        if number < 0:
            raise self.error("negative")
        if number > LARGEST:
            raise self.error("large")
        count = self.counted(number)
        if count < self.least:
            raise self.error("zero")
        return count

    def error(self, code: str) -> forms.ValidationError:
        """What to tell, by its code."""
        return forms.ValidationError(self.error_messages[code], code=code)

    def read(self, text: str) -> Decimal:
        """The number that was meant; raises `ValueError` when it can't be told."""
        return read_number(text)

    def counted(self, number: Decimal) -> int:
        """`number` in its smallest unit."""
        raise NotImplementedError

    def run_validators(self, value: Any) -> None:
        """The text has been read already; lengths of text don't apply to a count."""
        if isinstance(value, str):
            super().run_validators(value)


class AmountField(FiguresField):
    """An amount in major units of `currency`, kept in minor units."""

    default_error_messages = {
        "places": _("This currency has fewer decimal places."),
    }

    def __init__(self, *, currency: str = "USD", **options: Any) -> None:
        self.currency = currency
        super().__init__(**options)

    def counted(self, number: Decimal) -> int:
        """In minor units; more places than the currency has are an error."""
        try:
            return Money.of(number, self.currency).minor
        except ValueError:
            raise self.error("places") from None

    def prepare_value(self, value: Any) -> Any:
        """Minor units as they are typed, with no places where they are all zero."""
        if isinstance(value, int) and not isinstance(value, bool):
            text = Money(value, self.currency).decimal_text
            return text.removesuffix("." + "0" * minor_digits(self.currency))
        return value


class DecimalFiguresField(FiguresField):
    """Figures that are kept as a decimal."""

    def prepare_value(self, value: Any) -> Any:
        """Without the zeros that a column adds."""
        if isinstance(value, Decimal):
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        return value


class PercentField(DecimalFiguresField):
    """A percentage with up to four decimal places, between 0 and 100."""

    default_error_messages = {
        "places": _("At most four decimal places."),
        "large": _("A percentage is at most 100."),
    }

    def to_python(self, value: Any) -> Any:
        """A decimal, or None for nothing; a percent sign may stand behind it."""
        text = forms.CharField.to_python(self, value) or ""
        text = text.replace("％", "%").strip().removesuffix("%").strip()
        if not text:
            return None
        try:
            percent = read_number(text)
        except ValueError:
            raise self.error("figures") from None
        if percent < 0:
            raise self.error("negative")
        if percent > 100:
            raise self.error("large")
        if percent != round(percent, 4):
            raise self.error("places")
        return percent


class QuantityField(FiguresField):
    """A quantity in the words of its unit: hours for what is counted in minutes."""

    default_error_messages = {
        "whole": _("This is counted in whole numbers."),
        "minutes": _("Hours are counted in whole minutes."),
    }

    def __init__(self, *, unit: str = Unit.EACH, **options: Any) -> None:
        self.unit = unit
        super().__init__(**options)

    @property
    def is_hours(self) -> bool:
        """Counted in minutes, typed in hours."""
        return self.unit == Unit.MINUTE

    def read(self, text: str) -> Decimal:
        """A number; hours may also be written as 7:20."""
        if self.is_hours and (clock := CLOCK.match(text.strip())):
            return Decimal(int(clock[1]) * 60 + int(clock[2])) / 60
        return read_number(text)

    def counted(self, number: Decimal) -> int:
        """In whole units, hours as minutes."""
        is_hours = self.is_hours
        count = round(number * 60, 12) if is_hours else number
        if count != count.to_integral_value():
            raise self.error("minutes" if is_hours else "whole")
        return int(count)

    def prepare_value(self, value: Any) -> Any:
        """As it is typed: minutes as hours, 7:20 where they aren't whole."""
        if isinstance(value, int) and not isinstance(value, bool) and self.is_hours:
            hours, minutes = divmod(value, 60)
            return f"{hours}:{minutes:02}" if minutes else hours
        return value
