"""The words of a case as values: dates, instants, amounts.

An absent key and an explicit null differ: the first has a neutral default, the second
says that the thing does not exist. The functions here turn null into `None` and refuse
what they can't read.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from accounts.rules.money import Money

Words: TypeAlias = Mapping[str, Any]

MICROSOFT_ROLES = (
    "azure_", "csam", "delivery_", "designated_", "incident_manage", "mcsap", "microsoft", "plus_",
)  # fmt: skip


def a_date(word: object) -> date:
    """A date in ISO form, e.g. ``2025-05-01``."""
    if isinstance(word, datetime):
        raise ValueError(f"an instant where a date belongs: {word}")
    return word if isinstance(word, date) else date.fromisoformat(str(word))


def an_instant(word: object) -> datetime:
    """An instant in ISO form with its offset or Z."""
    instant = word if isinstance(word, datetime) else datetime.fromisoformat(str(word))
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs an offset: {word}")
    return instant


def a_decimal(word: object) -> Decimal:
    """An exact number: an amount, a rate, a number of hours."""
    try:
        number = Decimal(str(word))
    except InvalidOperation:
        raise ValueError(f"not a number: {word!r}") from None
    if not number.is_finite():
        raise ValueError(f"not a finite number: {word!r}")
    return number


def an_amount(word: object, currency: str) -> Money:
    """An amount in major units of `currency`, e.g. ``1250.01``."""
    return Money.of(a_decimal(word), currency)


def text_of(amount: Money | None) -> str | None:
    """An amount in the words of a case."""
    return None if amount is None else amount.decimal_text


def currency_of(words: Words) -> str:
    """The currency of a case; US dollars where it names none."""
    return str(words.get("currency") or "USD")


def works_for_customer(role: object) -> bool:
    """Whether a person in this role is one of the customer's; any unknown role is."""
    return not str(role).startswith(MICROSOFT_ROLES)


def maybe_date(words: Words, key: str) -> date | None:
    """The date under `key`, or None if it is absent or null."""
    return None if words.get(key) is None else a_date(words[key])


def maybe_instant(words: Words, key: str) -> datetime | None:
    """The instant under `key`, or None if it is absent or null."""
    return None if words.get(key) is None else an_instant(words[key])


def date_or_instant(words: Words, stem: str, zone: str) -> datetime | None:
    """The instant `stem`_at, or noon in `zone` on the date `stem`_on, whichever is there.

    A case that gives a date alone has no clock in it; noon falls on that date.
    """
    if words.get(f"{stem}_at") is not None:
        return an_instant(words[f"{stem}_at"])
    day = maybe_date(words, f"{stem}_on")
    return None if day is None else datetime.combine(day, time(12), ZoneInfo(zone))
