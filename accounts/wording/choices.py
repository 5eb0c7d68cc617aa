"""What forms and the API offer to choose from, in the reader's language."""

from zoneinfo import available_timezones

import holidays
from django.utils.translation import gettext_lazy as _

from accounts.wording import formats


def zone_choices() -> list[tuple[str, str]]:
    """All IANA zones that name a place, by name."""
    return [(zone, zone) for zone in sorted(available_timezones()) if "/" in zone or zone == "UTC"]


def country_choices() -> list[tuple[str, str]]:
    """Countries in the reader's language, by name."""
    names = formats.locale().territories
    codes = {*holidays.list_supported_countries(), "CN", "TW", "HK"}
    pairs = [(code, str(names.get(code, code))) for code in codes if len(code) == 2]
    return sorted(pairs, key=lambda pair: pair[1])


def currency_choices() -> list[tuple[str, str]]:
    """Currencies with their names in the reader's language."""
    names = formats.locale().currencies
    return [(code, f"{code} · {names.get(code, code)}") for code in CURRENCIES]


CURRENCIES = (
    "AED", "AUD", "BRL", "CAD", "CHF", "CLP", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "IDR",
    "ILS", "INR", "JPY", "KRW", "KWD", "MXN", "MYR", "NOK", "NZD", "PLN", "SAR", "SEK", "SGD", "THB",
    "TRY", "TWD", "USD", "VND", "ZAR",
)  # fmt: skip

WEEKDAY_CHOICES = [
    ("mon", _("Monday")),
    ("tue", _("Tuesday")),
    ("wed", _("Wednesday")),
    ("thu", _("Thursday")),
    ("fri", _("Friday")),
    ("sat", _("Saturday")),
    ("sun", _("Sunday")),
]

# Languages in which Microsoft locations commonly provide; others can be set in the administration.
LANGUAGES = (
    "en", "zh-hans", "zh-hant", "ar", "cs", "da", "de", "es", "fi", "fr", "he", "hu", "id", "it", "ja",
    "ko", "nb", "nl", "pl", "pt", "ro", "ru", "sv", "th", "tr", "uk", "vi",
)  # fmt: skip


def language_choices() -> list[tuple[str, str]]:
    """Languages with their names in the reader's language, by name."""
    return sorted(((code, formats.language(code)) for code in LANGUAGES), key=lambda pair: pair[1])
