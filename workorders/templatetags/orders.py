"""Filters of the pages of work orders."""

from django import template

from accounts.wording.refusals import RefusalWords
from workorders.queries.execution import APPROVABLE
from workorders.queries.findings import Finding
from workorders.wording import orders
from workorders.wording.findings import finding_words
from workorders.wording.units import figure_words, unit_name

register = template.Library()


@register.filter
def in_unit(value: int | None, unit: str) -> str:
    """A quantity as figures of its unit: hours for minutes, money for a currency."""
    return "–" if value is None else figure_words(value, unit)


@register.filter
def unit_words(unit: str) -> str:
    """What one unit is called; a currency by its code."""
    return unit_name(unit)


@register.filter
def may_override(finding: Finding) -> bool:
    """Whether staff may decide otherwise, in writing (0-C17, 2.5-DS4)."""
    return finding.overridable or finding.code in APPROVABLE


@register.simple_tag(name="finding_words")
def finding_words_tag(finding: Finding) -> RefusalWords:
    """A finding's title, figures and remedy."""
    return finding_words(finding)


@register.filter
def change_words(reason: str) -> str:
    """The kept reason of an edit in words."""
    return orders.change_words(reason)
