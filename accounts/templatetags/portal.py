"""Filters and tags of every template; a builtin library, so nothing has to be loaded."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context, RequestContext
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Message
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from accounts.wording import formats, messages
from accounts.wording.clauses import clause_name, is_reading, without_clauses
from accounts.wording.labels import label
from accounts.wording.proofs import Proof, proof_of
from accounts.wording.refusals import RefusalWords, refusal_words

register = template.Library()

ICON_NAME = re.compile(r"^[a-z0-9-]+$")


# --- icons ----------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def icon_paths(name: str) -> str:
    """The inner part of an icon of the installed icon package."""
    if not ICON_NAME.match(name):
        raise ValueError(f"not an icon's name: {name}")
    svg = (Path(settings.TABLER_ICONS) / f"{name}.svg").read_text()
    inner = svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]
    return " ".join(inner.split())


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """The icon drawn inline; with a label it speaks, without it is decoration."""
    paths = mark_safe(icon_paths(name))  # noqa: S308 - from the installed icon package
    if label:
        return format_html(
            '<svg class="p-i" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', label, paths
        )
    return format_html(
        '<svg class="p-i" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>', paths
    )


# --- dates and times ------------------------------------------------------------------------


@register.filter
def day(value: date | None, style: str = "") -> str:
    """A date: ``day`` full, ``day:"short"`` without weekday, ``day:"near"`` without year."""
    if value is None:
        return "–"
    return formats.day(value, weekday=style != "short", year=style != "near")


@register.simple_tag
def days(first: date, last: date, style: str = "") -> str:
    """``7 Feb 2026 – 6 Feb 2027`` · ``2026年2月7日至2027年2月6日``; both as `day` writes them."""
    return formats.span(day(first, style), day(last, style))


@register.simple_tag
def gap() -> str:
    """What stands between two sentences: a blank, in Chinese nothing."""
    return formats.sentences("", "")


@register.filter
def month_name(value: date) -> str:
    """``December 2026``."""
    return formats.month(value)


@register.simple_tag
def instant(
    value: datetime | None, zone: str = "", *, year: bool = False, seconds: bool = False
) -> SafeString | str:
    """A moment as a `time` element, in `zone` or the reader's own; the zone is named."""
    if value is None:
        return "–"
    words = formats.instant(value, zone or formats.current_zone(), year=year, seconds=seconds)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


@register.simple_tag
def clock_time(value: datetime, zone: str = "") -> str:
    """``10:35`` in `zone` or the reader's own."""
    return formats.clock_time(value, zone or formats.current_zone())


@register.simple_tag(takes_context=True)
def moment(context: RequestContext, value: datetime, zone: str = "") -> SafeString:
    """``Mon 10:35``, with the date when it is further away; the page names the zone."""
    words = formats.moment(value, reading_time(context), zone or formats.current_zone())
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


@register.simple_tag(takes_context=True)
def due_words(context: RequestContext, value: datetime, zone: str = "") -> str:
    """``in 9 days``; the moment of reading is the context's `now`."""
    return formats.due_words(value, reading_time(context), zone or formats.current_zone())


def reading_time(context: Any) -> datetime:
    """The clock that the view handed over, so that one page knows one moment."""
    now = context.get("now")
    return now if isinstance(now, datetime) else timezone.now()  # noqa: TID251 - fallback of the frame


@register.filter
def minutes(value: int) -> str:
    """``3 h 01 min``."""
    return formats.duration(value)


@register.filter
def city(zone: str) -> str:
    """The city that names a zone."""
    return formats.city(zone)


# --- amounts --------------------------------------------------------------------------------


@register.filter
def money(value: Money | int | str | None, currency: str = "") -> str:
    """``€128,800``; a bare number of minor units needs its currency."""
    if value is None or value == "":
        return "–"
    return formats.money(value if isinstance(value, Money) else Money(int(value), currency))


@register.filter
def money_exact(value: Money | int, currency: str = "") -> str:
    """``€128,800.00``."""
    amount = value if isinstance(value, Money) else Money(value, currency)
    return formats.money(amount, exact=True)


@register.filter
def money_short(value: Money | int, currency: str = "") -> str:
    """``US$226.0k``, for headline figures alone."""
    return formats.money_short(value if isinstance(value, Money) else Money(int(value), currency))


@register.filter
def number(value: int | Decimal | None) -> str:
    """With the reader's grouping."""
    return "–" if value is None else formats.number(value)


