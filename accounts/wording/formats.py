"""Dates, times, money, shares and durations as people read them, in both languages.

English: Wed 2 Dec 2026 · €128,800 · 81 % · 3 h 01 min · in 9 days.
简体中文: 2026年12月2日 · 128,800 · 81% · 3 小时 1 分 · 还有 9 天.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.core import Locale, get_global
from babel.dates import format_date, get_timezone_location
from babel.numbers import format_currency, format_decimal, get_currency_symbol
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.rules.money import Money

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
# What ends a sentence, or stands for a blank, in Chinese.
FULL_WIDTH_ENDS = "。！？；：，、…）”》"
# Short zone names that several zones share: the city tells them apart.
AMBIGUOUS_ZONE_NAMES = frozenset({"CST", "IST", "BST", "AST", "EST", "CDT", "EDT"})


@lru_cache(maxsize=8)
def _locale(language: str) -> Locale:
    return Locale.parse("zh_Hans_CN" if language.startswith("zh") else "en_GB")


def locale() -> Locale:
    """The reader's locale."""
    return _locale(get_language() or "en")


def is_chinese() -> bool:
    """Whether the reader's language is Chinese."""
    return (get_language() or "en").startswith("zh")


# --- dates and times ------------------------------------------------------------------------


def day(value: date, *, weekday: bool = True, year: bool = True) -> str:
    """``Wed 2 Dec 2026`` · ``2026年12月2日``."""
    if is_chinese():
        return format_date(value, "y年M月d日" if year else "M月d日", locale=locale())
    pattern = ("EEE " if weekday else "") + "d MMM" + (" y" if year else "")
    return format_date(value, pattern, locale=locale()).replace("Sept", "Sep")


def weekday(value: date) -> str:
    """``Fri`` · ``周五``."""
    return format_date(value, "EEE", locale=locale())


def month(value: date) -> str:
    """``December 2026`` · ``2026年12月``."""
    return format_date(value, "y年M月" if is_chinese() else "MMMM y", locale=locale())


def clock_time(value: datetime, zone: str, *, seconds: bool = False) -> str:
    """``10:35`` on the wall of `zone`."""
    return value.astimezone(ZoneInfo(zone)).strftime("%H:%M:%S" if seconds else "%H:%M")


