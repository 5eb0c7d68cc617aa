"""Items of invoices in words."""

from django import template

from workorders.models import Charge
from workorders.queries.invoices import Item
from workorders.wording import charges

register = template.Library()


@register.filter
def item_name(item: Item) -> str:
    """What is billed: the base package, a service, a charge."""
    if item.charge is not None:
        return charges.charge_words(item.charge)
    return charges.line_words(item.line) if item.line is not None else charges.base_words()


@register.filter
def item_detail(item: Item) -> str:
    """What is told beneath: line and quantity, or the days of visit and agreement."""
    if item.charge is not None:
        return charges.charge_detail(item.charge)
    return charges.line_detail(item.line) if item.line is not None else ""


@register.filter
def charge_name(charge: Charge) -> str:
    """What kind of charge it is; what takes one back says so."""
    return charges.charge_words(charge)


@register.filter
def charge_detail(charge: Charge) -> str:
    """Where, for what, and the days on which it rests."""
    return charges.charge_detail(charge)