@register.filter
def share(value: int | Decimal) -> str:
    """``81 %``."""
    return formats.share(value)


@register.filter
def amount(value: int | None, unit: str) -> str:
    """A quantity in the words of its unit's figures: minutes as hours, the rest as they are."""
    if value is None:
        return "–"
    return formats.hours(value) if unit == "minute" else formats.number(value)


@register.filter
def dash_zero(value: int | None, unit: str = "") -> str:
    """As `amount`, with a dash for nothing: for matrices."""
    return amount(value, unit) if value else "–"


@register.filter
def gist(message: Message) -> str:
    """A message's text as the inbox shows it."""
    return messages.gist(message)


@register.filter
def quantity(value: int, unit: str) -> str:
    """``340 credits``, ``27.5 hours``, ``3 deliveries``."""
    text = amount(value, unit)
    words = {
        "credit": ngettext("%(n)s credit", "%(n)s credits", value),
        "minute": _("%(n)s hour") if value == 60 else _("%(n)s hours"),
        "attendee": ngettext("%(n)s seat", "%(n)s seats", value),
        "day": ngettext("%(n)s day", "%(n)s days", value),
        "event": ngettext("%(n)s event", "%(n)s events", value),
        "tenant": ngettext("%(n)s tenant", "%(n)s tenants", value),
        "subscription": ngettext("%(n)s subscription", "%(n)s subscriptions", value),
        "each": ngettext("%(n)s delivery", "%(n)s deliveries", value),
    }
    return words.get(unit, "%(n)s") % {"n": text}


# --- clauses --------------------------------------------------------------------------------


@register.inclusion_tag("components/clause.html", takes_context=True)
def clause(context: Context, clause_id: str) -> dict[str, object]:
    """A chip that leads to the clause or reading, in the edition that the page is about.

    A page of another edition than the published one says so in `request.clause_edition`.
    """
    return {
        "id": clause_id,
        "name": clause_name(clause_id),
        "is_reading": is_reading(clause_id),
        "of_edition": getattr(context.get("request"), "clause_edition", ""),
    }


@register.filter
def and_clauses(text: object) -> dict[str, object]:
    """`words` and `ids`: a help text and the clauses that it ends with, for chips."""
    words, ids = without_clauses(str(text))
    return {"words": words, "ids": ids}


# --- links ----------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def query(context: RequestContext, **changes: object) -> str:
    """The present query string with `changes`; an empty value drops the parameter."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            params.pop(name, None)
        else:
            params[name] = str(value)
    text = params.urlencode()
    return f"?{text}" if text else "?"


# --- refusals and proofs --------------------------------------------------------------------


@register.simple_tag(name="refusal_words")
def refusal_words_tag(refusal: Refused) -> RefusalWords:
    """A refusal's title, detail and remedy."""
    return refusal_words(refusal)


@register.simple_tag
def proof_view(explained: dict[str, Any]) -> Proof:
    """A kept explanation, ready for the proof card."""
    return proof_of(explained)


# --- the frame's small things ---------------------------------------------------------------


@register.simple_tag(takes_context=True)
def now_line(context: RequestContext) -> str:
    """``Monday 23 November 2026, 10:24 CET`` in the reader's zone."""
    return formats.local_now_line(reading_time(context), formats.current_zone())


@register.simple_tag(takes_context=True)
def zone_short(context: RequestContext, zone: str) -> str:
    """``CET`` or ``UTC+8``."""
    return formats.zone_short(zone, reading_time(context))


@register.filter
def month_short(value: date) -> str:
    """``Dec``."""
    return formats.month_short(value)


@register.filter
def money_plain(value: Money) -> str:
    """Without its symbol."""
    return formats.money_plain(value)


@register.filter
def code_words(code: str) -> str:
    """A code that stands as a value, such as the option of a reading, in words."""
    return label(code)


# --- places ---------------------------------------------------------------------------------


@register.filter
def weekdays(codes: str) -> str:
    """``"sat,sun"`` as ``Saturday, Sunday`` · ``星期六、星期日``."""
    return formats.weekdays(codes)


@register.filter
def country(code: str) -> str:
    """The name of a country in the reader's language."""
    return formats.country(code)


@register.filter
def language(code: str) -> str:
    """The name of a language in the reader's language."""
    return formats.language(code)


@register.filter
def short_number(value: Money) -> str:
    """``264k``."""
    return formats.short_number(value)
