"""Quantities in the words of their unit; money where the unit is a currency."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from accounts.rules.money import Money
from accounts.wording import formats
from workorders.models.orders import Unit

WORDS = {
    Unit.CREDIT: ngettext_lazy("%(n)s credit", "%(n)s credits", "count"),
    Unit.ATTENDEE: ngettext_lazy("%(n)s seat", "%(n)s seats", "count"),
    Unit.DAY: ngettext_lazy("%(n)s day", "%(n)s days", "count"),
    Unit.EVENT: ngettext_lazy("%(n)s event", "%(n)s events", "count"),
    Unit.TENANT: ngettext_lazy("%(n)s tenant", "%(n)s tenants", "count"),
    Unit.SUBSCRIPTION: ngettext_lazy("%(n)s subscription", "%(n)s subscriptions", "count"),
    Unit.EACH: ngettext_lazy("%(n)s delivery", "%(n)s deliveries", "count"),
}


ONE = {
    Unit.EACH: pgettext_lazy("unit", "delivery"),
    Unit.MINUTE: pgettext_lazy("unit", "hour"),
    Unit.CREDIT: pgettext_lazy("unit", "credit"),
    Unit.ATTENDEE: pgettext_lazy("unit", "seat"),
    Unit.DAY: pgettext_lazy("unit", "day"),
    Unit.EVENT: pgettext_lazy("unit", "event"),
    Unit.TENANT: pgettext_lazy("unit", "tenant"),
    Unit.SUBSCRIPTION: pgettext_lazy("unit", "subscription"),
}


def unit_name(unit: str) -> str:
    """What one of it is called; a currency by its code."""
    return str(ONE[Unit(unit)]) if unit in Unit.values else unit


def quantity_words(quantity: int, unit: str) -> str:
    """``340 credits``, ``27.5 hours``, ``€9,600``."""
    if unit not in Unit.values:
        return formats.money(Money(quantity, unit))
    if unit == Unit.MINUTE:
        words = _("%(n)s hour") if quantity == 60 else _("%(n)s hours")
        return str(words) % {"n": formats.hours(quantity)}
    return str(WORDS[Unit(unit)] % {"count": quantity, "n": formats.number(quantity)})


def figure_words(quantity: int, unit: str) -> str:
    """``340``, ``27.5``, ``€9,600``: the figure alone, for columns."""
    if unit not in Unit.values:
        return formats.money(Money(quantity, unit))
    return formats.hours(quantity) if unit == Unit.MINUTE else formats.number(quantity)
