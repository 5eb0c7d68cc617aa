"""Exchanges in words: what could be given up, and why a service doesn't come into question."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as g

from accounts.wording import formats
from workorders.models import Account
from workorders.wording.units import quantity_words

# Why the other services don't come into question, in the order of the rule.
BARRED: Mapping[str, Any] = {
    "same_service": g("the same service"),
    "not_additional": g("part of the base package"),
    "needs_amendment": g("sold by an amendment only"),
    "ineligible_service": g("not payable with the allowance"),
    "value_elsewhere": g("value is used where it is"),
    "not_available": g("not sold in that country"),
    "too_late": g("too late to ask for"),
    "over_cap": g("over the ceiling for credits and custom services"),
    "location_not_listed": g("not listed on the order"),
    "host_only": g("for the host alone"),
    "own_work_order_required": g("needs the location's own order"),
}


def source_words(account: Account, last_day: date) -> str:
    """What could be given up: ``Workshops, Paris: 3 deliveries left, usable until …``."""
    entitlement = account.entitlement
    figures = {
        "place": account.location.name if account.location else "",
        "left": quantity_words(account.balance, account.unit),
        "day": formats.day(last_day, weekday=False),
    }
    if entitlement is None:
        return _("Exchange value, %(place)s: %(left)s until %(day)s") % figures
    return (
        _("%(service)s, %(place)s: %(left)s until %(day)s")
        % {**figures, "service": entitlement.offering}
    )  # fmt: skip


def barred_words(barred: tuple[tuple[str, int], ...]) -> str:
    """How many services are out of the question and why, the most frequent reason first."""
    parts = [
        _("%(number)s × %(reason)s") % {"number": number, "reason": BARRED.get(code, code)}
        for code, number in barred
        if code != "same_service"
    ]
    return _(", ").join(parts)