def utc_offset(value: datetime) -> str:
    """``UTC+8``, ``UTC+5:30``, ``UTC`` of an aware local time."""
    minutes = int((value.utcoffset() or value - value).total_seconds() // 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else MINUS
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def city(zone: str) -> str:
    """The city that names `zone`, in the reader's language."""
    if "/" not in zone or zone.startswith("Etc/"):
        return zone
    for name in _names_of(zone):
        if found := locale().time_zones.get(name, {}).get("city"):
            return str(found)
    return str(get_timezone_location(ZoneInfo(zone), locale=locale(), return_city=True))


@lru_cache(maxsize=512)
def _names_of(zone: str) -> tuple[str, ...]:
    """The zone and its other names: the locale data may know Asia/Kolkata as Asia/Calcutta."""
    aliases = get_global("zone_aliases")
    today = aliases.get(zone, zone)
    return (zone, today, *(old for old, new in aliases.items() if new == today))


def zone_name(value: datetime, zone: str) -> str:
    """``CET``, ``CST (Chicago)``, ``UTC+8 (Shanghai)`` · ``上海时间``."""
    local = value.astimezone(ZoneInfo(zone))
    if zone == "UTC" or zone.startswith("Etc/"):
        return utc_offset(local)
    if is_chinese():
        return f"{city(zone)}时间"
    short = local.tzname() or ""
    if not short.isalpha():
        return f"{utc_offset(local)} ({city(zone)})"
    return f"{short} ({city(zone)})" if short in AMBIGUOUS_ZONE_NAMES else short


def instant(value: datetime, zone: str, *, year: bool = False, seconds: bool = False) -> str:
    """``Mon 23 Nov, 10:35 CET`` · ``11月23日 10:35（上海时间）``; the zone is always named."""
    local = value.astimezone(ZoneInfo(zone))
    if is_chinese():
        return (
            f"{day(local, year=year)} {clock_time(value, zone, seconds=seconds)}"
            f"（{zone_name(value, zone)}）"
        )
    return (
        f"{day(local, year=year)}, {clock_time(value, zone, seconds=seconds)} "
        f"{zone_name(value, zone)}"
    )


def moment(value: datetime, now: datetime, zone: str) -> str:
    """``Mon 10:35`` within the week around `now`, else ``23 Nov, 10:35``: where the zone is said."""
    local = value.astimezone(ZoneInfo(zone))
    clock = clock_time(value, zone)
    if abs((local.date() - now.astimezone(ZoneInfo(zone)).date()).days) < 6:
        return f"{weekday(local)} {clock}"
    this_year = local.year == now.astimezone(ZoneInfo(zone)).year
    return f"{day(local, weekday=False, year=not this_year)} {clock}"


def due_words(due: datetime, now: datetime, zone: str) -> str:
    """``in 9 days``, ``today``, ``in 11 minutes``, ``42 days late``, reckoned in `zone`.

    Within the same day hours and minutes are told when less than a day's end is meant,
    that is when `due` isn't the day's last second.
    """
    there = ZoneInfo(zone)
    local_due, local_now = due.astimezone(there), now.astimezone(there)
    days = (local_due.date() - local_now.date()).days
    whole_day = local_due.strftime("%H:%M:%S") == "23:59:59"
    if abs(days) <= 1 and not whole_day and abs((due - now).total_seconds()) < 86_400:
        return _soon(round((due - now).total_seconds() / 60))
    if days == 0:
        return _("today")
    if days > 0:
        return ngettext("in %(count)s day", "in %(count)s days", days) % {"count": days}
    return ngettext("%(count)s day late", "%(count)s days late", -days) % {"count": -days}


def _soon(minutes: int) -> str:
    if -1 < minutes < 1:
        return _("now")
    words = duration(abs(minutes))
    return (_("in %(duration)s") if minutes > 0 else _("%(duration)s late")) % {"duration": words}


def duration(minutes: int) -> str:
    """``11 minutes``, ``3 h 01 min``, ``2 h`` · ``11 分钟``, ``3 小时 1 分``."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return ngettext("%(count)s minute", "%(count)s minutes", rest) % {"count": rest}
    if not rest:
        return _("%(hours)s h") % {"hours": hours}
    shown = str(rest) if is_chinese() else f"{rest:02}"
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": shown}


# --- amounts --------------------------------------------------------------------------------


def money(amount: Money, *, exact: bool = False) -> str:
    """``€128,800``, ``€4,800.50``; `exact` keeps the places of the currency."""
    whole = amount.decimal == amount.decimal.to_integral_value() and not exact
    pattern = "¤#,##0" if whole else None
    text = format_currency(
        abs(amount.decimal),
        amount.currency,
        format=pattern,
        locale=locale(),
        currency_digits=not whole,
    )
    return f"{MINUS}{text}" if amount.minor < 0 else text


def money_short(amount: Money) -> str:
    """``US$226.0k``, ``US$1.2m`` · ``US$22.6 万``: for headline figures and charts alone."""
    symbol = get_currency_symbol(amount.currency, locale=locale())
    value = amount.decimal
    steps = (
        ((Decimal(10**8), " 亿"), (Decimal(10**4), " 万"))
        if is_chinese()
        else ((Decimal(10**6), "m"), (Decimal(10**3), "k"))
    )
    for size, suffix in steps:
        if abs(value) >= size:
            return f"{symbol}{value / size:.1f}{suffix}"
    return money(amount)


def number(value: int | Decimal) -> str:
    """``12,400`` with the reader's grouping and a true minus sign."""
    return format_decimal(value, locale=locale(), decimal_quantization=False).replace("-", MINUS)


def share(value: int | Decimal) -> str:
    """``81 %`` with a no-break space · ``81%``."""
    return f"{number(value)}%" if is_chinese() else f"{number(value)}{NBSP}%"


def beside(*words: object) -> str:
    """Words side by side: ``Workshops, Suzhou`` · ``研讨会，苏州``."""
    return ("，" if is_chinese() else ", ").join(map(str, words))


def listed(words: Iterable[str]) -> str:
    """Things of a kind in a row: ``CET, GMT`` · ``柏林、伦敦``."""
    return ("、" if is_chinese() else ", ").join(words)


def span(first: str, last: str) -> str:
    """From one day to another: ``7 Feb – 6 Mar`` · ``2月7日至3月6日``."""
    return f"{first}至{last}" if is_chinese() else f"{first} – {last}"


def sentences(*texts: str) -> str:
    """Whole sentences one after another; after a Chinese full stop there is no blank."""
    if not is_chinese():
        return " ".join(texts)
    return "".join(
        f"{text} " if text and text[-1] not in FULL_WIDTH_ENDS else text for text in texts
    ).rstrip()


def hours(minutes: int) -> str:
    """Minutes as hours without trailing zeros: ``27.5``."""
    return number((Decimal(minutes) / 60).quantize(Decimal("0.01")).normalize() + 0)


def local_now_line(now: datetime, zone: str) -> str:
    """``Monday 23 November 2026, 10:24 CET`` · ``2026年11月23日 星期一 17:24（上海时间）``."""
    local = now.astimezone(ZoneInfo(zone))
    pattern = "y年M月d日 EEEE" if is_chinese() else "EEEE d MMMM y"
    date_text = format_date(local, pattern, locale=locale())
    if is_chinese():
        return f"{date_text} {clock_time(now, zone)}（{zone_name(now, zone)}）"
    return f"{date_text}, {clock_time(now, zone)} {zone_name(now, zone)}"


def current_zone() -> str:
    """The reader's zone as activated for this request."""
    return timezone.get_current_timezone_name()


def month_short(value: date) -> str:
    """``Dec`` · ``12月``: under a bar of a chart."""
    return format_date(value, "M月" if is_chinese() else "MMM", locale=locale()).replace(
        "Sept", "Sep"
    )


def money_plain(amount: Money) -> str:
    """Whole units without the symbol, for a column that names the currency in its head."""
    return number(amount.decimal.quantize(Decimal(1)))


def zone_short(zone: str, now: datetime) -> str:
    """``CET`` or ``UTC+8``: beside a city's name."""
    local = now.astimezone(ZoneInfo(zone))
    short = local.tzname() or ""
    is_clear = short not in AMBIGUOUS_ZONE_NAMES or zone.startswith("America/")
    return short if short.isalpha() and is_clear and not is_chinese() else utc_offset(local)


def weekdays(codes: str) -> str:
    """``"sat,sun"`` → ``Saturday, Sunday`` · ``星期六、星期日``."""
    names = locale().days["format"]["wide"]
    order = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    known = [names[order.index(code)] for code in codes.split(",") if code in order]
    return listed(known)


def country(code: str) -> str:
    """``DE`` → ``Germany`` · ``德国``; an unknown code as it is."""
    return str(locale().territories.get(code, code))


def language(code: str) -> str:
    """``en`` → ``English`` · ``英语``; an unknown code as it is."""
    names = locale().languages
    base, _separator, script = code.partition("-")
    return str(names.get(f"{base}_{script.title()}") or names.get(base, code))


def short_number(amount: Money) -> str:
    """``264k`` · ``26 万``: in a chart whose legend names the currency."""
    steps = ((10**8, " 亿"), (10**4, " 万")) if is_chinese() else ((10**6, "m"), (10**3, "k"))
    for size, suffix in steps:
        if abs(amount.decimal) >= size:
            return number((amount.decimal / size).quantize(Decimal(1))) + suffix
    return number(amount.decimal.quantize(Decimal(1)))
